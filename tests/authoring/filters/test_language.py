"""The language of filters: what is one, what it takes, and what is said of what is none."""

from __future__ import annotations

import re
import sys
import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vpc_backup_events.authoring.filters import Filter, FilterError, parse
from vpc_backup_events.values.errors import KitError

EVENT = {
    "type": "a.b",
    "ibmenseverity": "medium",
    "ibmendefaultlong": '{"x":"source_volume_busy: b"}',
    "number": 3,
    "data": {"n": "1", "list": [{"k": "v"}, {"k": "w"}]},
}


@pytest.mark.parametrize(
    "expression",
    [
        "$.*",
        "$",
        "$.type",
        " $.type ",
        "$.data.n",
        "$..n",
        "$.data.list[0]",
        "$.data.list[-1:]",
        "$.data.list[0,1].k",
        '$.* == "a.b"',
        '$.data.list[?(@.k == "v")].k == "v"',
        '$.data.list[*].k == "w"',
        '"w" == $.data.list[*].k',
        '$.data.list[*].k =~ "^w$"',
        '$.data.list[*].k != "x"',
        "$.data.list[?(@.nothing)].k != 'v'",
        '$.data.list[?(@.k == "v")]',
        '$.type == "a.b"',
        "$.type=='a.b'",
        '"a.b" == $.type',
        "$['type'] == \"a.b\"",
        '$.data.n == "1"',
        "$.number >= 3 && $.number < 4",
        '$.type != "other"',
        '$.nothing != "x"',
        '$.ibmendefaultlong =~ ".*source_volume_busy.*"',
        '$.ibmendefaultlong =~ "volume"',
        "$.ibmenseverity =~ '^med'",
        '$.ibmenseverity =~ "(?i)MEDIUM"',
        '$.type =~ "a\\.b"',
        "not($.nothing)",
        'not ( $.type == "x" )',
        'not(not($.type == "a.b"))',
        '$.type == "x" || $.type == "a.b"',
        '$.type == "a.b" || $.type == "x" && $.nothing',
        '($.type == "x" || $.type == "a.b") && $.number == 3',
    ],
)
def test_a_filter_takes_the_event(expression):
    assert parse(expression).matches(EVENT)


@pytest.mark.parametrize(
    "expression",
    [
        "$.data.x",
        '$.ibmenseverity == "MEDIUM"',
        '$.data == "x"',
        '$.ibmendefaultlong.x == "b"',
        "$.ibmendefaultlong.x",
        '$.nothing =~ ".*"',
        '$.number =~ "3"',
        '$.number == "3"',
        '$.type == "a.b" && $.nothing',
        'not($.type == "a.b")',
        '($.type == "a.b" || $.type == "x") && $.nothing',
        '$.data.list[?(@.k == "z")]',
        '$.data.list[*].k != "v"',
        '$.data.list[?(@.k == "z")].k == "z"',
    ],
)
def test_a_filter_leaves_the_event(expression):
    assert not parse(expression).matches(EVENT)


# expression, index of the place, a word of the message, a word of the hint
REFUSED = [
    ("", 0, "empty", "$.*"),
    ("   ", 0, "empty", "$.*"),
    ("type", 0, "type", "$.type"),
    ("$.type = 'x'", 7, "=", "=="),
    ('$.type == "x" and $.a', 14, "and", "&&"),
    ('$.type == "x" or $.a', 14, "or", "||"),
    ('$.type == "x" & $.a', 14, "&", "&&"),
    ("!$.type", 0, "!", "not("),
    ("not $.type", 0, "not", "not("),
    ("$.type == x", 10, "x", '"x"'),
    ('$.type == "x', 10, '"', "quote"),
    ("$.type =~ /x/", 10, "/", "slashes"),
    ("$.type =~ $.a", 10, "regular expression", "quotes"),
    ('$.type =~ "("', 10, "regular expression", "RE2"),
    ('$.type == "x" == "y"', 7, "comparison", "$.type"),
    ('"x"', 0, "alone", "$"),
    ("length($.type) == 1", 0, "length", "no functions"),
    ('$.type contains "x"', 7, "contains", "=~"),
    ("@.type", 0, "@", "$.type"),
    ("$.type &&", 9, "end", "filter is"),
    ("($.type", 0, "parentheses", "filter is"),
    ("$.type)", 6, ")", "filter is"),
    ("$.", 2, "", "filter is"),
    ("$[", 2, "", "filter is"),
]


@pytest.mark.parametrize(
    ("expression", "position", "message", "hint"), REFUSED, ids=[r[0] or "(empty)" for r in REFUSED]
)
def test_what_is_no_filter_is_refused_with_the_place_and_the_way_out(expression, position, message, hint):
    with pytest.raises(FilterError) as caught:
        parse(expression)
    error = caught.value
    assert (error.position, message in error.message, hint in error.hint) == (position, True, True), str(error)
    line, caret = error.pointed
    assert caret.index("^") == position - max(0, position - 60)
    assert line == expression


