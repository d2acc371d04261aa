"""The engine on jsonschema, in pure Python: for platforms without a wheel of jsonschema-rs, and as a second opinion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from vpc_backup_events.spec.engines import Schema, Violation
from vpc_backup_events.spec.patterns import compiled

__all__ = ["JsonschemaEngine", "JsonschemaValidator"]


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not compiled(pattern).search(instance):
        yield ValidationError(f"does not match {pattern}")


def _pattern_properties(validator: Any, patterns: Schema, instance: Any, _: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, schema in patterns.items():
        for name, value in instance.items():
            if compiled(pattern).search(name):
                yield from validator.descend(value, schema, path=name, schema_path=pattern)


_extend: Any = extend
_Class: Any = _extend(Draft202012Validator, {"pattern": _pattern, "patternProperties": _pattern_properties})


class JsonschemaValidator:
    """A schema for jsonschema."""

    def __init__(self, validator: Any) -> None:
        self._validator = validator
        self.is_valid = validator.is_valid

    def violations(self, instance: Any) -> Iterator[Violation]:
        """Every keyword that failed."""
        for error in self._validator.iter_errors(instance):
            yield Violation(tuple(error.absolute_path), error.validator, error.schema)


class JsonschemaEngine:
    """Validates with jsonschema; nothing is ever fetched."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = {id: _without_dialect(schema) for id, schema in schemas.items()}
        resources = ((id, DRAFT202012.create_resource(schema)) for id, schema in self._schemas.items())
        self._registry: Any = Registry().with_resources(resources)

    def validator(self, uri: str) -> JsonschemaValidator:
        """The validator of the schema at `uri`."""
        # a reference takes as long to follow as many a member to judge
        return JsonschemaValidator(_Class(self._schemas.get(uri, {"$ref": uri}), registry=self._registry))

    def finder(self, patterns: Iterable[str]) -> Callable[[str], bool]:
        """What says of a text whether one of the patterns stands in it."""
        searches = [compiled(pattern).search for pattern in patterns]
        return lambda text: any(search(text) for search in searches)


def _without_dialect(schema: Schema) -> Schema:
    """The schema as one that this class judges: one that names its dialect the library's own class would judge."""
    return {keyword: value for keyword, value in schema.items() if keyword != "$schema"}
