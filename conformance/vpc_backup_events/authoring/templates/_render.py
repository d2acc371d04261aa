"""A template rendered and judged."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from vpc_backup_events.authoring.filters.forms import details
from vpc_backup_events.authoring.templates._handlebars import TemplateError, rendered, undefined
from vpc_backup_events.catalog.names import LONG
from vpc_backup_events.checking.findings import findings
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.json_text import NotJsonError, parse
from vpc_backup_events.values.report import Finding, Profile

# where the long text as JSON of its own may help
_ABOUT_LONG_TEXT = frozenset({"P25-template-quotes", "P25-template-entities", "P11-template-long-text"})
# of the body in base64, as the API takes it
LONGEST = 20_000
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*\Z")
_RAW = re.compile(r"\{\{\{\s*~?\s*([\w.]+)\s*~?\s*\}\}\}|\{\{&\s*([\w.]+)\s*\}\}")
_ESCAPED = re.compile(r"(?<!\{)\{\{~?\s*([\w.]+)\s*~?\}\}(?!\})")


def render(template: str, event: Mapping[str, Any], profile: Profile) -> tuple[str, tuple[Finding, ...]]:
    """The text, and the findings of the profile, of the worst level first."""
    plain = decoded(template)
    text, breaches = "", []
    length = len(base64.b64encode(plain.encode("utf-8", "replace")))
    if not 1 <= length <= LONGEST:
        breaches.append(Breach("P25-template-length", (), {"value": length}))
    if 0 < length <= 4 * LONGEST:
        try:
            text = rendered(plain, event)
        except TemplateError as error:
            breaches.append(Breach("P25-template-readable", (), {"reason": str(error)}))
        else:
            breaches += _breaches(plain, event, text)
    works = _works(plain, event, {breach.requirement for breach in breaches})
    return text, tuple(_with(finding, works) for finding in findings(breaches, profile))


def decoded(template: str) -> str:
    """The template as a person writes it, where it is given in base64."""
    if not _BASE64.match(template) or "{" in template:
        return template
    try:
        plain = base64.b64decode("".join(template.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return template
    return plain if "{{" in plain or plain.lstrip().startswith(("{", "[", '"')) else template


def _breaches(template: str, event: Mapping[str, Any], text: str) -> Iterator[Breach]:
    for path in undefined(template, event):
        first, _, rest = path.partition(".")
        inside = (first == LONG and rest) or first in details()
        requirement = "P11-template-long-text" if inside else "P03-template-attribute"
        yield Breach(requirement, tuple(path.split(".")), {"name": path})
    for path in dict.fromkeys(_ESCAPED.findall(template)):
        value = event.get(path)
        if isinstance(value, str) and '"' in value:
            yield Breach("P25-template-entities", (path,), {"name": path, "value": "&quot;"})
    if reason := _no_json(text):
        raw = dict.fromkeys(one or other for one, other in _RAW.findall(template))
        quoted = [path for path in raw if _is_quoted(event.get(path)) and _between_quotes(template, path)]
        for path in quoted:
            yield Breach("P25-template-quotes", (path,), {"name": path})
        if not quoted:
            yield Breach("P25-template-json", (), {"reason": reason})


def _is_quoted(value: Any) -> bool:
    return isinstance(value, str) and any(c in '"\\' or c < " " for c in value)


def _between_quotes(template: str, path: str) -> bool:
    name = re.escape(path)
    return re.search(rf'"[^"{{}}]*(\{{\{{\{{\s*{name}|\{{\{{&\s*{name})', template) is not None


def _no_json(text: str) -> str:
    try:
        parse(text)
    except NotJsonError as error:
        return str(error).rstrip(".")
    return ""


def _works(template: str, event: Mapping[str, Any], broken: set[str]) -> str:
    """The template with the long text as JSON of its own, where that works; else empty."""
    if not broken & _ABOUT_LONG_TEXT:
        return ""
    members = "|".join(sorted(details()))
    inside = rf'"?\{{\{{+&?\s*(?:{LONG}(?:\.\w+)?|{members})\s*\}}+"?'
    # a blank keeps the braces of the JSON apart from those of the template
    changed = re.sub(rf"{inside}(?P<next>\}}?)", lambda m: f"{{{{{{{LONG}}}}}}}{m['next'] and ' }'}", template)
    try:
        return changed if changed != template and not _no_json(rendered(changed, event)) else ""
    except TemplateError:
        return ""


def _with(finding: Finding, works: str) -> Finding:
    """The finding with the template that works, where there is one."""
    if not works or finding.requirement not in _ABOUT_LONG_TEXT:
        return finding
    return replace(finding, hint=f"{finding.hint} Where the long text is JSON, it can stand as such: {works}")
