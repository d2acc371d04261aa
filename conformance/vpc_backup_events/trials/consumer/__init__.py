"""How a consumer is judged: events are delivered to it in every documented form, and what it answers is compared."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock
from time import monotonic, sleep
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import pair_of
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.catalog.names import MAX_BYTES
from vpc_backup_events.delivery import Http, Request, Response, Transport, TransportError, transport_for
from vpc_backup_events.making.choices import Seeded
from vpc_backup_events.making.deliveries import MODES, Delivery, header_text, received
from vpc_backup_events.making.draft import compact, draft, scenario_of
from vpc_backup_events.making.mutations import Mutation, mutations
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.producer import FACTS
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped, Trials, aside
from vpc_backup_events.values.report import Profile
from vpc_backup_events.values.scenario import Scenario
from vpc_backup_events.values.visible import visible

# seconds: the time limit of a delivery (position P29)
LIMIT = 10.0
# seconds that the kit waits for a handler or a job, for which no limit is documented
CARRIER_LIMIT = 60.0
# seconds that an interpretation may take to appear after the answer
PATIENCE = 2.0
# seconds that a second effect may take to appear
SETTLE = 0.3
# characters of a body that a message shows
SHOWN = 4_000
BURST = 8
# breaches of one requirement that a message shows
BREACHES = 3
# in a body of JSON; within the long text quotation marks are escaped
_ID = re.compile(rb'"id":\s*"([\w-]+)"')


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery and what came back."""

    # what was sent, in words
    what: str
    request: Request
    # None where there was no answer
    answer: Response | None
    error: str
    seconds: float
    # id of the event in it, where the run made the event of a scenario
    event: str = ""

    @property
    def status(self) -> int:
        """The status of the answer, 0 where there was none."""
        return self.answer.status if self.answer else 0

    @property
    def accepted(self) -> bool:
        """The answer is 2xx."""
        return 200 <= self.status < 300

    @property
    def redirected(self) -> bool:
        """The answer is 3xx."""
        return 300 <= self.status < 400

    @property
    def refused(self) -> bool:
        """The answer is 4xx."""
        return 400 <= self.status < 500


