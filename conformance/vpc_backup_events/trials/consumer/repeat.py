"""Repeats and order: the same event again has no second effect, another event has its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

from vpc_backup_events.making.deliveries import MODES, received
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.trials.consumer.accept import BURST
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.consumer.trials import CONSUMER, accepts, trial_of
from vpc_backup_events.trials.trial import Breached, NotExercised, Skipped

__all__: list[str] = []


@trial_of("P27-resend-accepted", accepts)
def resend(subject: ConsumerRun) -> Iterator[Exchange]:
    """The same event again, and once more."""
    event = subject.jobs.plain()
    subject.send("an event", event)
    for number in (2, 3):
        yield subject.send(f"the same event, time {number}", event)


def _once(subject: ConsumerRun, events: Iterable[dict[str, Any]], exchanges: list[Exchange]) -> None:
    """Raises `Breached` where an event was interpreted more than once."""
    ids = [event["id"] for event in events]
    subject.observer.interpretations(ids)
    subject.observer.settle()
    interpretations = subject.observer.interpretations(ids)
    if not any(interpretations.values()):
        raise Skipped("the consumer interpreted none of the events, see P28-id")
    for id, repeats in interpretations.items():
        if len(repeats) > 1:
            exchange = next((exchange for exchange in exchanges if exchange.event == id), exchanges[0])
            wrong = f"the event with the id {id} was interpreted {len(repeats)} times, not once"
            raise Breached(exchange.evidence(observation=wrong, message=wrong, pointer="/id"))


@CONSUMER.judges("P27-no-second-effect")
def no_second_effect(subject: ConsumerRun) -> None:
    """Resends, also those after an answer that was lost, have no second effect."""
    events = [subject.jobs.plain() for _ in range(3)]
    exchanges = [subject.send("an event, three times", event) for _ in range(3) for event in events]
    _once(subject, events, exchanges)


@CONSUMER.judges("P27-concurrent-repeat")
def concurrent_repeat(subject: ConsumerRun) -> None:
    """The same event from several threads at the same time."""
    subject.observer.interpretations([])
    events = [subject.jobs.plain() for _ in range(4)]
    subject.mode  # noqa: B018 - known before the threads start
    exchanges: list[Exchange] = []
    title = f"an event, {BURST} times at the same time"
    with ThreadPoolExecutor(BURST) as pool:
        for event in events:
            exchanges += pool.map(lambda _, event=event: subject.send(title, event), range(BURST))
    _once(subject, events, exchanges)


@CONSUMER.judges("P27-notification-id")
def other_notification_id(subject: ConsumerRun) -> None:
    """The same event under several `notification_id`."""
    event = subject.jobs.plain()
    ids = [subject.jobs.id() for _ in range(3)]
    title = f"an event under each notification_id of {', '.join(ids)}"
    exchanges = [subject.send(title, received(event, id), subject.mode) for id in ids]
    if not any(exchange.accepted for exchange in exchanges):
        raise NotExercised("the consumer takes no event with notification_id, see P25-notification-id")
    _once(subject, [event], exchanges)


@CONSUMER.judges("P27-other-mode")
def other_mode(subject: ConsumerRun) -> None:
    """The same event in every mode that the consumer takes."""
    event = subject.jobs.plain()
    title = f"an event in each mode: {', '.join(MODES)}"
    exchanges = [subject.send(title, subject.as_wanted(event), mode) for mode in MODES]
    if sum(exchange.accepted for exchange in exchanges) < 2:
        raise NotExercised("the consumer takes one form only, see P25-structured, P25-json and P25-binary-encoded")
    _once(subject, [event], exchanges)


@CONSUMER.judges("P27-same-id-other-source")
def same_id(subject: ConsumerRun) -> None:
    """Two events of one id and two sources."""
    first = subject.jobs.plain()
    second = {**subject.jobs.mutated(mutations["D30/registration-crn"]), "id": first["id"]}
    exchanges = [subject.send("an event", first), subject.send("another source's event of the same id", second)]
    _separate(subject, [first, second], exchanges)


@CONSUMER.judges("P27-distinct-ids")
def distinct_ids(subject: ConsumerRun) -> None:
    """Two events of one job."""
    first = subject.jobs.plain()
    second = {**first, "id": subject.jobs.id()}
    exchanges = [subject.send("an event", first), subject.send("an event of the same facts and another id", second)]
    _separate(subject, [first, second], exchanges)


def _separate(subject: ConsumerRun, events: list[dict[str, Any]], exchanges: list[Exchange]) -> None:
    """Raises `Breached` where two events were not interpreted separately."""
    for exchange in exchanges:
        if not exchange.accepted:
            raise Skipped(f"the consumer did not take {exchange.title}")
    due = Counter(event["id"] for event in events)
    until = monotonic() + subject.observer.patience
    while True:
        counts = {id: len(every) for id, every in subject.observer.interpretations(due).items()}
        if all(counts[id] >= count for id, count in due.items()):
            return
        if not any(counts.values()):
            raise Skipped("the consumer interpreted none of the events, see P28-id")
        if monotonic() > until:
            break
        sleep(0.02)
    observation = f"{sum(counts.values())} interpretation, not {len(events)}"
    raise Breached(*(exchange.evidence(observation=observation) for exchange in reversed(exchanges)))


@CONSUMER.judges("P27-any-order")
def any_order(subject: ConsumerRun) -> None:
    """Events of increasing time, delivered from the last to the first."""
    # later than every other event of the run, which a consumer that drops what is late would drop alike
    events = [{**subject.jobs.plain(), "time": f"2031-01-{day:02d}T00:00:00Z"} for day in range(5, 0, -1)]
    exchanges = [subject.send(f"an event of {event['time']}, after later events", event) for event in events]
    interpretations = subject.observer.interpretations(event["id"] for event in events)
    if not any(interpretations.values()):
        raise Skipped("the consumer interpreted none of the events, see P28-id")
    for event, exchange in zip(events, exchanges, strict=True):
        if not interpretations[event["id"]]:
            message = "The event was not interpreted, because later events had arrived before it."
            raise Breached(exchange.evidence(observation="no interpretation of it", message=message))
