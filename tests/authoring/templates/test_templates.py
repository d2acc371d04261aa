"""What templates render, and the traps they are in."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vpc_backup_events.authoring.templates import TYPES, render
from vpc_backup_events.making import corpus
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import PROFILES

CASES = {case.file: json.loads(case.data) for case in corpus.cases() if case.kind == "template"}
EVENT = json.loads((data_root("fixtures") / "valid/strict/R04.json").read_bytes())


def event_of(case):
    return json.loads((data_root("fixtures") / case["event"]).read_bytes())


@pytest.mark.parametrize("file", CASES)
def test_a_template_is_in_exactly_the_traps_of_its_case(file):
    case = CASES[file]
    for profile in PROFILES:
        made = render(case["template"], event_of(case), type=case["type"], profile=profile)
        assert sorted({f.requirement for f in made.findings}) == case["findings"][profile]
        assert made.ok is not any(f.level == "error" for f in made.findings)
    if "text" in case:
        assert made.text == case["text"]
    if case["requirement"]:
        assert case["requirement"] in case["findings"]["strict"]
    else:
        assert isinstance(json.loads(made.text), dict)


@pytest.mark.parametrize(
    "template",
    [
        '{"text": "{{{ibmendefaultlong}}}"}',
        '{"text": "{{ibmendefaultlong}}"}',
        '{"text": "{{ibmendefaultlong.status}}"}',
    ],
)
def test_the_hint_shows_a_template_that_works(template):
    (found,) = render(template, EVENT, type="webhook").findings
    works = found.hint.partition("as such: ")[2]
    again = render(works, EVENT, type="webhook")
    assert again.findings == ()
    assert json.loads(again.text)["text"] == json.loads(EVENT["ibmendefaultlong"])


def test_quotes_arrive_as_entities_or_break_the_json():
    assert "&quot;status&quot;" in render("{{ibmendefaultlong}}", EVENT, type="slack").text
    assert render("{{{ibmendefaultlong}}}", EVENT, type="slack").text == EVENT["ibmendefaultlong"]
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(render('{"text": "{{{ibmendefaultlong}}}"}', EVENT, type="webhook").text)


def test_the_whole_event_is_json_in_two_braces_and_in_three():
    for template in ('{"event": {{event_payload}} }', '{"event": {{{event_payload}}} }'):
        made = render(template, EVENT, type="webhook")
        assert made.findings == ()
        assert json.loads(made.text)["event"] == EVENT


def test_escaping_is_that_of_raymond():
    assert render("{{a}}", {"a": "<&>\"'=`"}, type="slack").text == "&lt;&amp;&gt;&quot;&apos;=`"


def test_base64_and_plain_are_the_same():
    plain = '{"text": "{{ibmendefaultshort}}"}'
    encoded = base64.b64encode(plain.encode()).decode()
    assert render(encoded, EVENT, type="webhook") == render(plain, EVENT, type="webhook.notification")


def test_the_helpers_compare():
    text = (
        '{{#equal a "b"}}1{{else}}2{{/equal}}{{#contains a "b"}}1{{else}}2{{/contains}}'
        '{{#if (equal a "b")}}1{{else}}2{{/if}}{{#unless (contains a "x")}}1{{else}}2{{/unless}}'
    )
    assert render(text, {"a": "b"}, type="slack").text == "1111"
    assert render(text, {"a": "x"}, type="slack").text == "2222"


def test_members_with_dots_and_members_of_data():
    event = {"data": {"x": "1"}, "a.b": {"c": "2"}}
    assert render("{{data.x}}{{[a.b].c}}", event, type="slack").text == "12"
    assert render("{{data.x}}", event, type="slack").findings == ()


def test_an_attribute_that_an_if_guards_is_no_trap():
    assert render('"{{#if data}}{{data.x}}{{/if}}"', EVENT, type="slack").findings == ()


def test_another_type_is_a_usage_error():
    with pytest.raises(UsageError, match="slack"):
        render("x", EVENT, type="telegram")


WORDS = [
    "{{",
    "}}",
    "{{{",
    "}}}",
    "#if ",
    "/if",
    "#each ",
    "/each",
    "else",
    "type",
    "data.x",
    "(",
    ")",
    '"',
    "=",
    " ",
    "@root",
    "../",
    "[",
    "]",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map("".join)), st.sampled_from(sorted(TYPES)))
def test_any_template_gives_a_result(template, type):
    made = render(template, EVENT, type=type)
    assert isinstance(made.text, str)
    assert all(found.hint for found in made.findings)


def test_without_the_library_the_error_names_the_extra(monkeypatch):
    import sys

    monkeypatch.delitem(sys.modules, "vpc_backup_events.authoring.templates._render", raising=False)
    monkeypatch.delitem(sys.modules, "vpc_backup_events.authoring.templates._handlebars", raising=False)
    monkeypatch.delattr("vpc_backup_events.authoring.templates._render", raising=False)
    monkeypatch.setitem(sys.modules, "pydantic_handlebars", None)
    with pytest.raises(UsageError, match=r"'\.\[templates\]'"):
        render("x", EVENT, type="slack")


@pytest.mark.parametrize("braces", ["{{event_payload}}", "{{{ event_payload }}}"])
def test_the_whole_event_in_a_text_is_the_content_of_a_text(braces):
    """The default template of Slack has it between quotes."""
    rendered = render('{"a\\"b": "", "text": "```' + braces + '```"}', EVENT, type="slack")
    assert rendered.findings == ()
    assert json.loads(json.loads(rendered.text)["text"].strip("`")) == EVENT


def test_a_list_in_base64_is_decoded_and_another_word_is_not():
    assert render(base64.b64encode(b'["a", "b"]').decode(), {}, type="webhook").text == '["a", "b"]'
    word = base64.b64encode(b"words").decode()
    assert render(word, {}, type="webhook").text == word


def test_with_goes_into_an_object():
    event = {"data": {"x": "y"}}
    rendered = render('{"text": "{{#with data}}{{x}}{{/with}}"}', event, type="webhook")
    assert rendered.text == '{"text": "y"}'
