"""What a service answers, what is expected of that, and where it says that the service can't do something at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from vpc_backup_events.delivery import Request, Response
from vpc_backup_events.trials.bodies import JsonBody
from vpc_backup_events.trials.trial import Skipped

__all__ = ["Answer", "Unexpected", "is_text", "is_time"]

# characters of a value that a message has
LONGEST = 100
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z")


class Answer(JsonBody):
    """An answer, and the request before it."""

    def __init__(self, request: Request, response: Response) -> None:
        self.request = request
        self.response = response
        self.status = response.status
        self.headers = response.headers
        self.body = response.body

    @property
    def accepted(self) -> bool:
        """It is 2xx."""
        return self.response.ok

    @property
    def refused(self) -> bool:
        """It is 4xx."""
        return self.response.refused

    @property
    def id(self) -> str | None:
        """The id of the resource in it, None where it has none that is a text."""
        id = self.members.get("id")
        return id if isinstance(id, str) else None

    def new_id(self) -> str:
        """The id of the source that it says is created; raises `Skipped` where there is no source."""
        if self.status != 201 or self.id is None:
            raise Skipped(f"the service does not create a source ({self.status}), see P31-created")
        return self.id

    def require(self, status: int, ability: str, requirement: str) -> Answer:
        """This answer; raises `Skipped` where it has another status: that is a finding of the requirement."""
        if self.status != status:
            raise Skipped(f"the service does not {ability} ({self.status}), see {requirement}")
        return self

    def expect(self, right: bool, otherwise: str) -> None:
        """Raises `Unexpected` where it is not right; `otherwise` says what is wrong."""
        if not right:
            raise Unexpected(self, otherwise)

    def expect_status(self, *statuses: int, to: str = "") -> None:
        """Expects one of the statuses; `to` goes on with what was asked."""
        wrong = f"the answer is {self.status}, not {' or '.join(map(str, statuses))}{to}"
        self.expect(self.status in statuses, wrong)

    def expect_refusal(self, to: str = "") -> None:
        """Expects 4xx; `to` goes on with what was asked."""
        self.expect(self.refused, f"the answer is {self.status}, not 4xx{to}")

    def expect_member(self, right: bool, name: str, longest: int | None = LONGEST) -> None:
        """Expects that it is right in what it has by this name."""
        self.expect(right, f"`{name}` is {json.dumps(self.members.get(name))[:longest]}")

    def expect_texts(self, entries: Iterable[Any], name: str, noun: str) -> None:
        """Expects that each of the entries in it has a text by this name."""
        for entry in entries:
            value = entry.get(name) if isinstance(entry, dict) else None
            self.expect(is_text(value), f"`{name}` of {noun} is {json.dumps(value)}")


class Unexpected(Exception):
    """An answer is not what it is to be; `str()` says what is wrong with it."""

    def __init__(self, answer: Answer, wrong: str) -> None:
        super().__init__(wrong)
        self.answer = answer


def is_text(value: Any) -> bool:
    """Whether a member is a text, and not an empty one."""
    return isinstance(value, str) and bool(value.strip())


def is_time(value: Any) -> bool:
    """Whether a member is a time of RFC 3339."""
    return isinstance(value, str) and bool(_TIME.match(value))
