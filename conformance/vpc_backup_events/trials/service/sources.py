"""Sources are created, found, changed and refused, and each answer is looked at (positions P31 to P34)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.trials.service.run import TIME, Answer, ServiceRun, new_id, require
from vpc_backup_events.trials.service.trials import is_text, refusal, status, trial_of

status("P31-created", 201)(lambda s: s.create(**s.least))
status("P31-accepts-minimal", 201)(lambda s: _after(s, s.create()))
status("P31-accepts-description", 201)(lambda s: _after(s, s.create(description="d")))
status("P31-accepts-store-notifications", 201)(lambda s: _after(s, s.create(store_notifications=False)))


def _after(subject: ServiceRun, answer: Answer) -> Answer:
    """The answer; raises `Skipped` where no source is created at all."""
    subject.created()
    return answer


def _answers(requirement: str, name: str, wrong: Callable[[Any, dict[str, Any]], bool]) -> None:
    """The trial of a member of the answer to a new source."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        members = {"name": subject.name(), "enabled": False, "description": "of the kit"}
        answer = require(subject.ask("POST", "", members), 201, "create a source", "P31-created")
        value = answer.members.get(name)
        if name == "description" and not wrong(value, members):
            # also where the request has none
            answer = subject.created()
            value = answer.members.get(name)
        return answer, f"`{name}` is {json.dumps(value)[:100]}" if wrong(value, members) else ""


_answers("P31-answer-id", "id", lambda value, _: not is_text(value))
_answers("P31-answer-name", "name", lambda value, members: value != members["name"])
_answers("P31-answer-description", "description", lambda value, _: not isinstance(value, str))
_answers("P31-answer-enabled", "enabled", lambda value, members: value is not members["enabled"])
_answers("P31-answer-created-at", "created_at", lambda value, _: not isinstance(value, str) or not TIME.match(value))
refusal("P31-refuses-no-name", "P31-refuses-no-name-status")(lambda s: s.ask("POST", "", {"enabled": True}))
refusal("P31-refuses-enabled-type", "P31-refuses-enabled-type-status")(lambda s: s.create(enabled="true"))
status("P31-refuses-empty-name", 400)(lambda s: s.create(name=""))
status("P31-refuses-long-name", 400)(lambda s: s.create(name="n" * 256))
status("P31-refuses-no-enabled", 400)(lambda s: s.ask("POST", "", {"name": s.name()}))
status("P31-refuses-long-description", 400)(lambda s: s.create(description="d" * 256))
status("P31-refuses-source-form", 400)(lambda s: s.create(source="com.ibm.cloud.is.backup-policy"))
status("P33-encoded-id", 200)(lambda s: s.ask("GET", quote(s.source(), safe="")))
status("P33-plain-id", 200)(lambda s: s.ask("GET", quote(s.source(), safe=":")))


@trial_of("P32-serves-base")
def serves_base(subject: ServiceRun) -> tuple[Answer, str]:
    """Where IBM's clients look for it."""
    answer = subject.ask("GET")
    return answer, "" if subject.base.endswith(API_BASE) else f"the base is {subject.base or '/'}, not {API_BASE}"


@trial_of("P34-update-keeps")
def update_keeps(subject: ServiceRun) -> tuple[Answer, str]:
    """One member at a time, and none."""
    members = {"name": subject.name(), "enabled": False, "description": "of the kit"}
    id = quote(new_id(subject.ask("POST", "", members)), safe="")
    changes: tuple[dict[str, Any], ...] = ({}, {"description": "changed by the kit"}, {"enabled": True})
    for change in changes:
        require(subject.ask("PATCH", id, change), 200, "update a source", "P34-answer-form")
        answer = require(subject.ask("GET", id), 200, "find a source", "P33-encoded-id")
        members |= change
        for name, value in members.items():
            if name not in change and answer.members.get(name) != value:
                return answer, (
                    f"`{name}` was {json.dumps(value)} and is {json.dumps(answer.members.get(name))[:100]} "
                    f"after an update of {', '.join(change) or 'nothing'}"
                )
    return answer, ""
