"""The report for browsers: one page with everything in it, no script, nothing loaded; needs the extra `html`."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from vpc_backup_events import catalog
from vpc_backup_events._version import __version__
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.reporting.display import Block
from vpc_backup_events.reporting.run import Run, input_of, level_of, place, worst_first
from vpc_backup_events.reporting.specimens import Specimen
from vpc_backup_events.trials.pairs import add_pairs
from vpc_backup_events.trials.report import CLOSED_GAP, KNOWN_GAP
from vpc_backup_events.values.levels import LEVELS, number, rank
from vpc_backup_events.values.report import Finding, Source
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
    environment = Environment(
        loader=PackageLoader("vpc_backup_events.reporting", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(visible=visible, lines=visible_lines, link=_link, prose=_prose)
    style = _source(environment, "report.css")
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
        levels=[(level, run.report.count(level)) for level in LEVELS],
        events=events[:_EVENTS],
        more_events=len(events) - _EVENTS,
        inputs=inputs[:_INPUTS],
        more_inputs=len(inputs) - _INPUTS,
        breaches=sorted(breaches, key=lambda view: rank(view.look)),
        errors=[(suite.role, error) for suite in run.suites for error in suite.errors],
        matrix=_matrix(run),
        types=[(event_type.type, event_type.name) for event_type in catalog.event_types.values()],
        others=run.archive.others if run.archive else run.display.others if run.display else 0,
        counts=list(_counts(run)) if run.archive else [],
        tables=run.archive.tables() if run.archive else {},
        areas=_by_area(views),
        silent=_by_reason(views),
    )


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


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
    by_requirement = run.by_requirement()
    of_suites = set()
    for suite in run.suites:
        for result, status, message in suite.standings():
            of_suites.add(result.requirement.id)
            view = _view(result.requirement.id, status, message, suite.role if len(run.suites) > 1 else "")
            specimens = run.specimens.get((suite.role, result.requirement.id), ())
            yield replace(view, cases=result.cases, specimens=() if status == KNOWN_GAP else specimens)
    ids = [requirement.id for requirement in run.requirements()]
    for id in dict.fromkeys([*ids, *by_requirement]):
        if id in by_requirement:
            yield _view(id, level_of(by_requirement[id]))
        elif id not in of_suites:
            yield _view(id, "clean")


def _counts(run: Run) -> Iterator[tuple[View, int]]:
    """The requirements that are broken somewhere, the worst first, each with how often; its look is its level."""
    by_requirement = run.by_requirement()
    for id in sorted(by_requirement, key=lambda id: rank(level_of(by_requirement[id]))):
        yield _view(id, level_of(by_requirement[id])), run.count_of(id, by_requirement[id])


def _view(id: str, status: str, message: str = "", subject: str = "") -> View:
    entry = catalog.requirements.get(id)
    words, look = _STATUSES[status]
    if entry is None:
        return View(id, "", "unknown", "must", "", words, look, message, subject)
    return View(id, entry.title, entry.area, entry.level, entry.doc, words, look, message, subject)


def _events(run: Run) -> Iterator[Event]:
    """The findings by event, those that break something first; of an archive, one of each requirement first."""
    by_event: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in run.findings:
        source = finding.source or Source()
        # a registration has a line for each finding and is one thing to show
        line = 0 if source.index is None else source.line or 0
        by_event.setdefault((input_of(finding), source.index or 0, line), []).append(finding)
    for findings in worst_first(by_event.values(), variety=run.archive is not None):
        source = findings[0].source or Source()
        title = place(Finding("", "note", "", "", "", "", Source(source.file, None, None)))
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
    areas: dict[str, list[View]] = {}
    for view in sorted(views, key=lambda view: (_FORCE.index(view.force), view.id)):
        areas.setdefault(view.area, []).append(view)
    for area in dict.fromkeys(view.area for view in views):
        yield area, sum(view.look in LEVELS for view in areas[area]), areas[area]


def _by_reason(views: list[View]) -> list[tuple[str, str, list[View]]]:
    reasons: dict[tuple[str, str], list[View]] = {}
    for view in views:
        if view.look == "silent":
            reasons.setdefault((view.status, view.message), []).append(view)
    return [(status, message, of_reason) for (status, message), of_reason in sorted(reasons.items())]
