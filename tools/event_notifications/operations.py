"""What the operations of every kind of resource have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api_parts import JSON, Node, content, link, ref, responses, schema, text

ROOT = "/v1/instances/{instance_id}"
ON_INSTANCE = ref("parameters", "instance_id")
INSTANCE_OF_REQUEST = "$request.path.instance_id"
# the statuses that any call may get; the others stand at the operation
COMMON = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    429: "TooManyRequests",
    500: "InternalError",
    503: "Unavailable",
}
NOTHING: Mapping[int, str] = {}
BODY = {400: "BadRequest", 415: "UnsupportedMediaType"}


def name(what: str, example: str, most: int = 255) -> Node:
    return text(f"Name of the {what}.", 1, most, examples=[example])


def description_of(what: str, most: int = 255) -> Node:
    return text(f"Description of the {what}.", most=most, examples=["Failed backup jobs"])


def operation(id: str, summary: str, description: str, answers: Node, *ids: str, **more: Any) -> Node:
    return {
        "operationId": id,
        "summary": summary,
        "description": description,
        "tags": [more.pop("tag")],
        **more,
        "responses": dict(sorted({**answers, **responses(COMMON)}.items())),
        **({"x-requirements": list(ids)} if ids else {}),
    }


def ok(description: str, name: str, example: Any, *ids: str, **links: Node) -> Node:
    return {
        "description": description,
        "content": content(schema(name), example),
        **({"links": links} if links else {}),
        **({"x-requirements": list(ids)} if ids else {}),
    }


def json_body(name: str, example: Any, description: str) -> Node:
    return {"description": description, "required": True, "content": content(schema(name), example)}


def form_body(name: str, example: Any, description: str) -> Node:
    """A multipart form whose `config` is JSON."""
    media = content(schema(name), example, "multipart/form-data")
    media["multipart/form-data"]["encoding"] = {"config": {"contentType": JSON}}
    return {"description": description, "required": True, "content": media}


def create(
    kind: str, description: str, answer: Node, body: Node, *ids: str, more: Mapping[int, str] = NOTHING, id: str = ""
) -> Node:
    return operation(
        id or f"create_{kind}",
        f"Create a {kind}",
        description,
        {"201": answer, **responses({**BODY, **more})},
        *ids,
        tag=f"{kind}s",
        requestBody=body,
    )


def get(kind: str, item: Node, *ids: str, **more: Any) -> Node:
    answers = {"200": ok(f"The {kind}.", kind.capitalize(), item)}
    if "parameters" in more:
        answers |= responses({400: "BadRequest"})
    description = f"Gets one {kind} by its id."
    return operation(f"get_{kind}", f"Get a {kind}", description, answers, *ids, tag=f"{kind}s", **more)


def changes(verb: str, kind: str, body: Node, item: Node, *ids: str, more: Mapping[int, str] = NOTHING) -> Node:
    return operation(
        f"{verb}_{kind}",
        f"{verb.capitalize()} a {kind}",
        f"{verb.capitalize()}s a {kind}; what it was is returned no more.",
        {"200": ok(f"The {kind} as it is now.", kind.capitalize(), item), **responses({**BODY, **more})},
        *ids,
        tag=f"{kind}s",
        requestBody=body,
    )


def delete(kind: str) -> Node:
    gone = {"204": {"description": f"The {kind} is gone."}}
    return operation(f"delete_{kind}", f"Delete a {kind}", f"Deletes one {kind} by its id.", gone, tag=f"{kind}s")


def on_all(kind: str, **operations: Node) -> dict[str, Node]:
    """The path of all resources of a kind."""
    return {f"{ROOT}/{kind}s": {"parameters": [ON_INSTANCE], **operations}}


def on_one(kind: str, below: str = "", **operations: Node) -> dict[str, Node]:
    """The path of one resource, or one below it."""
    path = f"{ROOT}/{kind}s/{{id}}{below}"
    return {path: {"parameters": [ON_INSTANCE, ref("parameters", f"{kind}_id")], **operations}}


def follow(kind: str, *verbs: str) -> dict[str, Node]:
    """Links from an answer with an id to the operations on it."""
    here = {"instance_id": INSTANCE_OF_REQUEST, "id": "$response.body#/id"}
    return {f"{verb}_{kind}": link(f"{verb}_{kind}", f"The {kind} by its id.", **here) for verb in verbs}
