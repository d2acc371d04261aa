"""Inputs that mean harm, as data: what each is, which command reads it, and what must come of it."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# what a file is made of: bytes, or what makes some
Piece = bytes | Callable[[], Iterator[bytes]]
ROOT = Path(__file__).parents[1]
MIB = 1024 * 1024
# what would steer a terminal, break a line of a log, run in a browser, or end an XML document
POISON = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n::error::owned%0A\u202e"
POISON += "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]>\x00"


@dataclass(frozen=True)
class Case:
    """One input."""

    # short and unique
    name: str
    # words of the command line, run in the folder that `make` filled
    words: tuple[str, ...]
    # fills an empty folder
    make: Callable[[Path], object]
    # the exit status
    status: int
    # what is said: requirement ids or words, each somewhere in the output or the diagnostics
    mentions: tuple[str, ...] = ()
    # given to standard input
    stdin: Path | None = None


def event(**members: object) -> dict[str, object]:
    """An event that conforms, with other members."""
    details = {
        "status": "Backup job creation failed",
        "backup_policy": "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        "backup_policy_plan": "r006-076191ba-49c2-4763-94fd-c70de73ee2e6",
        "status_reason": "source_volume_busy: The source volume has busy set (after multiple retries)",
        "match_resource_type": "volume",
        "job_type": "creation",
        "more_info": "https://cloud.ibm.com/docs/vpc?topic=vpc-baas-troubleshoot",
    }
    return {
        "specversion": "1.0",
        "id": "5f1c3f0e-8a3b-4c7e-9f57-0d8e2a41c6b3",
        "source": "com.ibm.cloud.is.backup-policy",
        "type": "com.ibm.cloud.is.backup-policy.backup-volume-creation",
        "time": "2024-04-22T20:59:34Z",
        "ibmensourceid": "41cdb7d4-db3e-496b-b7df-d4ead362c412:api",
        "ibmenseverity": "medium",
        "ibmendefaultshort": "Volume Backup Job Creation Failure",
        "ibmendefaultlong": json.dumps(details, separators=(",", ":")),
        **members,
    }


def text(**members: object) -> bytes:
    """The same as JSON."""
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


SOURCE_CREATE = b"ibmcloud event-notifications source-create --name "
RESOURCE = b'resource "ibm_en_source" "x" {\n'
CHECK = ("check", "event.json")
RENDER = ("render", "event.json", "--to", "webhook", "--template", "template")
READ = ("P11-event-json",)
DETAILS = ("P11-details-json",)
SIZE = ("P09-size",)
MAIL = b"Subject: x\nMIME-Version: 1.0\n"
REDOS = "$.ibmendefaultlong =~ '^((a+)+)+$'"


def of_event(name: str, *pieces: Piece, mentions: tuple[str, ...] = READ) -> Case:
    """An event in a file of its own."""
    return Case(name, CHECK, file("event.json", *pieces), 1, mentions)


def of_email(name: str, *pieces: Piece, status: int = 0) -> Case:
    """An email in a file of its own."""
    return Case(name, ("check", "x.eml"), file("x.eml", *pieces), status, ("P22-",))


def of_registration(name: str, path: str, *pieces: Piece, status: int = 1) -> Case:
    """A registration."""
    return Case(name, ("lint", path), file(path, *pieces), status)


def of_filter(name: str, expression: str) -> Case:
    """A filter that is refused."""
    return Case(name, ("filter", expression), nothing, 2)


CASES = (
    of_event("arrays, 100,000 deep", *inserted(b"[" * 100_000, b"]" * 100_000)),
    of_event("objects, 100,000 deep", *inserted(b'{"a":' * 100_000, b"1", b"}" * 100_000)),
    of_event("arrays without end", repeated(b"[", 10_000_000)),
    of_event(
        "arrays, 100,000 deep, in the long text", text(ibmendefaultlong="[" * 100_000 + "]" * 100_000), mentions=DETAILS
    ),
    of_event("objects, 100,000 deep, in the long text", text(ibmendefaultlong='{"a":' * 100_000), mentions=DETAILS),
    of_event("a string of 100 MB", *inserted(b'"', repeated(b"x" * 1000, 100_000), b'"'), mentions=SIZE),
    of_event("a million members", b"{", lambda: (b'"k%d":%d,' % (n, n) for n in range(1_000_000)), b'"z":1}'),
    of_event("a million members of one name", b"{", repeated(b'"k":1,', 1_000_000), b'"z":1}'),
    of_event(
        "40,000 members, each twice",
        b"{",
        lambda: (b'"k%d":%d,' % (n // 2, n) for n in range(80_000)),
        b'"z":1}',
        mentions=("P11-event-duplicate-member",),
    ),
    of_event("20,000 lines", repeated(b"{}\n", 20_000), mentions=("P01-",)),
    of_event("a number of a million digits", *inserted(b"9" * 1_000_000), mentions=SIZE),
    of_event("an exponent of a million digits", *inserted(b"1e" + b"9" * 1_000_000), mentions=SIZE),
    of_event(
        "names that collide in careless tables",
        json.dumps({str(n * (2**61 - 1)): n for n in range(100_000)}).encode(),
        mentions=("P01-",),
    ),
    of_event("unpaired surrogates", text(x="\ud800", ibmendefaultshort="\udfff"), mentions=()),
    of_event("surrogates as bytes", *inserted(b'"\xed\xa0\x80"')),
    of_event("NUL bytes", b"\x00" * 100_000),
    of_event("a byte order mark", b"\xef\xbb\xbf", text()),
    of_event("UTF-16", text().decode().encode("utf-16")),
    of_event("UTF-32", text().decode().encode("utf-32")),
    Case("a gzip bomb, 1 GiB", ("check", "event.json.gz"), packed("event.json.gz", 1024 * MIB), 1, READ),
    Case("a gzip bomb in gzip", ("check", "event.json.gz"), packed("event.json.gz", 1024 * MIB, 2), 1, READ),
    Case(
        "gzip that is cut",
        ("check", "event.json.gz"),
        file("event.json.gz", gzip.compress(text(x="y" * 1000))[:-20]),
        1,
        READ,
    ),
    Case("a gzip bomb in an archive", ("audit", "event.json.gz"), packed("event.json.gz", 1024 * MIB), 1, READ),
    Case("a zstd bomb in an archive", ("audit", "event.json.zst"), zstd_bomb, 1, READ),
    Case("an archive with a line of 100 MB", ("audit", "a.ndjson"), long_line, 1, READ),
    Case("an archive with links in circles, devices, pipes", ("audit", "in"), links, 0),
    Case("an archive without end", ("audit", "/dev/zero"), nothing, 2, ("/dev/zero",)),
    Case("an HTTP body that is a bomb", ("check", "event.http"), http_bomb, 1, READ),
    Case(
        "an HTTP head of a million headers",
        ("check", "event.http"),
        file("event.http", b"POST / HTTP/1.1\r\n", repeated(b"ce-x: 1\r\n", 1_000_000), b"\r\n"),
        1,
        READ,
    ),
    Case("links in circles, devices, pipes", ("check", "in"), links, 0),
    Case("links to nowhere", ("check", "in"), dangling, 2, ("dangling.json", "self.json")),
    Case("a file without end", ("check", "/dev/zero"), nothing, 2, ("/dev/zero",)),
    Case("standard input without end", ("check", "-"), nothing, 2, ("<stdin>",), Path("/dev/zero")),
    Case("names that steer a terminal", ("check", "in"), names, 1, ("\\x1b[2Ja.json", "\\xff\\xfe.json")),
    Case("names in annotations", ("check", "in", "--format", "github"), names, 1),
    Case("poison in text", (*CHECK, "--color", "never"), poisoned(), 1),
    Case("poison in JSON", (*CHECK, "--format", "json"), poisoned(), 1),
    Case("poison in HTML", (*CHECK, "--format", "html"), poisoned(), 1),
    Case("poison in JUnit", (*CHECK, "--format", "junit"), poisoned(), 1),
    Case("poison in SARIF", (*CHECK, "--format", "sarif"), poisoned(), 1),
    Case("poison in annotations", (*CHECK, "--format", "github"), poisoned(), 1),
    Case("poison in Markdown", (*CHECK, "--format", "markdown"), poisoned(), 1),
    Case("poison in an option", ("explain", POISON.replace("\x00", "")), nothing, 2),
    Case("paths in members", ("render", "in/event.json", "--to", "cos"), traversal, 0),
    Case(
        "paths in members, written to a file",
        ("render", "in/event.json", "--to", "cos", "--output", "made"),
        traversal,
        0,
    ),
    Case(
        "a pattern that takes for ever elsewhere",
        ("filter", REDOS, "event.json"),
        file("event.json", text(ibmendefaultlong="a" * 50_000 + "!")),
        1,
    ),
    of_filter("a pattern that grows", "$.ibmendefaultlong =~ '((((a{1,1000}){1,1000}){1,1000}){1,1000})'"),
    of_filter("a filter, 10,000 deep", "not(" * 10_000 + "$.a == 1" + ")" * 10_000),
    of_filter("a filter, 1,600 deep", "not(" * 1_600 + "$.a == 1" + ")" * 1_600),
    of_filter("a filter of 1,500 brackets", "$" + "[0]" * 1_500 + " == 1"),
    of_filter("a filter of 3,000 parts", " && ".join(["$.a == 1"] * 3_000)),
    Case("a template of loops within loops", RENDER, laughs, 2),
    Case("a template of partials of partials", RENDER, partials, 2),
    Case("a template, 1,600 deep", RENDER, deep_template, 2),
    of_registration("Terraform, blocks 10,000 deep", "main.tf", RESOURCE, b"a {\n" * 10_000, b"}\n" * 10_001),
    of_registration(
        "Terraform, brackets 10,000 deep", "main.tf", RESOURCE, b" name = ", b"[" * 10_000, b"]" * 10_000, b"\n}\n"
    ),
    of_registration(
        "Terraform, a string of 10 MB",
        "main.tf",
        RESOURCE,
        b' name = "',
        repeated(b"x", 10_000_000),
        b'"\n}\n',
        status=2,
    ),
    of_registration("a body, arrays 100,000 deep", "body.json", b"[" * 100_000, status=2),
    of_registration("a command line of 10 MB", "run.sh", SOURCE_CREATE, repeated(b"x", 10_000_000), status=2),
    of_registration("a command line of 1 MB", "run.sh", SOURCE_CREATE, b"x" * 1_000_000),
    of_registration("a command line of 100,000 words", "run.sh", SOURCE_CREATE, b"x --a " * 100_000),
    of_registration("Terraform, a string of 1 MB", "main.tf", RESOURCE, b'name = "', b"x" * 1_000_000, b'"\n}\n'),
    of_registration("Terraform, 4,000 arguments", "main.tf", RESOURCE, some_arguments, b"}\n"),
    of_registration(
        "a command line of quotation marks",
        "run.sh",
        b"ibmcloud event-notifications source-create ",
        b"\\\n" * 200_000,
        b"'" * 100_001,
    ),
    of_email("an email, multiparts 10,000 deep", lambda: nested_mail(10_000), status=1),
    of_email("an email of a million headers", MAIL, repeated(b"X: 1\n", 1_000_000), b"\nx"),
    of_email(
        "an email with 50 MB of base64", MAIL, b"Content-Transfer-Encoding: base64\n\n", repeated(b"QUFB", 12_000_000)
    ),
    of_email(
        "an email in quoted-printable",
        MAIL,
        b"Content-Transfer-Encoding: quoted-printable\n\n",
        repeated(b"=41=\n", 4_000_000),
    ),
    of_email(
        "an email whose text is packed by its encoding",
        MAIL,
        b"Content-Type: text/plain; charset=zlib_codec\n\n",
        b"x" * 1000,
        status=1,
    ),
    of_email("an email of HTML, 100,000 deep", MAIL, b"Content-Type: text/html\n\n", b"<div>" * 100_000),
    of_event("what is no email, but folded like one", b'a":\n', b'  "a": 1,\n' * 200, b"\xff"),
    of_email("an email that is all encoded words", b"Subject: ", b"=?utf-8?q?x?= " * 50_000, b"\nFrom: x\n\nx"),
)
