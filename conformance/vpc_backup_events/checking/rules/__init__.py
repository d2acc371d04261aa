"""What JSON Schema can't say: generators of breaches, each of the requirements that it is registered for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from vpc_backup_events import catalog
from vpc_backup_events.checking.rules import codes, details, envelope, secrecy
from vpc_backup_events.checking.rules.registry import RULES, Context, Rule
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.levels import Profile

__all__ = ["RULES", "Context", "details_rules", "event_rules", "rule_breaches", "secrecy_rules"]


def rule_breaches(context: Context, rules: Iterable[Rule]) -> list[Breach]:
    """Every breach that the rules find."""
    return [breach for rule in rules for breach in rule(context)]


@cache
def event_rules(profile: Profile) -> tuple[Rule, ...]:
    """The rules for an event, as far as they have something to say in the profile."""
    return _of(profile, envelope, codes, details, secrecy)


@cache
def details_rules(profile: Profile) -> tuple[Rule, ...]:
    """Those that hold for the JSON of an email as well."""
    return _of(profile, codes, details, secrecy)


@cache
def secrecy_rules(profile: Profile) -> tuple[Rule, ...]:
    """Those that hold for any text."""
    return _of(profile, secrecy)


def _of(profile: Profile, *modules: object) -> tuple[Rule, ...]:
    # importing them registered their functions
    names = {getattr(module, "__name__", "") for module in modules}
    relevant = (id for id in RULES if catalog.requirements[id].profiles[profile] != "none")
    return tuple(dict.fromkeys(RULES[id] for id in relevant if RULES[id].__module__ in names))
