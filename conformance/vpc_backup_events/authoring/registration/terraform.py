"""Terraform, in its own syntax and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vpc_backup_events.authoring.registration.registrations import (
    ABOUT,
    FILLED,
    ROLE,
    SERVICE,
    SUBJECT,
    Found,
    placeholder,
    registration,
)
from vpc_backup_events.values.errors import UsageError

# resource -> arguments without which the provider makes no plan
REQUIRED = {
    "ibm_en_source": ("instance_guid", "name", "description", "enabled"),
    "ibm_en_topic": ("instance_guid", "name"),
    "ibm_en_destination_webhook": ("instance_guid", "name", "type"),
    "ibm_en_subscription_webhook": ("instance_guid", "name", "destination_id", "topic_id"),
    "ibm_iam_authorization_policy": (),
}
RESOURCES = tuple(REQUIRED)
# characters that a name may have, and those of a subscription's
LONGEST_NAME = {"ibm_en_subscription_webhook": 50}
VERBS = ("GET", "POST", "PUT", "PATCH")
# the Backup source by its name, where it has no CRN
_BACKUP = re.compile(r"backup[ -]for[ -]vpc|backup[-_]policy", re.IGNORECASE)
# the provider's types have no hyphen
_NO_TYPE = re.compile(r"\bibm_\w*-[\w-]*(?=\.)")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the provider."""

    type: str
    name: str
    # argument -> value; expressions are `UNKNOWN`
    arguments: Mapping[str, Any]
    # of the resource
    line: int
    # argument -> line
    lines: Mapping[str, int]
    # as it stands in the file
    text: str

    def line_of(self, argument: str) -> int:
        """The line of an argument, that of the resource where it is not there."""
        return self.lines.get(argument, self.line)

    def line_with(self, part: str) -> int:
        """The line on which a text stands."""
        return self.line + self.text.count("\n", 0, max(self.text.find(part), 0))


class _Unknown:
    """A value that is known when Terraform runs."""

    def __repr__(self) -> str:
        return "(known after apply)"


UNKNOWN = _Unknown()


def read_hcl(text: str) -> list[Resource]:
    """The resources of a configuration; raises `ValueError` where it can't be read."""
    try:
        import hcl2
    except ImportError as error:
        raise UsageError(f"Terraform needs more: {error}.", "Install vpc-backup-events[terraform].") from None
    try:
        document = hcl2.loads(text if text.endswith("\n") else text + "\n")
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except Exception as error:
        # lark's, which say where and what they expected, over several lines
        raise ValueError((str(error).splitlines() or ["it is not understood"])[0]) from None
    found = []
    for block in _members_of(document, "resource"):
        for type, named in block.items() if isinstance(block, dict) else ():
            for name, body in named.items() if isinstance(named, dict) else ():
                # a block with too few names has its arguments there
                if not isinstance(body, dict):
                    continue
                kind, called = type.strip('"'), name.strip('"')
                arguments = {
                    argument: _value(value) for argument, value in body.items() if not argument.startswith("__")
                }
                found.append(_located(text, kind, called, arguments))
    return [each for each in found if each.type in RESOURCES]


def _members_of(document: Any, name: str) -> list[Any]:
    members = document.get(name, [])
    return members if isinstance(members, list) else []


def read_json(text: str) -> list[Resource]:
    """The resources of a configuration in Terraform's JSON syntax; raises `ValueError` where it can't be read."""
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    resources = document.get("resource", {}) if isinstance(document, dict) else {}
    found = []
    for type, named in resources.items() if isinstance(resources, dict) else ():
        if type not in RESOURCES or not isinstance(named, dict):
            continue
        for name, body in named.items():
            for each in body if isinstance(body, list) else [body]:
                if isinstance(each, dict):
                    arguments = {argument: _of_json(value) for argument, value in each.items()}
                    at = text.find(f'"{name}"', max(text.find(f'"{type}"'), 0))
                    found.append(_in(text, type, name, arguments, at, len(text), r'"{}"\s*:'))
    return found


def judge(resource: Resource) -> Iterator[Found]:
    """What is wrong with a resource."""
    if resource.type == "ibm_en_source":
        yield from _source(resource)
    elif resource.type == "ibm_iam_authorization_policy":
        yield from _policy(resource)
    else:
        yield from _routing(resource)


def _routing(resource: Resource) -> Iterator[Found]:
    """What is wrong with a topic, a webhook or a subscription."""
    arguments = resource.arguments
    for name in REQUIRED[resource.type]:
        if name not in arguments:
            yield Found("P37-tf-routing-required", resource.line, {"name": name}, name)
    longest = LONGEST_NAME.get(resource.type, 255)
    called = arguments.get("name")
    if isinstance(called, str) and not FILLED.search(called) and not 1 <= len(called) <= longest:
        values = {"value": len(called), "expected": longest}
        yield Found("P37-tf-routing-name", resource.line_of("name"), values, "name")
    if resource.type != "ibm_en_destination_webhook":
        return
    type = arguments.get("type")
    if isinstance(type, str) and type != "webhook" and not FILLED.search(type):
        yield Found("P37-tf-webhook-type", resource.line_of("type"), {"value": type}, "type")
    params = _params(arguments.get("config"))
    url, verb = params.get("url"), params.get("verb")
    if isinstance(url, str) and not url.startswith("https://") and not FILLED.match(url):
        yield Found("P37-tf-webhook-url", resource.line_with(url), {"value": url}, "url")
    if isinstance(verb, str) and verb.upper() not in VERBS and not FILLED.search(verb):
        yield Found("P37-tf-webhook-verb", resource.line_with(verb), {"value": verb}, "verb")


