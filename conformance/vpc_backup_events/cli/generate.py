"""`generate`: events by the million, conforming or broken on purpose, the same for the same seed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from typing import IO

from vpc_backup_events.cli import INTERRUPTED, _options, _terminal
from vpc_backup_events.values.errors import OutputError
from vpc_backup_events.values.output import replacing
from vpc_backup_events.values.report import PROFILES

FORMATS = ("json", "ndjson")
BLOCK = 1_000

EXAMPLES = """\
The same command gives the same events on every machine; another --seed gives others.

examples:
  vpc-backup-events generate
  vpc-backup-events generate --count 1000000 --format ndjson --output archive.ndjson
  vpc-backup-events generate --type backup-volume-creation --reason snapshot-source-volume-busy
  vpc-backup-events generate --invalid --count 400 | vpc-backup-events check
  vpc-backup-events generate --invalid P16-code-known
  vpc-backup-events generate --quirk D14 --count 3

exit status:
  0  the events are written
  2  there are no such events, or they could not be written
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `generate`."""
    parser.add_argument("--count", type=_options.count, default=1, metavar="N", help="how many (default: %(default)s)")
    parser.add_argument("--type", metavar="TYPE", help="event type: the full type, or its last part")
    parser.add_argument("--reason", metavar="CODE", help="reason code, in any documented spelling")
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        help="the profile whose forms are used, or for --invalid broken (default: strict; for --invalid: documented)",
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--invalid", nargs="?", const="", metavar="ID", help="each event breaks one requirement: any, or this one"
    )
    kind.add_argument(
        "--quirk",
        nargs="?",
        const="",
        metavar="ENTRY",
        help="each event shows a contradiction of the documentation: any, or that of this ledger entry",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="any whole number (default: %(default)s)")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help="json: one event, or an array of several; ndjson: an event a line (default: %(default)s)",
    )
    parser.add_argument("--output", metavar="FILE", help="write the events to FILE")


def run(arguments: argparse.Namespace) -> int:
    """Writes the events and returns the exit status."""
    events = islice(_lines(arguments), arguments.count)
    is_array = arguments.format == "json" and arguments.count != 1
    if arguments.output is None:
        document = _Document(is_array, getattr(sys.stdout, "buffer", None))
        return document.write(events, arguments.count, silent=sys.stdout.isatty())
    try:
        with replacing(arguments.output) as file:
            return _Document(is_array, file).write(events, arguments.count)
    except OSError as error:
        raise OutputError.at(arguments.output, error, "Name a file that you may write, with room for it.") from error


def _lines(arguments: argparse.Namespace) -> Iterator[bytes]:
    """Endless events, each as JSON on one line."""
    from vpc_backup_events.making import bulk, find
    from vpc_backup_events.making.draft import compact

    seed = _seed(arguments)
    pairs = find.pairs(arguments.type or "", arguments.reason or "")
    if arguments.invalid is None and arguments.quirk is None:
        return bulk.conforming(pairs, seed, arguments.profile or "strict")
    if arguments.invalid is not None:
        mutations = find.breaches(arguments.invalid, arguments.profile or "documented", pairs)
    else:
        mutations = find.quirks(arguments.quirk, pairs)
    return (compact(event).encode() for event, _ in bulk.changed(pairs, mutations, seed))


def _seed(arguments: argparse.Namespace) -> int:
    """The seed of the events: other options give others, so that no two of their events share an id."""
    options = [arguments.type, arguments.reason, arguments.profile, arguments.invalid, arguments.quirk]
    if options == [None] * len(options):
        return int(arguments.seed)
    digest = blake2b(repr([*options, arguments.seed]).encode("utf-8", "surrogatepass"), digest_size=16)
    return int.from_bytes(digest.digest(), "big")


class _Document:
    """Events as one JSON array, or as lines, which grows block by block."""

    def __init__(self, is_array: bool, file: IO[bytes] | None) -> None:
        self._is_array = is_array
        self._file = file
        # of events so far
        self._count = 0

    def write(self, events: Iterator[bytes], count: int, silent: bool = False) -> int:
        """Writes the events in blocks; an interrupt leaves a whole document of those that were made."""
        status = 0
        try:
            with _terminal.progress("events", count, silent) as advance:
                while block := list(islice(events, BLOCK)):
                    self._add(block)
                    advance(len(block))
        except KeyboardInterrupt:
            _terminal.diagnose(f"interrupted after {self._count} of {count} events")
            status = INTERRUPTED
        if self._is_array:
            _terminal.write_bytes(b"\n]\n" if self._count else b"[]\n", self._file)
        return status

    def _add(self, events: list[bytes]) -> None:
        """Writes more events and counts them, so that the end fits what is there."""
        content = b"\n".join(events) + b"\n"
        if self._is_array:
            content = (b",\n" if self._count else b"[\n") + b",\n".join(events)
        with _terminal.whole():
            _terminal.write_bytes(content, self._file)
            self._count += len(events)
