"""The forms in which an event may arrive by HTTP."""

from __future__ import annotations

from vpc_backup_events.reading.messages import PLAIN, STRUCTURED

__all__ = ["FORMS", "PARAMETERS", "form", "media_of"]

# mode -> the requirement that an event is taken in it
FORMS = {"structured": "P25-structured", "sdk-style": "P25-json", "binary": "P25-binary-encoded"}
# of a media type; without one, and with those that mean nothing more for JSON
PARAMETERS = ("", "; charset=UTF-8", ";charset=utf-8", '; charset="utf-8"')


def media_of(mode: str) -> str:
    """The media type of a mode with a body of JSON."""
    return STRUCTURED if mode == "structured" else PLAIN


def form(mode: str) -> str:
    """A mode in words."""
    return "in binary mode" if mode == "binary" else f"as {media_of(mode)}"
