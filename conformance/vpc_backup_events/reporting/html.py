"""The report for browsers: one page with everything in it, no script, nothing loaded; needs the extra `html`."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import attrgetter

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from vpc_backup_events import catalog
from vpc_backup_events._version import __version__
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.reporting.display import Block
from vpc_backup_events.reporting.run import Run, input_of, level_of, source_of, worst_first
from vpc_backup_events.reporting.specimens import Specimen
from vpc_backup_events.trials.pairs import add_pairs
from vpc_backup_events.trials.report import CLOSED_GAP, KNOWN_GAP
from vpc_backup_events.values.levels import LEVELS, number, rank
from vpc_backup_events.values.report import Finding
from vpc_backup_events.values.visible import visible, visible_lines

# what is shown before the page says how much is left out
_EVENTS = 100
_FINDINGS = 50
_INPUTS = 500
_FORCE = ("must", "should", "may")
# words for people, and the class that colours them
_STATUSES = {
    "passed": ("passed", "ok"),
    "reported": ("note", "note"),
    "warned": ("warning", "warning"),
    "failed": ("broken", "error"),
    "errored": ("error of the run", "error"),
    KNOWN_GAP: ("known gap", "warning"),
    CLOSED_GAP: ("gap closed", "error"),
    "skipped": ("skipped", "silent"),
    "not exercised": ("not exercised", "silent"),
    "clean": ("no breach", "ok"),
    "error": ("broken", "error"),
    "warning": ("warning", "warning"),
    "note": ("note", "note"),
}


@dataclass(frozen=True, slots=True)
class View:
    """A requirement as the page shows it."""

    id: str
    title: str
    area: str
    # must, should or may
    force: str
    doc: str
    status: str
    # ok, note, warning, error or silent
    look: str
    message: str = ""
    # who was judged, where there are several
    subject: str = ""
    # events, deliveries or requests that it was judged by; 0 where that is not counted
    cases: int = 0
    # events by which it is broken
    specimens: tuple[Specimen, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """An event with findings, beside what is wrong with it."""

    title: str
    look: str
    findings: tuple[Finding, ...]
    left_out: int
    blocks: tuple[Block, ...]


def render(run: Run) -> str:
    """The run as one HTML page."""
    environment = _environment()
    style = files("vpc_backup_events.reporting").joinpath("page", "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    views = list(_requirements(run))
    breaches = [view for view in views if view.message and view.look in LEVELS]
    events = list(_events(run))
    inputs = [] if run.archive else list(_inputs(run))
    return environment.get_template("report.html.j2").render(
        run=run,
        look={"conforms": "ok", "does not conform": "error"}.get(run.verdict, "warning"),
        version=__version__,
        style=style,
        hash=digest,
        number=number,
        events=events[:_EVENTS],
        more_events=len(events) - _EVENTS,
        inputs=inputs[:_INPUTS],
        more_inputs=len(inputs) - _INPUTS,
        breaches=sorted(breaches, key=lambda view: rank(view.look)),
        errors=[(suite.role, error) for suite in run.suites for error in suite.errors],
        matrix=_matrix(run),
        types=[(event_type.type, event_type.name) for event_type in catalog.event_types.values()],
        others=run.archive.others if run.archive else run.display.others if run.display else 0,
        counts=[(_view(breach.id, breach.level), breach.count) for breach in run.breaches()] if run.archive else [],
        tables=run.archive.tables() if run.archive else {},
        areas=_by_area(views),
        silent=_by_reason(views),
    )


@cache
def _environment() -> Environment:
    """The templates, which are compiled once, however many pages are made."""
    environment = Environment(
        loader=PackageLoader("vpc_backup_events.reporting", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(visible=visible, lines=visible_lines, link=_link, prose=_prose)
    return environment


def _link(url: str) -> str:
    """The URL where it is one that may be linked, else nothing."""
    return url if url.startswith("https://") and url.isprintable() else ""


def _prose(text: str) -> Markup:
    """A sentence whose parts in backticks are code; everything in it is escaped first."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(visible(text)))))


