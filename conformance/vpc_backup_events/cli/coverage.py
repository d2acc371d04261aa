"""`coverage`: merges JSON reports of several runs, and says which requirements were exercised."""

from __future__ import annotations

import argparse

from vpc_backup_events.cli import _inputs, _options, _reports, _terminal, exit_status
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
        type=_options.percent,
        default=0.0,
        metavar="N",
        help="least percentage of requirements exercised",
    )
    _reports.add(parser)
    _options.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Merges the reports, writes one, and returns the exit status."""
    from vpc_backup_events.reporting.coverage import coverage, merge, read

    reports = _reports.Reports(arguments)
    inputs = _inputs.Inputs(_inputs.or_stdin(arguments.path), reports.files, (".json",), "report")
    reports.try_out(inputs.paths)
    saved = [read(name, data) for name, data in inputs.read()]
    _terminal.complain(*inputs.problems)
    if not saved:
        raise UsageError("There is no report.", "Name a file that was written with --format json.")
    merged = merge(saved)
    reached = coverage(merged)
    reports.write(Run(merged.report, verb="coverage", suites=(merged,)))
    _terminal.diagnose(f"{reached}, {reached.percent:.1f} %")
    is_enough = merged.ok and reached.percent >= arguments.fail_under
    return exit_status(is_enough, asked=not inputs.problems and not merged.has_errors)
