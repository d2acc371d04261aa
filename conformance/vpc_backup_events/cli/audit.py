"""`audit`: judges archives of any size, on all cores or on a Spark cluster."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from vpc_backup_events.cli import _options, _reports, _terminal, exit_status
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.buckets import is_object
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.levels import number

if TYPE_CHECKING:
    from vpc_backup_events.audit.engines import Engine
    from vpc_backup_events.audit.run import Audit
    from vpc_backup_events.audit.work import Work
    from vpc_backup_events.reporting.display import Display

ENGINES = ("local", "spark")

# files that could not be read and are told one by one: of a bucket, it may be all
_PROBLEMS = 20
# the copy of standard input, which can be read only once
_STDIN = "stdin"

EXAMPLES = """\
An archive is files, folders and quoted glob patterns: lines of events, JSON arrays, one object a file, Parquet with a
column of JSON, each also compressed with gzip or zstd. s3://BUCKET/... names objects of a bucket in the same ways, with
credentials from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or ~/.aws.

Counts are exact; of the findings, the first of each requirement are listed. A damaged file is one finding, and the rest
goes on. The report does not depend on --jobs or --engine.

examples:
  vpc-backup-events audit archive/
  vpc-backup-events audit 'bucket/2026-*/**/*.ndjson.gz' --report html=audit.html
  vpc-backup-events audit archive/ --work state/ --jobs 8
  vpc-backup-events audit archive/ --keep events.parquet
  vpc-backup-events audit events.parquet --column body --profile strict --format json
  vpc-backup-events audit s3://my-bucket/2026/ --endpoint https://s3.eu-de.cloud-object-storage.appdomain.cloud

An audit that was interrupted goes on where it was with the same command, if it has --work.

exit status:
  0  every event conforms
  1  an event does not conform, or an input holds no event
  2  a file could not be read (the others are still judged), or the command line is wrong
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `audit`."""
    parser.add_argument(
        "path", nargs="+", metavar="PATH", help="file, folder or pattern, also s3://BUCKET/...; - reads standard input"
    )
    _options.add_profile(parser, "as in check (default: %(default)s)")
    parser.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="what does the work (default: %(default)s)"
    )
    parser.add_argument("--jobs", type=_options.positive, metavar="N", help="processes (default: one for each core)")
    parser.add_argument(
        "--examples",
        type=_options.positive,
        default=10,
        metavar="N",
        help="findings of each requirement that are listed (default: %(default)s)",
    )
    parser.add_argument("--column", default="", metavar="NAME", help="of Parquet files: the column with the events")
    parser.add_argument("--work", metavar="FOLDER", help="keep what is done in FOLDER, and go on from there")
    parser.add_argument("--keep", metavar="FILE", help="keep the table of all events in FILE, as Parquet")
    _options.add_endpoint(parser)
    _reports.add(parser)
    _options.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judges the archive, writes one report, and returns the exit status."""
    from vpc_backup_events.audit import require

    if is_object(arguments.work or ""):
        raise UsageError("The folder of --work can't be in a bucket.", "Name one of this machine.")
    reports = _reports.Reports(arguments)
    reports.try_out(arguments.path)
    kept = _kept(arguments, reports)
    require(arguments.engine)
    from vpc_backup_events.audit.run import Audit
    from vpc_backup_events.audit.work import Work

    with closing(Work(arguments.work)) as work:
        copy = _copied(work) if "-" in arguments.path else ""
        audit = Audit(
            tuple(copy if path == "-" else path for path in arguments.path),
            arguments.profile,
            arguments.examples,
            _engine(arguments),
            work,
            arguments.column,
            (*reports.files, *kept),
            copy,
            endpoint=arguments.endpoint,
            keep=bool(kept),
        )
        return _run(audit, arguments, reports)


def _run(audit: Audit, arguments: argparse.Namespace, reports: _reports.Reports) -> int:
    interrupted = False
    display: Display | None = None
    audit.plan()
    if audit.work.resumed:
        _terminal.diagnose(f"{audit.work.resumed} of {audit.work.parts} parts were judged before")
    try:
        with _terminal.progress("parts", audit.work.parts) as advance:
            audit.judge(advance)
        report, archive = audit.finish()
        if reports.shows_events:
            from vpc_backup_events.reporting.display import Display

            display = Display(texts=audit.texts(report))
    except KeyboardInterrupt:
        interrupted = True
        report, archive, parts = audit.cut_short()
        _terminal.diagnose(f"interrupted: the report ends with part {parts} of {audit.work.parts}")
        if audit.work.kept:
            _terminal.diagnose(f"to go on: {shlex.join(['vpc-backup-events', *arguments.words])}")
        else:
            _terminal.diagnose("nothing was kept: with --work FOLDER the next run goes on from there")
    problems = audit.inventory.problems
    for problem in problems[:_PROBLEMS]:
        _terminal.complain(problem)
    if len(problems) > _PROBLEMS:
        _terminal.diagnose(f"error: {number(len(problems) - _PROBLEMS, 'more file', '')} could not be read.")
    if audit.inventory.skipped:
        _terminal.diagnose(
            f"left out {number(audit.inventory.skipped, 'file', '')} whose name is not that of an archive file"
        )
    if audit.inventory.files:
        reports.write(Run(report, verb="audit", archive=archive, display=display))
    if arguments.keep and audit.work.parts and not interrupted:
        _reports.copy(audit.work.table, arguments.keep)
        _terminal.diagnose(f"the table is in {arguments.keep}")
    return exit_status(report.ok, asked=not problems, interrupted=interrupted)


def _kept(arguments: argparse.Namespace, reports: _reports.Reports) -> list[str]:
    """The file that the table is to be kept in, tried before any work is done for it."""
    if not arguments.keep:
        return []
    if arguments.engine != "local":
        raise UsageError("The table is kept by the engine local alone.", "Leave out --keep, or --engine.")
    if os.path.realpath(arguments.keep) in map(os.path.realpath, reports.files):
        raise UsageError(f"{arguments.keep} is named for a report and for the table.", "Name a file for each.")
    _reports.try_out(arguments.keep, arguments.path)
    return [arguments.keep]


def _copied(work: Work) -> str:
    """The path of a copy of standard input in the folder of the work: what can be cut into parts is a file."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise UsageError("There is no input: standard input is a terminal.", "Pipe events in, or name files.")
    return work.copy(_STDIN, sys.stdin.buffer)


def _engine(arguments: argparse.Namespace) -> Engine:
    from vpc_backup_events.audit.engines import Local, cores

    jobs = arguments.jobs or cores()
    if arguments.engine == "spark":
        from vpc_backup_events.audit.spark import Spark

        return Spark(jobs)
    return Local(jobs)