def _inputs(run: Run) -> Iterator[tuple[str, int, str]]:
    """Each input with how much it holds, and its worst level."""
    for name, findings in run.by_input().items():
        yield name, run.inputs.get(name, 1), level_of(findings) if findings else "ok"


def _requirements(run: Run) -> Iterator[View]:
    of_suites = set()
    for suite in run.suites:
        subject = suite.role if len(run.suites) > 1 else ""
        for result, status, message in suite.standings():
            id = result.requirement.id
            of_suites.add(id)
            specimens = () if status == KNOWN_GAP else run.specimens.get((suite.role, id), ())
            view = _view(id, status)
            yield replace(view, message=message, subject=subject, cases=result.cases, specimens=specimens)
    for standing in run.standings():
        if standing.findings:
            yield _view(standing.id, standing.level)
        elif standing.id not in of_suites:
            yield _view(standing.id, "clean")


def _view(id: str, status: str) -> View:
    entry = catalog.requirements.get(id)
    words, look = _STATUSES[status]
    if entry is None:
        return View(id, "", "unknown", "must", "", words, look)
    return View(id, entry.title, entry.area, entry.level, entry.doc, words, look)


def _events(run: Run) -> Iterator[Event]:
    """The findings by event, those that break something first; of an archive, one of each requirement first."""
    by_event: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in run.findings:
        source = source_of(finding)
        # a registration has a line for each finding and is one thing to show
        line = 0 if source.index is None else source.line or 0
        by_event.setdefault((input_of(finding), source.index or 0, line), []).append(finding)
    for findings in worst_first(by_event.values(), variety=run.archive is not None):
        source = source_of(findings[0])
        title = visible(input_of(findings[0]))
        if source.index is not None:
            title += f", event {source.index}" + (f", line {source.line}" if source.line is not None else "")
        yield Event(
            title,
            level_of(findings),
            tuple(findings[:_FINDINGS]),
            len(findings) - _FINDINGS,
            run.display.texts.get(source, ()) if run.display else (),
        )


def _matrix(run: Run) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each reason with a cell for each event type: a class and words; empty where the run does not tell."""
    pairs = dict(run.archive.matrix()) if run.archive else dict(run.display.pairs) if run.display else {}
    for suite in run.suites:
        add_pairs(pairs, suite.pairs)
    if not pairs and not (run.display and run.display.others) and not run.archive:
        return []
    return [(reason.name, list(_cells(reason.pairs, pairs))) for reason in catalog.reasons.values()]


def _cells(of_reason: Iterable[Pair], pairs: dict[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    by_type = {pair.event_type: pair.id for pair in of_reason}
    for event_type in catalog.event_types:
        if event_type not in by_type:
            yield "none", ""
            continue
        events, with_finding = pairs.get(by_type[event_type], (0, 0))
        if not events:
            yield "silent", "not seen"
        elif with_finding:
            yield "warning", f"{number(events, 'event')}, {with_finding} with findings"
        else:
            yield "ok", number(events, "event")


def _by_area(views: list[View]) -> Iterator[tuple[str, int, list[View]]]:
    """Each area with how many of its requirements are broken, and all of them, the strictest first."""
    areas: dict[str, list[View]] = {view.area: [] for view in views}
    for view in sorted(views, key=lambda view: (_FORCE.index(view.force), view.id)):
        areas[view.area].append(view)
    for area, of_area in areas.items():
        yield area, sum(view.look in LEVELS for view in of_area), of_area


def _by_reason(views: list[View]) -> list[tuple[str, str, list[View]]]:
    reason = attrgetter("status", "message")
    silent = sorted((view for view in views if view.look == "silent"), key=reason)
    return [(*of_reason, list(group)) for of_reason, group in groupby(silent, reason)]
