"""A consumer under test: events are delivered to it, and what it answers and makes of them is looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from secrets import token_hex
from threading import Lock
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.delivery import Http, Request, Response, Target, Transport, TransportError, transport_for
from vpc_backup_events.making.deliveries import MODES, Delivery, received
from vpc_backup_events.trials.consumer.exchange import FORMS, NO_URL, Exchange, form, media_of
from vpc_backup_events.trials.consumer.jobs import Jobs
from vpc_backup_events.trials.consumer.observer import Observe, Observer
from vpc_backup_events.trials.pairs import add_pairs
from vpc_backup_events.trials.trial import Breached, NotExercised, Skipped, aside
from vpc_backup_events.values.report import Profile

__all__ = ["CARRIER_LIMIT", "LIMIT", "NO_METHOD", "ConsumerRun"]

# seconds: the time limit of a delivery (position P29)
LIMIT = 10.0
# seconds that the kit waits for a handler or a job, for which no limit is documented
CARRIER_LIMIT = 60.0
# status of an answer that asks to come again later; times that it is followed, and seconds at the most and by default
TOO_MANY = 429
AGAIN = 3
LONGEST_PAUSE = 10.0
PAUSE = 1.0
ACCEPTED_LATER = 202
# statuses of a method that is not served
NO_METHOD = (405, 501)
# in a body of JSON; within the long text quotation marks are escaped
_ID = re.compile(rb'"id":\s*"([\w-]+)"')


def new_run() -> str:
    """What the ids of a run end with, and of no other."""
    return token_hex(6)


class ConsumerRun:
    """A consumer under test."""

    def __init__(
        self,
        consumer: Target,
        observe: Observe | None = None,
        profile: Profile = "documented",
        *,
        methods: Sequence[str] = ("POST",),
        limit: float = LIMIT,
        path: str = "/",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.consumer = consumer
        self.transport: Transport = transport_for(consumer, path)
        self.url = _harmless(consumer) if isinstance(consumer, str) else NO_URL
        self._headers = dict(headers or {})
        hint = "override the fixture `observe`"
        if isinstance(consumer, str):
            hint += ", or judge a program that answers `observe` in the harness protocol (docs/harness.md)"
        self.observer = Observer(observe, isinstance(self.transport, Http), hint)
        self.profile = profile
        self.methods = tuple(methods)
        # what brings the events where it is no HTTP: message, object or job
        self.carrier: str = getattr(self.transport, "carrier", "")
        self.limit = max(limit, CARRIER_LIMIT) if self.carrier else limit
        self.jobs = Jobs(new_run())
        self._lock = Lock()
        # seconds of the slowest answer, where one was slower than the limit allows
        self.too_slow = 0.0
        # it was found to answer in time: one that is slow from then on is a finding where that happens
        self.was_in_time = False
        # what was answered last, and what was when nobody answered after it
        self._answered = ""
        self.fell = ""
        self._refused = False
        # the modes in which events may come, and in which order they are tried, without `notification_id` and with it
        self.modes = ("sdk-style",) if self.carrier else tuple(FORMS)
        self._forms = tuple(product((False, True), self.modes))
        # of each mode other than the first that it takes whether it takes it too
        self._takes: dict[str, bool] = {}
        # id of each event that was judged -> whether a requirement is broken by it
        self._broken: dict[str, bool] = {}
        self.cases = 0

    @property
    def pairs(self) -> dict[str, tuple[int, int]]:
        """Id of each pair of event type and reason -> its events that were judged, and those with a finding.

        An event is judged where it has to be accepted, or where an interpretation of it was compared.
        """
        pairs: dict[str, tuple[int, int]] = {}
        for event, is_broken in self._broken.items():
            add_pairs(pairs, {self.jobs.pairs[event]: (1, is_broken)})
        return pairs

    def count(self, exchange: Exchange, is_broken: bool) -> None:
        """Keeps what came of an event, for `pairs`."""
        if exchange.event:
            self._broken[exchange.event] = is_broken or self._broken.get(exchange.event, False)

    def close(self) -> None:
        """Ends what the run started; a transport of the caller's own stays open."""
        if self.transport is not self.consumer:
            self.transport.close()

    # ---------------------------------------------------------------------------------------------- sending

    def deliver(self, title: str, delivery: Delivery, method: str = "POST") -> Exchange:
        """Sends one request, again where it is told to wait; raises `Skipped` where that tells nothing.

        That is so once the consumer turned out to be slower than the limit, where nobody answers any more, and where
        it still has too many requests after it was waited for.
        """
        if self.too_slow and self.carrier:
            raise TimeoutError(f"the {self.carrier} was not done within {self.limit:g} s, so nothing is known")
        if self.too_slow:
            raise Skipped(f"the consumer took {self.too_slow:.1f} s to answer, see P25-in-time")
        exchange = self.attempt(title, delivery, method)
        for _ in range(AGAIN):
            if exchange.status != TOO_MANY:
                break
            sleep(_pause(exchange))
            exchange = self.attempt(title, delivery, method)
        if exchange.status == TOO_MANY:
            raise Skipped(f"the consumer still answered {TOO_MANY} after {AGAIN} pauses, so nothing is known")
        if self.too_slow and self.was_in_time:
            late = f"The consumer did not answer within {self.limit:g} s, though it answered in time before."
            raise Breached(exchange.evidence(f"an answer within {self.limit:g} s", late))
        if exchange.answer is not None:
            self._answered = title
            self.observer.works_later |= exchange.status == ACCEPTED_LATER
        elif self._refused and self._answered:
            # it was there, so nobody is any more: that is no answer to this request
            self.fell = self.fell or self._answered
            raise Skipped(f"nobody answers any more, after {self.fell}, see P26-stays-up")
        return exchange

    def attempt(self, title: str, delivery: Delivery, method: str = "POST") -> Exchange:
        """Sends one request, however slow the consumer was before."""
        method = "" if self.carrier else method
        request = Request(method, {**delivery.headers, **self._headers}, delivery.body)
        with self._lock:
            self.cases += 1
        started = monotonic()
        answer: Response | None = None
        error = ""
        try:
            answer = self.transport.send(request, timeout=self.limit)
        except TransportError as problem:
            error = str(problem)
            self._refused = problem.kind == "refused"
            if problem.kind == "timeout":
                self.too_slow = monotonic() - started
        return Exchange(title, request, answer, error, self._event_in(delivery), self.url)

    def _event_in(self, delivery: Delivery) -> str:
        """The id of the event in a request, where the run made it of a scenario; else nothing."""
        member = _ID.search(delivery.body)
        id = delivery.headers.get("ce-id") or (member[1].decode() if member else "")
        return id if id in self.jobs.pairs else ""

    def send(self, title: str, event: dict[str, Any] | str, mode: str | None = None) -> Exchange:
        """Sends an event in a mode, by default the first that the consumer takes."""
        chosen = self.mode if mode is None else mode
        if isinstance(event, str):
            # only a body of JSON can be broken as text
            if self.adds:
                event = f'{event.rstrip()[:-1]},"notification_id":"{self.jobs.id()}"}}'
            return self.send_body(title, event.encode(), chosen)
        if mode is None and "notification_id" not in event:
            event = self.as_wanted(event)
        return self.deliver(title, MODES[chosen](event))

    def send_body(self, title: str, body: bytes, mode: str) -> Exchange:
        """Sends any body in a mode of JSON."""
        return self.deliver(title, Delivery({"Content-Type": media_of(mode)}, body))

    def send_in_each_mode(self, title: str, make: Callable[[], Any]) -> Iterator[Exchange]:
        """Sends an event in the mode that `send` chooses, and another in each other body mode: other code may read it.

        `make` makes an event, or the text of one.
        """
        yield self.send(title, make())
        for mode in self.json_modes:
            if mode != self.mode:
                event = make()
                wanted = event if isinstance(event, str) else self.as_wanted(event)
                yield self.send(f"{title}, {form(mode)}", wanted, mode)

    @cached_property
    def first_answers(self) -> tuple[Exchange, ...]:
        """What came of a plain event in each form, until one was accepted, without and with `notification_id`."""
        exchanges: list[Exchange] = []
        for adds, mode in self._forms:
            event = received(self.jobs.event(), self.jobs.id()) if adds else self.jobs.event()
            with aside(self):
                exchanges.append(self.deliver("a plain event", MODES[mode](event)))
            if exchanges[-1].accepted:
                break
        return tuple(exchanges)

    @property
    def unreachable(self) -> str:
        """Why nobody answered a plain event, or an empty text."""
        if not all(exchange.answer is None for exchange in self.first_answers) or not self._refused:
            return ""
        return self.first_answers[0].error

    @property
    def _plain(self) -> tuple[bool, str]:
        """Whether the consumer wants `notification_id`, and the first mode that it takes a plain event in."""
        exchanges = self.first_answers
        if exchanges[-1].accepted:
            return self._forms[len(exchanges) - 1]
        if all(exchange.redirected for exchange in exchanges):
            raise Skipped("the consumer answers with a redirect, see P25-no-redirect")
        if all(exchange.status in NO_METHOD for exchange in exchanges):
            raise Skipped("the consumer does not serve POST, see P25-post")
        if self.unreachable:
            raise Skipped("nobody listens, see P25-some-form")
        raise Skipped("the consumer takes a plain event in no form, see P25-some-form")

    @property
    def mode(self) -> str:
        """The mode of deliveries that are about something else."""
        return self._plain[1]

    def takes(self, mode: str) -> bool:
        """Whether the consumer takes a plain event in this form; raises `Skipped` where it takes none."""
        if mode == self.mode:
            return True
        if mode not in self._takes:
            with aside(self):
                self._takes[mode] = self.send("a plain event", self.event(), mode).accepted
        return self._takes[mode]

    @property
    def json_modes(self) -> tuple[str, ...]:
        """The modes with the event as the body that the consumer takes: another one may have a reader of its own."""
        return tuple(mode for mode in self.modes if mode != "binary" and self.takes(mode))

    def needs_mode(self, mode: str) -> None:
        """Raises `NotExercised` where the consumer does not take this form: that is a finding elsewhere."""
        if not self.takes(mode):
            raise NotExercised(f"the consumer does not take an event in this form, see {FORMS[mode]}")

    def needs_json(self) -> tuple[str, ...]:
        """The modes with a body of JSON that the consumer takes; raises `NotExercised` where it takes none."""
        if not self.json_modes:
            raise NotExercised("the consumer takes no JSON body, see P25-structured and P25-json")
        return self.json_modes

    def event(self, pair: Pair | None = None) -> dict[str, Any]:
        """A new event as the consumer takes it; raises `Skipped` where it takes none."""
        return self.as_wanted(self.jobs.event(pair))

    def as_wanted(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event with `notification_id`, where the consumer takes no other; raises `Skipped` where it takes none."""
        return received(event, self.jobs.id()) if self.adds else event

    @property
    def adds(self) -> bool:
        """Whether deliveries that are about something else carry `notification_id`."""
        return self._plain[0]


def _pause(exchange: Exchange) -> float:
    """The seconds that an answer asks to wait, within bounds."""
    seconds = exchange.answer.headers.get("retry-after", "").strip() if exchange.answer else ""
    return min(float(seconds), LONGEST_PAUSE) if seconds.isdecimal() else PAUSE


def _harmless(url: str) -> str:
    """The URL as it may be shown: not where a user, a password or a query stands in it, which may be secret."""
    parts = urlsplit(url)
    return url if not parts.query and "@" not in parts.netloc else NO_URL
