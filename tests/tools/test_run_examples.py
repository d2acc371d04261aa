"""How what an example prints is compared with its README; the examples themselves are run by `nox -s examples`."""

from __future__ import annotations

import pytest

from run_examples import _is_as

SHOWN = "producer: conforming: 103 passed\nconsumer: conforming: 79 passed\n"


@pytest.mark.parametrize(
    "expected", [SHOWN, "producer: conforming: ...\nconsumer: conforming: 79 passed\n", "...\n...\n"]
)
def test_dots_stand_for_the_rest_of_a_line(expected):
    assert _is_as(expected, SHOWN)


@pytest.mark.parametrize(
    "expected",
    ["", "producer: conforming: ...\n", "producer: conforming:\nconsumer: ...\n", "consumer: ...\nproducer: ...\n"],
)
def test_another_line_or_another_number_of_lines_is_a_difference(expected):
    assert not _is_as(expected, SHOWN)
