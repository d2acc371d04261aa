"""What all readers of registrations have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.values.breach import Path
from vpc_backup_events.values.report import Finding

__all__ = ["FILLED", "PLACEHOLDER", "LineBreach", "is_about_backup", "placeholder", "registration"]

# {{account_id}}, {iam_token}, <region>
PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|(?<!\$)\{[A-Za-z_][\w-]*\}|<[A-Za-z][\w -]*>")
# what a shell or Terraform fills in
FILLED = re.compile(r"\$\{[^{}]*\}|\$[A-Za-z_]\w*|'\"?\$\w+\"?'")
# a text that speaks of Backup for VPC, however it is spelt
_BACKUP = re.compile(r"backup[-_ ]?polic|backup[-_ ]for[-_ ]vpc", re.IGNORECASE)
# stands for what is filled in later
_ANY = "*"
_REGISTRATION = re.compile(
    r"crn:v1:[^:]*:[^:]*:(?:is|\*):(?P<region>[^:]+):(?:a/[^:]+|\*):[^:]*:(?:backup-policy|\*):(?P<policy>[^:]*)"
)


class LineBreach(NamedTuple):
    """A breach, and the line in the file on which it is (from 1)."""

    requirement: str
    line: int
    values: dict[str, Any]
    #: of the member or argument
    name: str = ""
    #: the blocks in which it stands, each with its index
    within: Path = ()
    #: of a filter, which has the words of the breach
    finding: Finding | None = None

    @property
    def path(self) -> Path:
        """Where it is, for the pointer of the finding."""
        return (*self.within, self.name) if self.name else self.within


def placeholder(value: Any) -> str | None:
    """The first placeholder in a text that is left to the reader."""
    match = PLACEHOLDER.search(value) if isinstance(value, str) else None
    return match[0] if match else None


def is_about_backup(value: Any) -> bool:
    """Whether a text speaks of Backup for VPC."""
    return isinstance(value, str) and _BACKUP.search(value) is not None


def registration(crn: Any, line: int, name: str = "source", within: Path = ()) -> Iterator[LineBreach]:
    """What is wrong with a registration CRN; parts that are filled in later are not judged."""
    # a placeholder is found as such
    text = FILLED.sub(_ANY, PLACEHOLDER.sub(_ANY, crn)) if isinstance(crn, str) else ""
    parts = _REGISTRATION.fullmatch(text)
    if parts is None:
        if text != _ANY:
            yield LineBreach("P37-crn-form", line, {"value": crn}, name, within)
        return
    regions = {region.name for region in catalog.regions if region.backup_routing}
    if _ANY not in parts["region"] and parts["region"] not in regions:
        yield LineBreach("P37-crn-region", line, {"value": parts["region"]}, name, within)
    if parts["policy"]:
        yield LineBreach("P37-crn-no-policy", line, {"value": parts["policy"]}, name, within)
