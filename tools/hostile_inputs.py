"""Inputs that mean harm, as data: what each is, which command reads it, and what must come of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hostile_files import (
    MIB,
    POISON,
    Piece,
    dangling,
    deep_template,
    file,
    http_bomb,
    inserted,
    laughs,
    links,
    long_line,
    names,
    nested_mail,
    nothing,
    packed,
    partials,
    poisoned,
    repeated,
    some_arguments,
    text,
    traversal,
    zstd_bomb,
)


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
