"""`explain`: what a name means, what to do about it, and where it is written."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from collections.abc import Iterable, Iterator

from vpc_backup_events.cli import _options, _terminal
from vpc_backup_events.cli._cards import Card, Facts, every
from vpc_backup_events.reporting.paint import Paint

EXAMPLES = """\
An ID is a requirement, a reason code in any spelling or by its text, a code of the VPC API, an event type (full or
its last segment), a severity, a position or a ledger entry; upper and lower case are the same. Without an ID, all are
listed. Of a code, five lines say what happened and what to do; --verbose adds spellings, confidence and contradictions.

examples:
  vpc-backup-events explain P08-severity-known
  vpc-backup-events explain snapshot-quota-reached
  vpc-backup-events explain source_volume_busy --verbose
  vpc-backup-events explain "Snapshot quota per volume reached"
  vpc-backup-events explain backup-volume-creation
  vpc-backup-events explain P16 --format json
  vpc-backup-events explain | grep quota
"""

_WIDTH = 100
_INDENT = 2
# columns of the longest label of the advice, its colon and two blanks
_LABEL = 16


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `explain`."""
    parser.add_argument("id", nargs="?", metavar="ID", help="what to explain; nothing lists all there is")
    _options.add_format(parser)
    parser.add_argument("--verbose", action="store_true", help="of a code, all that is known")
    _options.add_color(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints all that is known about the id; an unknown one raises `UnknownIdError`."""
    # the catalog is read when one of its names is used first
    from vpc_backup_events.cli._lookup import look_up
    from vpc_backup_events.reporting.json import dump

    if arguments.id is None:
        cards = list(every())
        if arguments.format == "json":
            headings = [{"kind": card.kind, "id": card.id, "title": card.title} for card in cards]
            _terminal.write(dump({"entries": headings}))
            return 0
        width = max(len(card.id) for card in cards)
        _terminal.write(_text(f"{card.kind.ljust(12)}  {card.id.ljust(width)}  {card.title}" for card in cards))
        return 0
    cards = look_up(arguments.id)
    if arguments.format == "json":
        _terminal.write(dump({"entries": [card.as_json() for card in cards]}))
        return 0
    paint = Paint(_terminal.wants_color(arguments.color))
    blocks = [_advice(part, paint) for card in cards for part in card.advise()]
    if arguments.verbose or not blocks:
        blocks += [_card(card, paint) for card in cards]
    _terminal.write("\n".join(map(_text, blocks)))
    return 0


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _advice(advice: Facts, paint: Paint) -> Iterator[str]:
    """Each on a line of its own however long, so that they can be copied."""
    for name, text in advice.items():
        label = f"{name.replace('_', ' ')}:".ljust(_LABEL)
        yield f"{paint('name', label)}{text}"


def _card(card: Card, paint: Paint) -> Iterator[str]:
    yield f"{paint('name', card.id)} ({card.kind}): {card.title}"
    yield from _facts(card.facts, _INDENT)


def _facts(facts: Facts, indent: int) -> Iterator[str]:
    for name, fact in facts.items():
        label = f"{' ' * indent}{name.replace('_', ' ')}:"
        if name == "example" and isinstance(fact, str):
            # stays on one line, to be copied
            yield f"{label} {fact}"
        elif isinstance(fact, str):
            yield from _wrap(f"{label} {fact}", indent + 4)
        else:
            yield label
            for item in fact:
                yield from _item(item, indent + 2)


def _item(fact: Facts | str, indent: int) -> Iterator[str]:
    if isinstance(fact, str):
        yield from _wrap(f"{' ' * indent}- {fact}", indent + 2)
        return
    first, *others = _facts(fact, indent + 2)
    yield f"{' ' * indent}- {first.lstrip()}"
    yield from others


def _wrap(text: str, indent: int) -> list[str]:
    # links and ids stay whole, so that they can be copied and searched for
    if " " not in text.lstrip(" -"):
        return [text]
    width = min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns)
    return textwrap.wrap(text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
