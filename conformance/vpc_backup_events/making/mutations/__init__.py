"""Named mutations: at least one for each requirement that speaks of an event, and the documented contradictions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from vpc_backup_events.making.mutations import accepted, details, emails, envelope, reading, secrets
from vpc_backup_events.making.mutations.registry import MUTATIONS, Form, Mutation

__all__ = ["Form", "Mutation", "breaches", "mutations", "quirks"]

# importing them registered their functions
_MODULES = (envelope, details, reading, secrets, accepted, emails)

mutations: Mapping[str, Mutation] = MappingProxyType(MUTATIONS)


def breaches(profile: str, forms: tuple[Form, ...] = ("object",)) -> tuple[Mutation, ...]:
    """The mutations whose result has one error in the profile: the requirement of their name."""
    return tuple(m for m in MUTATIONS.values() if m.form in forms and m.errors(profile) == {m.requirement})


def quirks(forms: tuple[Form, ...] = ("object", "text")) -> tuple[Mutation, ...]:
    """The mutations that show a contradiction of the documentation and that the documented profile accepts."""
    return tuple(m for m in MUTATIONS.values() if m.form in forms and m.ledger and not m.errors("documented"))
