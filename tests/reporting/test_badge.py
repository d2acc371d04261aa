"""The badge."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from helpers.report_runs import RUNS, of_suite, suite
from vpc_backup_events.reporting import render_run

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", RUNS)
def test_a_badge_tells_the_verdict_and_nothing_of_the_subject(name):
    run = RUNS[name]()
    root = ET.fromstring(render_run(run, "badge"))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    (title,) = root.findall(f"{SVG}title")
    assert title.get("id") == root.get("aria-labelledby")
    assert title.text == f"Event notifications of Backup for VPC: {run.verdict}, documented profile"
    assert [each.text for each in root.iter(f"{SVG}text")] == ["backup events", f"{run.verdict} (documented)"]
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {"svg", "title", "clipPath", "rect", "g", "text"}


@pytest.mark.parametrize(
    ("statuses", "gaps", "verdict"),
    [
        (("passed", "not exercised", "warned"), {}, "conforms"),
        (("passed", "skipped"), {}, "partly judged"),
        (("passed", "failed"), {}, "does not conform"),
        (("passed", "errored"), {}, "does not conform"),
        (("passed", "failed"), None, "conforms but for known gaps"),
        (("passed",), None, "does not conform"),
    ],
)
def test_verdicts(statuses, gaps, verdict):
    assert of_suite(suite(statuses=statuses, gaps=gaps)).verdict == verdict


def test_each_verdict_has_a_color_of_its_own():
    def fill(*statuses):
        root = ET.fromstring(render_run(of_suite(suite(statuses=statuses, gaps={})), "badge"))
        return [each.get("fill") for each in root.iter(f"{SVG}rect")][-1]

    assert len({fill("passed"), fill("skipped"), fill("failed")}) == 3
