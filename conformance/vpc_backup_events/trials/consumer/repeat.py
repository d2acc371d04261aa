"""Repeats and order: the same event again has no second effect, another event has its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic, sleep
from typing import Any

from vpc_backup_events.making.deliveries import MODES, received
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.trials.consumer.accept import BURST
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import CONSUMER, accepts, trial_of
from vpc_backup_events.trials.trial import Breached, NotExercised, Skipped


@trial_of("P27-resend-accepted", accepts)
def resend(subject: ConsumerRun) -> Iterator[Exchange]:
    """The same event again, and once more."""
    event = subject.jobs.plain()
    subject.send("an event", event)
    for number in (2, 3):
        yield subject.send(f"the same event, time {number}", event)


def _interpretations(subject: ConsumerRun, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """What the consumer made of the events; raises `Skipped` where it made nothing of any of them."""
    interpretations = subject.observer.interpretations(ids)
    if not any(interpretations.values()):
        raise Skipped("the consumer interpreted none of the events, see P28-id")
    return interpretations


def once(subject: ConsumerRun, exchanges: Sequence[Exchange]) -> None:
    """Raises `Breached` where an event was interpreted more than once."""
    # of each event the first delivery
    first = {exchange.event: exchange for exchange in reversed(exchanges)}
    ids = dict.fromkeys(exchange.event for exchange in exchanges)
    subject.observer.interpretations(ids)
    subject.observer.settle()
    for id, repeats in _interpretations(subject, ids).items():
        if len(repeats) > 1:
            wrong = f"the event with the id {id} was interpreted {len(repeats)} times, not once"
            raise Breached(first[id].evidence(observation=wrong, message=wrong, pointer="/id"))


@trial_of("P27-no-second-effect", once)
def no_second_effect(subject: ConsumerRun) -> Iterator[Exchange]:
    """Resends, also those after an answer that was lost."""
    events = [subject.jobs.plain() for _ in range(3)]
    for event in events * 3:
        yield subject.send("an event, three times", event)


@trial_of("P27-concurrent-repeat", once)
def concurrent_repeat(subject: ConsumerRun) -> Iterator[Exchange]:
    """The same event from several threads at the same time."""
    subject.observer.interpretations([])
    events = [subject.jobs.plain() for _ in range(4)]
    subject.mode  # noqa: B018 - known before the threads start
    title = f"an event, {BURST} times at the same time"
    with ThreadPoolExecutor(BURST) as pool:
        for event in events:
            yield from pool.map(partial(subject.send, title), [event] * BURST)


@trial_of("P27-notification-id", once)
def other_notification_id(subject: ConsumerRun) -> list[Exchange]:
    """The same event under several `notification_id`."""
    event = subject.jobs.plain()
    ids = [subject.jobs.id() for _ in range(3)]
    title = f"an event under each notification_id of {', '.join(ids)}"
    exchanges = [subject.send(title, received(event, id), subject.mode) for id in ids]
    if not any(exchange.accepted for exchange in exchanges):
        raise NotExercised("the consumer takes no event with notification_id, see P25-notification-id")
    return exchanges


@trial_of("P27-other-mode", once)
def other_mode(subject: ConsumerRun) -> list[Exchange]:
    """The same event in every mode that the consumer takes."""
    event = subject.jobs.plain()
    title = f"an event in each mode: {', '.join(MODES)}"
    exchanges = [subject.send(title, subject.as_wanted(event), mode) for mode in MODES]
    if sum(exchange.accepted for exchange in exchanges) < 2:
        raise NotExercised("the consumer takes one form only, see P25-structured, P25-json and P25-binary-encoded")
    return exchanges


@CONSUMER.judges("P27-same-id-other-source")
def same_id(subject: ConsumerRun) -> None:
    """Two events of one id and two sources."""
    first = subject.jobs.plain()
    second = {**subject.jobs.mutated(mutations["D30/registration-crn"]), "id": first["id"]}
    _separate(subject, first, second, "another source's event of the same id")


@CONSUMER.judges("P27-distinct-ids")
def distinct_ids(subject: ConsumerRun) -> None:
    """Two events of one job."""
    first = subject.jobs.plain()
    _separate(subject, first, {**first, "id": subject.jobs.id()}, "an event of the same facts and another id")


def _separate(subject: ConsumerRun, first: dict[str, Any], second: dict[str, Any], title: str) -> None:
    """Raises `Breached` where two events are not interpreted separately; `title` is what the second one is."""
    exchanges = [subject.send("an event", first), subject.send(title, second)]
    for exchange in exchanges:
        if not exchange.accepted:
            raise Skipped(f"the consumer did not take {exchange.title}")
    due = Counter((first["id"], second["id"]))
    until = monotonic() + subject.observer.patience
    while True:
        counts = {id: len(every) for id, every in _interpretations(subject, due).items()}
        if all(counts[id] >= count for id, count in due.items()):
            return
        if monotonic() > until:
            break
        sleep(0.02)
    observation = f"{sum(counts.values())} interpretation, not 2"
    raise Breached(*(exchange.evidence(observation=observation) for exchange in reversed(exchanges)))


@CONSUMER.judges("P27-any-order")
def any_order(subject: ConsumerRun) -> None:
    """Events of increasing time, delivered from the last to the first."""
    # later than every other event of the run, which a consumer that drops what is late would drop alike
    events = [{**subject.jobs.plain(), "time": f"2031-01-{day:02d}T00:00:00Z"} for day in range(5, 0, -1)]
    exchanges = [subject.send(f"an event of {event['time']}, after later events", event) for event in events]
    interpretations = _interpretations(subject, [event["id"] for event in events])
    for event, exchange in zip(events, exchanges, strict=True):
        if not interpretations[event["id"]]:
            message = "The event was not interpreted, because later events had arrived before it."
            raise Breached(exchange.evidence(observation="no interpretation of it", message=message))
