"""Handlebars templates of webhook and Slack destinations: rendered for an event, and judged for what they can't do."""

from __future__ import annotations

from vpc_backup_events.authoring.templates import TYPES, Rendered, render

__all__ = ["TYPES", "Rendered", "render"]
