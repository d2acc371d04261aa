"""The text of a breach, for a terminal: one piece of evidence in full, the others a line each."""

from __future__ import annotations

from collections.abc import Iterator

from vpc_backup_events.catalog.model import Requirement
from vpc_backup_events.trials.breach import Breached, Evidence
from vpc_backup_events.values.visible import visible

__all__ = ["text_of"]

# pieces of evidence that have a line each after the first
LISTED = 5
# characters of such a line
LINE = 120
# characters of a text that may be long, and of one that was asked for whole
SHORT = 600
WHOLE = 100_000
# of a text that is cut, the share that is its beginning
BEGINNING = 0.6
_CUT = "  (cut; `pytest -v` or `vpc-backup-events test --verbose` shows it whole)"


def text_of(requirement: Requirement, breach: Breached, whole: bool = False) -> str:
    """What the requirement says, what was found, what to do, and where it is written; `whole` cuts nothing."""
    limit = WHOLE if whole else SHORT
    first, *others = breach.of(requirement).evidence
    lines = [f"{requirement.id}: {requirement.sentence}"]
    if breach.among:
        lines.append(f"  {breach.among}")
    lines += _full(first, limit)
    lines += _also(others, len(others) if whole else LISTED)
    lines.append(f"doc: {requirement.doc}")
    if first.reproduce:
        lines.append(f"reproduce: {_cut(first.reproduce, limit)}")
    texts = [first.reproduce, *(text for _, text in first.exhibits)]
    if any(len(text) > limit for text in texts):
        lines.append(_CUT)
    return "\n".join(lines)


def _full(evidence: Evidence, limit: int) -> Iterator[str]:
    if evidence.title:
        yield _line("case", visible(evidence.title, limit))
    for word, text in evidence.exhibits:
        yield _line(word, _cut(text, limit))
    if evidence.message:
        yield _line("finding", visible(evidence.message, limit))
    yield _line("fix", evidence.hint)


def _also(others: list[Evidence], listed: int) -> Iterator[str]:
    """A line for each that reads differently, and one for those that are too many."""
    lines = dict.fromkeys(visible(f"{piece.title}: {piece.outcome or piece.message}", LINE) for piece in others)
    for number, line in enumerate(list(lines)[:listed]):
        yield _line("also" if number == 0 else "", line)
    if len(lines) > listed:
        yield _line("", f"and {len(lines) - listed} more")


def _line(word: str, text: str) -> str:
    label = f"{word}:" if word else ""
    return f"  {label:10}{text}"


def _cut(text: str, limit: int) -> str:
    """Its beginning and its end, harmless in a terminal."""
    if len(text) <= limit:
        return visible(text, limit)
    beginning = round(limit * BEGINNING)
    return visible(f"{text[:beginning]} … {text[len(text) - limit + beginning :]}", limit + 3)
