"""What all readers of registrations have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from vpc_backup_events import catalog

# facts of IAM and the provider (fact sheets of the API and of the backup jobs)
SERVICE = "event-notifications"
ROLE = "Event Source Manager"
ROLE_ID = "crn:v1:bluemix:public:iam::::serviceRole:EventSourceManager"
SUBJECT = {"serviceName": "is", "resourceType": "backup-policy"}
# an authorization that is about Event Notifications, however it is misspelt
ABOUT = re.compile(r"event[-_ ]?notification|event ?source ?manager", re.IGNORECASE)

# {{account_id}}, {iam_token}, <region>
PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|(?<!\$)\{[A-Za-z_][\w-]*\}|<[A-Za-z][\w -]*>")
# what a shell or Terraform fills in
FILLED = re.compile(r"\$\{[^{}]*\}|\$[A-Za-z_]\w*|'\"?\$\w+\"?'")


class Found(NamedTuple):
    """A breach, and the line in the file on which it is (from 1)."""

    requirement: str
    line: int
    values: dict[str, Any]
    # of the member or argument
    name: str = ""


def placeholder(value: Any) -> str | None:
    """The first placeholder in a text that is left to the reader."""
    match = PLACEHOLDER.search(value) if isinstance(value, str) else None
    return match[0] if match else None


def registration(crn: Any, line: int, name: str = "source") -> Iterator[Found]:
    """What is wrong with a registration CRN; parts that are filled in later are not judged."""
    if not isinstance(crn, str):
        yield Found("P37-crn-form", line, {"value": crn}, name)
        return
    # a placeholder is found as such
    segments = FILLED.sub("*", PLACEHOLDER.sub("*", crn)).split(":")
    if segments == ["*"]:
        return
    right = len(segments) == 10 and segments[:2] == ["crn", "v1"] and segments[4] in ("is", "*") and bool(segments[5])
    right = right and (segments[6] == "*" or (segments[6].startswith("a/") and len(segments[6]) > 2))
    if not right or segments[8] not in ("backup-policy", "*"):
        yield Found("P37-crn-form", line, {"value": crn}, name)
        return
    if "*" not in segments[5] and segments[5] not in {
        each["name"] for each in catalog.regions if each["backup_routing"]
    }:
        yield Found("P37-crn-region", line, {"value": segments[5]}, name)
    if segments[9]:
        yield Found("P37-crn-no-policy", line, {"value": segments[9]}, name)


def line_of(text: str, position: int) -> int:
    """The line of a position, from 1."""
    return text.count("\n", 0, max(position, 0)) + 1
