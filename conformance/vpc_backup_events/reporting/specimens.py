"""Events by which a subject broke a requirement of its suite, as a report shows them beside what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vpc_backup_events.checking.check import check
from vpc_backup_events.reading import read
from vpc_backup_events.reporting.display import SECRET, Block, Line, blocks
from vpc_backup_events.values.report import Finding, Level
from vpc_backup_events.values.visible import visible

if TYPE_CHECKING:
    from vpc_backup_events.trials.trial import Evidence, Result

# of a title and a message
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Specimen:
    """One event and what it shows."""

    # what it was made of, or what was sent
    title: str
    # the place in it, or empty
    pointer: str
    message: str
    hint: str
    # nothing where a secret may be in it
    blocks: tuple[Block, ...]

    def as_json(self) -> list[Any]:
        """Lists and texts, for the properties of a test."""
        return [self.title, self.pointer, self.message, self.hint, blocks_as_json(self.blocks)]

    @classmethod
    def of_json(cls, value: list[Any]) -> Specimen:
        """What `as_json` made."""
        title, place, message, hint, held = value
        return cls(title, place, message, hint, blocks_of_json(held))


def blocks_as_json(held: Iterable[Block]) -> list[Any]:
    """Each block as its title and its lines."""
    return [[block.title, [[line.text, line.level, line.left_out] for line in block.lines]] for block in held]


def blocks_of_json(value: Iterable[Any]) -> tuple[Block, ...]:
    """What `blocks_as_json` made."""
    return tuple(Block(title, tuple(Line(*line) for line in lines)) for title, lines in value)


def specimens(results: Iterable[Result]) -> dict[str, tuple[Specimen, ...]]:
    """Requirement -> the events by which it is broken, where there are any."""
    levels: dict[str, Level] = {"warned": "warning", "reported": "note"}
    return {
        result.requirement.id: tuple(_specimen(each, levels.get(result.status, "error")) for each in result.evidence)
        for result in results
        if result.evidence
    }


def blocks_of(event: Any, findings: Collection[Finding]) -> tuple[Block, ...]:
    """Any event or email that `check` judges, its places marked."""
    # of a message that can't be read the body is shown
    _, text = event if isinstance(event, tuple) and len(event) == 2 else ("", event)
    return tuple(blocks(read(event), text, findings))


def _specimen(evidence: Evidence, level: Level) -> Specimen:
    shown: tuple[Block, ...] = ()
    if evidence.event is not None:
        # what is odd about an event that was sent is what it was sent for
        marks = check(evidence.event).findings
        if evidence.pointer is not None:
            secret = [each for each in marks if each.requirement == SECRET]
            marks = (Finding("", level, evidence.pointer, "", "", ""), *secret)
        shown = blocks_of(evidence.event, marks)
    title, place, message = (
        visible(text, _LONGEST) for text in (evidence.title, evidence.pointer or "", evidence.message)
    )
    return Specimen(title, place, message, evidence.hint, shown)
