"""`coverage`: merges JSON reports of several runs, and says which requirements were exercised."""

from __future__ import annotations

import argparse

from vpc_backup_events.cli import _inputs, _numbers, _reports, _terminal
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.errors import UsageError

EXAMPLES = """\
A requirement is exercised when a run judged it, whatever came of it; one that was exercised in any of the reports is.
Of several results of one requirement the worst counts.

examples:
  vpc-backup-events coverage producer.json consumer.json
  vpc-backup-events coverage reports/ --fail-under 90 --report html=coverage.html

exit status:
  0  enough was exercised, and nothing is broken
  1  a requirement is broken, or less than --fail-under was exercised
  2  a report can't be read, or a run had an error
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `coverage`."""
    parser.add_argument("path", nargs="*", metavar="REPORT", help="JSON report of `test` or of pytest, or a folder")
    parser.add_argument(
        "--fail-under",
        type=_numbers.percent,
        default=0.0,
        metavar="N",
        help="least percentage of requirements exercised",
    )
    _reports.add(parser)
    _terminal.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Merges the reports, writes one, and returns the exit status."""
    from vpc_backup_events.cli import COULD_NOT_ASK
    from vpc_backup_events.reporting.coverage import coverage, merge, read

    inputs = _inputs.find(arguments.path, _reports.files(arguments), (".json",), "report")
    with _reports.opened(arguments, inputs.paths) as targets:
        reports = [read(name, data) for name, data in inputs.read()]
        for problem in inputs.problems:
            _terminal.complain(problem)
        if not reports:
            raise UsageError("There is no report.", "Name a file that was written with --format json.")
        merged = merge(reports)
        reached = coverage(merged)
        command = _reports.command(arguments.words)
        targets.write(Run(merged.report, verb="coverage", suites=(merged,), command=command))
    _terminal.diagnose(f"{reached}, {reached.percent:.1f} %")
    if inputs.problems or merged.errors or any(result.status == "errored" for result in merged.results):
        return COULD_NOT_ASK
    return 0 if merged.ok and reached.percent >= arguments.fail_under else 1
