"""The filters of topics that the reference service understands."""

import pytest

from vpc_backup_events.reference._filters import UnknownFilterError, matches

EVENT = {
    "type": "a.b",
    "ibmenseverity": "medium",
    "ibmendefaultlong": '{"x":"source_volume_busy: b"}',
    "data": {"n": "1"},
}


@pytest.mark.parametrize(
    "expression",
    [
        "$.*",
        "$.type",
        "$.data.n",
        '$.type == "a.b"',
        "$.type=='a.b'",
        '$.data.n == "1"',
        '$.ibmendefaultlong =~ ".*source_volume_busy.*"',
        "$.ibmenseverity =~ '^med'",
    ],
)
def test_a_filter_takes_the_event(expression):
    assert matches(expression, EVENT)


@pytest.mark.parametrize(
    "expression",
    ["$.data.x", '$.ibmenseverity == "MEDIUM"', '$.data == "x"', '$.ibmendefaultlong.x == "b"', '$.nothing =~ ".*"'],
)
def test_a_filter_leaves_the_event(expression):
    assert not matches(expression, EVENT)


@pytest.mark.parametrize("expression", ["", "type", "$", "$.a == b", '$.a =~ "("', '$.* == "x"', "$..a", "not($.a)"])
def test_other_forms_are_not_understood(expression):
    with pytest.raises(UnknownFilterError):
        matches(expression, EVENT)
