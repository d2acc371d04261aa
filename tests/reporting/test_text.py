from dataclasses import replace

import pytest

from vpc_backup_events.reporting import FORMATS, render
from vpc_backup_events.reporting.text import short_forms
from vpc_backup_events.values.report import Finding, Report, Source

FINDING = Finding(
    "P08-severity-known", "error", "/ibmenseverity", "It is urgent.", "Write medium.", "https://x.test/#a"
)


def at(file, index=None, line=None, **changes):
    return replace(FINDING, source=Source(file, line, index), **changes)


def test_report_without_a_source():
    assert render(Report("documented", (FINDING,))).splitlines() == [
        "event: does not conform, 1 error",
        "  error    event:0:/ibmenseverity P08-severity-known",
        "           It is urgent.",
        "           fix: Write medium.",
        "           doc: https://x.test/#a",
        "1 event: 1 does not conform (documented profile): 1 error, 0 warnings, 0 notes",
    ]


def test_inputs_are_shown_in_order_with_a_verdict_each():
    report = Report("strict", (at("b", level="warning"),), events=4)
    lines = render(report, inputs={"c": 1, "b": 1, "a": 2}).splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "c: ok",
        "b: ok, 1 warning",
        "a: 2 events, ok",
        "4 events: all conform (strict profile): 0 errors, 1 warning, 0 notes",
    ]


def test_findings_are_grouped_by_event():
    findings = (at("a", 7, 8), at("a", 2, 3, level="note"), at("a", 7, 8, pointer="/id"))
    lines = render(Report("documented", findings, events=9), inputs={"a": 9}).splitlines()
    assert [line for line in lines if not line.startswith("    ") and "fix" not in line] == [
        "a: 9 events, does not conform, 2 errors, 1 note",
        "  event 2 (line 3): ok, 1 note",
        "  note     a:2:/ibmenseverity P08-severity-known",
        "  event 7 (line 8): does not conform, 2 errors",
        "  error    a:7:/ibmenseverity P08-severity-known",
        "  error    a:7:/id P08-severity-known",
        "9 events: 1 does not conform (documented profile): 2 errors, 0 warnings, 1 note",
    ]


def test_input_without_an_event_is_no_event():
    report = Report("documented", (at("empty"), at("bad")), events=2)
    assert render(report, inputs={"empty": 0, "bad": 1, "good": 1}).splitlines()[-1] == (
        "2 events: 1 does not conform, 1 input without an event (documented profile): 2 errors, 0 warnings, 0 notes"
    )


def test_short_forms_are_unique():
    findings = [at("a"), at("a"), at("a", 1), at("b"), at("a")]
    assert list(short_forms(findings)) == [
        "a:0:/ibmenseverity P08-severity-known",
        "a:0:/ibmenseverity P08-severity-known~2",
        "a:1:/ibmenseverity P08-severity-known",
        "b:0:/ibmenseverity P08-severity-known",
        "a:0:/ibmenseverity P08-severity-known~3",
    ]


def test_color_changes_nothing_but_the_colours():
    import re

    report = Report("documented", (at("a"), at("b", level="warning"), at("c", level="note")), events=3)
    colored = render(report, color=True)
    assert "\x1b[1;31merror" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render(report)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("member", ["pointer", "message", "hint", "doc"])
@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b2J", "\x07", "\r", "\x7f", "\u202e", "\u2028", "\ud800"])
def test_text_from_an_event_is_escaped(format, member, evil):
    text = render(Report("documented", (at(f"f{evil}", **{member: f"a{evil}b"}),)), format)
    assert evil not in text
    assert text.encode("utf-8").isascii()


def test_a_long_value_is_cut():
    assert len(render(Report("documented", (replace(FINDING, message="x" * 10_000_000),)))) < 2000
