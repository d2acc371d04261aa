"""P01 to P10, P19 and P20: the attributes around the details."""

from __future__ import annotations

import re

from oracle.grammar import (
    UUID,
    crn,
    is_empty,
    is_filled,
    is_json_media_type,
    is_uri,
    is_uri_reference,
    is_uuid,
    time_offset,
)
from oracle.jsontext import Members, Number, strings
from oracle.reasons import lower
from oracle.secrets import holds_secret

REQUIRED = ("specversion", "id", "source", "type", "ibmensourceid", "ibmendefaultshort", "ibmendefaultlong")
# members of the JSON form that are no attributes
NO_ATTRIBUTES = ("data", "data_base64")
# attributes whose own requirement says what type they have
TYPED = (*REQUIRED, "time", "ibmenseverity", "subject", "datacontenttype", "dataschema")
PREFIX = "com.ibm.cloud.is.backup-policy"
TYPES = [
    f"{PREFIX}.backup-{resource}-{job}" for resource in ("volume", "instance") for job in ("creation", "retention")
]
DELETIONS = [f"{PREFIX}.backup-{resource}-deletion" for resource in ("volume", "instance")]
SEVERITIES = ("critical", "high", "medium", "low", "info")
SHORT = "Backup Job creation / retention failed"
TITLES = [f"{r} Backup Job {j} Failure" for r in ("Volume", "Instance") for j in ("Creation", "Retention")]
EXAMPLE_ID = "b2198eb8-04b1-48ec-a78c-ee87694dd845"
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
SURROGATE = re.compile("[\ud800-\udfff]")


def judge_envelope(event):
    return (
        required(event)
        | time_and_severity(event)
        | names_and_values(event)
        | content(event)
        | event_type(event)
        | source(event)
        | source_id(event)
        | lengths(event)
        | identity(event)
        | short_text(event)
        | ({"P20-no-secret"} if holds_secret(event) else set())
        | surrogates(event)
    )


def surrogates(value):
    return {"P03-surrogate"} if any(SURROGATE.search(text) for text in strings(value)) else set()


def is_set(event, name):
    """Whether the event has the attribute: null is unset."""
    return event.last(name) is not None


def required(event):
    found = {f"P01-{name}" for name in REQUIRED if not is_filled(event.last(name))}
    if event.last("specversion") != "1.0":
        found.add("P01-specversion")
    return found


def time_and_severity(event):
    found = set()
    if not is_set(event, "time"):
        found.add("P02-time-present")
    else:
        time = event.last("time")
        offset = time_offset(time) if isinstance(time, str) else None
        if offset is None:
            found.add("P02-time-format")
        elif offset != 0:
            found.add("P02-time-utc")
    if not is_set(event, "ibmenseverity"):
        found.add("P02-severity-present")
    else:
        severity = event.last("ibmenseverity")
        if not is_filled(severity):
            found.add("P08-severity-text")
        elif lower(severity) not in SEVERITIES:
            found.add("P08-severity-known")
        elif severity != "medium":
            found.add("P08-severity-medium")
    return found


def names_and_values(event):
    found = set()
    # of members of one name the last is judged
    for name, value in dict(event).items():
        if value is None and name not in REQUIRED:
            found.add("P03-null")
        if name in NO_ATTRIBUTES:
            continue
        if name == "notification_id":
            found.add("P03-received-name")
        elif not re.fullmatch("[a-z0-9_]+", name):
            found.add("P03-attribute-name")
        elif "_" in name:
            found.add("P03-attribute-name-underscore")
        if len(name) > 20:
            found.add("P03-attribute-name-length")
        found |= attribute_value(name, value)
    if is_set(event, "data_base64"):
        found |= attribute_value("data_base64", event.last("data_base64"))
    return found


def attribute_value(name, value):
    if isinstance(value, str):
        # what stands in the long text is judged where the details are read
        return (
            {"P03-control-character"}
            if name not in ("ibmendefaultlong", "attachments") and CONTROL.search(value)
            else set()
        )
    if name in TYPED or value is None:
        return set()
    if name == "attachments" and isinstance(value, (Members, list)):
        return set()
    legal = isinstance(value, bool) or (isinstance(value, Number) and value.integer)
    return set() if legal else {"P03-attribute-value"}


def content(event):
    found = set()
    if is_set(event, "subject") and not is_filled(event.last("subject")):
        found.add("P03-subject")
    if is_set(event, "datacontenttype"):
        value = event.last("datacontenttype")
        if not isinstance(value, str) or not is_json_media_type(value):
            found.add("P04-datacontenttype")
    if is_set(event, "dataschema"):
        value = event.last("dataschema")
        if not isinstance(value, str) or not is_uri(value):
            found.add("P04-dataschema")
    if is_set(event, "data") and not isinstance(event.last("data"), Members):
        found.add("P04-data-object")
    if is_set(event, "data") and is_set(event, "data_base64"):
        found.add("P04-data-once")
    return found


def event_type(event):
    value = event.last("type")
    if not is_filled(value) or value in TYPES:
        return set()
    if not value.startswith(PREFIX + "."):
        return {"P05-type-prefix"}
    return {"P05-type-retention"} if value in DELETIONS else {"P05-type"}


def source(event):
    value = event.last("source")
    if not is_filled(value):
        return set()
    if not is_uri_reference(value):
        return {"P06-source-uri"}
    if value == PREFIX or re.fullmatch("crn:v1:bluemix:public:is:[^:]+:a/[^:]+::backup-policy:[^:]*", value):
        return set()
    return {"P06-source-known"}


def source_id(event):
    value = event.last("ibmensourceid")
    if not is_filled(value):
        return set()
    if re.fullmatch(f"{UUID}:api", value):
        return {"P07-source-id-lower-case"} if re.search("[A-F]", value) else set()
    return set() if crn(value) else {"P07-source-id-form"}


def lengths(event):
    found = set()
    for name, most, requirement in (
        ("ibmendefaultshort", 1000, "P09-short-length"),
        ("ibmendefaultlong", 3000, "P09-long-length"),
    ):
        value = event.last(name)
        if isinstance(value, str) and len(value) > most:
            found.add(requirement)
    return found


def identity(event):
    value = event.last("id")
    if not is_filled(value):
        return set()
    if not is_uuid(value):
        return {"P10-id-uuid"}
    found = {"P10-id-lower-case"} if re.search("[A-F]", value) else set()
    return found | ({"P10-id-example"} if lower(value) == EXAMPLE_ID else set())


def short_text(event):
    value = event.last("ibmendefaultshort")
    if not isinstance(value, str) or is_empty(value):
        return set()
    return set() if value == SHORT or value in TITLES else {"P19-short-text"}
