"""Events by which a subject broke a requirement of its suite, as a report shows them beside what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from itertools import starmap
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

    def as_json(self) -> tuple[Any, ...]:
        """Tuples and texts, for the properties of a test."""
        return astuple(self)

    @classmethod
    def of_json(cls, value: Sequence[Any]) -> Specimen:
        """What `as_json` made."""
        title, place, message, hint, blocks = value
        return cls(title, place, message, hint, blocks_of_json(blocks))


def blocks_as_json(blocks: Iterable[Block]) -> list[Any]:
    """Each block as its title and its lines."""
    return list(map(astuple, blocks))


def blocks_of_json(value: Iterable[Any]) -> tuple[Block, ...]:
    """What `blocks_as_json` made."""
    return tuple(Block(title, tuple(starmap(Line, lines))) for title, lines in value)


def specimens(results: Iterable[Result]) -> dict[str, tuple[Specimen, ...]]:
    """Requirement -> the events by which it is broken, where there are any."""
    levels: dict[str, Level] = {"warned": "warning", "reported": "note"}
    by_requirement = {}
    for result in results:
        if result.evidence:
            level = levels.get(result.status, "error")
            by_requirement[result.requirement.id] = tuple(_specimen(piece, level) for piece in result.evidence)
    return by_requirement


def blocks_of(event: Any, findings: Collection[Finding]) -> tuple[Block, ...]:
    """Any event or email that `check` judges, its places marked."""
    # of a message that can't be read the body is shown
    _, text = event if isinstance(event, tuple) and len(event) == 2 else ("", event)
    return tuple(blocks(read(event), text, findings))


def _specimen(evidence: Evidence, level: Level) -> Specimen:
    blocks: tuple[Block, ...] = ()
    if evidence.event is not None:
        # what is odd about an event that was sent is what it was sent for
        marks = check(evidence.event).findings
        if evidence.pointer is not None:
            secrets = [finding for finding in marks if finding.requirement == SECRET]
            marks = (Finding("", level, evidence.pointer, "", "", ""), *secrets)
        blocks = blocks_of(evidence.event, marks)
    place = visible(evidence.pointer or "", _LONGEST)
    message = visible(evidence.message, _LONGEST)
    return Specimen(visible(evidence.title, _LONGEST), place, message, evidence.hint, blocks)
