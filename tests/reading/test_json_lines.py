"""The line of a finding in JSON text: of events as files, of what is broken, in bounded time."""

from __future__ import annotations

import json
import time

import pytest

from vpc_backup_events.making import corpus
from vpc_backup_events.reading.json_lines import line_at, lines

PAGE = next(case for case in corpus.cases() if case.file == "documented/events/payload.json").data.decode()
TEXT = """{
  "a/b": 1,
  "list": [
    {"x": 1},
    {
      "~": 2}
  ]
}"""


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ("", 1),
        ("/a~1b", 2),
        ("/list", 3),
        ("/list/0/x", 4),
        ("/list/1", 5),
        ("/list/1/~0", 6),
        ("/missing", 1),
        ("/missing/list", 1),
        ("/list/7/x", 3),
        ("/list#/x", 3),
    ],
)
def test_a_pointer_leads_to_a_line(pointer, line):
    assert line_at(pointer, lines(TEXT)) == line


def test_members_behind_a_string_with_raw_line_breaks_are_on_their_line():
    places = lines(PAGE)
    written = PAGE.splitlines()
    for name in json.loads(PAGE, strict=False):
        assert f'"{name}"' in written[line_at(f"/{name}", places) - 1]


@pytest.mark.parametrize("text", ["", "{", '{"a', '{"\\', '{"\\u12": 1}', "}]", '{"a": [1, {', '{"a\nb": 1, "c": 2}'])
def test_what_is_no_json_has_lines_too(text):
    assert line_at("/a", lines(text)) in (1, 2)


def test_quotation_marks_without_end_take_no_time():
    begin = time.process_time()
    lines('"' + '\\"' * 500_000)
    assert time.process_time() - begin < 5
