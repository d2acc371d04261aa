"""Runs of every kind that the reporters are tested on."""

from __future__ import annotations

import json

from vpc_backup_events import catalog
from vpc_backup_events.checking.check import check_inputs, iter_reports
from vpc_backup_events.reporting.display import Display
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.spec.schemas import schemas
from vpc_backup_events.trials.report import SuiteReport
from vpc_backup_events.trials.trial import Result
from vpc_backup_events.values.report import Finding, Report, Source, merge

EVENT = schemas()["urn:vpc-backup-events:schema:event:backup-volume-creation"]["examples"][0]
DOC = "https://cloud.ibm.com/docs/vpc?topic=vpc-event-notifications-events#event-notifications-payload"

# what an event may hold to get out of where it is shown
HOSTILE = (
    "\x00\x01\x08\x0b\x1b[2J\x7f\x9b",
    "]]><x/>",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "%0A::error::owned",
    "\n::error::owned\r::stop-commands::x",
    "##[error]owned",
    "\ud800\udfff\udcff",
    "\u202egnp.exe\u2066\u200f\u061c",
    "\u2028\u2029\ufffe\uffff",
    "| a | b |\n# h\n[x](javascript:alert(1)) ![y](http://evil.test/z) `c` </details>",
    "{0} {{x}} {{ 7*7 }} {% raw %}",
    "[label](http://evil.test) @octocat www.evil.test #1",
)


def finding(level: str, requirement: str = "P08-severity-known", **more: object) -> Finding:
    values = {
        "pointer": "/ibmenseverity",
        "message": "It is urgent.",
        "hint": 'Write "medium".',
        "doc": DOC,
        "source": Source("events.ndjson", 3, 2),
        **more,
    }
    return Finding(requirement, level, **values)  # type: ignore[arg-type]


def suite(profile="documented", text="sent a\ngot b", statuses=None, gaps=None, errors=(), pairs=None, role="consumer"):
    """A suite whose first requirements came out as said."""
    ids = [id for id, entry in catalog.requirements.items() if role in entry.subject and entry.check == "suite"]
    statuses = statuses or ("passed", "failed", "warned", "reported", "skipped", "not exercised", "errored", "failed")
    results = tuple(
        Result(catalog.requirements[id], status, "" if status == "passed" else text)
        for id, status in zip(ids, statuses, strict=False)
    )
    known = {ids[len(statuses) - 1]: text} if gaps is None else gaps
    return SuiteReport(role, profile, results, known, errors, pairs or {})


def of_suite(one: SuiteReport, **more: object) -> Run:
    return Run(one.report, verb="test", suites=(one,), **more)  # type: ignore[arg-type]


def conforming() -> Run:
    return Run(Report("documented", (), 1), {"event.json": 1}, command="vpc-backup-events check event.json")


def mixed() -> Run:
    findings = (
        finding("error"),
        finding("warning", "P11-unquoted-id", pointer="/ibmendefaultlong#/backup_policy", hint=""),
        finding("note", "P10-id-example", pointer="", source=None),
        finding("error", source=Source("<stdin>")),
    )
    return Run(Report("documented", findings, 5), {"events.ndjson": 3, "a.json": 1, "empty.json": 0, "<stdin>": 1})


def hostile() -> Run:
    every = "".join(HOSTILE)
    findings = tuple(
        finding("error", message=text, hint=text, pointer=f"/{text}", source=Source(f"{text}.json", 1, 0))
        for text in HOSTILE
    )
    report = Report("documented", findings, len(findings))
    inputs = {f"{text}.json": 1 for text in HOSTILE}
    one = suite(text=every, errors=(every,))
    both = Report("documented", (*one.report.findings, *findings), len(findings))
    return Run(both, inputs, verb="pytest", suites=(one,), command=repr(every)) if report else conforming()


def lint() -> Run:
    found = finding("error", "P37-crn-form", pointer="/source", source=Source("main.tf", 7))
    return Run(Report("documented", (found, found), 1), {"main.tf": 1}, "registration", "lint")


def real() -> Run:
    """Events judged, of which one is broken."""
    import json

    inputs = [("good.json", json.dumps(EVENT).encode()), ("bad.json", b'{"id":"\\u001b[31mred<script>"}')]
    return Run(check_inputs(inputs), {"good.json": 1, "bad.json": 1})


RUNS = {
    "conforming": conforming,
    "mixed": mixed,
    "suite": lambda: of_suite(suite(errors=("the program ended\nbefore it answered",))),
    "conforming suite": lambda: of_suite(suite(statuses=("passed", "passed"), gaps={})),
    "closed gap": lambda: of_suite(suite(statuses=("passed",))),
    "hostile": hostile,
    "lint": lint,
    "real": real,
}


def of_check(*events):
    """The run of `check` on the events, each a file of its own."""
    inputs = {f"{n}.json": e if isinstance(e, bytes) else json.dumps(e).encode() for n, e in enumerate(events)}
    kept = Display()
    reports = []
    for one in inputs.items():
        of_input = list(iter_reports([one]))
        kept.add(*one, of_input)
        reports += of_input
    return Run(merge("documented", reports), dict.fromkeys(inputs, 1), display=kept)


BROKEN = {**EVENT, "specversion": "urgent"}