@pytest.mark.parametrize("text", [r"a\u002eb", r"a\u002Eb", r"\u0061.b"])
def test_a_character_may_be_written_by_its_number(text):
    assert parse(f'$.type == "{text}"').matches({"type": "a.b"})


@pytest.mark.parametrize(("sign", "hint"), [("&", "Write && for and."), ("|", "Write || for or.")])
def test_the_hint_on_a_sign_is_a_sentence(sign, hint):
    with pytest.raises(FilterError) as caught:
        parse(f"$.a {sign} $.b")
    assert caught.value.hint == hint


def test_the_caret_stands_under_the_place_of_a_long_expression():
    expression = f'$.type == "{"x" * 500}" and $.type'
    with pytest.raises(FilterError) as caught:
        parse(expression)
    line, caret = caught.value.pointed
    assert line[caret.index("^") :].startswith("and")
    assert len(line) <= 120


@pytest.mark.parametrize("pattern", ["(?=x)", "(?!x)", "(?<=x)y", "(?<!x)y", r"(x)\1", r"(?P<a>x)(?P=a)"])
def test_what_re2_has_left_out_takes_nothing(pattern):
    filter = parse(f"$.type =~ '{pattern}'")
    assert filter.refused
    assert not filter.matches({"type": "xxy"})
    assert not parse(f"not($.type =~ '{pattern}')").matches({"type": "xxy"})


@pytest.mark.parametrize(
    "expression",
    [
        "$.type || " * 1000 + "$.type",
        "not(" * 200 + "$.type" + ")" * 200,
        "(" * 3000,
        "[" * 3000,
        "$" + "[?(@" * 100,
        "$" + "..*" * 50,
        "$" + ".a" * 5000,
        "x" * 100_000,
        '$.type =~ "' + "(" * 2000 + ")" * 2000 + '"',
        '$.type =~ "((a{100}){100}){100}"',
        "$[" + "9" * 5000 + "]",
        "$.a == " + "9" * 5000,
    ],
)
def test_a_hostile_filter_is_read_or_refused_soon(expression):
    started = time.perf_counter()
    with suppress(FilterError):
        parse(expression).matches(EVENT)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*)*x$", "(a?){50}a{50}$"])
def test_a_hostile_regular_expression_takes_linear_time(pattern):
    event = {"ibmendefaultlong": "a" * 50_000 + "!"}
    started = time.perf_counter()
    assert not parse(f"$.ibmendefaultlong =~ '^{pattern}'").matches(event)
    assert time.perf_counter() - started < 5


def test_a_deep_event_is_no_reason_to_fail():
    deep = None
    for _ in range(5000):
        deep = {"a": deep}
    assert parse("$..b").matches({"data": deep}) is False


WORDS = [
    "$",
    ".type",
    ".*",
    "..",
    "[",
    "]",
    "(",
    ")",
    "?",
    "@",
    "==",
    "!=",
    "=~",
    "&&",
    "||",
    "not(",
    '"x"',
    "'y'",
    " ",
    "1",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map("".join)))
@example("\ud800")
@example('$.a =~ "\ud800"')
@example("$['\ud800'] == \"\\ud83d\\ude00\"")
@example("$.a == '\\uD800'")
def test_any_text_is_a_filter_or_a_filter_error(text):
    refused = None
    try:
        made = parse(text)
    except FilterError as error:
        refused = error
    if refused:
        assert 0 <= refused.position <= len(text)
        assert "\n" not in refused.pointed[0]
    else:
        assert isinstance(made, Filter)
        assert made.matches(EVENT) in (True, False)


# --- an oracle: the same filter as nested tuples, decided without the kit

VALUES = ["", "a", "b", "ab", "A", "é"]
names = st.sampled_from(["p", "q", "r"])
condition = st.one_of(
    st.tuples(st.just("exists"), names),
    st.tuples(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), names, st.sampled_from(VALUES)),
    st.tuples(st.just("=~"), names, st.sampled_from(["a", "^a$", "a|b", "[^a]", "b$", ".", "(?i)A"])),
)
trees = st.recursive(
    condition,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["&&", "||"]), inner, inner),
    ),
    max_leaves=8,
)
events = st.dictionaries(st.sampled_from(["p", "q", "r"]), st.sampled_from(VALUES))


def written(tree, quote):
    kind = tree[0]
    if kind == "exists":
        return f"$.{tree[1]}"
    if kind == "not":
        return f"not({written(tree[1], quote)})"
    if kind in ("&&", "||"):
        sides = [f"({written(t, quote)})" if t[0] in ("&&", "||") else written(t, quote) for t in tree[1:]]
        return f" {kind} ".join(sides)
    return f"$.{tree[1]} {kind} {quote}{tree[2]}{quote}"


