"""Workflow commands, and Markdown for the summary of a job."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from helpers.report_runs import HOSTILE, RUNS, conforming, hostile, mixed, of_suite, suite
from vpc_backup_events.reporting import render_run

COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:]*)(?:,\w+=[^,:]*)*)::(.*)")


def commands(run):
    *lines, _ = render_run(run, "github").splitlines()
    found = [COMMAND.fullmatch(line) for line in lines]
    assert all(found), lines
    return [(match[1], dict(each.split("=", 1) for each in match[2].split(",")), unquote(match[3])) for match in found]


def test_a_conforming_run_has_no_command():
    assert render_run(conforming(), "github") == (
        "check: conforms: 1 event (documented profile): 0 errors, 0 warnings, 0 notes\n"
    )


def test_findings_annotate_their_files():
    error, warning, note, stdin = commands(mixed())
    assert error[:2] == ("error", {"file": "events.ndjson", "line": "3", "title": "P08-severity-known"})
    assert error[2].splitlines()[:2] == ["/ibmenseverity: It is urgent.", 'fix: Write "medium".']
    assert warning[0] == "warning"
    assert note[:2] == ("notice", {"title": "P10-id-example"})
    assert "file" not in stdin[1]


def test_a_suite_is_told_by_requirement():
    one = suite(errors=("it ended",))
    assert [name for name, _, _ in commands(of_suite(one))] == [
        "error",
        "warning",
        "notice",
        "error",
        "notice",
        "error",
    ]


def test_nothing_hostile_starts_a_command_of_its_own():
    run = hostile()
    found = commands(run)
    statuses = [standing.status for standing in run.suites[0].standings()]
    told = sum(status not in ("passed", "skipped", "not exercised") for status in statuses)
    assert len(found) == told + 1 + len(HOSTILE)
    assert all(set(properties) <= {"file", "line", "title"} for _, properties, _ in found)
    messages = "\n".join(message for _, _, message in found)
    assert "%0A::error::owned" in messages


def links(tokens):
    for token in tokens:
        yield from links(token.children or ())
        if token.type in ("link_open", "image"):
            yield token.attrGet("href") or token.attrGet("src")


@pytest.mark.parametrize("name", RUNS)
def test_markdown_links_lead_to_the_documentation_alone(name):
    text = render_run(RUNS[name](), "markdown")
    markdown = MarkdownIt("gfm-like", {"linkify": False})
    targets = set(links(markdown.parse(text)))
    assert all(re.match(r"https://(cloud\.ibm\.com|github\.com|www\.rfc-editor\.org)/", each) for each in targets)
    html = markdown.render(text)
    assert not re.search(r"<(script|img|x)\b", html)
    assert len(re.findall("<details>", html)) == len(re.findall("</details>", html)) <= len(RUNS[name]().suites)


def test_markdown_shows_the_worst_first_and_every_input():
    text = render_run(mixed(), "markdown")
    assert text.startswith("## check: does not conform\n")
    assert re.findall(r"^\| (error|warning|note) \| \[(P[\w-]+)\]", text, re.MULTILINE) == [
        ("error", "P08-severity-known"),
        ("warning", "P11-unquoted-id"),
        ("note", "P10-id-example"),
    ]
    assert "| a.json | 1 | conforms |" in text


def test_markdown_of_a_suite_says_what_was_not_exercised_and_why():
    text = render_run(of_suite(suite()), "markdown")
    assert "### consumer: not conforming" in text
    assert "- not exercised: sent a got b: P" in text
    assert "| known gap |" in text
