"""`test`: judges a producer, a consumer, a client or a service as a black box."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from vpc_backup_events import catalog
from vpc_backup_events.cli import _listening, _options, _reports, _terminal, exit_status
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.errors import UsageError

if TYPE_CHECKING:
    from vpc_backup_events.reporting.specimens import Specimen
    from vpc_backup_events.trials.run import SuiteReport

ROLES = tuple(role.name for role in catalog.roles.values() if role.black_box)

# what names a subject, by the name of its value
_WAYS = {"url": "a URL", "command": "--command", "listen": "--listen", "job": "--job"}

# role -> what is said where its subject is named in the way of another role
_OTHER_WAYS = {
    "producer": ("A producer has no URL to be called at.", "Give --command with a program that makes events."),
    "consumer": ("A consumer does not post to the kit.", "Give --command, or a URL."),
    "client": ("A client is a program.", "Give --command with a program that registers a source."),
    "service": ("A service is called at a URL.", "Give the base URL of its API."),
}

# arguments that only some roles have a use for, by the name of their value
_ROLES_OF = {
    "url": ("consumer", "service"),
    "command": ("producer", "consumer", "client"),
    "job": ("consumer",),
    "listen": ("producer",),
    "count": ("producer",),
    "seconds": ("producer",),
    "header": ("consumer",),
    **dict.fromkeys(("token", "instance_id", "other_instance_id", "forbidden_token"), ("service",)),
    **dict.fromkeys(("backup_policy", "backup_policy_job", "fuzz", "delivers"), ("service",)),
}

EXAMPLES = """\
`vpc-backup-events test ROLE --help` shows the options of that role alone.

The program of a producer or consumer speaks the harness protocol: one JSON message a line on its standard input and
output; docs/harness.md has it. That of a client is run once for each registration, with BACKUP_EVENTS_BASE_URL,
_TOKEN, _INSTANCE_ID, _SOURCE and _INSTANCE_CRN in its environment, and exits with 0 where it succeeded.

examples:
  vpc-backup-events test producer --command "node producer.mjs"
  vpc-backup-events test producer --listen 127.0.0.1:8080 --count 20
  vpc-backup-events test consumer --command "python consumer.py"
  vpc-backup-events test client --command "python register.py"
  vpc-backup-events test service http://127.0.0.1:8080/event-notifications --token secret --instance-id ID
  vpc-backup-events test consumer http://127.0.0.1:8080/events
  vpc-backup-events test consumer --job "python job.py"
  vpc-backup-events test consumer http://127.0.0.1:8080/events --known-gap "P25-binary-encoded=not built yet"

exit status:
  0  conforms, or was judged in part and nothing was found
  1  does not conform
  2  the subject can't be reached, or its program fails
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `test`."""
    parser.add_argument("role", choices=ROLES, help="what the subject is")
    parser.add_argument("url", nargs="?", metavar="URL", help="where a consumer listens, or the base of a service")
    parser.add_argument("--command", metavar="COMMAND", help="a program that speaks the harness protocol")
    parser.add_argument(
        "--job", metavar="COMMAND", help="a consumer that Code Engine starts for each event, with ibmendata"
    )
    parser.add_argument("--token", help="the bearer token that a service accepts")
    parser.add_argument("--instance-id", metavar="ID", help="the instance that a service has")
    parser.add_argument(
        "--fuzz",
        type=_options.count,
        metavar="N",
        help="requests made up for each operation of a service, 0 for none",
    )
    parser.add_argument("--other-instance-id", metavar="ID", help="a second instance that a service has")
    parser.add_argument("--forbidden-token", metavar="TOKEN", help="a valid token that may do nothing at a service")
    parser.add_argument("--backup-policy", metavar="ID", help="a policy of a service that has a failed backup job")
    parser.add_argument("--backup-policy-job", metavar="ID", help="the failed backup job")
    parser.add_argument(
        "--delivers", action="store_true", help="a service calls webhooks on this machine: judge that for half a minute"
    )
    parser.add_argument(
        "--listen",
        nargs="?",
        const="127.0.0.1:0",
        metavar="HOST:PORT",
        help="take what a producer posts to the notifications API here (default: a free port of loopback)",
    )
    parser.add_argument(
        "--count", type=_options.positive, default=1, metavar="N", help="events to listen for (default: %(default)s)"
    )
    parser.add_argument(
        "--seconds",
        type=_options.seconds,
        default=60.0,
        metavar="N",
        help="how long to listen at most (default: %(default)s)",
    )
    _options.add_profile(parser)
    parser.add_argument(
        "--fail-on", choices=("error", "warning"), default="error", help="least level that fails (default: %(default)s)"
    )
    parser.add_argument(
        "--known-gap",
        action="append",
        default=[],
        metavar="ID=REASON",
        help="a requirement that the subject is known to break, and why; repeatable",
    )
    _options.add_header(parser, "a custom header for a URL")
    _options.add_timeout(parser)
    parser.add_argument("--verbose", action="store_true", help="show requests and events whole, however long")
    _reports.add(parser)


class Help(argparse.Action):
    """Prints the help for the role that stands before it, or for all."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, *_: object) -> None:
        """Prints it and ends the program."""
        role = getattr(namespace, "role", None)
        if role is not None:
            _narrow(parser, role)
        parser.print_help()
        parser.exit()


