"""Every reader takes any bytes: a report or an error of the kit, never another exception."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import vpc_backup_events as vbe
from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.review import explain
from vpc_backup_events.authoring.registration import KINDS, kind_of, lint
from vpc_backup_events.authoring.templates import render
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.checking.interpretation import interpret
from vpc_backup_events.making import corpus
from vpc_backup_events.values.errors import KitError

MANY = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SEEDS = [case.data for case in corpus.cases() if len(case.data) < 4_000]
PIECES = [
    b"",
    b"{",
    b"}",
    b"[",
    b'"',
    b"\\",
    b"\x00",
    b"\xff",
    b"\n",
    b"\r\n",
    b"\xef\xbb\xbf",
    b"null",
    b"1e999",
    b"\xed\xa0\x80",
]


@st.composite
def damaged(draw, seeds):
    """A document of the corpus, cut, repeated, or with something in its midst."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        how = draw(st.sampled_from(["cut", "insert", "drop", "flip", "double"]))
        if how == "cut":
            data = data[:at]
        elif how == "insert":
            data = data[:at] + draw(st.sampled_from(PIECES) | st.binary(max_size=4)) + data[at:]
        elif how == "drop":
            data = data[:at] + data[at + draw(st.integers(1, 20)) :]
        elif how == "flip" and data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]
        elif how == "double":
            data = data[:at] + data
    return data


def is_reported(report):
    text = json.dumps(report.as_json(), ensure_ascii=False)
    text.encode("utf-8", "surrogatepass")
    assert all(finding.message for finding in report.findings)
    return True


@MANY
@given(damaged(SEEDS) | st.binary(max_size=300), st.sampled_from(["x.json", "x.eml", "x.http", "x.ndjson", None]))
@example(b'{"0":null}', None)
@example(b'[{"":{"":1.0}}]', "x.json")
def test_any_input_of_check_gives_a_report(data, name):
    assert is_reported(check_inputs([(name, data)]))
    assert is_reported(vbe.check(data, "strict"))
    interpret(data)


@MANY
@given(damaged(SEEDS))
def test_any_input_gives_a_report_when_compressed(data):
    packed = gzip.compress(data)
    assert is_reported(check_inputs([("x.gz", packed)]))
    assert is_reported(check_inputs([("x.gz", packed[:-3])]))


REGISTRATIONS = [case for case in corpus.cases() if case.kind == "registration"]


@MANY
@given(damaged([case.data for case in REGISTRATIONS]) | st.binary(max_size=200), st.sampled_from([*KINDS, ""]))
def test_any_registration_gives_a_report_or_an_error_of_the_kit(data, kind):
    try:
        report = lint(data, kind or kind_of("main.tf", data) or KINDS[0], "strict", "main.tf")
    except KitError as error:
        told = bool(error.message and error.hint)
    else:
        told = is_reported(report)
    assert told


FILTERS = [json.loads(case.data)["expression"] for case in corpus.cases() if case.kind == "filter"]


@pytest.mark.exhaustive
@MANY
@given(damaged([text.encode() for text in FILTERS]) | st.binary(max_size=40))
def test_any_filter_is_explained_or_refused(data):
    text = data.decode("utf-8", "surrogateescape")
    try:
        filter = parse(text)
    except KitError as error:
        told = bool(error.hint)
    else:
        told = explain(filter).report is not None
        filter.matches({"type": text, "data": {"x": [1, None]}})
    assert told


TEMPLATES = [json.loads(case.data)["template"] for case in corpus.cases() if case.kind == "template"]


@MANY
@given(damaged([text.encode() for text in TEMPLATES]), st.sampled_from(["webhook", "slack"]))
def test_any_template_gives_a_result(data, kind):
    event = {"ibmendefaultlong": '{"a":1}', "ibmendefaultshort": "x", "data": {"x": [1, {"y": None}]}}
    made = render(data.decode("utf-8", "replace"), event, type=kind)
    assert isinstance(made.text, str)


@pytest.mark.representatives("10", "10000")
@pytest.mark.parametrize("size", [10, 1_000, 10_000, 100_000])
def test_time_grows_with_the_input_and_no_faster(size):
    """Texts that a careless pattern would take for ever to read."""
    for piece in (
        b" ",
        b"\\",
        b'"',
        b"{",
        b"[",
        b"a:",
        b"Resource: ",
        b"eyJ",
        b"-----BEGIN ",
        b"://a:",
        b"=?",
        b"\n ",
        b"\r",
    ):
        data = piece * (size // len(piece))
        check_inputs([("x.json", data), ("x.eml", b"Subject: x\n\n" + data), ("y.eml", b"Subject: " + data)])
        vbe.check({"ibmendefaultlong": data.decode(), "extra": data.decode()})
