"""What JSON Schema can't say: one function a requirement, each a generator of breaches of that requirement alone."""

from __future__ import annotations

from collections.abc import Iterator

from vpc_backup_events.checking.rules import codes, details, envelope, secrecy
from vpc_backup_events.checking.rules.registry import RULES, Context
from vpc_backup_events.values.breach import Breach

__all__ = ["RULES", "Context", "rule_breaches"]

# importing them registered their functions
_MODULES = (envelope, details, codes, secrecy)


def rule_breaches(context: Context) -> Iterator[Breach]:
    """Every breach that the rules find in one event."""
    for requirement, rule in RULES.items():
        for path, values in rule(context):
            yield Breach(requirement, path, values)
