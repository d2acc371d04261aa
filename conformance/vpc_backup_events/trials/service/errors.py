"""The body of an error (position P34)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from vpc_backup_events.trials.service.run import Answer, ServiceRun
from vpc_backup_events.trials.service.trials import is_text, trial_of
from vpc_backup_events.values.tokens import stands_in


def _errs(requirement: str, wrong: Callable[[Answer], str]) -> None:
    """The trial of an error's body."""

    @trial_of(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        for answer in subject.errors:
            if problem := wrong(answer):
                return answer, problem
        return subject.error, ""


def _entries(answer: Answer) -> list[Any]:
    entries = answer.members.get("errors")
    return entries if isinstance(entries, list) else []


def _entry(name: str) -> Callable[[Answer], str]:
    def wrong(answer: Answer) -> str:
        for entry in _entries(answer):
            value = entry.get(name) if isinstance(entry, dict) else None
            if not is_text(value):
                return f"`{name}` of an entry is {json.dumps(value)}"
        return ""

    return wrong


def _error_member(name: str, right: Callable[[Any, Answer], bool]) -> Callable[[Answer], str]:
    def wrong(answer: Answer) -> str:
        # a body that is no object is found as such
        value = answer.members.get(name)
        return f"`{name}` is {json.dumps(value)[:100]}" if answer.members and not right(value, answer) else ""

    return wrong


_errs("P34-error-json", lambda answer: "" if isinstance(answer.json, dict) else "the body is no JSON object")
_errs("P34-error-trace", _error_member("trace", lambda value, _: is_text(value)))
_errs("P34-error-status-code", _error_member("status_code", lambda value, answer: value == answer.status))
_errs("P34-error-errors", _error_member("errors", lambda value, _: isinstance(value, list) and bool(value)))
_errs("P34-entry-code", _entry("code"))
_errs("P34-entry-message", _entry("message"))
_errs("P34-entry-more-info", _entry("more_info"))


# a token that no service knows
REFUSED = "eyJ-refused-9f8e7d6c5b4a"


@trial_of("P34-no-secret")
def no_secret(subject: ServiceRun) -> tuple[Answer, str]:
    """Errors do not repeat the token."""
    answers = [subject.error, subject.ask("GET", "no-such-id"), subject.ask("POST", "", body=b"{")]
    pairs = [(answer, subject.token) for answer in answers]
    # a token that is refused may be one that was valid a minute ago, or is so elsewhere
    pairs.append((subject.ask("GET", headers={"Authorization": f"Bearer {REFUSED}"}), REFUSED))
    for answer, token in pairs:
        if answer.status >= 400 and stands_in(token, answer.body.decode("utf-8", "replace")):
            return answer, "the body repeats the token"
    return answers[0], ""
