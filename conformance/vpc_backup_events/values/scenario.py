"""The facts of one failed backup job, before anyone has turned them into an event."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """One failed job. A producer makes its own `id` and states every other fact as given."""

    # volume or instance
    resource_type: str
    # creation or deletion
    job_type: str
    # catalog name: the documentation's token
    reason: str
    # the full `type`
    event_type: str
    severity: str
    region: str
    account_id: str
    # VPC ids: four characters, a hyphen or underscore, a UUID
    backup_policy: str
    backup_policy_plan: str
    backup_policy_job: str
    # CRN
    resource: str
    # for `ibmensourceid`
    source_id: str
    # RFC 3339
    time: str

    def as_json(self) -> dict[str, str]:
        """Every fact by its name, in the order of the fields."""
        return asdict(self)