def _narrow(parser: argparse.ArgumentParser, role: str) -> None:
    """Leaves what the role has no use for out of the help."""
    for action in parser._actions:
        if role not in _ROLES_OF.get(action.dest, ROLES):
            action.help = argparse.SUPPRESS
    lines = EXAMPLES.partition("\n\n")[2].splitlines()
    others = tuple(f"  vpc-backup-events test {other} " for other in ROLES if other != role)
    parser.epilog = "\n".join(line for line in lines if not line.startswith(others))


def run(arguments: argparse.Namespace) -> int:
    """Judges the subject, writes the report, and returns the exit status."""
    _require_subject(arguments)
    gaps = {} if arguments.listen else _gaps(arguments.known_gap)
    reports = _reports.Reports(arguments)
    reports.try_out()
    if arguments.listen:
        return _listening.run(arguments, reports)
    from vpc_backup_events.cli._subjects import judge
    from vpc_backup_events.trials.run import INTERRUPTED, TRIALS

    total = len(tuple(TRIALS[arguments.role]))
    with _terminal.progress("requirements", total) as progress:
        report = judge(arguments, gaps, progress)
    left_out = sum(result.message == INTERRUPTED for result in report.results)
    if left_out:
        _terminal.diagnose(f"interrupted: {total - left_out} of {total} requirements were judged")
    specimens = _specimens(report) if reports.shows_events else {}
    if arguments.verbose:
        report = replace(report, results=tuple(replace(r, message=r.whole or r.message) for r in report.results))
    reports.write(Run(report.report, verb="test", suites=(report,), specimens=specimens))
    return exit_status(not report.broken, asked=not report.has_errors, interrupted=left_out > 0)


def _require_subject(arguments: argparse.Namespace) -> None:
    """Raises `UsageError` where the subject is not named once, in a way of its role."""
    role = arguments.role
    named = [way for way in _WAYS if getattr(arguments, way) is not None]
    if len(named) != 1:
        ways = [text for way, text in _WAYS.items() if role in _ROLES_OF[way]]
        raise UsageError(f"It is not clear which {role} to judge.", f"Give one of: {', '.join(ways)}.")
    (way,) = named
    value = getattr(arguments, way)
    if way in ("command", "job"):
        try:
            shlex.split(value)
        except ValueError as error:
            raise UsageError(f"{value!r} is no command: {error}.", "Quote it as for a shell.") from None
    if way == "job" and role != "consumer":
        raise UsageError(f"A {role} is no job of Code Engine.", "Give --command, or a URL.")
    # an empty command is told of where the program is started
    speaks_protocol = way == "command" and role != "client"
    if role not in _ROLES_OF[way] or not (value or speaks_protocol):
        raise UsageError(*_OTHER_WAYS[role])


def _specimens(report: SuiteReport) -> dict[tuple[str, str], tuple[Specimen, ...]]:
    """The events of the run that a page shows."""
    from vpc_backup_events.reporting.specimens import specimens

    return {(report.role, id): of_requirement for id, of_requirement in specimens(report.results).items()}


def _gaps(texts: list[str]) -> dict[str, str]:
    gaps = {}
    for text in texts:
        requirement, _, reason = (part.strip() for part in text.partition("="))
        if requirement not in catalog.requirements:
            raise UsageError(f"{requirement!r} is no requirement.", "List them with `vpc-backup-events explain`.")
        if not reason:
            raise UsageError(f"The known gap {requirement} has no reason.", "Write it as ID=REASON.")
        gaps[requirement] = reason
    return gaps
