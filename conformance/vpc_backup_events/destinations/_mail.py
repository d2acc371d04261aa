"""Email and SMS of IBM Cloud."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from vpc_backup_events.catalog.names import LONG, SHORT
from vpc_backup_events.destinations._rendering import Options, Parts, pretty, text_of

SENDER = "no-reply@cloud.ibm.com"
# characters of an SMS, as the documentation counts them
SEGMENT = 160


def email(event: Mapping[str, Any], options: Options) -> Parts:
    """An RFC 5322 message: the short text as subject, the long text as body, and the payload where it is asked for."""
    # a line break in the short text must not begin another header field
    subject = " ".join("".join(c if c.isprintable() else " " for c in text_of(event, SHORT)).split())
    body = text_of(event, LONG)
    if options.payload:
        body = f"{body}\n\nNotification details:\n\n{pretty(event)}"
    message = EmailMessage(SMTP)
    message["From"] = SENDER
    message["Subject"] = subject
    # a mail program may break a line; this encoding keeps every character
    message.set_content(body + "\n", cte="quoted-printable")
    content = message.as_bytes().decode("ascii").replace("\r\n", "\n")
    return Parts({"from": SENDER, "subject": subject, "body": body}, content, "eml", (LONG,))


def sms(event: Mapping[str, Any], options: Options) -> Parts:
    """The long text, and the segments that it takes."""
    text = text_of(event, LONG)
    segments = [text[start : start + SEGMENT] for start in range(0, len(text), SEGMENT)]
    return Parts({"text": text, "segments": segments}, text, "txt", (LONG,))
