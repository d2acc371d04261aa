"""Webhooks on loopback that fail as planned, and what a service made of them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, pairwise
from time import monotonic, sleep
from typing import Any

from vpc_backup_events.delivery.policy import policy
from vpc_backup_events.trials.bodies import body_of
from vpc_backup_events.trials.service.answers import Answer
from vpc_backup_events.trials.service.notifications import event_of
from vpc_backup_events.trials.service.operations import new_resources
from vpc_backup_events.trials.service.run import ServiceRun
from vpc_backup_events.trials.trial import Skipped

__all__ = [
    "CLOSING",
    "LATE",
    "LONGEST",
    "OPEN",
    "PLANS",
    "POLICY",
    "QUIET",
    "STATUSES",
    "Observation",
    "WebhookCall",
    "watch",
]

POLICY = policy()
# seconds without a request after which none is to come: longer than any wait
QUIET = POLICY.longest_wait + 2
# seconds after which a request that is still open was not given up
OPEN = POLICY.timeout + 5
# seconds that are watched at most; the policy before 2026-02 takes 60
LONGEST = 90.0
# seconds that a wait may be longer than it should, on a machine that has other things to do
LATE = 1.5
# statuses that are no success, of every kind
STATUSES = (302, 400, 404, 410, 429, 500, 503)
# answers in order, of which the last is repeated: a status, with `Retry-After` where there is a second number
PLANS: Mapping[str, tuple[tuple[int, ...], ...]] = {
    "accepting": ((204,),),
    "failing": ((503,),),
    **{f"once-{status}": ((status,), (204,)) for status in STATUSES},
    "retry-after": ((503, 5), (503, 2), (204,)),
    # never an answer to the first
    "silent": ((), (204,)),
}
# closes each connection without an answer
CLOSING = "closing"


@dataclass(slots=True)
class WebhookCall:
    """One request to a webhook; times in seconds of one clock."""

    at: float
    body: bytes = b""
    #: of the content: `content-type` and `ce-*`
    headers: Mapping[str, str] = field(default_factory=dict)
    #: when it was answered, or given up by the service
    end: float | None = None

    @property
    def event(self) -> Any:
        """What stays the same from attempt to attempt."""
        try:
            return dict(self.headers), json.loads(self.body)
        except ValueError:
            return dict(self.headers), self.body


@dataclass(frozen=True, slots=True)
class Observation:
    """What a service made of the webhooks: by the name of each, its calls and the answer to the event for it."""

    calls: Mapping[str, list[WebhookCall]]
    answers: Mapping[str, Answer]

    def waits(self, name: str) -> list[float]:
        """Seconds from the end of each call of a webhook to the next."""
        calls = self.calls[name]
        return [after.at - (before.end or before.at) for before, after in pairwise(calls)]

    def expect(self, name: str, right: bool, otherwise: str) -> None:
        """Raises `Unexpected`, with the answer to the event for a webhook and its calls, where something is wrong."""
        calls = self.calls[name]
        times = ", ".join(f"{call.at - calls[0].at:.1f}" for call in calls)
        calling = f"called at {times} s" if calls else "not called"
        self.answers[name].expect(right, f"{otherwise}; the webhook that was {name} was {calling}")


class _Webhooks:
    """An ASGI application that answers by the plans."""

    def __init__(self) -> None:
        self.calls: dict[str, list[WebhookCall]] = {name: [] for name in (*PLANS, CLOSING)}

    async def __call__(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        name = scope["path"].strip("/")
        body = await body_of(receive)
        headers = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
        content = {n: v for n, v in headers.items() if n == "content-type" or n.startswith("ce-")}
        plan, call = PLANS[name], WebhookCall(monotonic(), body, content)
        status, *after = plan[min(len(self.calls[name]), len(plan) - 1)] or (0,)
        self.calls[name].append(call)
        if not status:
            # nothing else comes than the end of the connection
            try:
                await asyncio.wait_for(receive(), OPEN)
            except TimeoutError:
                return
            call.end = monotonic()
            return
        call.end = monotonic()
        retry = [(b"retry-after", str(seconds).encode()) for seconds in after]
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *retry]})
        await send({"type": "http.response.body"})


@contextmanager
def _closing(calls: list[WebhookCall]) -> Iterator[str]:
    """The URL of a webhook that closes each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def close_all() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                calls.append(WebhookCall(monotonic(), end=monotonic()))
                connection.close()

        thread = threading.Thread(target=close_all, name="vpc-backup-events-closing", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/{CLOSING}"
        finally:
            # wakes the thread
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def watch(subject: ServiceRun) -> Observation:
    """Has the service deliver an event to each webhook, and waits until nothing more is to come.

    Raises `Skipped` where it does not take the webhooks, or calls none.
    """
    from vpc_backup_events.reference.server import serve

    webhooks = _Webhooks()
    with serve(webhooks, patience=LONGEST) as server, _closing(webhooks.calls[CLOSING]) as closing:
        urls = {**{name: f"{server.url}/{name}" for name in PLANS}, CLOSING: closing}
        paths: list[str] = []
        try:
            sources = {name: _connected(subject, url, paths) for name, url in urls.items()}
            answers = {
                name: subject.ask("POST", subject.at("notifications"), event_of(source))
                for name, source in sources.items()
            }
            _wait(webhooks.calls)
        finally:
            for path in reversed(paths):
                subject.ask("DELETE", path)
    if not any(webhooks.calls.values()):
        raise Skipped("the service called no webhook on loopback")
    return Observation(webhooks.calls, answers)


def _connected(subject: ServiceRun, url: str, paths: list[str]) -> str:
    """The id of a source whose events go to the URL and nowhere else; what was made for it joins `paths`."""
    ids = []
    for kind, answer in new_resources(subject, subject.name(), url):
        if answer.status != 201 or answer.id is None:
            raise Skipped(f"the service creates none of its {kind}s for a webhook on loopback ({answer.status})")
        paths.append(subject.at(f"{kind}s", answer.id))
        ids.append(answer.id)
    return ids[0]


def _wait(calls: Mapping[str, list[WebhookCall]]) -> None:
    """Until every webhook was quiet for so long that nothing is to come, or the longest time is over."""
    started = monotonic()
    while True:
        now = monotonic()
        last = max((call.end or now for call in chain.from_iterable(calls.values())), default=started)
        if now - last > QUIET or now - started > LONGEST:
            return
        sleep(0.05)
