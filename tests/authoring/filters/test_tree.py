"""The parts of a filter's tree."""

from __future__ import annotations

import pytest

from vpc_backup_events.authoring.filters import parse
from vpc_backup_events.authoring.filters.tree import leaves


@pytest.mark.parametrize(
    ("expression", "negated"),
    [
        ("$.a", [False]),
        ("not($.a)", [True]),
        ("not(not($.a))", [False]),
        ("not($.a || not($.b)) && $.c", [True, False, False]),
    ],
)
def test_a_leaf_is_negated_in_an_odd_number_of_nots(expression, negated):
    assert [flag for _, flag in leaves(parse(expression).tree)] == negated
