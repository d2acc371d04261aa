"""What a schema says of a value in a request or an answer, as one problem a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from vpc_backup_events.spec.engines import Schema, Violation
from vpc_backup_events.values.breach import Path, pointer

__all__ = ["Problem", "Where", "problems"]

Where = Literal["path", "query", "header", "body", "answer"]


class Problem(NamedTuple):
    """One thing in a request or an answer that the description does not allow."""

    where: Where
    # of parameters the first step is the name
    path: Path
    message: str
    # None where none of the numbered requirements says it
    requirement: str | None = None

    def __str__(self) -> str:
        return f"{self.where} {pointer(self.path)}: {self.message}".replace(" :", ":")


def problems(violation: Violation, value: Any, where: Where, at: Path) -> Iterator[Problem]:
    """The problems that a keyword which failed stands for: one, or one for each member that is missing."""
    path = (*at, *violation.path)
    if violation.keyword != "required":
        yield Problem(where, path, _words(violation.keyword, violation.schema), violation.requirement)
        return
    members = violation.value_in(value)
    for name in violation.schema["required"]:
        if name not in members:
            yield Problem(where, (*path, name), "is missing", (violation.requirement or {}).get(name))


def _words(keyword: str, here: Schema) -> str:
    value = here[keyword]
    if keyword == "enum":
        return f"is none of {', '.join(map(str, value))}"
    words = {
        "type": f"is no {value}",
        "minLength": f"is shorter than {value}",
        "maxLength": f"is longer than {value}",
        "minimum": f"is less than {value}",
        "maximum": f"is more than {value}",
        "minItems": f"has less than {value} entries",
        "maxItems": f"has more than {value} entries",
        "pattern": "does not have the form that is described",
    }
    return words.get(keyword, f"fails {keyword}")
