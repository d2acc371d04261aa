"""What the Terraform provider declares of its resources, from `schemas/registration/terraform-provider.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from vpc_backup_events.authoring.facts import Limits, load
from vpc_backup_events.values.records import record

__all__ = ["Argument", "Arguments", "Reference", "Routing", "resources", "routing"]

Arguments = Mapping[str, "Argument"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument(Limits):
    """One argument of a resource, or of a block in it."""

    #: `string`, `bool`, `int`, `float`, `list`, `set` or `map`
    type: str
    #: type of the elements of a list, a set or a map
    of: str = ""
    #: arguments of a block; None where it is no block
    block: Arguments | None = None
    required: bool = False
    optional: bool = False
    #: most blocks, where there is a limit
    max_items: int | None = None
    #: a regular expression of Go that has to match somewhere in the value
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    #: arguments that may not be set beside it
    conflicts: tuple[str, ...] = ()
    #: arguments of which at least one is set
    one_of: tuple[str, ...] = ()

    @property
    def settable(self) -> bool:
        """Whether a configuration may set it; what is only computed can be read, not set."""
        return self.required or self.optional


@dataclass(frozen=True, slots=True)
class Reference:
    """Which attribute of another resource an argument takes."""

    arguments: tuple[str, ...]
    #: beginning of the types of the resources that are referred to
    resources: str
    attribute: str
    #: attributes that hold something else
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routing:
    """What the arguments mean to Event Notifications, where the provider's schema does not say it."""

    #: resource -> type of the destination that it makes
    types: Mapping[str, str]
    #: verbs of a webhook
    verbs: tuple[str, ...]
    #: beginning of a resource's type -> most characters of its name
    longest_names: Mapping[str, int]
    references: tuple[Reference, ...]
    #: resource -> attributes of a subscription that the API asks for
    attributes: Mapping[str, tuple[str, ...]]
    #: attribute -> what may be there in place of it
    instead: Mapping[str, str]
    #: subscriptions to which the provider can give no attributes, although the API has asked for them
    without_attributes: tuple[str, ...]

    def longest_name(self, resource: str) -> int | None:
        """Most characters that the name of a resource may have; None where nothing is published."""
        beginnings = [beginning for beginning in self.longest_names if resource.startswith(beginning)]
        return self.longest_names[max(beginnings, key=len)] if beginnings else None


# name in the file -> field
_FIELDS = {
    "maxItems": "max_items",
    "minLength": "min_length",
    "maxLength": "max_length",
    "min": "minimum",
    "max": "maximum",
    "conflictsWith": "conflicts",
    "atLeastOneOf": "one_of",
}
# what a configuration is not judged by
_IGNORED = ("computed", "default", "deprecated", "sensitive")


@cache
def resources() -> Mapping[str, Arguments]:
    """The arguments of each resource that the kit judges, by its type."""
    return {type: _arguments(members) for type, members in load("terraform-provider")["resources"].items()}


@cache
def routing() -> Routing:
    """The facts of `schemas/registration/routing.json`."""
    return record(Routing, load("routing"))


def _arguments(declared: Mapping[str, Any]) -> Arguments:
    return {name: _argument(members) for name, members in declared.items()}


def _argument(declared: Mapping[str, Any]) -> Argument:
    fields = {_FIELDS.get(member, member): value for member, value in declared.items() if member not in _IGNORED}
    block = declared.get("block")
    return record(Argument, fields, block=None if block is None else _arguments(block))
