"""A run without secrets: the step that every report goes through, whatever its format."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from vpc_backup_events.catalog.masking import masked
from vpc_backup_events.values.report import Finding, Source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from vpc_backup_events.reporting.display import Block, Display
    from vpc_backup_events.reporting.run import Run
    from vpc_backup_events.reporting.specimens import Specimen
    from vpc_backup_events.trials.report import SuiteReport

__all__ = ["without_secrets"]

T = TypeVar("T", bound="DataclassInstance")


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
        display=run.display and _display(run.display),
        specimens={key: tuple(map(_specimen, specimens)) for key, specimens in run.specimens.items()},
        command=masked(run.command),
    )


def _finding(finding: Finding) -> Finding:
    return _texts(finding, "pointer", "message", "hint", source=finding.source and _source(finding.source))


def _source(source: Source) -> Source:
    return source if source.file is None else replace(source, file=masked(source.file))


def _suite(suite: SuiteReport) -> SuiteReport:
    return replace(
        suite,
        results=tuple(result.without_secrets() for result in suite.results),
        gaps={requirement: masked(reason) for requirement, reason in suite.gaps.items()},
        errors=tuple(map(masked, suite.errors)),
    )


def _display(display: Display) -> Display:
    return replace(display, texts={_source(source): _blocks(blocks) for source, blocks in display.texts.items()})


def _blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(replace(block, lines=tuple(_texts(line, "text") for line in block.lines)) for block in blocks)


def _specimen(specimen: Specimen) -> Specimen:
    return _texts(specimen, "title", "pointer", "message", "hint", blocks=_blocks(specimen.blocks))


def _texts(value: T, *names: str, **changes: Any) -> T:
    """The value with the texts of these names masked, and with other changes."""
    changed: T = replace(value, **{name: masked(getattr(value, name)) for name in names}, **changes)
    return changed
