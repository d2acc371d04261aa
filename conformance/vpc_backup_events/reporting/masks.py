"""A run without secrets: the step that every report goes through, whatever its format."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from vpc_backup_events.catalog.masking import masked
from vpc_backup_events.values.report import Finding, Source

if TYPE_CHECKING:
    from vpc_backup_events.reporting.exhibits import Exhibit
    from vpc_backup_events.reporting.run import Run
    from vpc_backup_events.reporting.seen import Block, Seen
    from vpc_backup_events.trials.report import SuiteReport

__all__ = ["without_secrets"]


def without_secrets(run: Run) -> Run:
    """The same run, with every text in it masked."""
    findings = tuple(_finding(finding) for finding in run.report.findings)
    inputs: Counter[str] = Counter()
    for name, events in run.inputs.items():
        inputs[masked(name)] += events
    return replace(
        run,
        report=replace(run.report, findings=findings),
        inputs=inputs,
        suites=tuple(_suite(suite) for suite in run.suites),
        seen=run.seen and _seen(run.seen),
        exhibits={key: tuple(_exhibit(exhibit) for exhibit in held) for key, held in run.exhibits.items()},
        command=masked(run.command),
    )


def _finding(finding: Finding) -> Finding:
    return replace(
        finding,
        pointer=masked(finding.pointer),
        message=masked(finding.message),
        hint=masked(finding.hint),
        source=finding.source and _source(finding.source),
    )


def _source(source: Source) -> Source:
    return source if source.file is None else replace(source, file=masked(source.file))


def _suite(suite: SuiteReport) -> SuiteReport:
    return replace(
        suite,
        results=tuple(result.without_secrets() for result in suite.results),
        gaps={requirement: masked(reason) for requirement, reason in suite.gaps.items()},
        errors=tuple(map(masked, suite.errors)),
    )


def _seen(seen: Seen) -> Seen:
    return replace(seen, texts={_source(source): _blocks(blocks) for source, blocks in seen.texts.items()})


def _blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(
        replace(block, lines=tuple(replace(line, text=masked(line.text)) for line in block.lines)) for block in blocks
    )


def _exhibit(exhibit: Exhibit) -> Exhibit:
    return replace(
        exhibit,
        title=masked(exhibit.title),
        pointer=masked(exhibit.pointer),
        message=masked(exhibit.message),
        hint=masked(exhibit.hint),
        blocks=_blocks(exhibit.blocks),
    )