def decided(tree, event):
    kind = tree[0]
    if kind == "exists":
        return tree[1] in event
    if kind == "not":
        return not decided(tree[1], event)
    if kind == "&&":
        return decided(tree[1], event) and decided(tree[2], event)
    if kind == "||":
        return decided(tree[1], event) or decided(tree[2], event)
    value, wanted = event.get(tree[1]), tree[2]
    if kind == "!=":
        return value != wanted
    if value is None:
        return False
    order = {
        "==": value == wanted,
        "<": value < wanted,
        "<=": value <= wanted,
        ">": value > wanted,
        ">=": value >= wanted,
    }
    return re.search(wanted, value) is not None if kind == "=~" else order[kind]


@given(trees, events, st.sampled_from("\"'"))
def test_a_filter_decides_as_the_oracle(tree, event, quote):
    assert parse(written(tree, quote)).matches(event) is decided(tree, event)


@given(trees)
def test_every_condition_is_found_in_its_place(tree):
    text = written(tree, '"')
    made = parse(text)
    assert [c.position for c in made.conditions] == [m.start() for m in re.finditer(r"\$\.", text)]
    assert all(text.startswith(c.path, c.position) for c in made.conditions)


@pytest.mark.parametrize(
    "pattern",
    [
        "a|b",
        "(?i)A",
        "^a.c$",
        "[^a-z_-]",
        "(a+)+$",
        r"\\d{2}",
        r"\\bx",
        "é",
        "(",
        "(?=x)",
        "((a{100}){100}){100}",
        "\ud800",
    ],
)
@pytest.mark.parametrize("text", ["abc", "A", "a\nc", "x1", "é12", "\ud800", ""])
def test_the_stand_in_for_re2_decides_alike(pattern, text, monkeypatch):
    def decided():
        try:
            filter = parse(f'$.t =~ "{pattern}"')
        except FilterError:
            return "refused"
        return filter.refused or filter.matches({"t": text})

    first = decided()
    monkeypatch.setitem(sys.modules, "re2", None)
    assert decided() == first


def test_without_python_jsonpath_the_error_names_the_extra(monkeypatch):
    for name in ("_language", "_environment"):
        monkeypatch.delitem(sys.modules, f"vpc_backup_events.authoring.filters.{name}", raising=False)
        monkeypatch.delattr(f"vpc_backup_events.authoring.filters.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "jsonpath", None)
    with pytest.raises(KitError, match=r"'\.\[filters\]'"):
        parse("$.type")


def test_without_a_library_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "re2", None)
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    with pytest.raises(KitError, match=r"'\.\[filters\]'"):
        parse('$.type =~ "x"')
    assert parse('$.type == "a.b"').matches(EVENT)


@pytest.mark.parametrize(
    "expression",
    [
        "$[?(" * 7 + "@.nothing" + ")]" * 7,
        "$.*[?(@.*[?(@.*[?($.*[?(@.nothing)])])])]",
        "$..[?(@..[?(@.nothing)])]",
        '$..* =~ "nothing" && $..* != "x"',
    ],
)
def test_an_evaluation_has_a_bound_on_its_work(expression):
    event = {f"a{i}": [{"b": [i, j]} for j in range(40)] for i in range(40)}
    filter = parse(expression)
    begin = time.process_time()
    assert not filter.matches(event)
    assert time.process_time() - begin < 5


def test_the_bound_leaves_what_people_write_alone():
    event = {"data": {"details": [{"name": f"n{i}", "age": i} for i in range(2000)]}}
    assert parse('$.data.details[?(@.age == 1999)].name == "n1999"').matches(event)
    assert parse("$..details[?(@.name =~ '^n1999$')]").matches(event)


@pytest.mark.exhaustive
def test_evaluations_do_not_share_their_bound():
    filter = parse("$..*")
    event = {"data": {"list": list(range(20_000))}}
    assert all(filter.matches(event) for _ in range(10))


@pytest.mark.parametrize(
    "expression",
    [
        "$.type",
        '$.type == "a" && ($.b || not($.c =~ "x"))',
        '"x" == $.type',
        "$['a b'].c == 1",
        '$.data.list[?(@.k == "v")].k == "v" || $..x',
        "$.a >= $.b",
        "($.a && $.b) || $.c != null",
    ],
)
def test_a_tree_is_printed_as_a_filter_that_decides_alike(expression):
    filter = parse(expression)
    again = parse(str(filter.tree))
    assert again.tree == parse(str(again.tree)).tree
    for event in ({}, EVENT, {"type": "a", "b": 1}, {"type": "x"}, {"a b": {"c": 1}}, {"a": 2, "b": 1}, {"c": "x"}):
        assert filter.matches(event) is again.matches(event)
