"""From the keywords that failed to the requirements they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vpc_backup_events.spec.engines import Schema, Violation
from vpc_backup_events.spec.reduced import reduced
from vpc_backup_events.spec.schemas import validator
from vpc_backup_events.values.breach import Breach, Path, Verbatim
from vpc_backup_events.values.levels import Profile

__all__ = ["schema_breaches", "whole_breaches"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def schema_breaches(uri: str, instance: Any, prefix: Path, profile: Profile) -> list[Breach]:
    """Every requirement that the instance breaks by the schema at `uri`; paths begin with `prefix`.

    Those that the profile does not judge may be left out.
    """
    quick = reduced(uri, profile)
    if not quick.is_valid(instance):
        return whole_breaches(uri, instance, prefix)
    breaches = []
    for name, requirement in quick.forbidden.items():
        if name in instance:
            breaches.append(Breach(requirement, (*prefix, name), {"name": name, "value": instance[name]}))
    return breaches


def whole_breaches(uri: str, instance: Any, prefix: Path) -> list[Breach]:
    """Every requirement that the instance breaks by the schema at `uri`, in any profile."""
    breaches: list[Breach] = []
    for violation in validator(uri).violations(instance):
        breaches += _breaches(violation, instance, prefix)
    return breaches


def _breaches(violation: Violation, instance: Any, prefix: Path) -> Iterator[Breach]:
    requirement = violation.requirement
    if requirement is None:
        return
    path = (*prefix, *violation.path)
    value = violation.value_in(instance)
    if violation.keyword == "required":
        for name, of_member in requirement.items():
            if name not in value:
                yield Breach(of_member, (*path, name), {"name": name, "problem": "is missing"})
        return
    name = str(violation.path[-1]) if violation.path else ""
    if requirement == "P03-control-character" and isinstance(value, str):
        control = _CONTROL.search(value)
        value = Verbatim(f"U+{ord(control[0]):04X}" if control else "")
    yield Breach(requirement, path, {"value": value, "name": name, "expected": _expected(violation.schema)})


def _expected(schema: Schema) -> str:
    if "const" in schema:
        return str(schema["const"])
    values = schema.get("examples") or schema.get("enum") or []
    return " or ".join(map(str, values)) if len(values) < 3 else ", ".join(map(str, values))
