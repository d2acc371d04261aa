"""Sources are created, found, changed and refused, and each answer is looked at (positions P31 to P34)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.trials.service.answers import Answer, is_text, is_time
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.service.trials import member, refusal, status, trial_of


def _after(subject: ServiceRun, answer: Answer) -> Answer:
    """The answer; raises `Skipped` where no source is created at all."""
    subject.created()
    return answer


status("P31-created", 201)(lambda s: s.create(**s.least))
status("P31-accepts-minimal", 201)(lambda s: _after(s, s.create()))
status("P31-accepts-description", 201)(lambda s: _after(s, s.create(description="d")))
status("P31-accepts-store-notifications", 201)(lambda s: _after(s, s.create(store_notifications=False)))
refusal("P31-refuses-no-name", "P31-refuses-no-name-status")(lambda s: s.ask("POST", "", {"enabled": True}))
refusal("P31-refuses-enabled-type", "P31-refuses-enabled-type-status")(lambda s: s.create(enabled="true"))
status("P31-refuses-empty-name", 400)(lambda s: s.create(name=""))
status("P31-refuses-long-name", 400)(lambda s: s.create(name="n" * 256))
status("P31-refuses-no-enabled", 400)(lambda s: s.ask("POST", "", {"name": s.name()}))
status("P31-refuses-long-description", 400)(lambda s: s.create(description="d" * 256))
status("P31-refuses-source-form", 400)(lambda s: s.create(source="com.ibm.cloud.is.backup-policy"))
status("P33-encoded-id", 200)(lambda s: s.find(s.source()))
status("P33-plain-id", 200)(lambda s: s.ask("GET", quote(s.source(), safe=":")))


def _described(subject: ServiceRun) -> dict[str, Any]:
    """The members of a new source that is disabled."""
    return {"name": subject.name(), "enabled": False, "description": "of the kit"}


def _source(subject: ServiceRun) -> Answer:
    """The answer to such a source."""
    return subject.ask("POST", "", _described(subject)).require(201, "create a source", "P31-created")


member("P31-answer-id", "id", is_text)(_source)
member("P31-answer-enabled", "enabled", lambda value: value is False)(_source)
member("P31-answer-created-at", "created_at", is_time)(_source)


@trial_of("P31-answer-name")
def answer_name(subject: ServiceRun) -> None:
    """As it was asked for."""
    answer = _source(subject)
    answer.expect_member(answer.members.get("name") == json.loads(answer.request.body)["name"], "name")


@trial_of("P31-answer-description")
def answer_description(subject: ServiceRun) -> None:
    """Also where the request has none."""
    for create in (_source, ServiceRun.created):
        answer = create(subject)
        answer.expect_member(isinstance(answer.members.get("description"), str), "description")


@trial_of("P32-serves-base")
def serves_base(subject: ServiceRun) -> None:
    """Where IBM's clients look for it."""
    answer = subject.ask("GET")
    answer.expect(subject.base.endswith(API_BASE), f"the base is {subject.base or '/'}, not {API_BASE}")


@trial_of("P34-update-keeps")
def update_keeps(subject: ServiceRun) -> None:
    """One member at a time, and none."""
    members = _described(subject)
    id = subject.ask("POST", "", members).new_id()
    changes: tuple[dict[str, Any], ...] = ({}, {"description": "changed by the kit"}, {"enabled": True})
    for change in changes:
        update = subject.ask("PATCH", subject.at("sources", id), change)
        update.require(200, "update a source", "P34-answer-form")
        answer = subject.find(id).require(200, "find a source", "P33-encoded-id")
        members |= change
        for name, value in members.items():
            now = answer.members.get(name)
            otherwise = (
                f"`{name}` was {json.dumps(value)} and is {json.dumps(now)[:100]} "
                f"after an update of {', '.join(change) or 'nothing'}"
            )
            answer.expect(name in change or now == value, otherwise)
