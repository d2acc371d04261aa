"""What Event Notifications makes of an event, as frozen values: severities, retries, destinations."""

from __future__ import annotations

from dataclasses import dataclass

from vpc_backup_events.catalog.model import Citation

__all__ = ["Destination", "Limit", "RetryPolicy", "Severity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """A value of `ibmenseverity` and what destinations make of it.

    Attributes:
        fallback: Stands for every value that is not listed.
    """

    name: str
    canonical: bool = False
    fallback: bool = False
    shown_by: tuple[str, ...]
    pagerduty: dict[str, str | None]
    servicenow: dict[str, int]
    source: Citation
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How Event Notifications retries a delivery, in one version of its documentation; times in seconds.

    Attributes:
        retries: After the first attempt; None where only time limits them.
        retry_after: `Retry-After` takes the place of a wait.
        timeout: Of one attempt.
        budget: From the first attempt on, or None.
    """

    name: str
    current: bool
    retries: int | None
    first_wait: float
    factor: float
    longest_wait: float
    retry_after: bool
    timeout: float
    budget: float | None
    description: str
    source: Citation
    ledger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a destination takes at most.

    Attributes:
        of: Long: the long text; content: all that it receives.
        unit: Characters or bytes.
        beyond: What is said of more.
    """

    of: str
    unit: str
    most: int
    beyond: str


@dataclass(frozen=True, slots=True)
class Destination:
    """What one kind of destination receives by the documented mapping.

    Attributes:
        api_sources: Events of API sources can be routed to it.
        left_open: What the documentation does not say, and what the kit does about it.
    """

    name: str
    title: str
    receives: str
    api_sources: bool
    limits: tuple[Limit, ...]
    left_open: tuple[str, ...]
    source: Citation
    ledger: tuple[str, ...]
