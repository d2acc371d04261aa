"""What every schema is made of: keywords that name the requirement they carry."""

from __future__ import annotations

from typing import Any

from schema_patterns import NOT_BLANK

Schema = dict[str, Any]


def carries(schema: Schema, **requirements: Any) -> Schema:
    """The schema with `x-requirements`; a keyword's underscore at the end is dropped (`not_`)."""
    return {**schema, "x-requirements": {keyword.rstrip("_"): id for keyword, id in requirements.items()}}


def carried(schema: Schema, id: str) -> Schema:
    """The schema with `id` on every assertion it makes."""
    keywords = [k for k in schema if k not in ("description", "examples", "title", "default")]
    return carries(schema, **dict.fromkeys(keywords, id))


def all_of(*schemas: Schema) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"allOf": list(schemas)}


def forbid(id: str) -> Schema:
    return carried({"not": {}}, id)


def text(id: str, **more: Any) -> Schema:
    return carried({"type": "string", "pattern": NOT_BLANK, **more}, id)


def optional(id: str, pattern: str) -> Schema:
    """An attribute that may be absent: null says the same (CloudEvents JSON format 2.2)."""
    return carried({"type": ["string", "null"], "pattern": pattern}, id)


NOT_NULL: Schema = {"not": {"type": "null"}}
