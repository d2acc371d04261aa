"""The engine on jsonschema, in pure Python: for platforms without a wheel of jsonschema-rs, and as a second opinion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


def _resource(schema: Schema) -> Any:
    # one that names its dialect would be judged by the library's own class instead of this one
    return DRAFT202012.create_resource({name: value for name, value in schema.items() if name != "$schema"})


class JsonschemaEngine:
    """Validates with jsonschema; nothing is ever fetched."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        resources = ((id, _resource(schema)) for id, schema in schemas.items())
        self._registry: Any = Registry().with_resources(resources)

    def validator(self, uri: str) -> JsonschemaValidator:
        """The validator of the schema at `uri`."""
        return JsonschemaValidator(_Class({"$ref": uri}, registry=self._registry))
