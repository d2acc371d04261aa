"""Lists, page by page."""

from __future__ import annotations

from api_parts import Node, array, carries, count, record, ref, requires, responses, schema, text
from event_notifications.examples import INSTANCE
from event_notifications.operations import ok, operation


def page(kind: str, item: str) -> Node:
    href = record("Another page.", {"href": text("Its URL.", 1, format="url")})
    node = requires(
        record(
            f"A page of {kind}.",
            {
                "total_count": carries(count("How many there are in all."), "P34-list-total-count"),
                "limit": carries(count("How many a page has at most.", 10), "P34-list-limit"),
                "offset": carries(count("How many come before this page.", 0), "P34-list-offset"),
                kind: carries(array("The entries of this page.", schema(item), maxItems=100), "P34-list-array"),
                "first": {**href, "description": "The first page."},
                "previous": {**href, "description": "The page before; absent on the first page."},
                "next": {**href, "description": "The page after; absent on the last page."},
            },
            ["total_count", "limit", "offset", kind, "first"],
        ),
        total_count="P34-list-total-count",
        limit="P34-list-limit",
        offset="P34-list-offset",
        first="P34-first",
        **{kind: "P34-list-array"},
    )
    for step in ("previous", "next"):
        node["properties"][step]["x-requirements"] = {"type": f"P34-{step}", "required": {"href": f"P34-{step}"}}
    return node


def page_of(kind: str, item: Node) -> Node:
    base = f"https://us-south.event-notifications.cloud.ibm.com/event-notifications/v1/instances/{INSTANCE}/{kind}"
    first = {"href": f"{base}?limit=10&offset=0"}
    return {"total_count": 1, "limit": 10, "offset": 0, kind: [item], "first": first}


def lists(kind: str, item: Node) -> Node:
    one = kind.removesuffix("s")
    return operation(
        f"list_{kind}",
        f"List {kind}",
        f"Lists the {kind} of the instance, page by page.",
        {
            "200": ok(f"A page of {kind}.", f"{one.capitalize()}List", page_of(kind, item)),
            **responses({400: "BadRequest"}),
        },
        "P34-limit-honoured",
        "P34-offset-honoured",
        "P34-next",
        "P34-next-absent",
        "P34-previous",
        "P34-previous-absent",
        "P34-next-offset",
        "P34-search-nothing",
        "P34-client-follows-next",
        tag=kind,
        parameters=[ref("parameters", name) for name in ("limit", "offset", "search")],
    )
