"""Custom headers on the command line."""

from __future__ import annotations

from vpc_backup_events.values.errors import UsageError


def parse(texts: list[str]) -> dict[str, str]:
    """The headers in texts such as `X-Team: storage`. Raises `UsageError`."""
    headers = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name.strip() or not name.isascii() or any(c.isspace() for c in name.strip()):
            # the value may be a secret
            raise UsageError("A --header is not of the form NAME:VALUE.", "Write it as --header 'X-Team: storage'.")
        headers[name.strip()] = value.strip()
    return headers
