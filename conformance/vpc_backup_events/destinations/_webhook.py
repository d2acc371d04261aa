"""Webhooks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vpc_backup_events.destinations._rendering import Options, Parts
from vpc_backup_events.making.deliveries import received, sdk_style
from vpc_backup_events.values.errors import UsageError


def webhook(event: Mapping[str, Any], options: Options) -> Parts:
    """A request: the event with `notification_id`, or what a template makes of it."""
    headers, body = sdk_style(received(event, options.notification_id))
    text = body.decode()
    if options.template is not None:
        text = of_template(options.template, received(event, options.notification_id), "webhook")
    lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines.append(f"Content-Length: {len(text.encode('utf-8', 'surrogatepass'))}")
    content = "\r\n".join([*lines, "", text])
    return Parts({"method": "POST", "headers": dict(headers), "body": _json(text)}, content, "http")


def of_template(template: str, event: Mapping[str, Any], kind: str) -> str:
    """What a template makes of the event. Raises `UsageError` where it makes nothing of use."""
    from vpc_backup_events.authoring.templates import render

    rendering = render(template, event, type=kind)
    for finding in rendering.findings:
        if finding.level == "error":
            raise UsageError(f"The template does not work: {finding.message}", finding.hint)
    return rendering.text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
