"""What a refused request is answered with."""

from __future__ import annotations

from api_parts import (
    TRACE,
    Node,
    array,
    carries,
    carrying,
    content,
    integer,
    record,
    requires,
    retry_headers,
    schema,
    text,
)

HELP = "https://cloud.ibm.com/apidocs/event-notifications"
ERRORS = {
    "BadRequest": (400, "invalid_request", "The request is malformed: its body, a parameter or the event in it.", ""),
    "Unauthorized": (401, "unauthorized", "The bearer token is missing or not valid.", ""),
    "Forbidden": (403, "authorization_error", "The caller has no permission for this.", "P34-forbidden"),
    "NotFound": (404, "not_found", "The instance, the resource or the path is unknown.", "P34-unknown-id"),
    "Conflict": (409, "conflict", "The name is taken, or a Backup source is connected already.", "P34-duplicate-name"),
    "UnsupportedMediaType": (415, "unsupported_media_type", "The body has another media type.", "P34-media-type"),
    "Unprocessable": (422, "no_topic", "No topic of the source takes the event.", "P34-no-topic"),
    "TooManyRequests": (429, "too_many_requests", "Too many requests; wait.", "P34-too-many"),
    "InternalError": (500, "internal_error", "The service failed.", "P34-server-error"),
    "Unavailable": (503, "unavailable", "The service is not available for a while.", "P34-server-error"),
}
REFUSALS = {
    "BadRequest": [
        "P34-malformed-json",
        "P34-unknown-source",
        "P34-limit-low",
        "P34-limit-high",
        "P34-offset-negative",
    ],
    "Unauthorized": ["P34-no-token", "P34-wrong-token", "P34-wrong-scheme"],
    "NotFound": ["P34-unknown-instance", "P34-unknown-id", "P34-unknown-path", "P34-deleted-id"],
    "TooManyRequests": ["P34-too-many", "P34-too-many-retry-after"],
}


def error() -> Node:
    entry = requires(
        record(
            "One thing that is wrong.",
            {
                "code": carries(text("What is wrong, for a program.", 1, examples=["conflict"]), "P34-entry-code"),
                "message": carries(
                    text("What is wrong, for a person.", 1, examples=["The name is taken."]), "P34-entry-message"
                ),
                "more_info": carries(
                    text("Where it is explained.", 1, format="url", examples=[HELP]), "P34-entry-more-info"
                ),
            },
        ),
        code="P34-entry-code",
        message="P34-entry-message",
        more_info="P34-entry-more-info",
    )
    node = requires(
        record(
            "An error of the service.",
            {
                "trace": carries(text("Id of the request.", 1, examples=[TRACE]), "P34-error-trace"),
                "status_code": carrying(
                    integer("The status of the answer.", minimum=400, maximum=599, examples=[409]),
                    type="P34-error-status-code",
                ),
                "errors": array(
                    "What is wrong, at least one entry.",
                    entry,
                    minItems=1,
                    **{"x-requirements": {"type": "P34-error-errors", "minItems": "P34-error-errors"}},
                ),
            },
        ),
        trace="P34-error-trace",
        status_code="P34-error-status-code",
        errors="P34-error-errors",
    )
    node["x-requirements"]["type"] = "P34-error-json"
    return node


def error_responses() -> Node:
    responses = {}
    for title, (status, code, message, id) in ERRORS.items():
        ids = REFUSALS.get(title, [id] if id else [])
        value = {
            "trace": TRACE,
            "status_code": status,
            "errors": [{"code": code, "message": message, "more_info": HELP}],
        }
        responses[title] = {
            "description": message,
            **retry_headers(status),
            "content": content(schema("Error"), value),
            "x-requirements": ids,
        }
    return responses
