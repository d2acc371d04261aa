"""What a consumer must accept: events in each mode, by each method, in time, and with what it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NoReturn

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.making.deliveries import MODES, received
from vpc_backup_events.reading.messages import PLAIN
from vpc_backup_events.trials.consumer.exchange import FORMS, PARAMETERS, Exchange, form
from vpc_backup_events.trials.consumer.run import NO_METHOD, ConsumerRun
from vpc_backup_events.trials.consumer.trials import CONSUMER, accepts, require, trial_of, trials_of
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised
from vpc_backup_events.values.errors import UsageError

__all__ = ["BURST"]

# deliveries at the same time
BURST = 8
PATH = 'Say it with `path = "/..."` in the suite, or as a part of the URL.'
SECRET = "Give it with `headers = {...}` in the suite, or with --header NAME:VALUE on the command line."


@CONSUMER.judges("P25-some-form")
def some_form(subject: ConsumerRun) -> None:
    """A plain event of each pair is taken in one of the forms; where nothing is taken at all, why that may be."""
    if subject.unreachable:
        raise UsageError(f"Nobody listens at {subject.url}: {subject.unreachable}.", "Start it, and check the URL.")
    first = subject.first_answers
    if not first[-1].accepted:
        _accepts_nothing(subject, first)
    exchanges = []
    breaches = []
    for pair in catalog.pairs.values():
        exchange = _plain(subject, pair, subject.mode)
        is_broken = not exchange.accepted and not _takes_otherwise(subject, pair)
        subject.count(exchange, is_broken)
        exchanges.append(exchange)
        if is_broken:
            breaches.append(exchange)
    require("a 2xx", exchanges, breaches)


def _takes_otherwise(subject: ConsumerRun, pair: Pair) -> bool:
    """Whether a plain event of the pair is taken in one of the other forms."""
    others = (mode for mode in FORMS if mode != subject.mode and subject.takes(mode))
    answers = [_plain(subject, pair, mode) for mode in others]
    return any(exchange.accepted for exchange in answers)


def _accepts_nothing(subject: ConsumerRun, first: Sequence[Exchange]) -> NoReturn:
    """Raises `Breached`, or `Skipped` where another requirement says why nothing is accepted."""
    statuses = {exchange.status for exchange in first}
    if all(exchange.redirected for exchange in first) or statuses <= set(NO_METHOD):
        # raises what stands elsewhere
        subject.mode  # noqa: B018
    for pair in catalog.pairs.values():
        exchange = subject.send(f"an event of {pair.id}", subject.jobs.event(pair), "sdk-style")
        subject.count(exchange, not exchange.accepted)
    why = hint = ""
    if statuses <= {401, 403}:
        why, hint = f"Every delivery was answered {min(statuses)}: does the consumer ask for a secret?", SECRET
    if statuses == {404}:
        why, hint = "Every delivery was answered 404: is the path right?", PATH
    raise Breached(first[0].evidence("a 2xx", why, hint))


def _plain(subject: ConsumerRun, pair: Pair, mode: str) -> Exchange:
    event = subject.event(pair)
    return subject.send(f"an event of {pair.reason} ({pair.id}), {form(mode)}", event, mode)


@trials_of({"P25-structured": "structured", "P25-json": "sdk-style"}, accepts)
def of_each_pair(subject: ConsumerRun, mode: str) -> Iterator[Exchange]:
    """A plain event of every pair in this form."""
    for pair in catalog.pairs.values():
        yield _plain(subject, pair, mode)


def _in_turn(subject: ConsumerRun, pair: Pair) -> str:
    """Another mode from pair to pair, of those with the event as the body."""
    modes = subject.json_modes or (subject.mode,)
    return modes[list(catalog.pairs).index(pair.id) % len(modes)]


@trial_of("P25-binary-encoded", accepts)
def binary_encoded(subject: ConsumerRun) -> Iterator[Exchange]:
    """Events of every pair, with and without a body: with one, the media type is that of JSON in both modes."""
    for pair in catalog.pairs.values():
        yield _plain(subject, pair, "binary")
    data = {"data": {"attempt": 1}}
    if subject.send("an event with data", {**subject.jobs.event(), **data}).accepted:
        for number, kind in enumerate(catalog.event_types.values()):
            pair = next(p for p in catalog.pairs.values() if p.event_type == kind.type)
            media = PLAIN + PARAMETERS[number % len(PARAMETERS)]
            event = {**subject.event(pair), "datacontenttype": media, **data}
            yield subject.send(f"an event of {pair.id}, binary, with data as {media}", event, "binary")


@trials_of({"P25-notification-id": True, "P25-no-notification-id": False}, accepts)
def notification_ids(subject: ConsumerRun, adds: bool) -> Iterator[Exchange]:
    """An event of every pair, with the member that Event Notifications adds, or without it."""
    for pair in catalog.pairs.values():
        title = f"an event of {pair.reason} ({pair.id})"
        event = subject.jobs.event(pair)
        if adds:
            title += " with notification_id"
            event = received(event, subject.jobs.id())
        yield subject.send(title, event, _in_turn(subject, pair))


def _in_each_form(subject: ConsumerRun) -> list[Exchange]:
    return [subject.deliver("a plain event", write(subject.jobs.event())) for write in MODES.values()]


@CONSUMER.judges("P25-post")
def post(subject: ConsumerRun) -> None:
    """POST is answered; what a plain event is refused for is a finding elsewhere."""
    if "POST" not in subject.methods:
        raise NotExercised("the consumer says that it does not serve POST")
    exchanges = _in_each_form(subject)
    if all(exchange.status in NO_METHOD for exchange in exchanges):
        why = f"Every delivery was answered {exchanges[0].status}: is the path right? {PATH}"
        raise Breached(exchanges[0].evidence("a 2xx", why))


@trial_of("P25-other-verbs", accepts)
def other_verbs(subject: ConsumerRun) -> Iterator[Exchange]:
    """The methods that the consumer claims."""
    others = [method for method in subject.methods if method != "POST"]
    if not others:
        raise NotExercised("the consumer says that it serves POST alone")
    for method in others:
        delivery = MODES[subject.mode](subject.event())
        yield subject.deliver(f"an event by {method}", delivery, method)


@CONSUMER.judges("P25-in-time")
def in_time(subject: ConsumerRun) -> None:
    """No answer takes longer than a delivery waits."""
    within = f"answer within {subject.limit:g} s"
    if subject.too_slow:
        raise Breached(Evidence(message=f"no {within}: gave up after {subject.too_slow:.1f} s"))
    exchange = subject.attempt("a plain event", MODES["sdk-style"](subject.jobs.event()))
    if subject.too_slow:
        raise Breached(exchange.evidence(f"an {within}"))
    if subject.first_answers[-1].accepted:
        events = [subject.event() for _ in range(5 * BURST)]
        with ThreadPoolExecutor(BURST) as pool:
            send = partial(subject.send, "one of a burst of events", mode=subject.mode)
            exchanges = list(pool.map(send, events))
        late = [exchange for exchange in exchanges if exchange.answer is None and "no answer within" in exchange.error]
        require(f"an {within}", exchanges, late)
    subject.was_in_time = True


@CONSUMER.judges("P25-no-redirect")
def no_redirect(subject: ConsumerRun) -> None:
    """The answer is no redirect."""
    exchanges = _in_each_form(subject)
    require("an answer of its own", exchanges, [exchange for exchange in exchanges if exchange.redirected])
