"""The forms in which mail programs send one and the same email (RFC 5322, RFC 2045 to 2049, RFC 3676)."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from textwrap import wrap
from typing import Any

SENDER = "IBM Cloud <no-reply@cloud.ibm.com>"
# a footer as mail systems add one
_FOOTER = "\n-- \nYou receive this notification because you subscribed to it.\n"

# from title and body to the message
Encode = Callable[[str, str], bytes]


def _message(title: str, body: str, **how: Any) -> EmailMessage:
    message = EmailMessage(SMTP)
    message["From"] = SENDER
    message["To"] = "backup-team@example.com"
    message["Subject"] = title
    message["Date"] = "Mon, 22 Apr 2024 20:59:40 +0000"
    message.set_content(body, **how)
    return message


def _with(title: str, body: str, **how: Any) -> bytes:
    return _message(title, body, **how).as_bytes()


def _in_parts(message: EmailMessage) -> bytes:
    """A message of several parts, with the same boundary each time."""
    message.set_boundary("=== backup ===")
    return message.as_bytes()


def _html(body: str) -> str:
    prose, mark, details = body.partition("Notification details:")
    return (
        "<!doctype html><html><head><title>Alert</title><style>p { color: #161616 }</style></head>\n"
        f"<body><p>{escape(prose)}</p>\n<p><b>{mark}</b></p>\n<pre>{escape(details.strip())}</pre></body></html>\n"
    )


def _multipart(title: str, body: str) -> bytes:
    message = _message(title, body)
    message.add_alternative(_html(body), subtype="html")
    return _in_parts(message)


def _pointing(title: str, body: str) -> bytes:
    """The text part says no more than that there is HTML."""
    message = _message(title, "This message is written in HTML.")
    message.add_alternative(_html(body), subtype="html")
    return _in_parts(message)


def _attachment(title: str, body: str) -> bytes:
    message = _message(title, body)
    message.add_attachment("{not: the details}", filename="log.txt")
    return _in_parts(message)


def _flowed(title: str, body: str) -> bytes:
    """Long lines broken after a blank."""
    prose, mark, details = body.partition("Notification details:")
    lines = [*(f"{line} " for line in wrap(prose, 72, break_long_words=False, break_on_hyphens=False)), "", mark, ""]
    text = "\r\n".join([*lines, details.strip(), ""])
    head = f"From: {SENDER}\r\nSubject: {title}\r\nMIME-Version: 1.0\r\n"
    return f"{head}Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n{text}".encode()


def _folded(title: str, body: str) -> bytes:
    """Header fields over several lines, the title as an encoded word."""
    words = "\r\n ".join(f"=?utf-8?q?{word}{'_' if i < 4 else ''}?=" for i, word in enumerate(title.split()))
    received = "Received: from mail.example.com\r\n\tby mx.example.com;\r\n\tMon, 22 Apr 2024 20:59:41 +0000\r\n"
    return f"{received}From: {SENDER}\r\nSubject:\r\n {words}\r\n\r\n{body}\r\n".encode()


EMAIL_FORMS: dict[str, Encode] = {
    "eight-bit": lambda title, body: _with(title, body.replace(". ", ".\r\n"), cte="8bit"),
    "quoted-printable": lambda title, body: _with(title, body, cte="quoted-printable"),
    "base64": lambda title, body: _with(title, body, cte="base64"),
    "latin-1": lambda title, body: _with(title, body, charset="iso-8859-1", cte="quoted-printable"),
    "with-footer": lambda title, body: _with(title, body + _FOOTER, cte="quoted-printable"),
    "multipart": _multipart,
    "html": lambda title, body: _with(title, _html(body), subtype="html", cte="quoted-printable"),
    "text-that-points-to-html": _pointing,
    "with-attachment": _attachment,
    "flowed": _flowed,
    "folded": _folded,
}
