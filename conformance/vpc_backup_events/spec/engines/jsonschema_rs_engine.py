"""The engine on jsonschema-rs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from vpc_backup_events.spec.engines import Schema, Violation

if TYPE_CHECKING:
    from vpc_backup_events.spec.engines import jsonschema_engine

__all__ = ["JsonschemaRsEngine", "JsonschemaRsValidator"]


class JsonschemaRsValidator:
    """A schema compiled by jsonschema-rs."""

    def __init__(self, uri: str, engine: JsonschemaRsEngine) -> None:
        self._root: Schema = {"$ref": uri}
        self._uri = uri
        self._engine = engine
        self._keywords: dict[tuple[str | int, ...], tuple[str, Schema]] = {}
        self._compiled = jsonschema_rs.validator_for(self._root, registry=engine.registry, offline=True)
        self.is_valid = self._compiled.is_valid

    def violations(self, instance: Any) -> Iterator[Violation]:
        """Every keyword that failed, found on the route that the evaluation took."""
        errors = list(self._compiled.iter_errors(instance))
        if errors and isinstance(instance, _CONTAINERS) and _is_unclear(instance):
            yield from self._engine.exact.validator(self._uri).violations(instance)
            return
        for error in errors:
            yield Violation(tuple(error.instance_path), *self._keyword(tuple(error.evaluation_path)))

    def _keyword(self, route: tuple[str | int, ...]) -> tuple[str, Schema]:
        """The keyword to which the route leads, and the schema that has it."""
        # a schema has only so many
        if route not in self._keywords:
            self._keywords[route] = str(route[-1]), self._walk(route[:-1])
        return self._keywords[route]

    def _walk(self, route: tuple[str | int, ...]) -> Schema:
        document = here = self._root
        for step in route:
            here = here[step]  # type: ignore[index]
            if step == "$ref":
                id, _, path = str(here).partition("#")
                document = here = self._engine.schemas[id] if id else document
                for name in path.split("/")[1:]:
                    here = here[name.replace("~1", "/").replace("~0", "~")]
        return here


_CONTAINERS = (dict, list)
# the library leaves members with an empty name out of a path, and turns a name of digits into a number
_UNCLEAR = re.compile(r"\+?[0-9]+\Z|\Z")


def _is_unclear(instance: dict[str, Any] | list[Any]) -> bool:
    """Whether a member has a name that the library's paths do not tell apart."""
    # no such name is behind the digits
    if isinstance(instance, dict) and min(instance, default=":") < ":" and any(map(_UNCLEAR.match, instance)):
        return True
    values = instance.values() if isinstance(instance, dict) else instance
    return any(_is_unclear(value) for value in values if isinstance(value, _CONTAINERS))


class JsonschemaRsEngine:
    """Compiles with jsonschema-rs; nothing is ever fetched."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self.schemas = schemas
        self.registry = jsonschema_rs.Registry(list(schemas.items()))

    @cached_property
    def exact(self) -> jsonschema_engine.JsonschemaEngine:
        """The slow engine, whose paths are exact."""
        # rarely needed, and slow to import
        from vpc_backup_events.spec.engines import jsonschema_engine

        return jsonschema_engine.JsonschemaEngine(self.schemas)

    def validator(self, uri: str) -> JsonschemaRsValidator:
        """The compiled schema at `uri`."""
        return JsonschemaRsValidator(uri, self)

    def finder(self, patterns: Iterable[str]) -> Callable[[str], bool]:
        """What says of a text whether one of the patterns stands in it."""
        # one by one, as this is what the library is quickest with
        return jsonschema_rs.validator_for({"anyOf": [{"pattern": pattern} for pattern in patterns]}).is_valid
