"""The report for CI systems."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from helpers.report_runs import RUNS, conforming, hostile, mixed, of_suite, suite
from vpc_backup_events.reporting import render_run

# of the schema of Jenkins' xUnit plugin: element -> attributes that it may have, that it must have, children
SHAPE = {
    "testsuites": ({"name", "time", "tests", "failures", "errors", "skipped", "disabled"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "package", "id", "time", "timestamp", "hostname"},
        {"name", "tests"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": (
        {"name", "classname", "time", "status", "assertions"},
        {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "skipped": ({"message", "type"}, set(), set()),
    "error": ({"message", "type"}, set(), set()),
    "failure": ({"message", "type"}, set(), set()),
    "system-out": (set(), set(), set()),
}


def parse(run):
    return ET.fromstring(render_run(run, "junit").encode())


def cases(root):
    """Name of each case -> the tag of its outcome."""
    return {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}


@pytest.mark.parametrize("name", RUNS)
def test_the_shape_is_that_of_jenkins(name):
    root = parse(RUNS[name]())
    assert root.tag == "testsuites"
    for element in root.iter():
        may, must, children = SHAPE[element.tag]
        assert must <= set(element.attrib) <= may, element.tag
        assert {child.tag for child in element} <= children, element.tag
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names))
    for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(root.get(count)) == len(list(root.iter(tag)))
    assert int(root.get("tests")) == len(names)


def test_every_requirement_is_one_case_and_nothing_else_is():
    run = mixed()
    root = parse(run)
    came = cases(root)
    assert list(came) == [each.id for each in run.requirements()]
    assert {name: tags for name, tags in came.items() if tags} == {
        "P08-severity-known": ["failure"],
        "P10-id-example": ["system-out"],
        "P11-unquoted-id": ["system-out"],
    }
    held = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert (held["inputs"], held["inputs.broken"]) == ("5", "2")
    assert int(held["requirements.passed"]) == len(came) - 3
    (failure,) = root.findall(".//testcase[@name='P08-severity-known']/failure")
    assert failure.text.splitlines()[1:4] == [
        "- events.ndjson, line 3, event 2, at /ibmenseverity",
        "  It is urgent.",
        '  fix: Write "medium".',
    ]
    assert "- <stdin>, at /ibmenseverity" in failure.text
    assert root.find(".//testcase[@name='P08-severity-known']").get("classname") == "check.envelope"


def test_a_conforming_run_has_no_failure_and_counts_what_passed():
    root = parse(conforming())
    assert not any(cases(root).values())
    held = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert held["profile"] == "documented"
    assert int(held["requirements"]) == int(held["requirements.passed"]) > 50


def test_every_status_of_a_suite_has_its_outcome():
    one = suite(errors=("the program ended",))
    root = parse(of_suite(one))
    outcomes = list(cases(root).values())
    assert outcomes == [
        [],
        ["failure"],
        ["system-out"],
        ["system-out"],
        ["skipped"],
        ["skipped"],
        ["error"],
        ["skipped"],
        ["error"],
    ]
    skipped = [each.get("message") for each in root.iter("skipped")]
    assert skipped == ["skipped: sent a", "not exercised: sent a", "known gap: sent a"]
    (failure,) = root.iter("failure")
    assert (failure.get("message"), failure.text) == ("sent a", "sent a\ngot b")


def test_a_closed_gap_fails():
    assert list(cases(parse(RUNS["closed gap"]())).values()) == [["failure"]]


def test_hostile_text_is_visible_text():
    text = "".join(parse(hostile()).itertext())
    assert "<script>alert(1)</script>" in text
    assert "]]><x/>" in text
    assert r"\x00\x01" in text
    assert r"\ud800" in text
