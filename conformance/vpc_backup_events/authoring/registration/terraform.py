"""What the resources of Terraform mean to Event Notifications and IAM, beyond what the provider checks itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vpc_backup_events.authoring.registration import authorizations, conformity
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.configuration import Block, Resource, Setting, Template, Unknown, is_plain
from vpc_backup_events.authoring.registration.needs import Policy
from vpc_backup_events.authoring.registration.provider import resources, routing
from vpc_backup_events.authoring.registration.registrations import (
    LineBreach,
    is_about_backup,
    placeholder,
    registration,
)
from vpc_backup_events.authoring.registration.topics import Filters

__all__ = ["AUTHORIZATION", "MODULE", "TYPES", "authorization", "breaches", "is_ours", "names_ours", "policy"]

AUTHORIZATION = "ibm_iam_authorization_policy"
MODULE = "module"
#: what is read of a configuration
TYPES = frozenset(resources()) | {MODULE}
_POLICY = "ibm_is_backup_policy"
_SOURCE, _IBM_SOURCE, _TOPIC, _WEBHOOK = (
    "ibm_en_source",
    "ibm_en_ibmsource",
    "ibm_en_topic",
    "ibm_en_destination_webhook",
)
_SCHEME = "https://"
# resources whose texts have double braces of their own
_TEMPLATES = "_template"
# the provider's types have no hyphen
_NO_TYPE = re.compile(r"\bibm_\w*-[\w-]*(?=\.)")
# ibm_en_topic.failures["a"].id, whichever of its parts are indexed
_REFERENCE = re.compile(r"(?:data\.)?(ibm_\w+)\.[\w-]+(?:\[[^\[\]]*\])?\.(\w+)")


# the beginning of a resource, or of a module
_DECLARED = re.compile(r'\bresource[ \t]*+"?+[ \t]*+(?P<type>ibm_\w+)|^[ \t]*+(?P<module>module)\b', re.MULTILINE)


def names_ours(text: str) -> bool:
    """Whether a configuration may declare something that the kit looks at."""
    declared = {match["type"] or match["module"] for match in _DECLARED.finditer(text)}
    return bool(declared & set(resources())) or (MODULE in declared and is_about_backup(text))


def authorization(resource: Resource) -> Authorization | None:
    """The authorization that a resource makes; one of which nothing is known, where a module may make it."""
    if resource.type == AUTHORIZATION:
        return authorizations.of_terraform(resource)
    if resource.type == MODULE and any(is_about_backup(str(s.value)) for s in resource.body.every_setting()):
        return authorizations.unknown(resource.line)
    return None


def is_ours(resource: Resource) -> bool:
    """Whether a resource is about Event Notifications or Backup for VPC; an authorization of others is not."""
    if resource.type == AUTHORIZATION:
        return authorizations.of_terraform(resource).is_ours
    return resource.type != MODULE


def policy(resource: Resource, file: str | None) -> Policy | None:
    """The backup policy that the resource makes; None where it makes none."""
    if resource.type != _POLICY:
        return None
    declared = resource.body.value("match_resource_type")
    several = resource.body.value("match_resource_types")
    if declared is None and isinstance(several, list) and len(several) == 1:
        declared = several[0]
    if declared is None and several is None:
        # what the provider takes where nothing is given
        declared = "volume"
    return Policy(declared if is_plain(declared) else None, file, resource.line)


def breaches(resource: Resource, filters: Filters) -> Iterator[LineBreach]:
    """What is wrong with a resource that is ours."""
    yield from conformity.breaches(resource)
    yield from _placeholders(resource)
    yield from _references(resource)
    yield from _types(resource)
    if resource.type == AUTHORIZATION:
        yield from _authorization(resource)
        return
    if resource.type == _SOURCE:
        yield from _source(resource.body)
    elif resource.type == _IBM_SOURCE:
        yield from _crn(resource.body, "source_id", ())
    elif resource.type == _TOPIC:
        for index, source in enumerate(resource.body.of_type("sources")):
            yield from _crn(source, "id", ("sources", index))
            yield from filters.breaches(source, ("sources", index))
    yield from _name(resource)
    yield from _destination(resource)
    yield from _subscription(resource)


def _authorization(resource: Resource) -> Iterator[LineBreach]:
    authorization = authorizations.of_terraform(resource)
    yield from authorizations.breaches(authorization)
    sections = [next(resource.body.of_type(f"{side}_attributes"), None) for side in ("subject", "resource")]
    if authorization.is_towards_event_notifications and None not in sections:
        yield from authorizations.attribute_breaches(authorization, *(block.line for block in sections if block))


def _source(body: Block) -> Iterator[LineBreach]:
    source = body.value("source")
    if is_about_backup(source):
        yield from registration(source, body.line_of("source"))
    described = " ".join(str(body.value(name)) for name in ("name", "description"))
    if is_about_backup(source) or is_about_backup(described):
        where = "source" if source is not None else "name"
        yield LineBreach("P37-tf-ibm-source", body.line_of(where), {}, where)


def _crn(block: Block, name: str, within: tuple[str | int, ...]) -> Iterator[LineBreach]:
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


def _name(resource: Resource) -> Iterator[LineBreach]:
    longest = routing().longest_name(resource.type)
    setting = resource.body.setting("name")
    if longest is None or setting is None or not is_plain(setting.value):
        return
    if not 1 <= len(setting.value) <= longest:
        values = {"value": len(setting.value), "expected": longest}
        yield LineBreach("P37-tf-routing-name", setting.line, values, "name")


def _destination(resource: Resource) -> Iterator[LineBreach]:
    wanted = routing().types.get(resource.type)
    type = resource.body.setting("type")
    if wanted and type and is_plain(type.value) and not _is_type(type.value, wanted):
        yield LineBreach("P37-tf-webhook-type", type.line, {"value": type.value, "expected": wanted}, "type")
    if resource.type != _WEBHOOK:
        return
    for block in resource.body.of_type("config"):
        for params in block.of_type("params"):
            yield from _params(params, ("config", 0, "params", 0))


def _subscription(resource: Resource) -> Iterator[LineBreach]:
    """Attributes that the API asks for, which the provider lets pass."""
    if resource.type in routing().without_attributes:
        yield LineBreach("P37-tf-teams-attributes", resource.line, {"value": resource.type}, "attributes")
    wanted = routing().attributes.get(resource.type, ())
    blocks = list(resource.body.of_type("attributes")) or [resource.body]
    if any(block.is_dynamic for block in blocks):
        return
    for name in wanted:
        other = routing().instead.get(name, name)
        if blocks[0].setting(name) is None and blocks[0].setting(other) is None:
            yield LineBreach("P37-tf-subscription-attributes", blocks[0].line, {"name": name}, name)


def _is_type(type: str, wanted: str) -> bool:
    """Whether a destination has its type; the page of one resource has a second one, for trying it out."""
    return type == wanted or type.startswith(f"{wanted}_")


def _params(params: Block, within: tuple[str | int, ...]) -> Iterator[LineBreach]:
    url, verb = params.setting("url"), params.setting("verb")
    if url and isinstance(url.value, str) and not _begins_right(url.value):
        yield LineBreach("P37-tf-webhook-url", url.line, {"value": url.value}, "url", within)
    if verb and is_plain(verb.value) and verb.value.upper() not in routing().verbs:
        yield LineBreach("P37-tf-webhook-verb", verb.line, {"value": verb.value}, "verb", within)


def _begins_right(url: str) -> bool:
    written = url.partition("${")[0] if isinstance(url, Template) else url
    is_filled = isinstance(url, Template) and _SCHEME.startswith(written)
    return is_filled or written.startswith(_SCHEME)


def _placeholders(resource: Resource) -> Iterator[LineBreach]:
    """One finding for each argument that is left to the reader."""
    if resource.type.endswith(_TEMPLATES) or resource.is_planned:
        return
    for setting in resource.body.every_setting():
        for text in _texts(setting.value):
            if left := placeholder(text):
                yield LineBreach("P37-tf-unfilled", setting.line, {"value": left}, setting.name)
                break


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (element for element in value if isinstance(element, str))
    elif isinstance(value, dict):
        yield from (member for member in value.values() if isinstance(member, str))


def _references(resource: Resource) -> Iterator[LineBreach]:
    """Arguments that take one attribute of a resource and get another."""
    for setting in resource.body.every_setting():
        if isinstance(setting.value, Unknown):
            yield from _reference(setting, setting.value.text)


def _reference(setting: Setting, text: str) -> Iterator[LineBreach]:
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return
    for rule in routing().references:
        if setting.name in rule.arguments and match[1].startswith(rule.resources) and match[2] in rule.wrong:
            values = {"name": setting.name, "value": text, "expected": rule.attribute}
            yield LineBreach("P37-tf-reference", setting.line, values, setting.name)


def _types(resource: Resource) -> Iterator[LineBreach]:
    """Types of resources that the provider does not have; one finding a type."""
    names: dict[str, LineBreach] = {}
    for setting in resource.body.every_setting():
        if isinstance(setting.value, Unknown):
            for match in _NO_TYPE.finditer(setting.value.text):
                names.setdefault(match[0], LineBreach("P37-tf-iam-resources", setting.line, {"value": match[0]}))
    yield from names.values()
