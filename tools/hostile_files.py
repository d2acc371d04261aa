"""Files that mean harm, written piece by piece: what grows, what is nested, what steers whoever shows it."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from sample_event import event

# what a file is made of: bytes, or what makes some
Piece = bytes | Callable[[], Iterator[bytes]]
ROOT = Path(__file__).parents[1]
MIB = 1024 * 1024
# what would steer a terminal, break a line of a log, run in a browser, or end an XML document
POISON = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n::error::owned%0A\u202e"
POISON += "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]>\x00"


def text(**members: object) -> bytes:
    """An event that conforms, with other members, as JSON."""
    return json.dumps(event(**members)).encode()


def file(name: str, *pieces: Piece) -> Callable[[Path], object]:
    """Writes a file piece by piece, so that whoever writes it needs no memory."""

    def make(folder: Path) -> None:
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as out:
            for piece in pieces:
                out.writelines([piece] if isinstance(piece, bytes) else piece())

    return make


def packed(name: str, size: int, times: int = 1) -> Callable[[Path], object]:
    """Writes zeros, compressed so many times."""

    def make(folder: Path) -> None:
        path = folder / name
        with gzip.open(path, "wb", 9) as out:
            for _ in range(size // MIB):
                out.write(bytes(MIB))
        for _ in range(times - 1):
            path.write_bytes(gzip.compress(path.read_bytes()))

    return make


def repeated(piece: bytes, times: int) -> Callable[[], Iterator[bytes]]:
    """The piece so many times, as a file takes it."""
    return lambda: (piece * 1000 for _ in range(times // 1000))


def inserted(*pieces: Piece) -> tuple[Piece, ...]:
    """An event with something in the place of a member `x`."""
    begin, end = text(x="@").split(b'"@"')
    return (begin, *pieces, end)


def zstd_bomb(folder: Path) -> None:
    """A GiB of blanks in some 30 kB."""
    import zstandard

    compressor = zstandard.ZstdCompressor(level=3).compressobj()
    with (folder / "event.json.zst").open("wb") as bomb:
        for _ in range(1024):
            bomb.write(compressor.compress(b" " * MIB))
        bomb.write(compressor.flush())


def long_line(folder: Path) -> None:
    """Lines of events, and one that is no event of any size."""
    (folder / "a.ndjson").write_bytes(b"\n".join([*[text()] * 9_000, b"x" * 100 * MIB, text()]))


def links(folder: Path) -> None:
    """A folder with links in circles, to nowhere and to devices, a pipe, and one event."""
    (folder / "in").mkdir()
    (folder / "in" / "event.json").write_bytes(text())
    (folder / "in" / "loop").symlink_to(folder / "in", target_is_directory=True)
    (folder / "in" / "zero.json").symlink_to("/dev/zero")
    (folder / "in" / "null.json").symlink_to("/dev/null")
    os.mkfifo(folder / "in" / "pipe.json")


def dangling(folder: Path) -> None:
    """Links to nowhere and to themselves, beside an event."""
    links(folder)
    (folder / "in" / "dangling.json").symlink_to("nowhere")
    (folder / "in" / "self.json").symlink_to("self.json")


def names(folder: Path) -> None:
    """Files whose names steer a terminal, break lines, or are no UTF-8."""
    (folder / "in").mkdir()
    for name in (
        b"\x1b[2Ja.json",
        b"b\nx.json",
        b"::error::c.json",
        b"\xff\xfe.json",
        b"<b>d.json",
        b"-e.json",
        b"%0A.json",
    ):
        with open(os.path.join(os.fsencode(folder), b"in", name), "wb") as out:
            out.write(b"{}")


def poisoned(name: str = "event.json") -> Callable[[Path], object]:
    """An event with poison in every member, in a name, and in the details."""
    members = {key: POISON for key in event()}
    return file(
        name,
        text(**{**members, POISON: POISON}),
        b"\n",
        text(ibmendefaultlong=json.dumps({POISON: POISON, "job_type": POISON})),
    )


def nested_mail(depth: int) -> Iterator[bytes]:
    """An email with multiparts in each other."""
    yield b"Subject: x\nMIME-Version: 1.0\n"
    for number in range(depth):
        yield b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
    yield b"\nx\n"


def laughs(folder: Path) -> None:
    """A template of loops within loops over a list, and a list that is long."""
    (folder / "event.json").write_bytes(text(x=list(range(1000))))
    loops = 8
    (folder / "template").write_text("{{#each @root.x}}" * loops + "ha" + "{{/each}}" * loops)


def partials(folder: Path) -> None:
    """A template that is made of itself."""
    (folder / "event.json").write_bytes(text())
    inline = "".join(f'{{{{#*inline "p{n}"}}}}' + f"{{{{> p{n - 1}}}}}" * 10 + "{{/inline}}" for n in range(1, 10))
    (folder / "template").write_text('{{#*inline "p0"}}ha{{/inline}}' + inline + "{{> p9}}")


def http_bomb(folder: Path) -> None:
    """An HTTP request whose body grows."""
    packed("body", 512 * MIB)(folder)
    head = b"POST / HTTP/1.1\r\nContent-Type: application/cloudevents+json\r\nContent-Encoding: gzip\r\n\r\n"
    (folder / "event.http").write_bytes(head + (folder / "body").read_bytes())


def traversal(folder: Path) -> None:
    """An event whose id and source are paths, for a destination that names objects by them."""
    (folder / "in").mkdir()
    (folder / "in" / "event.json").write_bytes(text(id="../../owned", source="../../../owned", time="../owned"))


def some_arguments() -> Iterator[bytes]:
    """Arguments of Terraform."""
    return (b"a%d = %d\n" % (n, n) for n in range(4_000))


def nothing(folder: Path) -> None:
    """No file at all."""


def deep_template(folder: Path) -> None:
    """A template of conditions within conditions."""
    (folder / "event.json").write_bytes(text())
    (folder / "template").write_text("{{#if a}}" * 1_600)
