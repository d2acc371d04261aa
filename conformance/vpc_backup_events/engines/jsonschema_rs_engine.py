"""The engine on jsonschema-rs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from vpc_backup_events.engines import Schema, Violation


class Validator:
    """A schema compiled by jsonschema-rs."""

    def __init__(self, root: Schema, registry: jsonschema_rs.Registry, schemas: Mapping[str, Schema]) -> None:
        compiled = jsonschema_rs.validator_for(root, registry=registry, offline=True)
        self.is_valid = compiled.is_valid
        self._compiled = compiled
        self._root = root
        self._schemas = schemas

    def violations(self, instance: Any) -> Iterator[Violation]:
        """Every keyword that failed, found on the route that the evaluation took."""
        for error in self._compiled.iter_errors(instance):
            *route, keyword = error.evaluation_path
            yield Violation(_path(error, instance), str(keyword), self._walk(route))

    def _walk(self, route: list[str | int]) -> Schema:
        document = here = self._root
        for step in route:
            here = here[step]  # type: ignore[index]
            if step == "$ref":
                id, _, path = str(here).partition("#")
                document = here = self._schemas[id] if id else document
                for name in path.split("/")[1:]:
                    here = here[name.replace("~1", "/").replace("~0", "~")]
        return here


def _path(error: Any, instance: Any) -> tuple[str | int, ...]:
    """Where the error is; the library leaves out the last step where that is a member with an empty name."""
    path = tuple(error.instance_path)
    here = instance
    for step in path:
        here = here[step]
    if isinstance(here, dict) and "" in here and error.instance != here:
        return (*path, "")
    return path


class Engine:
    """Compiles with jsonschema-rs; nothing is ever fetched."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._registry = jsonschema_rs.Registry(list(schemas.items()))

    def validator(self, uri: str) -> Validator:
        """The compiled schema at `uri`."""
        return Validator({"$ref": uri}, self._registry, self._schemas)


def compile_schema(schema: Schema) -> Any:
    """A function that says whether an instance is valid; the fastest that this engine has."""
    options = jsonschema_rs.RegexOptions()
    return jsonschema_rs.validator_for(schema, offline=True, pattern_options=options).is_valid
