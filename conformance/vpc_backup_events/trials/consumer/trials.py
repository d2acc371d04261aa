"""The trials of consumers, and what several of them have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import ConsumerRun
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped, Trials

__all__ = [
    "CONSUMER",
    "OVER_HTTP",
    "SIDE_BY_SIDE",
    "accepts",
    "refuses",
    "require",
    "survives",
    "trial_of",
    "trials_of",
]

Run = Callable[[ConsumerRun], None]
# what one of several trials has beside the consumer
T = TypeVar("T")
# sends what a trial is about
Deliveries = Callable[[ConsumerRun], Iterable[Exchange]]
DeliveriesOf = Callable[[ConsumerRun, T], Iterable[Exchange]]
# raises `Breached` where an answer is not what it is to be
Judge = Callable[[ConsumerRun, Sequence[Exchange]], None]

# requirements that speak of requests and answers, which other carriers do not have
OVER_HTTP = (
    *("P25-structured", "P25-structured-charset", "P25-structured-headers", "P25-json-parameters", "P25-chunked"),
    *("P25-post", "P25-other-verbs", "P25-in-time", "P25-no-redirect", "P26-empty-attribute", "P26-attribute-type"),
    *("P25-binary-encoded", "P25-binary-raw", "P25-binary-header-case", "P25-binary-decoded-equal"),
    *("P26-empty-body", "P26-not-json", "P26-truncated", "P26-invalid-utf8", "P26-json-array", "P26-json-scalar"),
    *("P26-json-null", "P26-no-id", "P26-no-source", "P26-no-type", "P26-no-specversion", "P26-binary-no-attribute"),
    *("P26-unknown-type", "P26-unknown-reason", "P27-other-mode"),
)
# what comes of an answer that is neither 2xx nor 4xx
FAILED = "so the delivery is repeated, up to three times, and lost in the end."
# handlers are called one after the other; jobs may run side by side
SIDE_BY_SIDE = "P27-concurrent-repeat"


class _Consumer(Trials[ConsumerRun]):
    """The trials of consumers, of which some need HTTP."""

    def judges(self, requirement: str) -> Callable[[Run], Run]:
        register = super().judges(requirement)
        if requirement not in (*OVER_HTTP, SIDE_BY_SIDE):
            return register

        def guarded(run: Run) -> Run:
            @register
            def judge(subject: ConsumerRun) -> None:
                if subject.carrier and not (requirement == SIDE_BY_SIDE and subject.carrier == "job"):
                    raise NotExercised(f"events come as {subject.carrier}s, not by HTTP")
                run(subject)

            return judge

        return guarded


CONSUMER: Trials[ConsumerRun] = _Consumer()


def require(expectation: str, exchanges: Sequence[Exchange], breaches: Iterable[Exchange]) -> None:
    """Raises `Breached` where there are breaches: those of the exchanges whose answer is not what is expected."""
    evidence = [exchange.evidence(expectation) for exchange in breaches]
    _require_no(evidence, exchanges, f"got another answer than {expectation}")


def _require_no(evidence: Sequence[Evidence], exchanges: Sequence[Exchange], predicate: str) -> None:
    if evidence:
        among = f"{len(evidence)} of {len(exchanges)} deliveries {predicate}." if len(exchanges) > 1 else ""
        raise Breached(*evidence, among=among)


def accepts(subject: ConsumerRun, exchanges: Sequence[Exchange]) -> None:
    """Raises `Breached` where one of the answers is not 2xx."""
    answers = [exchange for exchange in exchanges if not exchange.redirected]
    if not answers:
        raise Skipped("the consumer answers with a redirect, see P25-no-redirect")
    for exchange in answers:
        subject.count(exchange, not exchange.accepted)
    require("a 2xx", answers, [exchange for exchange in answers if not exchange.accepted])


def refuses(_: ConsumerRun, exchanges: Sequence[Exchange]) -> None:
    """Raises `Breached` where one of the answers is not 4xx: to fail is worse than to take what is no event."""
    failures = [exchange for exchange in exchanges if not exchange.refused and not exchange.accepted]
    acceptances = [exchange for exchange in exchanges if exchange.accepted]
    evidence = [x.evidence("a 4xx", f"The consumer failed ({x.outcome}), {FAILED}") for x in failures]
    evidence += [x.evidence("a 4xx", f"The consumer took it for an event ({x.outcome}).") for x in acceptances]
    predicate = "were not refused"
    if failures and acceptances:
        predicate += f": {len(failures)} made the consumer fail, {len(acceptances)} were taken for an event"
    _require_no(evidence, exchanges, predicate)


def survives(_: ConsumerRun, exchanges: Sequence[Exchange]) -> None:
    """Raises `Breached` where one of the answers is neither 2xx nor 4xx."""
    failures = [exchange for exchange in exchanges if not (exchange.accepted or exchange.refused)]
    require("a 2xx or a 4xx", exchanges, failures)


def trial_of(requirement: str, judge: Judge) -> Callable[[Deliveries], Deliveries]:
    """Registers deliveries as a trial: `judge`, such as the three above, looks at their answers once all are there."""

    def register(deliveries: Deliveries) -> Deliveries:
        CONSUMER.judges(requirement)(lambda subject: judge(subject, list(deliveries(subject))))
        return deliveries

    return register


def trials_of(arguments: Mapping[str, T], judge: Judge) -> Callable[[DeliveriesOf[T]], DeliveriesOf[T]]:
    """Registers deliveries as several trials: requirement -> what they have beside the consumer."""

    def register(deliveries: DeliveriesOf[T]) -> DeliveriesOf[T]:
        for requirement, argument in arguments.items():
            trial_of(requirement, judge)(_with(deliveries, argument))
        return deliveries

    return register


def _with(deliveries: DeliveriesOf[T], argument: T) -> Deliveries:
    return lambda subject: deliveries(subject, argument)
