"""References of a description: changed, and what they lead to brought into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vpc_backup_events.spec.engines import Schema
from vpc_backup_events.spec.schemas import PREFIX, schema

__all__ = ["with_changed_references", "with_event_schemas"]

# keywords of a schema that say what a document is, and none has among the components
_OF_DOCUMENTS = ("$schema", "$id", "examples")


def with_event_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The description with every schema that it refers to by a URI among its components, references changed."""
    components = _Components()
    contained: dict[str, Any] = with_changed_references(document, components.reference)
    contained["components"]["schemas"] |= components.schemas
    return contained


class _Components:
    """The schemas of events that a description refers to, by their names among its components."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def reference(self, ref: str) -> str:
        """The reference inside the description in place of one to a schema by its URI."""
        uri, mark, path = ref.partition("#")
        return ref if not uri else self._place(uri) + (path if mark else "")

    def _place(self, uri: str) -> str:
        name = uri.removeprefix(PREFIX).replace(":", "-")
        place = f"#/components/schemas/{name}"
        if name not in self.schemas:
            # it may refer to itself
            self.schemas[name] = {}
            plain = {keyword: value for keyword, value in schema(uri).items() if keyword not in _OF_DOCUMENTS}
            self.schemas[name] = with_changed_references(plain, lambda ref: self._inner(ref, place))
        return place

    def _inner(self, ref: str, place: str) -> str:
        return place + ref[1:] if ref.startswith("#") else self.reference(ref)


def with_changed_references(node: Any, change: Callable[[str], str]) -> Any:
    """The node with every `$ref` and every target of a discriminator changed."""
    if isinstance(node, list):
        return [with_changed_references(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    copy: dict[str, Any] = {}
    for key, value in node.items():
        if key == "$ref" and isinstance(value, str):
            copy[key] = change(value)
        elif key == "mapping":
            copy[key] = {name: change(ref) for name, ref in value.items()}
        else:
            copy[key] = with_changed_references(value, change)
    return copy
