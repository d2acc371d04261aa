"""Handlebars as Event Notifications has it: the helpers and the escaping of raymond, on pydantic-handlebars.

Of the libraries for Python that one is maintained, typed, bounds depth and output, and names line and column of an
error; pybars3 and pybars4 have had no release since 2021, and chevron renders Mustache, which has no helpers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_handlebars import (
    HandlebarsEnvironment,
    HandlebarsError,
    HelperOptions,
    SafeString,
    check_template_compatibility,
)

HELPERS = ("if", "unless", "each", "with", "lookup", "log", "equal", "contains", "event_payload")
# a template of 20000 characters that repeats a whole event in a loop is still far below, in characters
_LARGEST = 2_000_000
# handlebars.js, and so the library, escapes three characters in another way than raymond
_RAYMOND = {"&#x3D;": "=", "&#x60;": "`", "&#x27;": "&apos;"}
_CALL = re.compile(r"(?:\{\{~?#?|\()\s*([A-Za-z_]\w*)\s+(?=[\w\"'@.(\[])")


# what stands in braces, and what ends or escapes a text of JSON
_TOKEN = re.compile(r'\\.|"|\{\{\{[^{}]*\}\}\}|\{\{[^{}]*\}\}', re.DOTALL)
_PAYLOAD = re.compile(r"\{\{\{?\s*event_payload\s*\}?\}\}")
_PAYLOAD_AS_TEXT = "event_payload_as_text"


class TemplateError(ValueError):
    """The template can't be read or rendered; `str()` says why."""


def rendered(template: str, event: Mapping[str, Any]) -> str:
    """The template filled in. Raises `TemplateError`."""
    unknown = sorted({name for name in _CALL.findall(template) if name not in (*HELPERS, "else", "as")})
    if unknown:
        raise TemplateError(f"there is no helper {unknown[0]}")
    try:
        text = _environment(event).render(_with_payload_as_text(template), dict(event))
    except HandlebarsError as error:
        raise TemplateError(str(error).rstrip(".")) from None
    except (RecursionError, ValueError, TypeError) as error:
        raise TemplateError(f"it can't be rendered ({type(error).__name__})") from None
    for written, wanted in _RAYMOND.items():
        text = text.replace(written, wanted)
    return text


def _with_payload_as_text(template: str) -> str:
    """The template in which the whole event, where it stands between quotes of JSON, is the content of a text.

    The one use of `event_payload` that the documentation shows is this, in the default template of Slack.
    """
    parts: list[str] = []
    is_text = False
    end = 0
    for token in _TOKEN.finditer(template):
        parts.append(template[end : token.start()])
        end = token.end()
        is_payload = is_text and _PAYLOAD.fullmatch(token[0])
        parts.append("{{{" + _PAYLOAD_AS_TEXT + "}}}" if is_payload else token[0])
        if token[0] == '"':
            is_text = not is_text
    return "".join([*parts, template[end:]])


def undefined(template: str, event: Mapping[str, Any]) -> Iterator[str]:
    """Paths of the template that lead to nothing in the event, but for those that an `if` guards."""
    schema = _shape(dict(event))
    guarded = set(re.findall(r"\{\{~?#(?:if|unless)\s+([\w.\[\]@/-]+)", template))
    try:
        issues = check_template_compatibility(template, schema, helpers=set(HELPERS)).issues
    except (HandlebarsError, RecursionError, ValueError, TypeError, KeyError):
        return
    paths = dict.fromkeys(issue.field_path.removeprefix("@root.") for issue in issues)
    yield from (path for path in paths if path and path not in guarded)


def _shape(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        properties = {name: _shape(member) for name, member in value.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    return {} if value is None or isinstance(value, list) else {"type": "string"}


def _environment(event: Mapping[str, Any]) -> HandlebarsEnvironment:
    environment = HandlebarsEnvironment(auto_escape=True, max_depth=50, max_output_size=_LARGEST)

    def event_payload(*values: object, options: HelperOptions) -> SafeString:
        return SafeString(json.dumps(event, ensure_ascii=False))

    def event_payload_as_text(*values: object, options: HelperOptions) -> SafeString:
        return SafeString(json.dumps(json.dumps(event, ensure_ascii=False), ensure_ascii=False)[1:-1])

    def equal(*values: object, options: HelperOptions) -> Any:
        return _choose(values, options, len(values) > 1 and _text(values[-2]) == _text(values[-1]))

    def contains(*values: object, options: HelperOptions) -> Any:
        return _choose(values, options, len(values) > 1 and _text(values[-1]) in _text(values[-2]))

    for helper in (event_payload, event_payload_as_text, equal, contains):
        environment.register_helper(helper.__name__, helper)
    return environment


def _choose(values: tuple[object, ...], options: HelperOptions, holds: bool) -> Any:
    """A block's content, or the truth where the helper stands in parentheses; a block gets its context first."""
    if len(values) > 2:
        return SafeString(options.fn(values[0]) if holds else options.inverse(values[0]))
    return holds


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
