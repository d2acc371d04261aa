"""HTTP messages that carry an event: structured, as IBM's clients send it, or binary with `ce-` headers."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.json_text import NotJsonError, decode, parse

__all__ = [
    "MAX_BODY",
    "PLAIN",
    "STRUCTURED",
    "DamagedError",
    "Message",
    "TooLargeError",
    "decode_header",
    "gunzip",
    "headers_and_body",
    "read_message",
]

STRUCTURED = "application/cloudevents+json"
PLAIN = "application/json"

# what a compressed body may grow to
MAX_BODY = 64 * 1024 * 1024
# what is decompressed at a time
_BLOCK = 1024 * 1024

# a server, too, passes over empty lines before a request (RFC 9112, 2.2)
_START_LINE = re.compile(rb"(?:\r?\n)*+[A-Z]{3,7} \S+ HTTP/[0-9.]+\r?\n")
# space, quotation mark and everything outside printable ASCII, or a percent sign that begins no escape
_RAW = re.compile(r"[^\x21-\x7e]|\"|%(?![0-9A-Fa-f]{2})")
_QUOTED = re.compile(r'"((?:[^"\\]++|\\.)*+)"\Z', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP request (or a message of another transport) that carries an event.

    Attributes:
        headers: In the order of the wire; names in any case.
    """

    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, headers: Any, body: bytes | str | None) -> Message:
        """A message of a mapping or pairs of headers (str or bytes) and a body.

        Raises `TypeError` or `ValueError` where they are neither.
        """
        pairs: Iterable[tuple[Any, Any]] = headers.items() if isinstance(headers, Mapping) else headers
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body or b"")
        return cls(tuple((_text(name), _text(value)) for name, value in pairs), raw)

    @classmethod
    def parse(cls, data: bytes) -> Message | None:
        """The message in the bytes of an HTTP request, or None where they are none."""
        start = _START_LINE.match(data)
        if not start:
            return None
        # slow to import, since it can do TLS
        from http.client import HTTPException, parse_headers

        stream = io.BytesIO(data[start.end() :])
        try:
            headers = parse_headers(stream)
        except (HTTPException, ValueError):
            return None
        return cls.of(headers.items(), stream.read())

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in any case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def read_message(message: Message) -> tuple[Any, str | None, list[Breach]]:
    """What a message carries: the event's text, or in binary mode its value; and what is wrong with the message.

    Returns (value, text, breaches): text is None in binary mode, value is None otherwise. Raises `NotJsonError`.
    """
    body = _decompressed(message)
    media = (message.header("content-type") or "").partition(";")[0].strip().lower()
    binary = not media.startswith("application/cloudevents") and any(
        name.lower().startswith("ce-") for name, _ in message.headers
    )
    if binary:
        value, breaches = _read_binary(message, body)
        return value, None, breaches
    breaches = []
    if media not in ("", STRUCTURED, PLAIN):
        breaches.append(Breach("P25-media-type", (), {"value": media}))
    return None, decode(body), breaches


def _read_binary(message: Message, body: bytes) -> tuple[dict[str, Any], list[Breach]]:
    event: dict[str, Any] = {}
    breaches: list[Breach] = []
    counts: dict[str, int] = {}
    for key, raw in message.headers:
        name = key.lower().removeprefix("ce-")
        if name == key.lower():
            continue
        counts[name] = counts.get(name, 0) + 1
        event[name], is_raw = decode_header(raw)
        if is_raw:
            breaches.append(Breach("P25-header-encoding", (name,), {"name": name}))
    for name, count in counts.items():
        if count > 1:
            breaches.append(Breach("P11-event-duplicate-member", (name,), {"name": name, "count": count}))
    if body.strip():
        event["datacontenttype"] = message.header("content-type") or PLAIN
        try:
            event["data"] = parse(decode(body))
        except NotJsonError as error:
            breaches.append(Breach("P04-data-object", ("data",), {"value": f"no JSON: {error}"}))
    return event, breaches


def decode_header(value: str) -> tuple[str, bool]:
    """The value of a `ce-` header, percent-decoded once, and whether it was written raw instead.

    CloudEvents HTTP binding, section 3.1.3.2. A raw value is one that holds what must have been encoded.
    """
    quotation = _QUOTED.match(value)
    if quotation:
        value = re.sub(r"\\(.)", r"\1", quotation[1], flags=re.DOTALL)
    elif _RAW.search(value):
        return value, True
    return unquote_to_bytes(value.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogateescape"), False


def _decompressed(message: Message) -> bytes:
    if (message.header("content-encoding") or "").strip().lower() not in ("gzip", "x-gzip"):
        return message.body
    return gunzip(message.body, MAX_BODY)


class TooLargeError(NotJsonError):
    """It decompresses to more than is read."""


class DamagedError(NotJsonError):
    """Its compression is damaged.

    Attributes:
        before: What comes before the damage.
    """

    def __init__(self, before: bytes) -> None:
        super().__init__("its gzip compression is damaged.")
        self.before = before


def gunzip(data: bytes, limit: int) -> bytes:
    """The decompressed bytes. Raises `DamagedError`, and `TooLargeError` where there are more than `limit`."""
    blocks: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            # little by little, so that all that comes before damage is read
            while size <= limit and (block := file.read1(_BLOCK)):
                blocks.append(block)
                size += len(block)
    except (OSError, EOFError, zlib.error):
        raise DamagedError(b"".join(blocks)) from None
    if size > limit:
        raise TooLargeError(f"it decompresses to more than {limit} bytes.")
    return b"".join(blocks)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("latin-1")
    if not isinstance(value, str):
        raise TypeError(f"a header is str or bytes, not {type(value).__name__}")
    return value


def headers_and_body(value: Any) -> Iterator[Any]:
    """The two parts of anything that looks like a message: a pair, or an object with headers and a body."""
    if isinstance(value, tuple) and len(value) == 2:
        yield from value
    elif hasattr(value, "headers"):
        yield value.headers
        yield value.body if hasattr(value, "body") else getattr(value, "content", None)
