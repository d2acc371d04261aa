"""`confirm`: asks the VPC API whether the backup job of an event failed as the event says."""

from __future__ import annotations

import argparse
import os

from vpc_backup_events.cli import _inputs, _options, _terminal, exit_status
from vpc_backup_events.reporting import FORMATS, render
from vpc_backup_events.values.errors import KitError, UsageError
from vpc_backup_events.values.report import Report, merge

TOKEN = "BACKUP_EVENTS_TOKEN"

EXAMPLES = f"""\
The job is asked for by its policy and its id. An event that has no job id, as the documentation's own example, is
compared with the failed jobs of its policy and plan. The token is read from {TOKEN}, so that it is in no list of
processes; --token is for a service of your own.

examples:
  vpc-backup-events confirm event.json --vpc-url https://us-south.iaas.cloud.ibm.com/v1
  vpc-backup-events serve --port 8080 &
  vpc-backup-events confirm event.json --vpc-url http://127.0.0.1:8080/v1

exit status:
  0  every job is there, has failed, and agrees with its event
  1  a job is not there, or does not agree
  2  an input can't be read, names no policy, or the API can't be asked
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `confirm`."""
    parser.add_argument(
        "path", nargs="+", metavar="PATH", help="events, in every form that check reads; - reads standard input"
    )
    parser.add_argument("--vpc-url", required=True, metavar="URL", help="base of the VPC API, which ends in /v1")
    parser.add_argument("--token", help=f"the bearer token (default: that of {TOKEN})")
    _options.add_timeout(parser)
    _options.add_profile(parser)
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="of the report (default: %(default)s)")
    _options.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Confirms every event, writes one report, and returns the exit status."""
    from vpc_backup_events.harness.confirmation import VpcApiError, confirm
    from vpc_backup_events.values.breach import Breach

    token = arguments.token if arguments.token is not None else os.environ.get(TOKEN, "")
    inputs = _inputs.Inputs(arguments.path)
    reports: list[Report] = []
    events: dict[str, int] = {}
    problems: list[KitError] = []
    for event, source in inputs.events():
        place = _inputs.place(source)
        events.setdefault(str(source.file), 0)
        try:
            if isinstance(event, Breach):
                raise UsageError("There is no event.", "See what `check` says of it.")
            confirmation = confirm(
                event, arguments.vpc_url, token=token, profile=arguments.profile, timeout=arguments.timeout
            )
        except VpcApiError:
            # the next event would fail as well
            raise
        except KitError as problem:
            problems.append(type(problem)(f"{place}: {problem.message}", problem.hint))
            continue
        events[str(source.file)] += 1
        reports.append(confirmation.report.at(source))
        if confirmation.ok:
            _terminal.diagnose(f"{place}: confirmed by {confirmation.how}")
    _terminal.complain(*(*inputs.problems, *problems))
    report = merge(arguments.profile, reports)
    if reports:
        color = _terminal.wants_color(arguments.color)
        _terminal.write(render(report, arguments.format, color=color, inputs=events, verb="confirm"))
    return exit_status(report.ok, asked=not inputs.problems and not problems)
