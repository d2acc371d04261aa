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
_ANY = "*"


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
    if not isinstance(crn, str):
        yield LineBreach("P37-crn-form", line, {"value": crn}, name, within)
        return
    # a placeholder is found as such
    segments = FILLED.sub(_ANY, PLACEHOLDER.sub(_ANY, crn)).split(":")
    if segments == [_ANY]:
        return
    if not _is_registration(segments):
        yield LineBreach("P37-crn-form", line, {"value": crn}, name, within)
        return
    regions = {region.name for region in catalog.regions if region.backup_routing}
    if _ANY not in segments[5] and segments[5] not in regions:
        yield LineBreach("P37-crn-region", line, {"value": segments[5]}, name, within)
    if segments[9]:
        yield LineBreach("P37-crn-no-policy", line, {"value": segments[9]}, name, within)


def _is_registration(segments: list[str]) -> bool:
    """Whether a CRN has the form of a registration; `*` stands for what is filled in later."""
    if len(segments) != 10 or segments[:2] != ["crn", "v1"] or segments[4] not in ("is", _ANY) or not segments[5]:
        return False
    is_account = segments[6] == _ANY or (segments[6].startswith("a/") and len(segments[6]) > 2)
    return is_account and segments[8] in ("backup-policy", _ANY)
