"""The page for browsers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from helpers.report_runs import BROKEN, EVENT, HOSTILE, RUNS, conforming, hostile, of_check, of_suite, suite
from vpc_backup_events.checking.check import iter_reports
from vpc_backup_events.reporting import render_run
from vpc_backup_events.reporting.display import EVENTS, LINES, Display
from vpc_backup_events.reporting.run import Run, worst_first
from vpc_backup_events.values.report import Finding, Source

VOID = {"meta", "br"}
KNOWN = {
    *("html", "head", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "strong", "nav", "ul", "li"),
    *("main", "section", "div", "details", "summary", "span", "code", "pre", "b", "footer"),
    *("table", "thead", "tbody", "tr", "th", "td", *VOID),
}


class Page(HTMLParser):
    """A page whose elements nest; raises where they do not."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        self.text.append(data)

    def of(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]


def page(run):
    return Page(render_run(run, "html"))


@pytest.mark.parametrize("name", RUNS)
def test_the_page_is_well_formed_and_loads_nothing(name):
    made = page(RUNS[name]())
    assert {tag for tag, _ in made.elements} <= KNOWN
    ids = [attributes["id"] for _, attributes in made.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in made.elements:
        assert not {"src", "srcset", "style", "action", "background"} & attributes.keys()
        assert not any(each.startswith("on") for each in attributes)
    for link in made.of("a"):
        target = link["href"]
        assert target[1:] in ids if target.startswith("#") else target.startswith("https://"), target
    text = render_run(RUNS[name](), "html")
    assert text.startswith("<!DOCTYPE html>\n")
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_of_the_page_forbids_everything_but_its_own_style():
    (policy,) = [each["content"] for each in page(conforming()).of("meta") if "http-equiv" in each]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_hostile_text_is_text():
    made = page(hostile())
    text = "".join(made.text)
    assert "<script>alert(1)</script>" in text
    assert "{% raw %}" in text
    assert len(made.of("section")) == 5
    assert made.of("script", "img", "x") == []


def test_hostile_events_are_text():
    every = "".join(HOSTILE)
    run = of_check({**BROKEN, "extra": every, every: "<script>"}, every.encode("utf-8", "replace"), b"<script>alert(1)")
    made = page(run)
    assert made.of("script", "img", "x") == []
    assert "<script>alert(1)" in "".join(made.text)


def test_the_verdict_is_at_the_top():
    text = "".join(page(of_check(EVENT, BROKEN)).text)
    assert text.index("does not conform") < text.index("Findings")
    assert "Nothing was found." in "".join(page(of_check(EVENT)).text)


def test_the_event_stands_beside_its_findings_with_the_place_marked():
    text = render_run(of_check(BROKEN), "html")
    assert re.findall(r'<span class="error">(.*?)</span>', text) == ["  &#34;specversion&#34;: &#34;urgent&#34;,"]
    details = json.loads(EVENT["ibmendefaultlong"])
    inside = {**BROKEN, "ibmendefaultlong": json.dumps({**details, "job_type": "mending"})}
    text = render_run(of_check(inside), "html")
    assert "Inside ibmendefaultlong" in text
    marked = re.findall(r'<span class="error">(.*?)</span>', text)
    assert len(marked) == 2
    assert "mending" in marked[1]


def test_what_is_missing_is_marked_where_it_belongs():
    run = of_check({name: value for name, value in EVENT.items() if name != "source"})
    assert re.findall(r'<span class="error">(.*?)</span>', render_run(run, "html")) == ["{"]


TOKEN = "correct-horse-battery-staple"
KEY = "-----BEGIN PRIVATE KEY-----"


@pytest.mark.parametrize(
    "event",
    [
        {**BROKEN, "password": TOKEN},
        {**BROKEN, "password": [TOKEN, 7, [TOKEN]]},
        {**BROKEN, "data": {"deep": [{"api_key": TOKEN}]}},
        {**BROKEN, "data": json.dumps({"deep": [{"apikey": TOKEN}]})},
        {**BROKEN, "ibmendefaultlong": json.dumps({"password": TOKEN})},
        {**BROKEN, "ibmendefaultlong": json.dumps({"more": json.dumps({"password": TOKEN})})},
        {**BROKEN, "note": f"{KEY}{TOKEN}"},
        {**BROKEN, f"{KEY}{TOKEN}": 1},
        f'{{"password": "{TOKEN}", broken'.encode(),
        f'{{"ibmendefaultlong": "{{\\"password\\": \\"{TOKEN}\\", broken"}}'.encode(),
        f"POST / HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n{{".encode(),
    ],
    ids=str,
)
def test_secrets_are_hidden(event):
    run = of_check(event)
    assert run.report.findings
    assert TOKEN not in render_run(run, "html")


def test_the_matrix_tells_what_was_covered():
    run = of_check(EVENT, {**BROKEN, "id": "other"}, {"specversion": "1.0"})
    text = render_run(run, "html")
    (cell,) = re.findall(r'<td class="warning" data-of="([\w-]+)">2 events, 1 with findings<', text)
    assert cell == "backup-volume-creation"
    assert text.count(">not seen<") == 19
    assert "1 event of none of these." in text


def test_the_matrix_of_a_producer_comes_from_its_suite():
    text = render_run(of_suite(suite(role="producer", pairs={"R01": (6, 0), "R05": (6, 2)})), "html")
    assert text.count(">6 events<") == 1
    assert text.count(">6 events, 2 with findings<") == 1


def test_a_suite_shows_statuses_and_what_was_not_exercised():
    text = "".join(page(of_suite(suite(errors=("the program ended",)), command="vpc-backup-events test")).text)
    for words in ("broken", "warning", "note", "skipped", "not exercised", "error of the run", "known gap"):
        assert words in text, words
    assert "What was not exercised is not known to conform." in text
    assert "the program ended" in text
    assert "vpc-backup-events test" in text


def test_sizes_are_bounded():
    many = [{**BROKEN, "id": str(n), "long": "x" * 20_000, "deep": list(range(500))} for n in range(EVENTS + 5)]
    run = of_check(*many)
    assert len(run.display.texts) == EVENTS
    assert all(len(block.lines) <= LINES for blocks in run.display.texts.values() for block in blocks)
    text = render_run(run, "html")
    assert len(text) < 3_000_000
    assert "5 more events with findings" in text


def test_only_events_with_findings_are_kept():
    run = of_check(EVENT, BROKEN)
    assert [source.file for source in run.display.texts] == ["1.json"]


def test_a_link_that_is_none_is_no_link():
    run = hostile()
    found = replace(run.findings[0], doc="javascript:alert(1)")
    run = replace(conforming(), report=replace(run.report, findings=(found,)))
    assert all(not link["href"].startswith("javascript") for link in page(run).of("a"))


def test_an_email_is_shown_as_a_person_reads_it():
    from vpc_backup_events.making import corpus

    case = next(case for case in corpus.cases() if case.file == "emails/R02.txt")
    shown = Display()
    shown.add("mail.txt", case.data, list(iter_reports([("mail.txt", case.data)])))
    assert shown.pairs == {"R02": (1, 1)}
    ((mail, inside),) = shown.texts.values()
    assert mail.lines[0].text == "Volume Backup Job Creation Failure"
    assert not any("Email(" in line.text for line in mail.lines)
    assert [line.level for line in mail.lines] == ["", "", "warning"]
    assert inside.lines[1].text.startswith('  "backup_policy": ')


def test_the_places_in_an_email_are_marked():
    from vpc_backup_events import check
    from vpc_backup_events.making import corpus
    from vpc_backup_events.reporting.specimens import blocks_of

    case = next(case for case in corpus.cases() if case.file == "emails/R02.txt")
    broken = case.data.replace(b'"creation"', b'"mending"').replace(b"Title: Volume", b"Title: A volume")
    mail, inside = blocks_of(broken, check(broken, "strict").findings)
    assert mail.lines[0].level == "error"
    assert [line.text.strip() for line in inside.lines if line.level] == ['"job_type": "mending",']


def test_requirements_of_emails_are_listed_where_an_email_was_judged():
    from vpc_backup_events import catalog
    from vpc_backup_events.checking.check import check_inputs
    from vpc_backup_events.making import corpus

    of_emails = {
        each.id
        for each in catalog.requirements.values()
        if each.check == "email" and each.status == "checked" and each.profiles["documented"] != "none"
    }
    email = next(case.data for case in corpus.cases() if case.file == "emails/R02.txt")
    event = json.dumps(EVENT).encode()

    def listed(*contents):
        report = check_inputs(list(zip("ab", contents, strict=False)))
        run = Run(report, dict.fromkeys("ab"[: len(contents)], 1))
        assert report.emails == contents.count(email)
        ids = {each.id for each in run.requirements()}
        # every format that lists requirements has the same ones
        rules = json.loads(render_run(run, "sarif"))["runs"][0]["tool"]["driver"]["rules"]
        assert {rule["id"] for rule in rules} == ids
        page = render_run(run, "html")
        assert all(id in page for id in ids)
        return ids

    assert not of_emails & listed(event)
    assert listed(event, email) == listed(event) | of_emails
    assert listed(email) == listed(event, email)


def test_an_archive_shows_one_event_of_each_requirement_first():
    def of(id, level, line):
        return Finding(id, level, "", "It is so.", "", "", Source("a.ndjson", line, line - 1))

    events = [[of("P01-specversion", "error", n)] for n in range(1, 40)]
    events += [[of("P02-time-format", "error", 40)], [of("P06-source-known", "warning", 41)]]
    lines = [findings[0].source.line for findings in worst_first(events, variety=True)]
    assert lines[:4] == [1, 40, 41, 2]
    assert [findings[0].source.line for findings in worst_first(events)] == list(range(1, 42))
