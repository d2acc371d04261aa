"""How a client asks to create a source (positions P31 and P32)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote

from vpc_backup_events.catalog.names import API_BASE, INSTANCE_CRN
from vpc_backup_events.trials.account import INSTANCE, TOKEN, source_crn
from vpc_backup_events.trials.client.requests import ClientRequest, SourcesPath
from vpc_backup_events.trials.client.run import CLIENT, ClientRun, breached

# what the documentation leaves to the reader: {instance_id}, {{account_id}}, <region>
_PLACEHOLDER = re.compile(r"\{+[A-Za-z][\w -]*\}+|<[A-Za-z][\w -]*>")
_SOURCE_CRN = re.compile(r"crn:v1:[^:]*:[^:]*:is:[^:]*:a/[^:]+:[^:]*:backup-policy:(?P<last>[^:]*)\Z")
_INSTANCE_CRN = re.compile(r"crn:v1:[^:]*:[^:]*:event-notifications:[^:]*:a/[^:]+:(?P<instance>[^:]+):[^:]*:[^:]*\Z")
# how IBM's clients of Event Notifications call themselves
_IBM_CLIENT = re.compile(r"event-notifications-\w+-admin-sdk/")
_IBM_HINT = (
    "IBM's client has no argument for source. Send the request with an HTTP client of your own, with "
    "crn:v1:bluemix:public:is:<region>:a/<account>::backup-policy: as source."
)


@CLIENT.judges("P31-method-path")
def method_path(subject: ClientRun) -> None:
    """POST to the sources of the instance."""
    if not subject.plain.creations:
        breached(subject.plain.summary)
    request = subject.plain.creations[0]
    place = _place(request)
    # a path without the prefix breaks a requirement of its own
    if place.base not in ("", API_BASE) or place.end:
        breached(f"the path is {request.target}", request)


def _looks(requirement: str, look: Callable[[ClientRequest], str]) -> None:
    """The trial of the request; `look` says what is wrong with it, or nothing."""

    @CLIENT.judges(requirement)
    def run(subject: ClientRun) -> None:
        request = subject.creation()
        if wrong := look(request):
            breached(wrong, request)


def _place(request: ClientRequest) -> SourcesPath:
    assert request.place is not None
    return request.place


# ------------------------------------------------------------------------------------------------------ placeholders


def _is_filled(text: Any) -> bool:
    """Nothing in the text is left to the reader of the documentation; what is left breaks a requirement of its own."""
    return not isinstance(text, str) or not _PLACEHOLDER.search(text)


def _placeholder(request: ClientRequest) -> str:
    places = {
        "the path": request.decoded_path,
        "Authorization": request.headers.get("authorization"),
        "source": request.members.get("source"),
        INSTANCE_CRN: request.members.get(INSTANCE_CRN),
    }
    for name, text in places.items():
        match = _PLACEHOLDER.search(text) if isinstance(text, str) else None
        if match:
            return f"{match[0]} in {name} is a placeholder"
    return ""


_looks("P31-placeholder", _placeholder)


# ------------------------------------------------------------------------------------------------ path and headers


def _instance(request: ClientRequest) -> str:
    instance = unquote(_place(request).instance)
    return "" if instance == INSTANCE or not _is_filled(instance) else f"the path is {request.target}"


def _bearer(request: ClientRequest) -> str:
    if TOKEN in unquote(request.target):
        return "the token stands in the URL"
    value = request.headers.get("authorization")
    if value is None:
        return "there is no header Authorization"
    if not _is_filled(value):
        return ""
    scheme, _, token = value.partition(" ")
    if scheme.lower() != "bearer":
        return f"Authorization has the scheme {scheme[:20]!r}, not Bearer"
    is_it = compare_digest(token.strip().encode(errors="surrogatepass"), TOKEN.encode())
    return "" if is_it else "Authorization has another token than the one that was given"


def _media(request: ClientRequest) -> str:
    value = request.headers.get("content-type", "")
    return "" if value.partition(";")[0].strip().lower() == "application/json" else f"Content-Type is {value!r}"


_looks("P31-instance-id", _instance)
_looks("P31-bearer", _bearer)
_looks("P31-json", _media)
_looks("P31-body-object", lambda request: "" if isinstance(request.json, dict) else "the body is no JSON object")
_looks("P32-base", lambda request: "" if _place(request).base.endswith(API_BASE) else f"the path is {request.target}")
_looks(
    "P32-instances-path",
    lambda request: "" if _place(request).kind == "instances" else f"the path is {request.target}",
)


# ---------------------------------------------------------------------------------------------------------- members


def _member(name: str, is_wrong: Callable[[Any], bool], optional: bool = False) -> Callable[[ClientRequest], str]:
    """What is wrong with a member of the body."""

    def look(request: ClientRequest) -> str:
        if not isinstance(request.json, dict):
            # a body that is no object breaks a requirement of its own
            return ""
        if name not in request.members:
            return "" if optional else f"`{name}` is missing"
        value = request.members[name]
        return f"`{name}` is {json.dumps(value)[:100]}" if is_wrong(value) else ""

    return look


def _no_boolean(value: Any) -> bool:
    return not isinstance(value, bool)


def _no_text(longest: int, shortest: int = 0) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or not shortest <= len(value) <= longest


def _blank(value: Any) -> bool:
    return not isinstance(value, str) or not value.strip()


def _other_form(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: not _blank(value) and _is_filled(value) and not pattern.match(value)


def _no_registration(value: Any) -> bool:
    """It is no text, or the CRN of another registration than the one that the client was given."""
    if _blank(value):
        return True
    return _is_filled(value) and bool(_SOURCE_CRN.match(value)) and not value.startswith(source_crn())


def _whole_service(request: ClientRequest) -> str:
    match = _SOURCE_CRN.match(str(request.members.get("source")))
    return f"`source` ends in {match['last']!r}" if match and match["last"] else ""


def _same_instance(request: ClientRequest) -> str:
    match = _INSTANCE_CRN.match(str(request.members.get(INSTANCE_CRN)))
    # another instance in the path, and one that is left to the reader, break requirements of their own
    if not match or match["instance"] == INSTANCE or unquote(_place(request).instance) != INSTANCE:
        return ""
    return f"the CRN names {match['instance']!r}, the path {INSTANCE!r}" if _is_filled(match["instance"]) else ""


_looks("P31-name", _member("name", _no_text(255, 1)))
_looks("P31-enabled", _member("enabled", _no_boolean))
_looks("P31-description", _member("description", _no_text(255), optional=True))
_looks("P31-store-notifications", _member("store_notifications", _no_boolean, optional=True))
_looks("P31-source-form", _member("source", _other_form(_SOURCE_CRN), optional=True))
_looks("P31-source-whole-service", _whole_service)
_looks("P31-instance-crn", _member(INSTANCE_CRN, _blank))
_looks("P31-instance-crn-form", _member(INSTANCE_CRN, _other_form(_INSTANCE_CRN), optional=True))
_looks("P31-instance-crn-agrees", _same_instance)


@CLIENT.judges("P31-source")
def source(subject: ClientRun) -> None:
    """IBM's own client can't send it, and is told so."""
    request = subject.creation()
    if wrong := _member("source", _no_registration)(request):
        is_ibm_client = bool(_IBM_CLIENT.match(request.headers.get("user-agent", "")))
        breached(wrong, request, _IBM_HINT if is_ibm_client and "source" not in request.members else "")
