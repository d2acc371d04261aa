"""The facts of one failed backup job, before anyone has turned them into an event."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["Scenario"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One failed job. A producer makes its own `id` and states every other fact as given.

    Attributes:
        resource_type: Volume or instance.
        job_type: Creation or deletion.
        reason: Catalog name: the documentation's token.
        event_type: The full `type`.
        backup_policy: VPC ids: four characters, a hyphen or underscore, a UUID.
        resource: CRN.
        source_id: For `ibmensourceid`.
        time: RFC 3339.
    """

    resource_type: str
    job_type: str
    reason: str
    event_type: str
    severity: str
    region: str
    account_id: str
    backup_policy: str
    backup_policy_plan: str
    backup_policy_job: str
    resource: str
    source_id: str
    time: str

    def as_json(self) -> dict[str, str]:
        """Every fact by its name, in the order of the fields."""
        return asdict(self)