def _params(config: Any) -> Mapping[str, Any]:
    """The parameters of a destination, from its blocks."""
    for each in config if isinstance(config, list) else [config]:
        params = each.get("params") if isinstance(each, Mapping) else None
        for one in params if isinstance(params, list) else [params]:
            if isinstance(one, Mapping):
                return one
    return {}


def _source(resource: Resource) -> Iterator[Found]:
    arguments = resource.arguments
    source = arguments.get("source")
    if "source" in arguments:
        yield Found("P37-tf-source", resource.line_of("source"), {}, "source")
        if isinstance(source, str) and "backup-policy" in source:
            yield from registration(source, resource.line_of("source"))
    said = " ".join(str(arguments.get(name, "")) for name in ("name", "description"))
    if "backup-policy" in str(source) or _BACKUP.search(said):
        where = "source" if "source" in arguments else "name"
        yield Found("P37-tf-ibm-source", resource.line_of(where), {}, where)
    for name in REQUIRED[resource.type]:
        if name not in arguments:
            yield Found("P37-tf-required", resource.line, {"name": name}, name)
    if "store_notifications" not in arguments:
        yield Found("P37-tf-store-notifications", resource.line, {}, "store_notifications")
    for name, value in arguments.items():
        if isinstance(value, str) and (left := placeholder(value)):
            yield Found("P37-tf-unfilled", resource.line_of(name), {"value": left}, name)


def _policy(resource: Resource) -> Iterator[Found]:
    arguments = resource.arguments
    about = (arguments.get("target_service_name"), arguments.get("roles"))
    if not any(ABOUT.search(str(each)) for each in about):
        return
    target = arguments.get("target_service_name")
    if target is not UNKNOWN and target != SERVICE:
        yield Found(
            "P37-tf-iam-service", resource.line_of("target_service_name"), {"value": target}, "target_service_name"
        )
    roles = arguments.get("roles")
    if isinstance(roles, list):
        wrong = [role for role in roles if role is not UNKNOWN and role != ROLE]
        if wrong or not roles:
            value = wrong[0] if wrong else "missing"
            yield Found("P37-tf-iam-role", resource.line_of("roles"), {"value": value}, "roles")
    elif roles is not UNKNOWN:
        yield Found("P37-tf-iam-role", resource.line_of("roles"), {"value": roles}, "roles")
    names = {"serviceName": "source_service_name", "resourceType": "source_resource_type"}
    for fact, name in names.items():
        value = arguments.get(name)
        if value is not UNKNOWN and value != SUBJECT[fact]:
            yield Found("P37-tf-iam-subject", resource.line_of(name), {"name": name, "value": value}, name)
    if "source_resource_instance_id" in arguments:
        name = "source_resource_instance_id"
        yield Found("P37-tf-iam-source-instance", resource.line_of(name), {"value": _shown(arguments[name])}, name)
    # one finding a type
    for match in {match[0]: match for match in _NO_TYPE.finditer(resource.text)}.values():
        line = resource.line + resource.text.count("\n", 0, match.start())
        yield Found("P37-tf-iam-resources", line, {"value": match[0]}, "")


def _shown(value: Any) -> Any:
    return repr(value) if value is UNKNOWN else value


def _value(value: Any) -> Any:
    """A value as hcl2 has it: texts in quotes, expressions in `${}`."""
    if isinstance(value, list):
        return [_value(each) for each in value]
    if isinstance(value, dict):
        return {name.strip('"'): _value(each) for name, each in value.items() if not name.startswith("__")}
    if not isinstance(value, str):
        return value
    if len(value) > 1 and value[0] == value[-1] == '"':
        inner = value[1:-1]
        # only an interpolation and nothing else
        return UNKNOWN if FILLED.fullmatch(inner) else inner.replace('\\"', '"')
    return UNKNOWN


def _of_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_of_json(each) for each in value]
    if isinstance(value, dict):
        return {name: _of_json(each) for name, each in value.items()}
    return UNKNOWN if isinstance(value, str) and FILLED.fullmatch(value) else value


def _located(text: str, type: str, name: str, arguments: Mapping[str, Any]) -> Resource:
    head = re.search(rf'^[ \t]*resource\s+"?{re.escape(type)}"?\s+"?{re.escape(name)}"?', text, re.MULTILINE)
    begin = head.start() if head else 0
    following = re.compile(r"^[ \t]*(?:resource|data|module|variable|output|locals|provider|terraform)\b", re.MULTILINE)
    after = following.search(text, head.end() if head else 0)
    return _in(text, type, name, arguments, begin, after.start() if after else len(text), r"^[ \t]*{}\s*=")


def _in(text: str, type: str, name: str, arguments: Mapping[str, Any], begin: int, end: int, form: str) -> Resource:
    inside = text[max(begin, 0) : end]
    first = text.count("\n", 0, max(begin, 0)) + 1
    lines = {}
    for argument in arguments:
        match = re.search(form.format(re.escape(argument)), inside, re.MULTILINE)
        if match:
            lines[argument] = first + inside.count("\n", 0, match.start())
    return Resource(type, name, arguments, first, lines, inside)
