"""Values that are made of parsed JSON by the types of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from vpc_backup_events.values.records import record


class Side(NamedTuple):
    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    title: str
    sides: tuple[Side, ...] = ()
    by_name: Mapping[str, Side] | None = None
    ids: frozenset[int] = frozenset()
    row: Row | None = None


def test_arrays_and_objects_are_what_the_fields_say():
    entry = {"title": "a", "sides": [{"name": "b", "values": ["c"]}], "by_name": {"d": {"name": "e"}}, "ids": [1, 1]}
    assert record(Row, entry) == Row("a", (Side("b", ("c",)),), {"d": Side("e")}, frozenset({1}))


def test_a_class_may_hold_itself():
    assert record(Row, {"title": "a", "row": {"title": "b", "by_name": None}}) == Row("a", row=Row("b"))


def test_a_field_that_is_given_wins_and_stays_as_it_is():
    assert record(Row, {"title": "a", "sides": [1]}, sides=(), title="b") == Row("b")


def test_a_member_that_the_class_does_not_have_is_an_error():
    with pytest.raises(TypeError, match="colour"):
        record(Row, {"title": "a", "colour": "red"})
