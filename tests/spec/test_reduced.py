"""A schema that is worked out for a profile says what the whole one says, and only what the profile judges."""

from __future__ import annotations

import json

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.checking.findings import findings
from vpc_backup_events.checking.schema import schema_breaches, whole_breaches
from vpc_backup_events.making import corpus
from vpc_backup_events.reading import NOTHING, read
from vpc_backup_events.spec.reduced import reduced
from vpc_backup_events.spec.schemas import PREFIX, schema
from vpc_backup_events.values.levels import PROFILES

READINGS = [read(case.data) for case in corpus.cases() if case.kind in ("event", "text")]
NAMES = ["envelope", *(event_type.name for event_type in catalog.event_types.values())]
URI = f"{PREFIX}event:strict:backup-volume-creation"
EVENT = schema(URI)["examples"][0]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", NAMES)
def test_the_corpus_is_judged_as_by_the_whole_schemas(name, profile):
    uri = f"{PREFIX}event:strict:{name}"
    judged = 0
    for reading in READINGS:
        layers = [(uri, reading.event)]
        if name != "envelope":
            layers += [(f"{uri}#/$defs/{part}", reading.details) for part in ("details", "email")]
        for at, layer in layers:
            if layer is NOTHING:
                continue
            quick = findings(schema_breaches(at, layer, (), profile), profile)
            assert quick == findings(whole_breaches(at, layer, ()), profile)
            judged += 1
    assert judged > len(READINGS) // 2


@pytest.mark.parametrize("profile", PROFILES)
def test_most_events_need_no_look_at_the_whole_schema(profile):
    others = {**EVENT, "traceparent": "x", "a1": 5, "notification_id": "n"}
    for event in (EVENT, others):
        assert reduced(URI, profile).is_valid(event)
        assert reduced(f"{URI}#/$defs/details", profile).is_valid(json.loads(event["ibmendefaultlong"]))


@pytest.mark.parametrize("name", ["A", "a_b", "", "\n", "a" * 5_000, "ibmenseverity\n"])
def test_a_name_that_breaks_something_is_not_let_pass(name):
    assert not reduced(URI, "strict").is_valid({**EVENT, name: "x"}) or name == "a" * 5_000
    assert not reduced(URI, "strict").is_valid({**EVENT, name: 1.5})


def test_what_the_profile_does_not_judge_is_let_pass():
    event = {**EVENT, "ibmensourceid": EVENT["ibmensourceid"].upper().replace(":API", ":api")}
    assert reduced(URI, "documented").is_valid(event)
    assert not reduced(URI, "strict").is_valid(event)


@pytest.mark.parametrize("profile", PROFILES)
def test_what_all_event_types_have_in_common_is_compiled_once(profile):
    types = [reduced(f"{PREFIX}event:strict:{name}", profile) for name in NAMES[1:]]
    assert {one._common for one in types} == {reduced(f"{PREFIX}event:strict:envelope", profile)}
    assert all(one.forbidden == types[0].forbidden == {"notification_id": "P03-received-name"} for one in types)
