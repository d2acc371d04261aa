"""The trials of consumers, and what several of them have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog.model import Pair
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.consumer.exchange import Exchange
from vpc_backup_events.trials.consumer.run import FORMS, ConsumerRun
from vpc_backup_events.trials.trial import Breached, NotExercised, Skipped, Trials

__all__ = [
    "CONSUMER",
    "OVER_HTTP",
    "SIDE_BY_SIDE",
    "accepts",
    "form",
    "in_each_mode",
    "needs_json",
    "needs_mode",
    "not_as_wanted",
    "of_each_pair",
    "refuses",
    "survives",
]

Run = Callable[[ConsumerRun], None]

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
            def judge(subject: ConsumerRun) -> None:
                if subject.carrier and not (requirement == SIDE_BY_SIDE and subject.carrier == "job"):
                    raise NotExercised(f"events come as {subject.carrier}s, not by HTTP")
                run(subject)

            return register(judge)

        return guarded


CONSUMER: Trials[ConsumerRun] = _Consumer()


def not_as_wanted(exchanges: Iterable[Exchange], wanted: str, of: int) -> None:
    """Raises `Breached` where there are exchanges whose answer is another than the one `wanted`, `of` so many."""
    evidence = [exchange.evidence(wanted) for exchange in exchanges]
    if evidence:
        raise Breached(*evidence, among=_among(len(evidence), of, f"got another answer than {wanted}"))


def _among(broken: int, of: int, did: str) -> str:
    return f"{broken} of {of} deliveries {did}." if of > 1 else ""


def accepts(subject: ConsumerRun, exchanges: Iterable[Exchange]) -> None:
    """Raises `Breached` where one of the answers is not 2xx."""
    answered = [exchange for exchange in exchanges if not exchange.redirected]
    if not answered:
        raise Skipped("the consumer answers with a redirect, see P25-no-redirect")
    for exchange in answered:
        subject.count(exchange, not exchange.accepted)
    not_as_wanted([exchange for exchange in answered if not exchange.accepted], "a 2xx", len(answered))


def refuses(exchanges: list[Exchange]) -> None:
    """Raises `Breached` where one of the answers is not 4xx: to fail is worse than to take what is no event."""
    failed = [exchange for exchange in exchanges if not exchange.refused and not exchange.accepted]
    taken = [exchange for exchange in exchanges if exchange.accepted]
    evidence = [
        *(exchange.evidence("a 4xx", f"The consumer failed ({exchange.outcome}), {FAILED}") for exchange in failed),
        *(exchange.evidence("a 4xx", f"The consumer took it for an event ({exchange.outcome}).") for exchange in taken),
    ]
    if evidence:
        did = "were not refused"
        if failed and taken:
            did = f"were not refused: {len(failed)} made the consumer fail, {len(taken)} were taken for an event"
        raise Breached(*evidence, among=_among(len(evidence), len(exchanges), did))


def survives(exchanges: list[Exchange]) -> None:
    """Raises `Breached` where one of the answers is neither 2xx nor 4xx."""
    broken = [exchange for exchange in exchanges if not (exchange.accepted or exchange.refused)]
    not_as_wanted(broken, "a 2xx or a 4xx", len(exchanges))


def of_each_pair(requirement: str, send: Callable[[ConsumerRun, Pair], Exchange]) -> None:
    """The trial that an event of each pair is accepted."""

    @CONSUMER.judges(requirement)
    def run(subject: ConsumerRun) -> None:
        accepts(subject, [send(subject, pair) for pair in catalog.pairs.values()])


def needs_mode(subject: ConsumerRun, mode: str) -> None:
    """Raises `NotExercised` where the consumer does not take this form: that is a finding elsewhere."""
    if not subject.takes(mode):
        raise NotExercised(f"the consumer does not take an event in this form, see {FORMS[mode]}")


def needs_json(subject: ConsumerRun) -> tuple[str, ...]:
    """The modes with a body of JSON that the consumer takes; raises `NotExercised` where it takes none."""
    if not subject.json_modes:
        raise NotExercised("the consumer takes no JSON body, see P25-structured and P25-json")
    return subject.json_modes


def form(mode: str) -> str:
    """A mode in words."""
    return {"structured": f"as {STRUCTURED}", "sdk-style": f"as {PLAIN}", "binary": "in binary mode"}[mode]


def in_each_mode(subject: ConsumerRun, title: str, make: Callable[[], Any]) -> list[Exchange]:
    """An event in the mode that `send` chooses, and another in each other body mode: other code may read it."""
    exchanges = [subject.send(title, make())]
    for mode in subject.json_modes:
        if mode != subject.mode:
            event = make()
            event = event if isinstance(event, str) else subject.as_wanted(event)
            exchanges.append(subject.send(f"{title}, {form(mode)}", event, mode))
    return exchanges
