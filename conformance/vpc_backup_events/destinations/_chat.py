"""Slack and Microsoft Teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vpc_backup_events.catalog.names import LONG, SHORT
from vpc_backup_events.destinations._rendering import MARKDOWN, Options, Parts, pretty, text_of
from vpc_backup_events.destinations._webhook import of_template


def slack(event: Mapping[str, Any], options: Options) -> Parts:
    """What a template makes of the event; else its Markdown; else the short and the long text."""
    if options.template is not None:
        text = of_template(options.template, event, "slack")
        return Parts({"template": text}, text, "txt")
    return _markdown(event) or _texts(event)


def teams(event: Mapping[str, Any], options: Options) -> Parts:
    """The Markdown, or the short and the long text; and `data` as formatted JSON."""
    parts = _markdown(event) or _texts(event)
    if "data" not in event:
        return parts
    data = pretty(event["data"])
    return parts._replace(members={**parts.members, "data": data}, content=f"{parts.content}\n\n{data}")


def _markdown(event: Mapping[str, Any]) -> Parts | None:
    if MARKDOWN not in event:
        return None
    text = text_of(event, MARKDOWN)
    return Parts({"markdown": text}, text, "txt")


def _texts(event: Mapping[str, Any]) -> Parts:
    short, long = text_of(event, SHORT), text_of(event, LONG)
    return Parts({"short": short, "long": long}, f"{short}\n\n{long}", "txt", (LONG,))
