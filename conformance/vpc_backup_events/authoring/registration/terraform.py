"""What the resources of Terraform mean to Event Notifications and IAM, beyond what the provider checks itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vpc_backup_events.authoring.registration import authorizations, conformity
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.configuration import MODULE, Block, Setting, Template, Unknown, is_plain
from vpc_backup_events.authoring.registration.content import Content, Policy
from vpc_backup_events.authoring.registration.iam import facts
from vpc_backup_events.authoring.registration.provider import routing
from vpc_backup_events.authoring.registration.registrations import (
    LineBreach,
    is_about_backup,
    placeholder,
    registration,
)
from vpc_backup_events.authoring.registration.topics import Filters
from vpc_backup_events.values.breach import Path

__all__ = ["content"]

_AUTHORIZATION = "ibm_iam_authorization_policy"
_POLICY = "ibm_is_backup_policy"
_SCHEME = "https://"
# resources whose texts have double braces of their own
_TEMPLATES = "_template"
# the provider's types have no hyphen
_NO_TYPE = re.compile(r"\bibm_\w*-[\w-]*(?=\.)")
# ibm_en_topic.failures["a"].id, whichever of its parts are indexed
_REFERENCE = re.compile(r"(?:data\.)?(ibm_\w+)\.[\w-]+(?:\[[^\[\]]*\])?\.(\w+)")


def content(resource: Block, filters: Filters) -> Content:
    """What a resource makes, and what is wrong with it; modules and authorizations of others are no registrations."""
    if resource.type == MODULE:
        is_ours = any(is_about_backup(str(setting.value)) for setting in resource.every_setting())
        return Content(authorizations=[_unknown(resource.line)] if is_ours else [])
    if resource.type == _AUTHORIZATION:
        authorization = _authorization(resource)
        if not authorization.is_ours:
            return Content(authorizations=[authorization])
        breaches = [*_breaches(resource, filters), *authorizations.breaches(authorization)]
        return Content(1, breaches, [authorization])
    policies = [Policy(_backed_up(resource), resource.line)] if resource.type == _POLICY else []
    return Content(1, list(_breaches(resource, filters)), policies=policies)


def _breaches(resource: Block, filters: Filters) -> Iterator[LineBreach]:
    yield from conformity.breaches(resource)
    yield from _settings(resource)
    yield from _name(resource)
    yield from _destination_type(resource)
    yield from _subscription(resource)
    match resource.type:
        case "ibm_en_source":
            yield from _source(resource)
        case "ibm_en_ibmsource":
            yield from _crn(resource, "source_id", ())
        case "ibm_en_topic":
            for index, source in enumerate(resource.of_type("sources")):
                yield from _crn(source, "id", ("sources", index))
            yield from filters.breaches(resource.of_type("sources"))
        case "ibm_en_destination_webhook":
            yield from _webhook(resource)


# ------------------------------------------------------------------------------------------------------- arguments


def _settings(resource: Block) -> Iterator[LineBreach]:
    """What is left to the reader, and references to what is something else or is nowhere."""
    is_judged = not (resource.type.endswith(_TEMPLATES) or resource.is_planned)
    wrong_types: set[str] = set()
    for setting in resource.every_setting():
        if isinstance(setting.value, Unknown):
            yield from _reference(setting, setting.value.text)
            for match in _NO_TYPE.finditer(setting.value.text):
                if match[0] not in wrong_types:
                    wrong_types.add(match[0])
                    yield LineBreach("P37-tf-iam-resources", setting.line, {"value": match[0]})
        elif is_judged and (left := next(filter(None, map(placeholder, _values(setting.value))), None)):
            # one finding an argument is enough
            yield LineBreach("P37-tf-unfilled", setting.line, {"value": left}, setting.name)


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _reference(setting: Setting, text: str) -> Iterator[LineBreach]:
    """An argument that takes one attribute of a resource and gets another."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return
    for rule in routing().references:
        if setting.name in rule.arguments and match[1].startswith(rule.resources) and match[2] in rule.wrong:
            values = {"name": setting.name, "value": text, "expected": rule.attribute}
            yield LineBreach("P37-tf-reference", setting.line, values, setting.name)


def _source(resource: Block) -> Iterator[LineBreach]:
    source = resource.value("source")
    if is_about_backup(source):
        yield from registration(source, resource.line_of("source"))
    described = " ".join(str(resource.value(name)) for name in ("name", "description"))
    if is_about_backup(source) or is_about_backup(described):
        where = "source" if source is not None else "name"
        yield LineBreach("P37-tf-ibm-source", resource.line_of(where), {}, where)


