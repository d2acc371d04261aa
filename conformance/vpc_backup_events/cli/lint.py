"""`lint`: judges registrations as files."""

from __future__ import annotations

import argparse
from collections import Counter

from vpc_backup_events.authoring.registration import ENDINGS, KINDS, Registrations, kind_of
from vpc_backup_events.cli import _inputs, _options, _reports, _terminal, exit_status
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.errors import KitError, UsageError
from vpc_backup_events.values.levels import number
from vpc_backup_events.values.report import Profile, Report, merge

EXAMPLES = """\
Terraform and OpenTofu (.tf, .tofu, .tf.json), what `terraform show -json` writes of a plan or a state, shell scripts
(.sh, .bash), Markdown (.md) with such code in it, and bodies of the API or of IAM (.json) are read. Judged are the
resources ibm_en_*, ibm_is_backup_policy* and authorizations of Backup for VPC; on command lines ibmcloud and curl. What
is known only later (variables, references, $NAMES) is not judged. Terraform needs the extra `terraform`.

examples:
  vpc-backup-events lint main.tf
  vpc-backup-events lint infrastructure/ docs/connect.md
  vpc-backup-events lint --profile strict register.sh
  terraform show -json | vpc-backup-events lint - --as terraform-json

exit status:
  0  no registration breaks a requirement
  1  one does
  2  an input can't be read, or none holds a registration
"""

LOOKED_FOR = (
    "Looked for: resources ibm_en_*, ibm_is_backup_policy* and authorizations of Backup for VPC in Terraform; ibmcloud"
    " and curl commands that make a source, a topic, a destination, a subscription or an authorization; bodies of the"
    " sources API and of IAM."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `lint`."""
    parser.add_argument("path", nargs="*", metavar="PATH", help="file or folder; - or nothing reads standard input")
    parser.add_argument("--as", dest="kind", choices=KINDS, help="what the inputs are (default: what their names say)")
    parser.add_argument(
        "--allow-none",
        action="store_true",
        help="inputs without a registration are fine, as a hook for many files needs",
    )
    _options.add_profile(
        parser, "documented: the forms of the documentation warn; strict: they are errors (default: %(default)s)"
    )
    _reports.add(parser)
    _options.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judges all inputs, writes one report, and returns the exit status."""
    reports = _reports.Reports(arguments)
    inputs = _inputs.Inputs(_inputs.or_stdin(arguments.path), reports.files, tuple(ENDINGS), "registration")
    reports.try_out(inputs.paths)
    session = _Session(arguments.profile, arguments.kind)
    interrupted = False
    try:
        for name, data in inputs.read():
            session.read(name, data)
    except KeyboardInterrupt:
        interrupted = True
    problems = [*inputs.problems, *session.problems]
    _terminal.complain(*problems)
    if interrupted:
        _terminal.diagnose("interrupted: the report ends before the last input")
    report = session.report()
    if session.items:
        reports.write(Run(report, session.items, "registration", "lint"))
    elif not problems and not arguments.allow_none:
        _terminal.complain(session.nothing(inputs.skipped))
    is_asked = bool(session.items or arguments.allow_none) and not problems
    return exit_status(report.ok or not session.items, is_asked, interrupted)


class _Session:
    """What has been read so far, and what it was."""

    def __init__(self, profile: Profile, kind: str | None) -> None:
        self._registrations = Registrations(profile)
        self._profile: Profile = profile
        self._kind = kind
        self._reports: list[Report] = []
        # kind -> how many inputs were read as such
        self._kinds: Counter[str] = Counter()
        # input -> how many registrations it holds
        self.items: dict[str, int] = {}
        self.problems: list[KitError] = []

    def read(self, name: str, data: bytes) -> None:
        """Judges one input, or keeps what is wrong with it as an input."""
        try:
            kind = self._kind or kind_of(name, data)
            if kind is None:
                raise UsageError(f"{name}: it is not known what this is.", "Say it with --as.")
            report = self._registrations.read(data, kind, name)
        except KitError as problem:
            self.problems.append(problem)
            return
        self._kinds[kind] += 1
        self._reports.append(report)
        if report.events:
            self.items[name] = report.events

    def report(self) -> Report:
        """One report over all inputs, with what only all of them together show."""
        return merge(self._profile, [*self._reports, self._registrations.together()])

    def nothing(self, skipped: int) -> UsageError:
        """What is said where nothing was found: what was looked for, and in what."""
        files = ", ".join(number(count, f"{kind} file") for kind, count in sorted(self._kinds.items())) or "nothing"
        left_out = f"; {number(skipped, 'file')} left out for the names" if skipped else ""
        return UsageError(f"No input holds a registration. Read: {files}{left_out}.", LOOKED_FOR)
