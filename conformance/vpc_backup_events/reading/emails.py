"""Emails: RFC 5322 messages, and the plain form in which the documentation prints one, to a title and a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import errors, message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as MimeMessage
from html.parser import HTMLParser
from typing import Any

from vpc_backup_events.reading.messages import headers_and_body
from vpc_backup_events.reading.model import Email

__all__ = ["MAX_EMAIL", "Email", "email_of", "is_email", "read_email"]

# what the kit reads of an email
MAX_EMAIL = 64 * 1024 * 1024

_PLAIN = re.compile(r"\s*Email Title:[ \t]*(?P<title>[^\n]*)(?:\n\s*Email Body:)?(?P<body>.*)", re.DOTALL)
# possessive: lines of blanks could be told apart in many ways, all of which would be tried
_FIELD = rb"[!-9;-~]++[ \t]*+:[^\r\n]*+\r?+\n(?:[ \t]++[^\r\n]*+\r?+\n)*+"
_HEADERS = re.compile(rb"(?:From [^\r\n]*+\r?+\n)?((?:" + _FIELD + rb")++)(?:\r?\n|\Z)")
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*+\r?+\n)*+")
_NAMES = re.compile(rb"^(?:subject|from|to|mime-version)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(r"\r?\n[ \t]*")
_DAMAGED = (
    errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64LengthDefect,
)
# what the standard library raises on headers that are damaged on purpose
_BAD = (LookupError, ValueError, TypeError, AttributeError, errors.MessageError, RecursionError)


def email_of(value: Any) -> Email | None:
    """The email that a value is: text, bytes, a message of the standard library, a pair.

    A pair is title and text, or header fields with a Subject and a body. None where it is none; JSON and HTTP messages
    are none.
    """
    kind = type(value)
    if kind is dict or (kind is bytes and value[:1] == b"{") or (kind is str and value[:1] == "{"):
        # the usual forms of an event
        return None
    if isinstance(value, Email):
        return value
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, str) for part in value):
        return Email(" ".join(value[0].split()), value[1])
    if isinstance(value, MimeMessage):
        return _read_mime(value)
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes | bytearray | memoryview):
        data = bytes(value)
        return read_email(data) if is_email(data) else None
    parts = list(headers_and_body(value))
    if len(parts) == 2 and hasattr(parts[0], "items") and isinstance(parts[1], str | bytes):
        fields = {str(name): str(field) for name, field in parts[0].items()}
        if any(name.lower() == "subject" for name in fields):
            head = "".join(f"{name}: {_FOLD.sub(' ', field)}\r\n" for name, field in fields.items())
            body = parts[1].encode("utf-8", "surrogatepass") if isinstance(parts[1], str) else parts[1]
            return read_email(f"{head}\r\n".encode("utf-8", "surrogatepass") + body)
    return None


def is_email(data: bytes) -> bool:
    """Whether the bytes begin as an email does: with header fields, or as the documentation prints one."""
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"Email Title:"):
        return True
    if start[:1] in (b"{", b"["):
        return False
    head = _HEADERS.match(data, _begin(data))
    return head is not None and _NAMES.search(head[1]) is not None


def read_email(data: bytes) -> Email:
    """The email in the bytes; what can't be read of it is said in `problems`."""
    if len(data) > MAX_EMAIL:
        return Email("", "", (f"it is longer than {MAX_EMAIL} bytes",))
    data = data[_begin(data) :]
    if data.lstrip().startswith(b"Email Title:"):
        plain = _PLAIN.match(data.decode("utf-8", "replace").replace("\r\n", "\n"))
        problems = () if _is_utf8(data) else ("its text is not UTF-8",)
        if plain:
            return Email(plain["title"].strip(), plain["body"].strip("\n"), problems)
    try:
        message = message_from_bytes(data)
    except _BAD as error:
        return Email("", "", (f"its structure can't be read ({type(error).__name__})",))
    return _read_mime(message)


def _begin(data: bytes) -> int:
    """Where the first line is that says something: mail programs save a message with blanks before it."""
    blank = _BLANK.match(data)
    return blank.end() if blank else 0


def _read_mime(message: MimeMessage) -> Email:
    problems: list[str] = []
    try:
        title = _subject(message.get("Subject", ""))
    except _BAD:
        title = ""
        problems.append("its subject is damaged")
    try:
        texts = list(_texts(message, problems))
    except _BAD as error:
        return Email(title, "", (*problems, f"its structure can't be read ({type(error).__name__})"))
    if not texts:
        return Email(title, "", (*problems, "it has no text"))
    # a text part that only points to the HTML says nothing
    text = next((text for text in texts if "Notification" in text or "{" in text), texts[0])
    return Email(title, text, tuple(problems))


def _subject(value: Any) -> str:
    return _FOLD.sub(" ", str(make_header(decode_header(_FOLD.sub(" ", str(value)))))).strip()


def _texts(message: MimeMessage, problems: list[str]) -> Iterator[str]:
    """The text of each part that is shown, plain text before HTML."""
    parts = [
        part
        for part in message.walk()
        if not part.is_multipart()
        and part.get_content_disposition() != "attachment"
        and part.get_content_type() in ("text/plain", "text/html")
    ]
    for part in sorted(parts, key=lambda part: part.get_content_type() != "text/plain"):
        text = _decoded(part, problems)
        if part.get_content_type() == "text/html":
            yield _of_html(text)
        elif str(part.get_param("format")).lower() == "flowed":
            yield _of_flowed(text, str(part.get_param("delsp")).lower() == "yes")
        else:
            yield text


def _decoded(part: MimeMessage, problems: list[str]) -> str:
    payload = part.get_payload(decode=True)
    if any(isinstance(defect, _DAMAGED) for defect in part.defects):
        problems.append("its base64 is damaged")
    # a message that a program makes may have none
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    charset = "utf-8" if charset == "us-ascii" else charset
    try:
        text = data.decode(charset)
    except (LookupError, ValueError):
        problems.append(f"its text is not in the character set {charset} that it names")
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _of_flowed(text: str, drop: bool) -> str:
    """Text whose long lines were broken (RFC 3676), in one piece again."""
    lines = re.sub(r"(?m)^ ", "", text)
    return re.sub(r"(?<!^--) \n", "" if drop else " ", lines, flags=re.MULTILINE)


class _Html(HTMLParser):
    """Collects the text that a reader of the HTML sees."""

    _HIDDEN = ("script", "style", "title", "template")
    _INLINE = ("a", "abbr", "b", "code", "em", "font", "i", "span", "strong", "tt", "u", "wbr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0
        self._as_is = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        self._as_is += tag == "pre"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self._HIDDEN))
        self._as_is = max(0, self._as_is - (tag == "pre"))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            data = data.replace("\xa0", " ")
            self.pieces.append(data if self._as_is else re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag not in self._INLINE:
            self.pieces.append("\n")


def _of_html(text: str) -> str:
    """The text of a page as it is seen; never raises."""
    html = _Html()
    html.feed(text)
    html.close()
    return "".join(html.pieces).strip()
