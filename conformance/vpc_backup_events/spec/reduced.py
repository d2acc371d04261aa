"""The schemas worked out for one profile, so that most events are passed by one quick look at each layer.

Made from the schemas, never written. A keyword is left out whose requirement the profile does not judge. A member that
no value makes valid is left out and listed in `forbidden`, since its presence is all there is to say. What
`patternProperties` says of a member is moved to it, so that no engine matches names against patterns. What the schemas
of all event types refer to is compiled once for all of them. Where an instance is not valid here, only the whole schema
says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import chain
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.spec.engines import CARRIED, Schema, Validator
from vpc_backup_events.spec.patterns import compiled
from vpc_backup_events.spec.schemas import engine_for, schema
from vpc_backup_events.values.levels import Profile
from vpc_backup_events.values.memo import memo

__all__ = ["ReducedSchema", "reduced"]

# keywords that say nothing of validity
_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$defs", "title", "description", "examples", "contentMediaType", "contentSchema"}
)
# keywords whose value is data, and those whose value is schemas by name
_DATA = frozenset({"const", "enum", "required", "type", CARRIED})
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas"})
_URI = "urn:vpc-backup-events:reduced"
# part of the URI of a schema that judges an event of any type, or its details, when nothing else is known
_COMMON = ":strict:"
# names of members of which it is remembered which patterns they match
_NAMES = 4096


class ReducedSchema:
    """One schema of a layer of an event, in one profile."""

    def __init__(self, uri: str, profile: Profile) -> None:
        node, base = _at(uri)
        common = next((part["$ref"] for part in node.get("allOf", ()) if _COMMON in part.get("$ref", "")), None)
        own = [part for part in node.get("allOf", ()) if common is None or part.get("$ref") != common]
        parts = list(_parts({**node, "allOf": own}, base))
        self._common = reduced(common, profile) if common else None
        self._parts = [_relevant(part, profile) for part in parts]
        members = list(chain.from_iterable(part.get("properties", {}).items() for part in parts))
        # member that must not be there -> the requirement that says so
        self.forbidden: dict[str, str] = {**self._common.forbidden} if self._common else {}
        for name, member in members:
            requirement = member.get(CARRIED, {}).get("not") if member.get("not") == {} else None
            if requirement and catalog.requirements[requirement].profiles[profile] != "none":
                self.forbidden[name] = requirement
        self._names = frozenset(name for name, _ in members)
        patterns = chain.from_iterable(part.get("patternProperties", {}) for part in parts)
        self._patterns = tuple(dict.fromkeys(patterns))
        # patterns that all the other members match -> what judges an event with such members
        self._validators: dict[tuple[str, ...], Validator] = {}
        self._closed = self._validator(()).is_valid
        self._matching = memo(self._patterns_of, _NAMES)
        self._own = self._is_own_valid if self._patterns else self._closed

    def is_valid(self, instance: Any) -> bool:
        """Whether nothing but what is in `forbidden` breaks a requirement that the profile judges."""
        return self._own(instance) and (self._common is None or self._common.is_valid(instance))

    def _is_own_valid(self, instance: Any) -> bool:
        if not isinstance(instance, dict) or instance.keys() <= self._names:
            return self._closed(instance)
        combinations = set(map(self._matching, instance.keys() - self._names))
        return len(combinations) == 1 and self._validator(combinations.pop()).is_valid(instance)

    def _patterns_of(self, name: str) -> tuple[str, ...]:
        return tuple(pattern for pattern in self._patterns if compiled(pattern).search(name))

    def _validator(self, patterns: tuple[str, ...]) -> Validator:
        """The judge of instances whose members without a schema of their own match these patterns and no others."""
        if patterns not in self._validators:
            beside = [_without(part, *_BY_NAME - {"dependentSchemas"}) for part in self._parts]
            whole = _all_of(*beside, {"properties": {name: self._member(name) for name in sorted(self._names)}})
            others = _all_of(*self._of_names(patterns))
            # one that says nothing takes its time all the same
            if others:
                whole["additionalProperties"] = others
            self._validators[patterns] = engine_for({_URI: whole}).validator(_URI)
        return self._validators[patterns]

    def _member(self, name: str) -> Schema:
        """All that is said of one member, in one schema."""
        own = [part["properties"][name] for part in self._parts if name in part.get("properties", {})]
        # that it must not be there is in `forbidden`
        there = [_without(node, "not") if node.get("not") == {} else node for node in own]
        return _all_of(*there, *self._of_names(self._patterns_of(name)))

    def _of_names(self, patterns: tuple[str, ...]) -> Iterator[Schema]:
        for part in self._parts:
            yield from (node for pattern, node in part.get("patternProperties", {}).items() if pattern in patterns)


@cache
def reduced(uri: str, profile: Profile) -> ReducedSchema:
    """The schema at `uri` for the profile, made once in a process."""
    return ReducedSchema(uri, profile)


def _all_of(*nodes: Schema) -> Schema:
    """One schema that says what all of them say, with keywords that only one has side by side."""
    whole: Schema = {}
    apart = [node for node in nodes if node]
    for node in list(apart):
        # these look at each other
        if not whole.keys() & node.keys() and not node.keys() & {"if", "then", "else", "additionalProperties"}:
            whole |= node
            apart.remove(node)
    return {**whole, "allOf": [*whole.get("allOf", ()), *apart]} if apart else whole


def _without(node: Schema, *keywords: str) -> Schema:
    return {keyword: value for keyword, value in node.items() if keyword not in keywords}


def _at(uri: str) -> tuple[Schema, str]:
    """The schema at a URI, and the `$id` of its document."""
    return schema(uri), uri.partition("#")[0]


def _absolute(ref: str, base: str) -> str:
    return base + ref if ref.startswith("#") else ref


def _parts(node: Schema, base: str) -> Iterator[Schema]:
    """The schema and those that it refers to or holds in `allOf`, apart: all say something of the same value."""
    yield _inlined(_without(node, "allOf", "$ref"), base)
    if "$ref" in node:
        yield from _parts(*_at(_absolute(node["$ref"], base)))
    for part in node.get("allOf", ()):
        yield from _parts(part, base)


def _inlined(node: Any, base: str) -> Any:
    """The schema without annotations, and with what it refers to in place of the references."""
    if not isinstance(node, dict):
        return node
    plain = _with_inner(_without(node, "$ref", *_ANNOTATIONS), partial(_inlined, base=base))
    if "$ref" in node:
        plain["allOf"] = [*plain.get("allOf", ()), _inlined(*_at(_absolute(node["$ref"], base)))]
    return plain


def _relevant(node: Any, profile: Profile) -> Any:
    """The inlined schema without the keywords whose requirement the profile does not judge."""
    if not isinstance(node, dict):
        return node
    ids = node.get(CARRIED, {})
    left_out = [keyword for keyword in node if _is_left_out(ids.get(keyword), profile)]
    return _with_inner(_without(node, CARRIED, *left_out), partial(_relevant, profile=profile))


def _is_left_out(requirement: Any, profile: Profile) -> bool:
    return isinstance(requirement, str) and catalog.requirements[requirement].profiles[profile] == "none"


def _with_inner(node: Schema, change: Callable[[Any], Any]) -> Schema:
    """The schema with every schema right below it changed."""
    copy: Schema = {}
    for keyword, value in node.items():
        if keyword in _DATA:
            copy[keyword] = value
        elif keyword in _BY_NAME:
            copy[keyword] = {name: change(inner) for name, inner in value.items()}
        else:
            copy[keyword] = list(map(change, value)) if isinstance(value, list) else change(value)
    return copy
