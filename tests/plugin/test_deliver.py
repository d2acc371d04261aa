"""The fixture `deliver_backup_event`."""

from __future__ import annotations

from vpc_backup_events import catalog
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.draft import scenario_of
from vpc_backup_events.reference import build_event, consumer_app

SCENARIO = scenario_of(catalog.pairs["R04"], Seeded(1))


def test_a_scenario_and_an_event_reach_the_consumer_in_each_mode(deliver_backup_event):
    app = consumer_app()
    for mode in ("structured", "sdk-style", "binary"):
        assert deliver_backup_event(SCENARIO, app, mode=mode).delivered
        assert deliver_backup_event(build_event(SCENARIO), app, mode=mode, notification_id="1").delivered
    assert len(app.interpretations) == 6
    assert {each["reason"] for each in app.interpretations} == {SCENARIO.reason}


def test_a_lost_answer_has_no_second_effect(deliver_backup_event):
    app = consumer_app()
    outcome = deliver_backup_event(SCENARIO, app, faults="lost,timeout")
    assert [attempt.at for attempt in outcome.attempts] == [0, 1, 13]
    assert len(app.interpretations) == 1


def test_text_and_messages(deliver_backup_event):
    app = consumer_app()
    assert not deliver_backup_event("{", app).delivered
    assert (
        deliver_backup_event(({"Content-Type": "text/plain"}, b""), app, policy="2021").attempts[0].answer.status == 415
    )
