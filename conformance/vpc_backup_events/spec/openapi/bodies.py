"""Bodies of requests as values: JSON, and forms with their parts by name."""

from __future__ import annotations

from typing import Any

from vpc_backup_events.values.json_text import NotJsonError, decode, parse

__all__ = ["parse_body"]


def parse_body(media: str, content_type: str, body: bytes) -> Any:
    """The value of a body: JSON, or a form with its parts by name. Raises `NotJsonError` where it can't be read."""
    if media == "application/x-www-form-urlencoded":
        from urllib.parse import parse_qsl

        return dict(parse_qsl(decode(body), keep_blank_values=True))
    if media == "multipart/form-data":
        return _form(content_type, body)
    return parse(decode(body))


def _form(content_type: str, body: bytes) -> dict[str, Any]:
    from email.parser import BytesParser
    from email.policy import HTTP

    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart():
        raise NotJsonError("the form has no parts.")
    form: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise NotJsonError("a part of the form has no name.")
        content = part.get_payload(decode=True)
        text = decode(content if isinstance(content, bytes) else b"")
        form[name] = parse(text) if part.get_content_type() == "application/json" else text
    return form
