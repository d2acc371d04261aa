"""`lint`: judges registrations as files."""

from __future__ import annotations

import argparse

from vpc_backup_events.cli import COULD_NOT_ASK, INTERRUPTED, _inputs, _reports, _terminal
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.report import PROFILES, Report, merge

SUFFIXES = (".tf", ".tf.json", ".sh", ".bash", ".md", ".markdown", ".json")

EXAMPLES = """\
Terraform (.tf, .tf.json), shell scripts (.sh, .bash), Markdown (.md) with such code in it, and bodies of the API or
of IAM (.json) are read; in Terraform the resources ibm_en_source, ibm_en_topic, ibm_en_destination_webhook,
ibm_en_subscription_webhook and ibm_iam_authorization_policy, on command lines ibmcloud and curl. What is known only
later (variables, references, $NAMES) is not judged. Terraform needs the extra `terraform`.

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


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `lint`."""
    from vpc_backup_events.authoring.registration import KINDS

    parser.add_argument("path", nargs="*", metavar="PATH", help="file or folder; - or nothing reads standard input")
    parser.add_argument("--as", dest="kind", choices=KINDS, help="what the inputs are (default: what their names say)")
    parser.add_argument(
        "--allow-none",
        action="store_true",
        help="inputs without a registration are fine, as a hook for many files needs",
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default=PROFILES[0],
        help="documented: the forms of the documentation warn; strict: they are errors (default: %(default)s)",
    )
    _reports.add(parser)
    _terminal.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judges all inputs, writes one report, and returns the exit status."""
    from vpc_backup_events.authoring.registration import kind_of, lint
    from vpc_backup_events.values.errors import UsageError

    inputs = _inputs.find(arguments.path, _reports.files(arguments), SUFFIXES, "registration")
    with _reports.opened(arguments, inputs.paths) as targets:
        reports: list[Report] = []
        items: dict[str, int] = {}
        problems: list[KitError] = []
        interrupted = False
        try:
            for name, data in inputs.read():
                kind = arguments.kind or kind_of(name, data)
                try:
                    if kind is None:
                        raise UsageError(f"{name}: it is not known what this is.", "Say it with --as.")
                    report = lint(data, kind, arguments.profile, name)
                except KitError as problem:
                    problems.append(problem)
                    continue
                reports.append(report)
                if report.events:
                    items[name] = report.events
        except KeyboardInterrupt:
            interrupted = True
        for each in (*inputs.problems, *problems):
            _terminal.complain(each)
        if interrupted:
            _terminal.diagnose("interrupted: the report ends before the last input")
        merged = merge(arguments.profile, reports)
        if items:
            command = _reports.command(arguments.words)
            targets.write(Run(merged, items, "registration", "lint", command=command))
        elif not problems and not inputs.problems and not arguments.allow_none:
            _terminal.complain(
                UsageError("No input holds a registration.", "Name a file with ibm_en_source, source-create or a body.")
            )
    if interrupted:
        return INTERRUPTED
    if inputs.problems or problems or not (items or arguments.allow_none):
        return COULD_NOT_ASK
    return 0 if merged.ok or not items else 1