class ConsumerRun:
    """A consumer under test."""

    def __init__(
        self,
        consumer: Any,
        observe: Callable[[], Iterable[Mapping[str, Any]]] | None = None,
        profile: Profile = "documented",
        *,
        methods: Sequence[str] = ("POST",),
        limit: float = LIMIT,
        path: str = "/",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.consumer = consumer
        self.transport: Transport = transport_for(consumer, path)
        self._headers = dict(headers or {})
        self.observe = observe
        self.profile = profile
        self.methods = tuple(methods)
        # what brings the events where it is no HTTP: message, object or job
        self.carrier: str = getattr(self.transport, "carrier", "")
        self.limit = max(limit, CARRIER_LIMIT) if self.carrier else limit
        self._choices = Seeded(3)
        self._lock = Lock()
        # seconds of the slowest answer, where one was slower than the limit allows
        self.too_slow = 0.0
        # what was answered last, and what was when nobody answered after it
        self._answered = ""
        self.fell = ""
        self._refused = False
        self._patience = PATIENCE
        # seconds of the longest wait for an interpretation that came
        self._lag = 0.0
        # id of each event that was made of a scenario -> id of its pair
        self._pair_of: dict[str, str] = {}
        # of those that were judged: id -> whether something was found
        self._amiss: dict[str, bool] = {}
        self.cases = 0

    @property
    def pairs(self) -> dict[str, tuple[int, int]]:
        """Id of each pair of event type and reason -> its events that were judged, and those with a finding.

        An event is judged where it has to be accepted, or where an interpretation of it was compared.
        """
        pairs: dict[str, tuple[int, int]] = {}
        for event, amiss in self._amiss.items():
            events, found = pairs.get(self._pair_of[event], (0, 0))
            pairs[self._pair_of[event]] = events + 1, found + amiss
        return pairs

    def judged(self, sent: Sent, amiss: bool) -> None:
        """Keeps what came of an event, for `pairs`."""
        if sent.event:
            self._amiss[sent.event] = amiss or self._amiss.get(sent.event, False)

    def close(self) -> None:
        """Ends what the run started; a transport of the caller's own stays open."""
        if self.transport is not self.consumer:
            self.transport.close()

    def knows(self, id: Any) -> bool:
        """Whether the run made an event of this id."""
        return id in self._pair_of

    # ----------------------------------------------------------------------------------------------- making

    def scenario(self, pair: Pair | None = None) -> Scenario:
        """The facts of a job that no other delivery of the run is about."""
        with self._lock:
            return scenario_of(pair or self._choices.of(list(catalog.pairs.values())), self._choices)

    def id(self) -> str:
        """A new id."""
        with self._lock:
            return self._choices.uuid()

    def event(self, pair: Pair | None = None) -> dict[str, Any]:
        """A canonical event that no other delivery of the run carries."""
        return self.made(pair)[1]

    def plain(self) -> dict[str, Any]:
        """Such an event of the first pair, for trials that are about several events of a kind."""
        return self.event(next(iter(catalog.pairs.values())))

    def made(self, pair: Pair | None = None, code: str | None = None) -> tuple[Scenario, dict[str, Any]]:
        """Such an event with its scenario; `code` is how its reason is spelled."""
        scenario = self.scenario(pair)
        made = draft(scenario, self._id(pair_of(scenario)))
        if code is not None:
            made.details["status_reason"] = f"{code}: {pair_of(made.scenario).cause}"
        return made.scenario, made.event()

    def changed(self, mutation: Mutation, pair: Pair | None = None) -> Any:
        """An event that a mutation changed, of a pair that it fits."""
        chosen = pair or next(p for p in catalog.pairs.values() if mutation.fits(self.scenario(p)))
        return mutation.apply(draft(self.scenario(chosen), self._id(chosen)), self._choices)

    def _id(self, pair: Pair) -> str:
        """A new id for an event of the pair."""
        id = self.id()
        self._pair_of[id] = pair.id
        return id

    # ---------------------------------------------------------------------------------------------- sending

    def deliver(self, what: str, delivery: Delivery, method: str = "POST") -> Sent:
        """Sends one request; raises `Skipped` once the consumer turned out to be slower than the limit."""
        if self.too_slow and self.carrier:
            raise TimeoutError(f"the {self.carrier} was not done within {self.limit:g} s, so nothing is known")
        if self.too_slow:
            raise Skipped(f"the consumer took {self.too_slow:.1f} s to answer, see P25-in-time")
        sent = self._send(what, delivery, method)
        if sent.answer is not None:
            self._answered = what
        elif self._refused and self._answered:
            # it was there, so nobody is any more: that is no answer to this request
            self.fell = self.fell or self._answered
            raise Skipped(f"nobody answers any more, after {self.fell}, see P26-stays-up")
        return sent

    def _send(self, what: str, delivery: Delivery, method: str = "POST") -> Sent:
        method = "" if self.carrier else method
        request = Request(method, {**delivery.headers, **self._headers}, delivery.body)
        with self._lock:
            self.cases += 1
        started = monotonic()
        answer, error = None, ""
        try:
            answer = self.transport.send(request, timeout=self.limit)
        except TransportError as problem:
            error = str(problem)
            self._refused = problem.kind == "refused"
            if problem.kind == "timeout":
                self.too_slow = monotonic() - started
        return Sent(what, request, answer, error, monotonic() - started, self._event_in(delivery))

    def _event_in(self, delivery: Delivery) -> str:
        """The id of the event in a request, where the run made it of a scenario; else nothing."""
        member = _ID.search(delivery.body)
        id = delivery.headers.get("ce-id") or (member[1].decode() if member else "")
        return id if id in self._pair_of else ""

    def send(self, what: str, event: dict[str, Any] | str, mode: str | None = None) -> Sent:
        """Sends an event in a mode, by default the first that the consumer takes."""
        chosen = self.mode if mode is None else mode
        if isinstance(event, str):
            # only a body of JSON can be broken as text
            if self.adds:
                event = f'{event.rstrip()[:-1]},"notification_id":"{self.id()}"}}'
            media = STRUCTURED if chosen == "structured" else PLAIN
            return self.deliver(what, Delivery({"Content-Type": media}, event.encode()))
        if mode is None and self.adds and "notification_id" not in event:
            event = received(event, self.id())
        return self.deliver(what, MODES[chosen](event))

    @cached_property
    def _plain(self) -> tuple[str, bool]:
        """The first mode that the consumer takes a plain event in, and whether it wants `notification_id`."""
        statuses = set()
        modes = ("sdk-style",) if self.carrier else ("structured", "sdk-style", "binary")
        for adds in (False, True):
            for mode in modes:
                event = received(self.event(), self.id()) if adds else self.event()
                with aside(self):
                    sent = self.deliver("a plain event", MODES[mode](event))
                if sent.accepted:
                    return mode, adds
                statuses.add("redirect" if sent.redirected else "method" if sent.status in (405, 501) else "")
        if statuses == {"redirect"}:
            raise Skipped("the consumer answers with a redirect, see P25-no-redirect")
        if statuses == {"method"}:
            raise Skipped("the consumer does not serve POST, see P25-post")
        raise Skipped(
            "the consumer takes a plain event in no mode, see P25-structured, P25-json and P25-binary-encoded"
        )

    @property
    def takes_something(self) -> bool:
        """Whether the consumer takes a plain event in any mode; raises `Skipped` where it takes no POST at all."""
        try:
            return bool(self._plain)
        except Skipped as reason:
            if "P25-binary" in str(reason):
                return False
            raise

    @property
    def mode(self) -> str:
        """The mode of deliveries that are about something else."""
        return self._plain[0]

    @cached_property
    def json_modes(self) -> tuple[str, ...]:
        """The modes with the event as the body that the consumer takes: another one may have a reader of its own."""
        return tuple(mode for mode in self._bodies if mode == self.mode or self._takes(mode))

    @property
    def _bodies(self) -> tuple[str, ...]:
        return ("sdk-style",) if self.carrier else ("structured", "sdk-style")

    def _takes(self, mode: str) -> bool:
        event = received(self.event(), self.id()) if self.adds else self.event()
        return self.send("a plain event", event, mode).accepted

    @property
    def adds(self) -> bool:
        """Whether deliveries that are about something else carry `notification_id`."""
        return self._plain[1]

    # ------------------------------------------------------------------------------------------- observing

    def interpretations(self, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """What the consumer made of the events with these ids, waiting a moment for those that are missing."""
        if self.observe is None:
            raise Skipped("what the consumer makes of events is not observed: override the fixture `observe`")
        wanted = list(ids)
        started = monotonic()
        until = started + self._patience
        found: dict[str, list[dict[str, Any]]] = {id: [] for id in wanted}
        while True:
            every = [dict(each) for each in self.observe()]
            if every and not any("id" in each for each in every):
                raise NotExercised("its interpretations have no `id`")
            for id in wanted:
                matching = [each for each in every if each.get("id") == id]
                if len(matching) > len(found[id]):
                    found[id] = matching
            if all(found.values()):
                if wanted:
                    self._lag = max(self._lag, monotonic() - started)
                return found
            if monotonic() > until:
                # what did not come in time once will not come in time again
                self._patience = PATIENCE / 10
                return found
            sleep(0.02)

    def settle(self) -> None:
        """Waits as long as a second effect may take: a consumer may work on after it answered."""
        if isinstance(self.transport, Http) or self._lag > SETTLE / 10:
            sleep(max(SETTLE, 2 * self._lag))


# requirements that speak of requests and answers, which other carriers do not have
OVER_HTTP = (
    *("P25-structured", "P25-structured-charset", "P25-post", "P25-other-verbs", "P25-in-time", "P25-no-redirect"),
    *("P25-binary-encoded", "P25-binary-raw", "P25-binary-header-case", "P25-binary-decoded-equal"),
    *("P26-empty-body", "P26-not-json", "P26-truncated", "P26-invalid-utf8", "P26-json-array", "P26-json-scalar"),
    *("P26-json-null", "P26-no-id", "P26-no-source", "P26-no-type", "P26-no-specversion", "P26-binary-no-attribute"),
    *("P26-unknown-type", "P26-unknown-reason", "P27-other-mode"),
)
# handlers are called one after the other; jobs may run side by side
SIDE_BY_SIDE = "P27-concurrent-repeat"


class _Consumer(Trials[ConsumerRun]):
    """The trials of consumers, of which some need HTTP."""

    def judges(self, requirement: str) -> Callable[[Callable[[ConsumerRun], None]], Callable[[ConsumerRun], None]]:
        register = super().judges(requirement)
        if requirement not in (*OVER_HTTP, SIDE_BY_SIDE):
            return register

        def guarded(run: Callable[[ConsumerRun], None]) -> Callable[[ConsumerRun], None]:
            def judge(subject: ConsumerRun) -> None:
                if subject.carrier and not (requirement == SIDE_BY_SIDE and subject.carrier == "job"):
                    raise NotExercised(f"events come as {subject.carrier}s, not by HTTP")
                run(subject)

            return register(judge)

        return guarded


CONSUMER: Trials[ConsumerRun] = _Consumer()


# ------------------------------------------------------------------------------------------- what must be accepted


def accepts(subject: ConsumerRun, requirement: str, sent: Iterable[Sent]) -> None:
    """Raises `Breached` where one of the answers is not 2xx."""
    answered = [each for each in sent if not each.redirected]
    if not answered:
        raise Skipped("the consumer answers with a redirect, see P25-no-redirect")
    for each in answered:
        subject.judged(each, not each.accepted)
    _breached(requirement, [(each, "a 2xx") for each in answered if not each.accepted])


def _each_pair(requirement: str, send: Callable[[ConsumerRun, Pair], Sent]) -> None:
    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        accepts(subject, requirement, [send(subject, pair) for pair in catalog.pairs.values()])


def _with_id(subject: ConsumerRun, event: dict[str, Any]) -> dict[str, Any]:
    """The event as received, where the consumer takes no other; raises `Skipped` where it takes none."""
    return received(event, subject.id()) if subject.adds else event


def _moded(mode: str) -> Callable[[ConsumerRun, Pair], Sent]:
    def send(subject: ConsumerRun, pair: Pair) -> Sent:
        event = subject.event(pair)
        if subject.takes_something:
            event = _with_id(subject, event)
        return subject.send(f"an event of {pair.id}, {mode}", event, mode)

    return send


def _in_turn(subject: ConsumerRun, pair: Pair) -> str:
    """Another mode from pair to pair, of those with the event as the body."""
    modes = subject.json_modes or (subject.mode,)
    return modes[list(catalog.pairs).index(pair.id) % len(modes)]


_each_pair("P25-structured", _moded("structured"))
_each_pair("P25-json", _moded("sdk-style"))


@CONSUMER.judges("P25-binary-encoded")
def binary_encoded(subject: ConsumerRun) -> None:
    """Events of every pair, with and without a body: with one, the media type is that of JSON in both modes."""
    send = _moded("binary")
    sent = [send(subject, pair) for pair in catalog.pairs.values()]
    data = {"data": {"attempt": 1}}
    if subject.takes_something and subject.send("an event with data", {**subject.event(), **data}).accepted:
        for kind in catalog.event_types.values():
            pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
            event = {**_with_id(subject, subject.event(pair)), **data}
            sent.append(subject.send(f"an event of {pair.id}, binary, with data as {PLAIN}", event, "binary"))
    accepts(subject, "P25-binary-encoded", sent)


_each_pair(
    "P25-notification-id",
    lambda subject, pair: subject.send(
        f"an event of {pair.id} with notification_id",
        received(subject.event(pair), subject.id()),
        _in_turn(subject, pair),
    ),
)
_each_pair(
    "P25-no-notification-id",
    lambda subject, pair: subject.send(f"an event of {pair.id}", subject.event(pair), _in_turn(subject, pair)),
)


def _takes(subject: ConsumerRun, mode: str, see: str) -> None:
    """Raises `Skipped` where the consumer does not take a plain event in the mode: that is found elsewhere."""
    if mode != subject.mode and not subject.send("a plain event", _with_id(subject, subject.event()), mode).accepted:
        raise Skipped(f"the consumer does not take a plain event in this mode, see {see}")


@CONSUMER.judges("P25-structured-charset")
def charset(subject: ConsumerRun) -> None:
    """The media type has a parameter."""
    _takes(subject, "structured", "P25-structured")
    sent = []
    for media in ("; charset=UTF-8", ";charset=utf-8", '; charset="utf-8"'):
        body = compact(_with_id(subject, subject.event())).encode()
        delivery = Delivery({"Content-Type": STRUCTURED + media}, body)
        sent.append(subject.deliver(f"an event as {STRUCTURED}{media}", delivery))
    accepts(subject, "P25-structured-charset", sent)


@CONSUMER.judges("P25-post")
def post(subject: ConsumerRun) -> None:
    """POST is answered; what a plain event is refused for is found elsewhere."""
    if "POST" not in subject.methods:
        raise NotExercised("the consumer says that it does not serve POST")
    answers = [subject.deliver("a plain event", MODES[mode](subject.event())) for mode in MODES]
    if all(each.status in (405, 501) for each in answers):
        _breached("P25-post", [(answers[0], "a 2xx")])


@CONSUMER.judges("P25-other-verbs")
def other_verbs(subject: ConsumerRun) -> None:
    """The methods that the consumer claims."""
    others = [method for method in subject.methods if method != "POST"]
    if not others:
        raise NotExercised("the consumer says that it serves POST alone")
    sent = []
    for method in others:
        delivery = MODES[subject.mode](_with_id(subject, subject.event()))
        sent.append(subject.deliver(f"an event by {method}", delivery, method))
    accepts(subject, "P25-other-verbs", sent)


def _in_each_mode(subject: ConsumerRun, what: str, make: Callable[[], Any]) -> list[Sent]:
    """An event in the mode that `send` chooses, and another in each other body mode: other code may read it."""
    sent = [subject.send(what, make())]
    for mode in subject.json_modes:
        if mode != subject.mode:
            event = make()
            event = event if isinstance(event, str) else _with_id(subject, event)
            sent.append(subject.send(f"{what}, {mode}", event, mode))
    return sent


def _more(subject: ConsumerRun, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {**subject.event(), **attributes}


@CONSUMER.judges("P25-unknown-attributes")
def unknown_attributes(subject: ConsumerRun) -> None:
    """Attributes of every type that an attribute can have, and names that only documented passes."""
    more: tuple[dict[str, Any], ...] = (
        {"extra": "x"},
        {"sequence": 7, "test": True},
        {"subject": "nightly", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"datacontenttype": PLAIN, "data": {"attempt": 1}},
        {"dataschema": "https://example.com/schema"},
        {"my_name": "x"},
        {"a" * 21: "x"},
        {"ibmenmarkdown": "*failed*", "umlaut": "Größe ✓"},
    )
    accepts(
        subject,
        "P25-unknown-attributes",
        [
            sent
            for each in more
            for sent in _in_each_mode(subject, f"an event with {', '.join(each)}", partial(_more, subject, each))
        ],
    )


def _mutated(requirement: str, *breaks: str) -> None:
    """The trial that every event which breaks one of these requirements is accepted."""
    chosen = [
        m
        for m in mutations.values()
        if m.name.startswith(breaks) and not m.errors("documented") and m.form in ("object", "text")
    ]
    assert chosen, requirement

    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        sent = []
        for mutation in chosen:
            if mutation.form == "text" and subject.mode == "binary":
                raise Skipped("the consumer takes no JSON body, see P25-structured and P25-json")
            sent += _in_each_mode(subject, mutation.name, partial(subject.changed, mutation))
        accepts(subject, requirement, sent)


_mutated("P25-unknown-members", "P12-unknown-member/")
_mutated("P25-quirk-raw-line-breaks", "P11-raw-line-break/")
_mutated("P25-quirk-escaped-line-breaks", "P11-line-break/")
_mutated("P25-quirk-bare-id", "P11-unquoted-id/")
_mutated("P25-quirk-prose", "P11-prose/")
_mutated("P25-quirk-reasons-array", "P12-reasons-instead/")
_mutated("P25-quirk-type-contradiction", "P14-agrees-with-type/")
_mutated("P25-quirk-retention-word", "P15-job-type-retention/")
_mutated("P25-quirk-deletion-type", "P05-type-retention/")
_mutated("P25-quirk-bare-code", "P16-reason-text/")
_mutated("P25-quirk-share", "P14-resource-type-share/", "P16-code-share/")
_mutated("P25-quirk-severity-case", "P08-severity-medium/medium-")
_mutated(
    "P25-quirk-severity-other",
    *(f"P08-severity-medium/{s.name}" for s in catalog.severities.values() if not s.canonical and not s.fallback),
)
_mutated("P25-quirk-crn-source", "D30/", "D41/")
_mutated("P25-quirk-crn-source-id", "D28/")
_mutated("P25-quirk-no-time", "P02-time-present/")
_mutated("P25-quirk-no-severity", "P02-severity-present/")
_mutated("P25-quirk-bare-uuid", "P13-id-prefix/")
_mutated(
    "P25-quirk-received-names",
    *(f"P03-received-name/{name}" for name in ("en-source-id", "message-subject", "attachments")),
)


def _spellings() -> list[tuple[Pair, str]]:
    return [(pair, s.spelling) for pair in catalog.pairs.values() for s in pair.spellings if s.spelling != pair.reason]


@CONSUMER.judges("P25-quirk-other-spelling")
def other_spelling(subject: ConsumerRun) -> None:
    """Every documented spelling of every reason, and the token in capitals and with other separators."""
    sent = [subject.send(f"{pair.id} spelled {code}", subject.made(pair, code)[1]) for pair, code in _spellings()]
    for name in ("capitals", "underscores"):
        mutation = mutations[f"P16-code-spelling/{name}"]
        sent.append(subject.send(mutation.name, subject.changed(mutation)))
    accepts(subject, "P25-quirk-other-spelling", sent)


@CONSUMER.judges("P25-quirk-tokenless-code")
def tokenless_code(subject: ConsumerRun) -> None:
    """Every code that has no token, in every event type whose job and resource it belongs to."""
    sent = []
    # an old name counts as a spelling of the reason that it was renamed to
    spelled = {code for _, code in _spellings()}
    codes = [c for c in catalog.api_codes.values() if c.without_token and c.code not in spelled]
    for kind in catalog.event_types.values():
        pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
        for code in codes:
            if kind.job_type in code.job_types and kind.resource_type in code.resource_types:
                sent.append(subject.send(f"{kind.type} with {code.code}", subject.made(pair, code.code)[1]))
    accepts(subject, "P25-quirk-tokenless-code", sent)


@CONSUMER.judges("P25-size-64k")
def size(subject: ConsumerRun) -> None:
    """A body of exactly 65,536 bytes."""
    if not subject.json_modes:
        raise Skipped("the consumer takes no JSON body, see P25-structured and P25-json")
    sent = []
    for mode in subject.json_modes:
        event = {**_with_id(subject, subject.event()), "data": {"padding": ""}}
        event["data"]["padding"] = "a" * (MAX_BYTES - len(compact(event).encode()))
        sent.append(subject.deliver(f"an event of 65,536 bytes, {mode}", MODES[mode](event)))
        assert len(sent[-1].request.body) == MAX_BYTES
    accepts(subject, "P25-size-64k", sent)


@CONSUMER.judges("P25-binary-raw")
def binary_raw(subject: ConsumerRun) -> None:
    """Text in `ce-` headers as Event Notifications' own examples have it: not encoded."""
    _takes(subject, "binary", "P25-binary-encoded")
    sent = []
    for pair in list(catalog.pairs.values())[:4]:
        event = _with_id(subject, subject.event(pair))
        headers = {f"ce-{name}": header_text(value) for name, value in event.items()}
        sent.append(subject.deliver(f"{pair.id} with raw ce- headers", Delivery(headers, b"")))
    accepts(subject, "P25-binary-raw", sent)


@CONSUMER.judges("P25-binary-header-case")
def header_case(subject: ConsumerRun) -> None:
    """The names of the headers in other cases."""
    _takes(subject, "binary", "P25-binary-encoded")
    sent = []
    for change in (str.upper, str.title):
        delivery = MODES["binary"](_with_id(subject, subject.event()))
        headers = {change(name): value for name, value in delivery.headers.items()}
        sent.append(subject.deliver(f"headers such as {next(iter(headers))}", Delivery(headers, delivery.body)))
    accepts(subject, "P25-binary-header-case", sent)


@CONSUMER.judges("P25-in-time")
def in_time(subject: ConsumerRun) -> None:
    """No answer takes longer than a delivery waits."""
    if not subject.too_slow:
        sent = subject._send("a plain event", MODES["sdk-style"](subject.event()))
        if not subject.too_slow:
            _burst(subject)
            return
        _breached("P25-in-time", [(sent, f"an answer within {subject.limit:g} s")])
    raise Breached(
        _text("P25-in-time", [f"  no answer within {subject.limit:g} s: gave up after {subject.too_slow:.1f} s"])
    )


def _burst(subject: ConsumerRun) -> None:
    """Raises `Breached` where one of many deliveries at the same time is not answered in time."""
    events = [_with_id(subject, subject.event()) for _ in range(5 * BURST)] if subject.takes_something else []
    with ThreadPoolExecutor(BURST) as pool:
        sent = list(pool.map(lambda event: subject.send("one of a burst of events", event, subject.mode), events))
    late = [each for each in sent if each.answer is None and "no answer within" in each.error]
    _breached("P25-in-time", [(each, f"an answer within {subject.limit:g} s") for each in late])


@CONSUMER.judges("P25-no-redirect")
def no_redirect(subject: ConsumerRun) -> None:
    """The answer is no redirect."""
    sent = [subject.deliver("a plain event", MODES[mode](subject.event())) for mode in MODES]
    _breached("P25-no-redirect", [(each, "no redirect") for each in sent if each.redirected])


# -------------------------------------------------------------------------------------------- what must be refused


# what a body is, in words -> the body, or what makes it of the text of an event
Bodies = Mapping[str, bytes | Callable[[str], bytes]]


def _refuses(requirement: str, bodies: Bodies) -> None:
    """The trial that each body is answered 4xx, in each media type that the consumer takes."""

    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        sent = []
        for each in _malformed(subject, bodies):
            sent.append(each)
            # where a malformed body breaks what comes after it, that is found elsewhere
            subject.send("a correct event", subject.event())
        _refused(requirement, sent)


def _as(subject: ConsumerRun, mode: str) -> str:
    """The mode in words, where it is another than that of most deliveries."""
    return "" if mode == subject.mode else f", {mode}"


def _malformed(subject: ConsumerRun, bodies: Bodies) -> Iterator[Sent]:
    for mode in subject.json_modes or ("sdk-style",):
        media = STRUCTURED if mode == "structured" else PLAIN
        for what, body in bodies.items():
            # a broken form of an event that the consumer would take
            broken = body if isinstance(body, bytes) else body(compact(_with_id(subject, subject.event())))
            yield subject.deliver(what + _as(subject, mode), Delivery({"Content-Type": media}, broken))


def _refused(requirement: str, sent: list[Sent]) -> None:
    _breached(requirement, [(each, "a 4xx") for each in sent if not each.refused])


CUT = b'{"specversion":"1.0","id":"1","source":"com.ibm.cloud'
MALFORMED: Mapping[str, Bodies] = {
    "P26-empty-body": {"an empty body": b"", "a body of blanks": b" \r\n"},
    "P26-not-json": {
        "words": b"a backup failed",
        "a form": b"id=1&source=x",
        "XML": b"<event/>",
        "single quotes": b"{'id':'1'}",
    },
    "P26-truncated": {
        "JSON that is cut off": CUT,
        "a brace": b"{",
        "an event without its last brace": lambda text: text[:-1].encode(),
    },
    "P26-invalid-utf8": {"Latin-1": '{"id":"ü"}'.encode("latin-1"), "UTF-16": '{"id":"1"}'.encode("utf-16")},
    "P26-json-array": {
        "an empty array": b"[]",
        "an array of one": b'[{"id":"1"}]',
        "an array of one event": lambda text: f"[{text}]".encode(),
    },
    "P26-json-scalar": {
        "a string": b'"event"',
        "a number": b"5",
        "true": b"true",
        "an event in a string": lambda text: json.dumps(text).encode(),
    },
    "P26-json-null": {"null": b"null"},
}
for _id, _bodies in MALFORMED.items():
    _refuses(_id, _bodies)


def _without(requirement: str, name: str) -> None:
    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        if not subject.json_modes:
            raise Skipped("the consumer takes no JSON body, see P25-structured and P25-json")
        sent = []
        for mode in subject.json_modes:
            event = {n: v for n, v in _with_id(subject, subject.event()).items() if n != name}
            sent.append(subject.send(f"an event without {name}{_as(subject, mode)}", event, mode))
        _refused(requirement, sent)


ATTRIBUTES = ("id", "source", "type", "specversion")
for _name in ATTRIBUTES:
    _without(f"P26-no-{_name}", _name)


@CONSUMER.judges("P26-binary-no-attribute")
def binary_without(subject: ConsumerRun) -> None:
    """Binary mode without one of the required headers."""
    _takes(subject, "binary", "P25-binary-encoded")
    sent = []
    for name in ATTRIBUTES:
        event = {n: v for n, v in _with_id(subject, subject.event()).items() if n != name}
        sent.append(subject.send(f"binary mode without ce-{name}", event, "binary"))
    _refused("P26-binary-no-attribute", sent)


def _survived(requirement: str, sent: list[Sent]) -> None:
    _breached(requirement, [(each, "a 2xx or a 4xx") for each in sent if not (each.accepted or each.refused)])


@CONSUMER.judges("P26-unknown-type")
def unknown_type(subject: ConsumerRun) -> None:
    """Event types that this source might have one day, and that others have."""
    base = next(iter(catalog.event_types)).rpartition(".")[0]
    types = (f"{base}.backup-share-creation", f"{base}.backup-volume-success", "com.ibm.cloud.is.instance.failed")
    _survived("P26-unknown-type", [subject.send(t, {**subject.event(), "type": t}) for t in types])


@CONSUMER.judges("P26-unknown-reason")
def unknown_reason(subject: ConsumerRun) -> None:
    """Reason codes that nobody documented, and codes of another group."""
    sent = [
        subject.send(m.name, subject.changed(m))
        for m in mutations.values()
        if m.form == "object" and m.requirement in ("P16-code-known", "P16-code-group")
    ]
    _survived("P26-unknown-reason", sent)


@CONSUMER.judges("P26-stays-up")
def stays_up(subject: ConsumerRun) -> None:
    """After each malformed body a correct event is accepted, and the consumer is still there."""
    try:
        after = _after_malformed(subject)
    except Skipped:
        if subject.fell:
            gone = f"  nobody answers any more since this was sent: {subject.fell}"
            raise Breached(_text("P26-stays-up", [gone])) from None
        raise
    accepts(subject, "P26-stays-up", after)


def _after_malformed(subject: ConsumerRun) -> list[Sent]:
    """A correct event after each malformed body."""
    after = []
    for bodies in MALFORMED.values():
        for sent in _malformed(subject, bodies):
            after.append(subject.send(f"a correct event after {sent.what}", subject.event()))
    for headers in ({"Content-Type": "text/plain"}, {}, {"Content-Type": "application/x-www-form-urlencoded"}):
        subject.deliver("another media type", Delivery(headers, b"x"))
        after.append(subject.send("a correct event after another media type", subject.event()))
    subject.deliver("DELETE", Delivery({}, b""), "DELETE")
    after.append(subject.send("a correct event after DELETE", subject.event()))
    return after


# ------------------------------------------------------------------------------------------------------ repeats


@CONSUMER.judges("P27-resend-accepted")
def resend(subject: ConsumerRun) -> None:
    """The same event again, and once more."""
    event = subject.plain()
    subject.send("an event", event)
    accepts(subject, "P27-resend-accepted", [subject.send(f"the same event, time {n}", event) for n in (2, 3)])


def _once(requirement: str, subject: ConsumerRun, events: Iterable[dict[str, Any]], sent: list[Sent]) -> None:
    """Raises `Breached` where an event was interpreted more than once."""
    ids = [event["id"] for event in events]
    found = subject.interpretations(ids)
    subject.settle()
    found = subject.interpretations(ids)
    if not any(found.values()):
        raise Skipped("the consumer interpreted none of the events, see P28-id")
    many = {id: len(each) for id, each in found.items() if len(each) > 1}
    if many:
        id, count = next(iter(many.items()))
        lines = [f"  sent:     {_request(sent[0])}", f"  and:      {sent[-1].what}"]
        said = f"the event with the id {id} was interpreted {count} times, not once"
        seen = next((each for each in sent if each.event == id), sent[0])
        raise Breached(
            _text(requirement, [*lines, f"  observed: {said}"]), [_evidence(requirement, seen, said, pointer="/id")]
        )


@CONSUMER.judges("P27-no-second-effect")
def no_second_effect(subject: ConsumerRun) -> None:
    """Resends, also those after an answer that was lost, have no second effect."""
    events = [subject.plain() for _ in range(3)]
    sent = [subject.send("an event", event) for _ in range(3) for event in events]
    _once("P27-no-second-effect", subject, events, sent)


@CONSUMER.judges("P27-concurrent-repeat")
def concurrent_repeat(subject: ConsumerRun) -> None:
    """The same event from several threads at the same time."""
    subject.interpretations([])
    events = [subject.plain() for _ in range(4)]
    subject.mode  # noqa: B018 - known before the threads start
    sent: list[Sent] = []
    with ThreadPoolExecutor(BURST) as pool:
        for event in events:
            sent += pool.map(
                lambda _, event=event: subject.send("the same event at the same time", event), range(BURST)
            )
    _once("P27-concurrent-repeat", subject, events, sent)


@CONSUMER.judges("P27-notification-id")
def other_notification_id(subject: ConsumerRun) -> None:
    """The same event under several `notification_id`."""
    event = subject.plain()
    names = [subject.id() for _ in range(3)]
    sent = [subject.send(f"the event with notification_id {n}", received(event, n), subject.mode) for n in names]
    _once("P27-notification-id", subject, [event], sent)


@CONSUMER.judges("P27-other-mode")
def other_mode(subject: ConsumerRun) -> None:
    """The same event in every mode that the consumer takes."""
    event = subject.plain()
    sent = [subject.send(f"the event, {mode}", _with_id(subject, event), mode) for mode in MODES]
    if sum(each.accepted for each in sent) < 2:
        raise Skipped("the consumer takes one mode only, see P25-structured, P25-json and P25-binary-encoded")
    _once("P27-other-mode", subject, [event], sent)


@CONSUMER.judges("P27-same-id-other-source")
def same_id(subject: ConsumerRun) -> None:
    """Two events of one id and two sources."""
    first = subject.plain()
    other = mutations["D30/registration-crn"]
    second = {**subject.changed(other), "id": first["id"]}
    sent = [subject.send("an event", first), subject.send("another source's event of the same id", second)]
    _separate("P27-same-id-other-source", subject, [first, second], sent)


@CONSUMER.judges("P27-distinct-ids")
def distinct_ids(subject: ConsumerRun) -> None:
    """Two events of one job."""
    first = subject.plain()
    second = {**first, "id": subject.id()}
    sent = [subject.send("an event", first), subject.send("an event of the same facts and another id", second)]
    _separate("P27-distinct-ids", subject, [first, second], sent)


def _separate(requirement: str, subject: ConsumerRun, events: list[dict[str, Any]], sent: list[Sent]) -> None:
    """Raises `Breached` where two events were not interpreted separately."""
    if not all(each.accepted for each in sent):
        raise Skipped(f"the consumer did not take {next(each.what for each in sent if not each.accepted)}")
    wanted = Counter(event["id"] for event in events)
    until = monotonic() + PATIENCE
    while True:
        found = {id: len(each) for id, each in subject.interpretations(wanted).items()}
        if all(found[id] >= count for id, count in wanted.items()):
            return
        if not any(found.values()):
            raise Skipped("the consumer interpreted none of the events, see P28-id")
        if monotonic() > until:
            break
        sleep(0.02)
    lines = [f"  sent:     {_request(each)}" for each in sent]
    raise Breached(_text(requirement, [*lines, f"  observed: {sum(found.values())} interpretation, not {len(events)}"]))


@CONSUMER.judges("P27-any-order")
def any_order(subject: ConsumerRun) -> None:
    """Events of increasing time, delivered from the last to the first."""
    # later than every other event of the run, which a consumer that drops what is late would drop alike
    events = [{**subject.plain(), "time": f"2031-01-{day:02d}T00:00:00Z"} for day in range(1, 6)]
    sent = [subject.send(f"an event of {event['time']}", event) for event in reversed(events)]
    found = subject.interpretations(event["id"] for event in events)
    if not any(found.values()):
        raise Skipped("the consumer interpreted none of the events, see P28-id")
    for event, delivered in zip(reversed(events), sent, strict=True):
        if not found[event["id"]]:
            lines = [f"  sent:     {_request(delivered)}, after later events", "  observed: no interpretation of it"]
            raise Breached(_text("P27-any-order", lines))


# ----------------------------------------------------------------------------------------------- interpretations

# requirement -> member
SAID = {
    "P28-source": "source",
    "P28-id": "id",
    "P28-event-type": "event_type",
    "P28-resource-type": "resource_type",
    "P28-job-type": "job_type",
    "P28-reason": "reason",
    "P28-severity": "severity",
    "P28-policy": "backup_policy",
    "P28-plan": "backup_policy_plan",
    "P28-job": "backup_policy_job",
    "P28-resource": "resource",
}
# member -> where an event says it
PLACES = {member: places[0] for _, member, _, places in FACTS} | {"source": "/source", "id": "/id"}


def _said(requirement: str, member: str) -> None:
    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        made = [subject.made(pair) for pair in catalog.pairs.values()]
        # with the catalog's spelling, in which nothing is open
        canonical = len(made)
        if member == "reason":
            made += [subject.made(pair, code) for pair, code in _spellings()]
        before = list(subject.observe() if member == "id" and subject.observe else ())
        sent = [subject.send(f"an event of {pair_of(scenario).id}", event) for scenario, event in made]
        found = subject.interpretations(event["id"] for _, event in made)
        if member == "id":
            _lost(subject, requirement, sent, [found[event["id"]] for _, event in made], len(before))
        said = [
            (each, getattr(scenario, member, event.get(member)), found[event["id"]][0].get(member))
            for (scenario, event), each in zip(made, sent, strict=True)
            if found[event["id"]]
        ]
        stated = [each for each in said if each[2] is not None]
        if not stated:
            raise NotExercised(f"its interpretations have no `{member}`")
        for each, right, value in stated:
            subject.judged(each, right != value)
        # stated of some events and left out of others that give it alike
        omitted = [each for each in said if each[2] is None and each[1] is not None and each[0] in sent[:canonical]]
        for each, _, _ in omitted:
            subject.judged(each, True)
        wrong = [each for each in stated if each[1] != each[2]] + omitted
        if wrong:
            each, right, value = wrong[0]
            lines = [
                f"  {len(wrong)} of {len(stated) + len(omitted)} interpretations are wrong.",
                f"  sent:     {_request(each)}",
                f"  observed: {member} is {_shown(value)}, not {json.dumps(right)}",
            ]
            evidence = [
                _evidence(
                    requirement, each, f"`{member}` is read as {json.dumps(value, default=repr)}.", PLACES.get(member)
                )
                for each, _, value in wrong[:BREACHES]
            ]
            raise Breached(_text(requirement, lines), evidence)


for _id, _member in SAID.items():
    _said(_id, _member)


def _shown(value: Any) -> str:
    return "left out, though other interpretations have it" if value is None else json.dumps(value, default=repr)


def _lost(
    subject: ConsumerRun, requirement: str, sent: list[Sent], found: list[list[dict[str, Any]]], before: int
) -> None:
    """Raises `Breached` where some events were interpreted, and some that were accepted were not.

    `before` is how many interpretations there were.
    """
    if subject.observe and not any(found):
        every = [dict(each).get("id") for each in subject.observe()][before:]
        others = [id for id in every if id is not None and not subject.knows(id)]
        first = next((each for each in sent if each.accepted), None)
        if others and first:
            lines = [f"  sent:     {_request(first)}", f"  observed: id is {_shown(others[0])}, which no event has"]
            raise Breached(_text(requirement, lines))
    lost = [each for each, interpreted in zip(sent, found, strict=True) if each.accepted and not interpreted]
    if lost and any(found):
        for each in lost:
            subject.judged(each, True)
        said = "no interpretation with its id"
        lines = [f"  sent:     {_request(lost[0])}", f"  observed: {said}"]
        raise Breached(_text(requirement, lines), [_evidence(requirement, each, said) for each in lost[:BREACHES]])


@CONSUMER.judges("P25-binary-decoded-equal")
def binary_equal(subject: ConsumerRun) -> None:
    """Events in binary mode mean what they mean in structured mode."""
    _takes(subject, "binary", "P25-binary-encoded")
    other = "sdk-style" if subject.mode == "binary" else subject.mode
    _takes(subject, other, "P25-structured")
    for pair in list(catalog.pairs.values())[:4]:
        scenario = subject.scenario(pair)
        first, second = (draft(scenario, subject.id()).event() for _ in range(2))
        sent = [
            subject.send("an event, structured", _with_id(subject, first), other),
            subject.send("the same facts, binary", _with_id(subject, second), "binary"),
        ]
        found = subject.interpretations([first["id"], second["id"]])
        if not all(found.values()):
            raise Skipped("the consumer did not interpret both events, see P28-id")
        one, two = (
            {n: v for n, v in found[e["id"]][0].items() if n in SAID.values() and n != "id"} for e in (first, second)
        )
        if one != two:
            name = next(n for n in {**one, **two} if one.get(n) != two.get(n))
            lines = [
                f"  sent:     {_request(sent[1])}",
                f"  observed: {name} is {json.dumps(two.get(name))}; in structured mode {json.dumps(one.get(name))}",
            ]
            raise Breached(_text("P25-binary-decoded-equal", lines))
    for end in TELLING:
        _decoded_once(subject, other, end)


# ends of an id, which may be any text: decoded twice, decoded as a form, or read in another encoding it is another text
TELLING = ("%41", "+\u00fc")


def _decoded_once(subject: ConsumerRun, other: str, end: str) -> None:
    """Raises `Breached` where a header is not decoded once, as UTF-8; not where such an id is not taken at all."""
    first, second = ({**event, "id": event["id"] + end} for event in (subject.plain(), subject.plain()))
    if not subject.send("an event with an odd id", _with_id(subject, first), other).accepted:
        return
    if not subject.interpretations([first["id"]])[first["id"]]:
        return
    sent = subject.send("an event with such an id, binary", _with_id(subject, second), "binary")
    if not sent.accepted or subject.interpretations([second["id"]])[second["id"]]:
        return
    own = second["id"].removesuffix(end)
    others = [id for each in (subject.observe or list)() if str(id := each.get("id")).startswith(own)]
    if others:
        observed = f"  observed: id is {_shown(others[0])}, not {json.dumps(second['id'])}"
        raise Breached(_text("P25-binary-decoded-equal", [f"  sent:     {_request(sent)}", observed]))


# -------------------------------------------------------------------------------------------------- what it says


def _breached(requirement: str, broken: list[tuple[Sent, str]]) -> None:
    """Raises `Breached` where there are any; each with what was wanted instead."""
    if not broken:
        return
    lines = [f"  {len(broken)} deliveries were not answered as they should be."] if len(broken) > 1 else []
    evidence = []
    for sent, wanted in broken[:BREACHES]:
        answered = f"{sent.status}" if sent.answer else f"nothing: {sent.error}"
        came = f"  answered: {answered}, not {wanted}"
        if not sent.request.method:
            came = "  came:     an error" if sent.answer else f"  came:     {sent.error}"
        lines += [f"  sent:     {_request(sent)}", came]
        evidence.append(_evidence(requirement, sent, came.strip()))
        if sent.answer and sent.answer.body:
            lines.append(f"  saying:   {visible(_cut(sent.answer.body), 2 * SHOWN)}")
    raise Breached(_text(requirement, lines), evidence)


def _evidence(requirement: str, sent: Sent, message: str, pointer: str | None = None) -> Evidence:
    """The event that was sent, for reports; without custom headers, which may be secret."""
    event = sent.request.body if not sent.request.method else (_shown_headers(sent), sent.request.body)
    message = " ".join(message.split())
    return Evidence(sent.what, event, pointer, message, catalog.requirements[requirement].hint)


def _shown_headers(sent: Sent) -> dict[str, str]:
    return {n: v for n, v in sent.request.headers.items() if n.lower().startswith("ce-") or n == "Content-Type"}


def _text(requirement: str, lines: list[str]) -> str:
    required = catalog.requirements[requirement]
    return "\n".join(
        [f"{requirement}: {required.sentence}", *lines, f"  fix:      {required.hint}", f"doc: {required.doc}"]
    )


def _request(sent: Sent) -> str:
    """The request, as a person may send it again; custom headers may be secret and are left out."""
    shown = _shown_headers(sent)
    if not sent.request.method:
        return f"{sent.what}: {_cut(sent.request.body)}"
    words = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in shown.items()]
    before = ""
    if _is_text(sent.request.body):
        words.append(f"--data-raw {shlex.quote(_cut(sent.request.body))}")
    elif sent.request.body:
        # as a shell can write it
        octal = "".join(chr(b) if 32 < b < 127 and chr(b) not in "'\\%" else f"\\{b:03o}" for b in sent.request.body)
        before = f"printf '{octal}' | "
        words.append("--data-binary @-")
    return f"{sent.what}: {before}curl -X {sent.request.method} $URL {' '.join(words)}"


def _is_text(body: bytes) -> bool:
    """Whether a terminal can show the body."""
    try:
        return bool(body) and body.decode().replace("\n", "").replace("\r", "").isprintable()
    except UnicodeDecodeError:
        return False


def _cut(body: bytes) -> str:
    text = body.decode("utf-8", "backslashreplace")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(body)} bytes)"
