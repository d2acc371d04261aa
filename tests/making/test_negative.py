"""A second opinion: Schemathesis makes what our schemas refuse; `check` must not call it conforming.

Its negative mode changes something in a body until the schema refuses it. What it changes is its own idea, not ours.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import LONG, draft, scenario_of
from vpc_backup_events.spec.schemas import PREFIX, schemas, validator

schemathesis = pytest.importorskip("schemathesis")

CANONICAL = draft(scenario_of(catalog.pairs["R04"], Plain()), Plain().uuid())
SETTINGS = settings(
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    # the generator under test is not ours
    suppress_health_check=list(HealthCheck),
)


def bare(node: Any) -> Any:
    """The schema without what only the kit reads."""
    if isinstance(node, list):
        return [bare(item) for item in node]
    if isinstance(node, dict):
        return {n: bare(v) for n, v in node.items() if n not in ("x-requirements", "examples", "$id", "$schema")}
    return node


def negative(uri: str, fixed: dict[str, Any]) -> Any:
    """Bodies that the schema refuses, but for the members in `fixed`, which the generator is told to keep."""
    schema = bare(schemas()[uri])
    schema["properties"] |= {name: {"const": value} for name, value in fixed.items()}
    content = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"required": True, "content": content}, "responses": {"204": {"description": "taken"}}}
    paths = {"/events": {"post": operation}}
    document = {"openapi": "3.1.0", "info": {"title": "events", "version": "1"}, "paths": paths}
    made = schemathesis.openapi.from_dict(document)["/events"]["POST"]
    return made.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)


@pytest.mark.exhaustive
@SETTINGS
@given(negative(f"{PREFIX}event:envelope", {}))
def test_no_envelope_that_the_schema_refuses_conforms(case):
    assert not vbe.check(case.body).ok


CLOSE = given(negative(f"{PREFIX}event:envelope", CANONICAL.event()))


def does_not_conform(case):
    # another value in place of one that was to be kept may be as good
    assume(isinstance(case.body, dict) and not validator(f"{PREFIX}event:envelope").is_valid(case.body))
    assert not vbe.check(case.body).ok


@settings(SETTINGS, max_examples=20)
@CLOSE
def test_no_envelope_close_to_a_canonical_one_conforms(case):
    does_not_conform(case)


@pytest.mark.exhaustive
@SETTINGS
@CLOSE
def test_no_envelope_of_a_hundred_close_to_a_canonical_one_conforms(case):
    does_not_conform(case)


@pytest.mark.exhaustive
@SETTINGS
@given(negative(f"{PREFIX}details:long-text", {}))
def test_no_details_that_the_schema_refuses_conform(case):
    try:
        text = json.dumps(case.body)
    except TypeError:
        return
    assert not vbe.check({**CANONICAL.event(), LONG: text}).ok
