"""How a client takes success, refusals, and a service that fails (positions P31, P33 and P34)."""

from __future__ import annotations

from vpc_backup_events.trials.account import TOKEN
from vpc_backup_events.trials.client.loopback import MOST, failing, proxy, registered
from vpc_backup_events.trials.client.requests import ClientCall
from vpc_backup_events.trials.client.run import CLIENT, ClientRun, breached
from vpc_backup_events.trials.trial import NotExercised, Skipped

# a service that fails asks to wait this long; seconds
WAIT = 1
# clocks differ, and a wait may be cut to whole milliseconds; seconds
EARLY = 0.05
WITH_CRN = registered(with_crn=True)
WITHOUT_CRN = registered(with_crn=False)


@CLIENT.judges("P31-returns")
def returns(subject: ClientRun) -> None:
    """201 with everything that the documentation says is success."""
    attempt = subject.registration(WITH_CRN)
    if attempt.error is not None:
        breached(f"the answer was 201, and it raised {attempt.error!r}", attempt.creations[0])


@CLIENT.judges("P31-needs-no-crn")
def needs_no_crn(subject: ClientRun) -> None:
    """201 as every published client knows it is success too."""
    if subject.attempt(WITH_CRN).error is not None:
        raise Skipped("the client reports a failure at 201, see P31-returns")
    attempt = subject.registration(WITHOUT_CRN)
    if attempt.error is not None:
        breached(f"the answer was 201 without a CRN, and it raised {attempt.error!r}")


@CLIENT.judges("P33-client-once")
def once(subject: ClientRun) -> None:
    """After success."""
    attempt = subject.registration(WITH_CRN)
    if attempt.error is None and len(attempt.creations) > 1:
        breached(f"after 201 it asked {len(attempt.creations)} times", attempt.creations[1])


def _goes_on(attempt: ClientCall) -> bool:
    """It asked more often than a client may that ends one day."""
    return len(attempt.creations) > MOST


def _reports(requirement: str, *statuses: int) -> None:
    """The trial that the client reports each of these errors."""

    @CLIENT.judges(requirement)
    def run(subject: ClientRun) -> None:
        for status in statuses:
            attempt = subject.registration(failing(status, retry_after=0 if status == 429 else None))
            if _goes_on(attempt) and status >= 500:
                raise Skipped(f"the client asks without end after {status}, see P34-client-bounded-retry")
            if _goes_on(attempt):
                breached(f"after {MOST} answers of {status} it still asked", attempt.creations[-1])
            if attempt.error is None:
                breached(f"the answer was {status}, and it returned", attempt.creations[0])


_reports("P33-client-reports", 403, 409)
_reports("P34-client-reports", 400, 401, 404, 415, 422, 429, 500, 503, 504)


@CLIENT.judges("P34-client-odd-error")
def odd_error(subject: ClientRun) -> None:
    """An error of something in between, whose body is no JSON."""
    for body in (b"<html><body>Bad Gateway</body></html>", b""):
        attempt = subject.registration(proxy(body))
        if attempt.error is None:
            breached(f"the answer was 502 with {body!r}, and it returned", attempt.creations[0])


@CLIENT.judges("P34-client-retry-after")
def retry_after(subject: ClientRun) -> None:
    """A client that tries again waits as long as it was told."""
    tries_again = False
    for status in (429, 503):
        attempt = subject.registration(failing(status, retry_after=WAIT, times=1))
        if len(attempt.creations) < 2:
            continue
        tries_again = True
        wait = attempt.creations[1].at - attempt.creations[0].at
        if wait < WAIT - EARLY:
            if status >= 500 and _goes_on(subject.attempt(failing(status, retry_after=0))):
                raise Skipped(f"the client asks without end after {status}, see P34-client-bounded-retry")
            breached(f"after {status} it waited {wait:.2f} s, not {WAIT} s", attempt.creations[1])
    if not tries_again:
        raise NotExercised("the client does not try again")


@CLIENT.judges("P34-client-no-blind-retry")
def no_blind_retry(subject: ClientRun) -> None:
    """What was refused is refused again."""
    for status in (400, 401, 403, 409):
        attempt = subject.registration(failing(status))
        if len(attempt.creations) > 1:
            breached(f"after {status} it asked {len(attempt.creations)} times", attempt.creations[1])


@CLIENT.judges("P34-client-bounded-retry")
def bounded_retry(subject: ClientRun) -> None:
    """A service that does not recover; after too many tries it lets the client go."""
    for status in (503, 500):
        attempt = subject.registration(failing(status, retry_after=0 if status == 503 else None))
        if _goes_on(attempt):
            breached(f"after {MOST} answers of {status} it still asked", attempt.creations[-1])


@CLIENT.judges("P31-no-token-logged")
def no_token_logged(subject: ClientRun) -> None:
    """In success and in failure."""
    for behaviour in (WITH_CRN, failing(401), failing(500)):
        subject.attempt(behaviour)
        line = next((line for line in subject.logged if TOKEN in line), None)
        if line is not None:
            breached(f"it wrote {line[:200]!r}")
