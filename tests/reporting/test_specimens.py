"""Events beside the findings of suites, of pytest and of archives, and how many cases a requirement was judged by."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from vpc_backup_events.reference import build_event
from vpc_backup_events.reporting import render_run
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.reporting.specimens import Specimen, specimens
from vpc_backup_events.trials.run import judge_consumer, judge_producer

TOKEN = "correct-horse-battery-staple"


def marked(shown):
    """The texts of the lines that are marked."""
    return [line.text.strip() for block in shown.blocks for line in block.lines if line.level]


def producer(scenario):
    event = build_event(scenario)
    event["specversion"] = "urgent"
    if scenario.job_type == "deletion":
        event["ibmendefaultlong"] = json.dumps({**json.loads(event["ibmendefaultlong"]), "password": TOKEN})
    return event


@pytest.fixture(scope="module")
def produced():
    return judge_producer(producer)


@pytest.fixture(scope="module")
def consumed():
    def consumer(headers, body):
        try:
            json.loads(body)
        except ValueError:
            return 400
        return 204

    return judge_consumer(consumer)


def page(report):
    shown = {(report.role, id): each for id, each in specimens(report.results).items()}
    return render_run(Run(report.report, verb="test", suites=(report,), specimens=shown), "html")


def test_what_was_produced_stands_beside_the_finding_with_the_place_marked(produced):
    shown = specimens(produced.results)["P01-specversion"]
    assert len(shown) == 3
    assert [marked(each) for each in shown] == [['"specversion": "urgent",']] * 3
    assert '<span class="error">  &#34;specversion&#34;: &#34;urgent&#34;,</span>' in page(produced)


def test_a_fact_that_is_not_as_given_is_marked_in_the_details():
    def other(scenario):
        event = build_event(scenario)
        details = {
            **json.loads(event["ibmendefaultlong"]),
            "backup_policy": "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",
        }
        return {**event, "ibmendefaultlong": json.dumps(details)}

    first = specimens(judge_producer(other).results)["P12-policy-as-given"][0]
    assert marked(first) == ['"backup_policy": "r006-6da51cfe-6f7b-4638-a6ba-00e9c327b178",']


def test_events_with_secrets_are_not_shown(produced):
    assert [each.blocks for each in specimens(produced.results)["P20-no-secret"]] == [(), (), ()]
    assert TOKEN not in page(produced)


def test_what_was_sent_stands_beside_the_answer(consumed):
    first = specimens(consumed.results)["P26-no-id"][0]
    assert (first.title, first.message) == ("an event without id", "The consumer took it for an event (204).")
    # what is missing is marked where it belongs
    assert marked(first) == ["{"]
    assert "<h3>P26-no-id" in page(consumed)


def test_a_specimen_survives_as_json(consumed):
    for shown in specimens(consumed.results).values():
        for each in shown:
            assert Specimen.of_json(json.loads(json.dumps(each.as_json()))) == each


def test_cases_are_counted(produced, consumed):
    cases = {result.requirement.id: result.cases for result in produced.results if result.status != "not exercised"}
    assert set(cases.values()) == {132}
    cases = {result.requirement.id: result.cases for result in consumed.results}
    assert cases["P25-json"] == 20
    assert cases["P26-not-json"] == 16
    assert cases["P28-severity"] == 0
    assert all(result["cases"] == cases[result["requirement"]] for result in consumed.results_as_json())


@pytest.mark.exhaustive
def test_an_archive_shows_the_events_of_its_examples(tmp_path):
    generate = [sys.executable, "-m", "vpc_backup_events", "generate", "--format", "ndjson"]
    broken = subprocess.run(
        [*generate, "--invalid", "P02-time-format", "--count", "20"], capture_output=True, timeout=60
    ).stdout
    fine = subprocess.run([*generate, "--count", "300"], capture_output=True, timeout=60).stdout
    secret = json.dumps({**json.loads(fine.splitlines()[0]), "id": "x", "apikey": TOKEN}).encode() + b"\n"
    (tmp_path / "a.ndjson").write_bytes(fine + broken + secret)
    (tmp_path / "b.ndjson").write_bytes(broken.replace(b'"id":"', b'"id":"z'))
    pages = []
    for jobs in ("1", "2"):
        audit = ["audit", "a.ndjson", "b.ndjson", "--jobs", jobs, "--report", f"html={jobs}.html", "--format", "json"]
        done = subprocess.run([sys.executable, "-m", "vpc_backup_events", *audit], cwd=tmp_path, timeout=60)
        assert done.returncode == 1
        text = (tmp_path / f"{jobs}.html").read_text()
        pages.append(text[text.index("<main>") : text.index('<section id="again"')])
    assert pages[0] == pages[1]
    listed = re.findall(r"<h3>(\S+, event \d+, line \d+)</h3>", pages[0])
    assert "a.ndjson, event 300, line 301" in listed
    assert pages[0].count("<p>The event</p>") == len(listed) > 10
    assert len(re.findall(r'<span class="error">  &#34;time&#34;: ', pages[0])) >= 10
    assert TOKEN not in pages[0]


def test_events_that_a_test_judged_are_shown(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile(
        f"""
        def test_two(check_backup_event):
            fine = {{"specversion": "1.0", "id": "1", "password": "{TOKEN}"}}
            check_backup_event(fine, expect_ok=False)
            check_backup_event({{**fine, "type": "<script>"}})
        """
    )
    options = ["-p", "vpc_backup_events.plugin", "--backup-events-report", "html=out.html"]
    assert pytester.runpytest_subprocess(*options, timeout=60).ret == 1
    text = (pytester.path / "out.html").read_text()
    assert "test_two, event 1</h3>" in text
    assert '<span class="error">  &#34;type&#34;: &#34;&lt;script&gt;&#34;</span>' in text
    assert TOKEN not in text
