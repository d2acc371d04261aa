"""What both API descriptions are made of: references, limits, errors, and examples that fit each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schema_patterns import DATE_TIME
from vpc_backup_events import catalog

Node = dict[str, Any]

HEX = "[0-9a-fA-F]"
UUID = f"^{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}$"
JSON = "application/json"
TIME = "2024-04-22T20:59:34Z"
# the largest integer that every reader of JSON has
LARGEST = 2**53 - 1
LATER = "2024-04-22T21:03:11Z"
TRACE = "0c6cf1f4-3d0b-4d0a-8a53-3e8f4b7e9c1d"


IAM_TOKEN = {"type": "http", "scheme": "bearer", "description": "An IAM token."}


def head(title: str, about: str, help: tuple[str, str], server: Node, tags: Mapping[str, str]) -> Node:
    """What a description begins with; `help` is what the documentation is called, and where it is."""
    name, url = help
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1.0.0",
            "description": about,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
            "contact": {"name": "The vpc-backup-events authors", "url": url},
        },
        "externalDocs": {"description": name, "url": url},
        "servers": [server],
        "security": [{"IAM": []}],
        "tags": [{"name": tag, "description": description} for tag, description in tags.items()],
    }


def server(url: str, **more: Any) -> Node:
    """The public endpoint of a region."""
    regions = [region.name for region in catalog.regions]
    region = {"default": "us-south", "enum": regions, "description": "Region"}
    return {"url": url, "description": "Public endpoint", "variables": {"region": region}, **more}


def ref(kind: str, name: str) -> Node:
    return {"$ref": f"#/components/{kind}/{name}"}


def schema(name: str) -> Node:
    return ref("schemas", name)


def responses(names: dict[int, str]) -> Node:
    return {str(status): ref("responses", name) for status, name in names.items()}


def carries(node: Node, id: str) -> Node:
    """The schema with `id` on every assertion that it makes."""
    annotations = ("description", "example", "examples", "default", "format", "title")
    return {**node, "x-requirements": {keyword: id for keyword in node if keyword not in annotations}}


def carrying(node: Node, **ids: str) -> Node:
    """The schema with the requirement that each of these keywords carries."""
    return {**node, "x-requirements": ids}


def text(description: str, least: int = 0, most: int | None = None, **more: Any) -> Node:
    """A string; `least` and `most` are its length in characters."""
    length = {**({"minLength": least} if least else {}), **({"maxLength": most} if most is not None else {})}
    return {"type": "string", "description": description, **length, **more}


def uuid(description: str, example: str) -> Node:
    return text(description, pattern=UUID, examples=[example])


def date_time(description: str, example: str = TIME) -> Node:
    # a format is only an annotation; the pattern is what judges
    return text(description, format="date-time", pattern=DATE_TIME, examples=[example])


def boolean(description: str, example: bool = True) -> Node:
    return {"type": "boolean", "description": description, "examples": [example]}


def integer(description: str, **more: Any) -> Node:
    return {"type": "integer", "format": "int64", "description": description, **more}


def count(description: str, example: int = 1, **more: Any) -> Node:
    return integer(description, minimum=0, maximum=LARGEST, examples=[example], **more)


def array(description: str, items: Node, **more: Any) -> Node:
    return {"type": "array", "description": description, "items": items, **more}


def record(description: str, properties: Node, required: list[str] | None = None, **more: Any) -> Node:
    """An object; without `required` every property is required."""
    names = list(properties) if required is None else required
    return {
        "type": "object",
        "description": description,
        **({"required": names} if names else {}),
        "properties": properties,
        **more,
    }


def requires(node: Node, **ids: str) -> Node:
    """The object with the requirement that makes each of these members required."""
    return {**node, "x-requirements": {**node.get("x-requirements", {}), "required": ids}}


def content(schema: Node, example: Any, media: str = JSON) -> Node:
    return {media: {"schema": schema, "examples": {"example": {"value": example}}}}


def parameter(name: str, where: str, schema: Node, example: Any = None, required: bool = False) -> Node:
    description = schema.pop("description")
    return {
        "name": name,
        "in": where,
        "description": description,
        **({"required": True} if required or where == "path" else {}),
        "schema": schema,
        **({} if example is None else {"example": example}),
    }


def link(operation: str, description: str, body: Any = None, **parameters: str) -> Node:
    return {
        "operationId": operation,
        "description": description,
        "parameters": parameters,
        **({} if body is None else {"requestBody": body}),
    }


def retry_after(required: bool) -> Node:
    return {
        "description": "How many seconds to wait before the request is repeated.",
        "required": required,
        "schema": {"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST},
        "example": 2,
    }


def retry_headers(status: int) -> Node:
    """The headers of an error: too many requests always have Retry-After, an outage may."""
    names = {429: "RetryAfter", 503: "RetryAfterIfKnown"}
    return {"headers": {"Retry-After": ref("headers", names[status])}} if status in names else {}
