"""Handlebars templates of webhook and Slack destinations: rendered for an event, and judged for what they can't do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install
from vpc_backup_events.values.report import Finding, Profile

__all__ = ["TYPES", "Rendered", "render"]

# destinations whose templates are rendered, by the name of the template's type
TYPES = {"webhook": "webhook.notification", "slack": "slack.notification"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template makes of an event."""

    # what the destination gets; empty where the template can't be read
    text: str
    # traps that the template is in, of the worst level first
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """No finding is an error."""
        return not any(finding.level == "error" for finding in self.findings)


def render(template: str, event: Mapping[str, Any], *, type: str, profile: Profile = "documented") -> Rendered:
    """Renders the template for the event.

    `template` is a Handlebars template, plain or in base64 as the API, the CLI and Terraform take it. `type` is
    `webhook` or `slack`, or the type of the template, `webhook.notification` or `slack.notification`. Any template
    gives a result; an unknown type, and a missing library, raise `UsageError`.
    """
    if type not in TYPES and type not in TYPES.values():
        raise UsageError(f"There are no templates of the type {type!r}.", f"There are: {', '.join(TYPES)}.")
    try:
        from vpc_backup_events.authoring.templates import _render
    except ImportError as error:
        if not (error.name or "").startswith("pydantic"):
            raise
        raise UsageError("Templates need pydantic-handlebars.", install("templates")) from error
    return Rendered(*_render.render(template, event, profile))