def _crn(block: Block, name: str, within: Path) -> Iterator[LineBreach]:
    """What is wrong with the CRN of the Backup source; other sources have ids of their own."""
    setting = block.setting(name)
    if setting is None:
        return
    if isinstance(setting.value, Unknown):
        # the CRN of one policy
        if (reference := _REFERENCE.fullmatch(setting.value.text)) and reference[1] == _POLICY:
            yield LineBreach("P37-crn-no-policy", setting.line, {"value": setting.value.text}, name, within)
    elif is_about_backup(setting.value):
        yield from registration(str(setting.value), setting.line, name, within)


def _name(resource: Block) -> Iterator[LineBreach]:
    longest = routing().longest_name(resource.type)
    setting = resource.setting("name")
    if longest is None or setting is None or not is_plain(setting.value):
        return
    if not 1 <= len(setting.value) <= longest:
        values = {"value": len(setting.value), "expected": longest}
        yield LineBreach("P37-tf-routing-name", setting.line, values, "name")


def _destination_type(resource: Block) -> Iterator[LineBreach]:
    wanted = routing().types.get(resource.type)
    type = resource.setting("type")
    # the page of one resource has a second type, for trying it out, which begins with the first
    if wanted and type and is_plain(type.value) and type.value != wanted and not type.value.startswith(f"{wanted}_"):
        yield LineBreach("P37-tf-webhook-type", type.line, {"value": type.value, "expected": wanted}, "type")


def _webhook(resource: Block) -> Iterator[LineBreach]:
    within = ("config", 0, "params", 0)
    for config in resource.of_type("config"):
        for params in config.of_type("params"):
            url, verb = params.setting("url"), params.setting("verb")
            if url and isinstance(url.value, str) and not _begins_right(url.value):
                yield LineBreach("P37-tf-webhook-url", url.line, {"value": url.value}, "url", within)
            if verb and is_plain(verb.value) and verb.value.upper() not in routing().verbs:
                yield LineBreach("P37-tf-webhook-verb", verb.line, {"value": verb.value}, "verb", within)


def _begins_right(url: str) -> bool:
    if not isinstance(url, Template):
        return url.startswith(_SCHEME)
    written = url.partition("${")[0]
    return written.startswith(_SCHEME) or _SCHEME.startswith(written)


def _subscription(resource: Block) -> Iterator[LineBreach]:
    """Attributes that the API asks for, which the provider lets pass."""
    if resource.type in routing().without_attributes:
        yield LineBreach("P37-tf-teams-attributes", resource.line, {"value": resource.type}, "attributes")
    wanted = routing().attributes.get(resource.type, ())
    blocks = list(resource.of_type("attributes")) or [resource]
    if any(block.is_dynamic for block in blocks):
        return
    for name in wanted:
        other = routing().instead.get(name, name)
        if blocks[0].setting(name) is None and blocks[0].setting(other) is None:
            yield LineBreach("P37-tf-subscription-attributes", blocks[0].line, {"name": name}, name)


# ---------------------------------------------------------------------------------- policies and authorizations


def _backed_up(policy: Block) -> str | None:
    """The type of resources that a backup policy backs up; None where it is known later."""
    declared = policy.value("match_resource_type")
    several = policy.value("match_resource_types")
    if declared is None and isinstance(several, list) and len(several) == 1:
        declared = several[0]
    if declared is None and several is None:
        # what the provider takes where nothing is given
        declared = "volume"
    return declared if is_plain(declared) else None


def _authorization(resource: Block) -> Authorization:
    sides: dict[str, dict[str, Setting]] = {"subject": {}, "resource": {}}
    for argument, (side, attribute) in facts().arguments.items():
        setting = resource.setting(argument)
        if setting is not None and setting.value != "":
            sides[side][attribute] = setting
    is_open = False
    lines: list[int] = []
    for name, settings in sides.items():
        blocks = list(resource.of_type(f"{name}_attributes"))
        lines += [block.line for block in blocks[:1]]
        for block in blocks:
            attribute = block.value("name")
            is_open = is_open or block.is_dynamic or not isinstance(attribute, str)
            if isinstance(attribute, str):
                settings.setdefault(attribute, Setting(block.type, block.value("value"), block.line_of("value")))
    declared = resource.value("roles")
    # the type of what is no list is another finding
    roles = declared if isinstance(declared, list) else [] if declared is None else [declared]
    return Authorization(
        "terraform",
        resource.line,
        sides["subject"],
        sides["resource"],
        tuple(Setting("roles", role, resource.line_of("roles")) for role in roles),
        is_open,
        (lines[0], lines[1]) if len(lines) == len(sides) else None,
    )


def _unknown(line: int) -> Authorization:
    """An authorization that a module may make: of Backup for VPC for its own work, and nothing else is known."""
    service = Setting("", facts().subject["serviceName"], line)
    subject = {"serviceName": service, "resourceType": Setting("", facts().subject["resourceType"], line)}
    return Authorization("terraform", line, subject, {"serviceName": service}, (), is_open=True)
