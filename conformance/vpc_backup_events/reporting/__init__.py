"""Reporters: one run in, one text out, for people or for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install
from vpc_backup_events.values.report import Report

if TYPE_CHECKING:
    from vpc_backup_events.reporting.run import Run

__all__ = ["FORMATS", "Reporter", "load", "render", "render_run", "targets"]

# each a module of this package with a `render(run)`; a new format is one module and one word
FORMATS: tuple[str, ...] = ("text", "json", "junit", "sarif", "github", "markdown", "html", "badge")


class Reporter(Protocol):
    """What the module of a format offers."""

    def render(self, run: Run) -> str:
        """The whole report as text that ends with a line break, the same for the same run."""


def render(
    report: Report,
    format: str = "text",
    *,
    color: bool = False,
    inputs: Mapping[str, int] | None = None,
    verb: str = "check",
) -> str:
    """The report in one of `FORMATS`, ending with a line break.

    `color` asks for terminal colours where the format has any. `inputs` names all inputs that were judged, in order,
    and how many events each holds, so that those without a finding can be shown too; `verb` is what judged them.
    Raises `KeyError` for a format that does not exist, `UsageError` for one whose library is missing.
    """
    from vpc_backup_events.reporting.run import Run

    return render_run(Run(report, inputs or {}, verb=verb, color=color), format)


def render_run(run: Run, format: str) -> str:
    """The run in one of `FORMATS`, as `render` has it; no secret is in it, wherever it stood."""
    from vpc_backup_events.reporting.masks import without_secrets

    return load(format).render(without_secrets(run))


def load(format: str) -> Reporter:
    """The reporter of a format; raises `UsageError` where the library that it needs is missing."""
    if format not in FORMATS:
        raise KeyError(format)
    try:
        return cast(Reporter, import_module(f"{__name__}.{format}"))
    except ImportError as error:
        raise UsageError(f"The format {format} needs {error.name}.", install(format)) from None


def targets(texts: Iterable[str], option: str = "--report") -> list[tuple[str, str]]:
    """Formats and files of `FORMAT=FILE`; raises `UsageError` for a format that does not exist or a missing file."""
    pairs = []
    for text in texts:
        format, _, file = text.partition("=")
        if format not in FORMATS:
            raise UsageError(
                f"{option}: {format!r} is no format.", f"Write FORMAT=FILE with one of {', '.join(FORMATS)}."
            )
        if not file:
            raise UsageError(f"{option}: {text!r} names no file.", f"Write {format}=FILE.")
        pairs.append((format, file))
    return pairs
