"""Reporters: one report in, one text out, for people or for programs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from vpc_backup_events.report import Report

# format -> module of this package with a `render(report, *, color, inputs)`; a new format is one module and one line
_MODULES = {"text": "text", "json": "json"}

FORMATS: tuple[str, ...] = tuple(_MODULES)


class Reporter(Protocol):
    """What the module of a format offers."""

    def render(self, report: Report, *, color: bool, inputs: Mapping[str, int], what: str) -> str:
        """The whole report as text that ends with a line break."""


def render(
    report: Report,
    format: str = "text",
    *,
    color: bool = False,
    inputs: Mapping[str, int] | None = None,
    what: str = "event",
) -> str:
    """The report in one of `FORMATS`, ending with a line break.

    `color` asks for terminal colours where the format has any. `inputs` names all inputs that were judged, in order,
    and how many events each holds, so that those without a finding can be shown too; `what` is in them where it is no
    event. Raises `KeyError` for a format that does not exist.
    """
    reporter = cast(Reporter, import_module(f"{__name__}.{_MODULES[format]}"))
    return reporter.render(report, color=color, inputs=inputs or {}, what=what)
