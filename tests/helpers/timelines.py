"""What services made of the webhooks of the kit, without the half minute that it takes; by what each breaks of P29."""

from __future__ import annotations

from collections.abc import Callable

from vpc_backup_events.delivery import Request, Response
from vpc_backup_events.trials.service.answers import Answer
from vpc_backup_events.trials.service.webhooks import CLOSING, PLANS, STATUSES, Observation, WebhookCall

Timeline = dict[str, list[WebhookCall]]
EVENT = b'{"id":"1","notification_id":"2"}'


def calls(*waits: float, lasts: float = 0.0, body: bytes = EVENT) -> list[WebhookCall]:
    """Calls with these waits in between, of which the first is answered after `lasts` seconds."""
    made, now = [], 0.0
    for number, wait in enumerate((0.0, *waits)):
        now += wait
        done = now + (0.0 if number else lasts)
        made.append(WebhookCall(now, body, {"content-type": "application/cloudevents+json"}, done))
        now = done
    return made


def conforming() -> Timeline:
    return {
        "accepting": calls(),
        "failing": calls(1.0, 2.0, 4.1),
        **{f"once-{status}": calls(1.02) for status in STATUSES},
        "retry-after": calls(5.0, 2.1),
        "silent": calls(1.0, lasts=10.0),
        CLOSING: calls(1.0, 2.0, 4.0),
    }


def older() -> Timeline:
    """By the policy before 2026-02."""
    return {
        **conforming(),
        "failing": calls(*[5.0] * 11),
        **{f"once-{status}": calls(5.0) for status in STATUSES},
        "retry-after": calls(5.0, 5.0),
        "silent": calls(5.0, lasts=10.0),
        CLOSING: calls(*[5.0] * 11),
    }


def other(**changed: list[WebhookCall]) -> Callable[[], Timeline]:
    return lambda: {**conforming(), **{name.replace("_", "-"): made for name, made in changed.items()}}


def altered() -> Timeline:
    made = conforming()
    made["failing"][2].body = EVENT.replace(b"1", b"3")
    return made


def mute() -> Timeline:
    """Gives up a request never."""
    made = conforming()
    made["silent"][0].end = None
    return {**made, "silent": made["silent"][:1]}


# requirement -> services that break it, and no other
BREAKING: dict[str, list[Callable[[], Timeline]]] = {
    "P29-first-success-stops": [other(accepting=calls(1.0)), other(once_500=calls(1.0, 2.0))],
    "P29-max-retries": [other(failing=calls(1.0, 2.0, 4.0, 8.0)), other(failing=calls(*[10.0] * 5))],
    "P29-backoff-min": [other(failing=calls(0.0, 0.0, 0.0)), other(failing=calls(0.5, 1.0, 2.0))],
    "P29-backoff-max": [other(failing=calls(1.0, 4.0, 16.0)), other(failing=calls(13.0))],
    "P29-backoff-exponential": [other(failing=calls(3.0, 3.0, 3.0)), other(failing=calls(5.0, 5.0, 5.0))],
    "P29-retry-after": [other(retry_after=calls(1.0, 2.0)), other(retry_after=calls(5.0, 4.0))],
    "P29-timeout": [other(silent=calls(1.0, lasts=5.0)), mute, other(silent=calls(1.0, lasts=14.0))],
    "P29-statuses": [other(once_404=calls()), other(once_302=calls(), once_503=calls())],
    "P29-network-errors": [other(**{CLOSING: calls()})],
    "P29-lost": [other(failing=calls(1.0, 2.0, 4.0, 30.0))],
    "P29-same-bytes": [altered],
    "P29-older-policy": [older],
}


def observation(timeline: Timeline) -> Observation:
    def answer(name: str) -> Answer:
        request = Request("POST", {"Authorization": "Bearer t"}, EVENT, f"/v1/instances/i/notifications?{name}")
        return Answer(request, Response(202, {}, b"{}"))

    assert set(timeline) == {*PLANS, CLOSING}
    return Observation(timeline, {name: answer(name) for name in timeline})


__all__ = ["BREAKING", "conforming", "observation", "older"]
