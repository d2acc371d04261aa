"""The descriptions of the APIs in `schemas/api/` as something that finds operations and judges requests and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from vpc_backup_events.spec.engines import Schema, Validator, Violation
from vpc_backup_events.spec.schemas import engine_for, schema, schemas
from vpc_backup_events.values.breach import Path, pointer
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.json_text import NotJsonError, decode, parse

EVENT_NOTIFICATIONS = "event-notifications"
BACKUP_JOBS = "vpc-backup-jobs"

__all__ = [
    "BACKUP_JOBS",
    "EVENT_NOTIFICATIONS",
    "PREFIX",
    "ApiDescription",
    "Match",
    "Operation",
    "Parameter",
    "Problem",
    "description",
    "parse_body",
    "value_of",
]

PREFIX = "urn:vpc-backup-events:api:"
# how the descriptions refer to the schemas of events, so that every tool can follow
_BUNDLE = "../bundle.schema.json#/$defs/"
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")

Where = Literal["path", "query", "header", "body", "answer"]


class Problem(NamedTuple):
    """One thing in a request or an answer that the description does not allow."""

    where: Where
    # of parameters the first step is the name
    path: Path
    message: str
    # None where none of the numbered requirements says it
    requirement: str | None = None

    def __str__(self) -> str:
        return f"{self.where} {pointer(self.path)}: {self.message}".replace(" :", ":")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation.

    Attributes:
        uri: Of the schema.
    """

    name: str
    where: Literal["path", "query", "header"]
    required: bool
    schema: Schema
    uri: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    Attributes:
        id: As IBM's clients name it.
        template: The path with its parameters in braces, after the base URL.
        base: Path of the base URL.
        bodies: Media type -> URI of the schema of the body.
        answers: Status -> URI of the schema of the answer, None where it has no body.
        answer_headers: Status -> names of the headers that the answer must have.
        secured: Whether a bearer token is needed.
    """

    api: ApiDescription
    id: str
    method: str
    template: str
    base: str
    parameters: tuple[Parameter, ...]
    bodies: Mapping[str, str]
    body_required: bool
    answers: Mapping[int, str | None]
    answer_headers: Mapping[int, tuple[str, ...]]
    secured: bool

    def parameter_problems(self, where: Where, values: Mapping[str, str]) -> list[Problem]:
        """What is wrong with the parameters of the path, the query or the headers."""
        problems = []
        for parameter in self.parameters:
            if parameter.where != where:
                continue
            if parameter.name not in values:
                if parameter.required:
                    problems.append(Problem(where, (parameter.name,), "is missing", _first(parameter.schema)))
                continue
            value = value_of(parameter, values[parameter.name])
            problems += self.api.problems(parameter.uri, value, where, (parameter.name,))
        return problems

    def body_problems(self, media: str, value: Any) -> list[Problem]:
        """What is wrong with a body of this media type, one of `bodies`, that `parse_body` has read."""
        return self.api.problems(self.bodies[media], value, "body", ())

    def answer_problems(self, status: int, headers: Mapping[str, str], body: bytes) -> list[Problem]:
        """What is wrong with an answer; names of headers are in lower case."""
        if status not in self.answers:
            return [Problem("answer", (), f"the status {status} is not described")]
        uri = self.answers[status]
        problems = [
            Problem("answer", (name,), "is missing", _PROMISED.get((status, name)))
            for name in self.answer_headers[status]
            if name not in headers
        ]
        if uri is None:
            return [*problems, *([Problem("answer", (), "there is a body")] if body else [])]
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            problems.append(Problem("answer", (), "the media type is not application/json"))
        try:
            value = parse(decode(body))
        except NotJsonError as error:
            return [*problems, Problem("answer", (), f"the body is no JSON: {error}")]
        return problems + self.api.problems(uri, value, "answer", ())


_PROMISED = {(429, "retry-after"): "P34-too-many-retry-after"}


class Match(NamedTuple):
    """What a path leads to."""

    # None where the method is not one of the path's
    operation: Operation | None
    # decoded parameters of the path
    values: Mapping[str, str]
    # methods of the path
    allowed: tuple[str, ...]


class ApiDescription:
    """One description."""

    def __init__(self, name: str) -> None:
        file = data_root("schemas") / "api" / f"{name}.openapi.json"
        # as the file has it
        self.document: dict[str, Any] = json.loads(file.read_bytes())
        self.uri = PREFIX + name
        self._document = _rewritten(self.document, lambda ref: ref.removeprefix(_BUNDLE))
        # the schemas of parameters, bodies and answers, in a place that a URI can name
        self._judged: list[Schema] = []
        self.operations: Mapping[str, Operation] = {operation.id: operation for operation in self._operations()}
        judged = {str(number): node for number, node in enumerate(self._judged)}
        self._engine = engine_for({**schemas(), self.uri: {**self._document, "$defs": judged}})
        self._validators: dict[str, Validator] = {}

    def match(self, method: str, raw_path: str) -> Match | None:
        """The operation at a path as it is on the wire, with the base URL's path; None where nothing is there."""
        steps = raw_path.split("/")
        candidates: list[tuple[Operation, dict[str, str]]] = []
        for operation in self.operations.values():
            values = _bind((operation.base + operation.template).split("/"), steps)
            if values is not None:
                candidates.append((operation, values))
        if not candidates:
            return None
        allowed = tuple(operation.method for operation, _ in candidates)
        return next(
            (Match(operation, values, allowed) for operation, values in candidates if operation.method == method),
            Match(None, {}, allowed),
        )

    def problems(self, uri: str, value: Any, where: Where, at: Path) -> list[Problem]:
        """What is wrong with a value by the schema at `uri`; one problem a place and requirement."""
        if uri not in self._validators:
            self._validators[uri] = self._engine.validator(uri)
        validator = self._validators[uri]
        if validator.is_valid(value):
            return []
        problems = [
            problem for violation in validator.violations(value) for problem in _problems(violation, value, where, at)
        ]
        return sorted(dict.fromkeys(problems), key=lambda problem: (pointer(problem.path), problem.message))

    def self_contained(self) -> dict[str, Any]:
        """The description with the schemas of events inside it, for tools that follow no reference out of a file."""
        return with_event_schemas(self._document)

    def _operations(self) -> Iterator[Operation]:
        for template, item in self.document["paths"].items():
            server = item.get("servers", self.document["servers"])[0]["url"]
            for method, node in item.items():
                if isinstance(node, dict) and "operationId" in node:
                    yield self._operation(node, item, method.upper(), template, urlsplit(server).path)

    def _operation(self, node: Schema, item: Schema, method: str, template: str, base: str) -> Operation:
        parameters = [self._parameter(each) for owner in (item, node) for each in owner.get("parameters", ())]
        body = node.get("requestBody", {})
        bodies = {media: self._judge(each["schema"]) for media, each in body.get("content", {}).items()}
        answers: dict[int, str | None] = {}
        headers: dict[int, tuple[str, ...]] = {}
        for status, answer in node["responses"].items():
            answer = self._resolved(answer)
            content = next(iter(answer.get("content", {}).values()), None)
            answers[int(status)] = self._judge(content["schema"]) if content else None
            wanted = (name for name, each in answer.get("headers", {}).items() if self._resolved(each)["required"])
            headers[int(status)] = tuple(name.lower() for name in wanted)
        return Operation(
            self,
            node["operationId"],
            method,
            template,
            base,
            tuple(parameters),
            bodies,
            body.get("required", False),
            answers,
            headers,
            node.get("security") != [],
        )

    def _parameter(self, node: Schema) -> Parameter:
        node = self._resolved(node)
        uri = self._judge(node["schema"])
        return Parameter(node["name"], node["in"], node.get("required", False), node["schema"], uri)

    def _resolved(self, node: Schema) -> Schema:
        """The node, or the one that it refers to."""
        while "$ref" in node:
            here = self._document
            for step in node["$ref"].split("/")[1:]:
                here = here[step]
            node = here
        return node

    def _judge(self, node: Schema) -> str:
        """The URI of a schema that values are to be judged by."""
        self._judged.append(node)
        return f"{self.uri}#/$defs/{len(self._judged) - 1}"


@cache
def description(name: str) -> ApiDescription:
    """The description of an API, `EVENT_NOTIFICATIONS` or `BACKUP_JOBS`."""
    return ApiDescription(name)


def parse_body(media: str, content_type: str, body: bytes) -> Any:
    """The value of a body: JSON, or a form with its parts by name. Raises `NotJsonError` where it can't be read."""
    if media == "application/x-www-form-urlencoded":
        from urllib.parse import parse_qsl

        return dict(parse_qsl(decode(body), keep_blank_values=True))
    if media == "multipart/form-data":
        return _form(content_type, body)
    return parse(decode(body))


def _form(content_type: str, body: bytes) -> dict[str, Any]:
    from email.parser import BytesParser
    from email.policy import HTTP

    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    if not message.is_multipart():
        raise NotJsonError("the form has no parts.")
    form: dict[str, Any] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise NotJsonError("a part of the form has no name.")
        content = part.get_payload(decode=True)
        text = decode(content if isinstance(content, bytes) else b"")
        form[name] = parse(text) if part.get_content_type() == "application/json" else text
    return form


def value_of(parameter: Parameter, text: str) -> Any:
    """The value that the text of a parameter stands for."""
    if parameter.schema.get("type") == "integer" and _INTEGER.match(text):
        return int(text)
    return text


def _bind(template: list[str], steps: list[str]) -> dict[str, str] | None:
    if len(template) != len(steps):
        return None
    values = {}
    for wanted, raw in zip(template, steps, strict=True):
        step = unquote(raw)
        if wanted.startswith("{"):
            if not step:
                return None
            values[wanted[1:-1]] = step
        elif wanted != step:
            return None
    return values


def _problems(violation: Violation, value: Any, where: Where, at: Path) -> Iterator[Problem]:
    path, keyword, here = violation
    carried = here.get("x-requirements", {}).get(keyword)
    for step in path:
        value = value[step]
    if keyword == "required":
        for name in here["required"]:
            if name not in value:
                yield Problem(where, (*at, *path, name), "is missing", (carried or {}).get(name))
        return
    yield Problem(where, (*at, *path), _said(keyword, here), carried)


def _said(keyword: str, here: Schema) -> str:
    value = here[keyword]
    words = {
        "type": f"is no {value}",
        "minLength": f"is shorter than {value}",
        "maxLength": f"is longer than {value}",
        "minimum": f"is less than {value}",
        "maximum": f"is more than {value}",
        "minItems": f"has less than {value} entries",
        "maxItems": f"has more than {value} entries",
        "pattern": "does not have the form that is described",
    }
    return words.get(keyword) or (
        f"is none of {', '.join(map(str, value))}" if keyword == "enum" else f"fails {keyword}"
    )


def _first(here: Schema) -> str | None:
    carried: Iterable[str] = here.get("x-requirements", {}).values()
    return next(iter(carried), None)


def with_event_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The description with every schema that it refers to by a URI among its components, references changed."""
    inner: dict[str, Schema] = {}

    def name(uri: str) -> str:
        key = uri.removeprefix("urn:vpc-backup-events:schema:").replace(":", "-")
        if key not in inner:
            inner[key] = {}
            plain = {k: v for k, v in schema(uri).items() if k not in ("$schema", "$id", "examples")}
            here = f"#/components/schemas/{key}"
            inner[key] = _rewritten(plain, lambda ref: here + ref[1:] if ref[0] == "#" else outward(ref))
        return f"#/components/schemas/{key}"

    def outward(ref: str) -> str:
        uri, mark, path = ref.partition("#")
        return ref if not uri else name(uri) + (path if mark else "")

    contained: dict[str, Any] = _rewritten(document, outward)
    contained["components"]["schemas"] |= inner
    return contained


def _rewritten(node: Any, change: Any) -> Any:
    """The node with every `$ref` and every target of a discriminator changed."""
    if isinstance(node, list):
        return [_rewritten(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: change(value)
        if key == "$ref" and isinstance(value, str)
        else {name: change(ref) for name, ref in value.items()}
        if key == "mapping"
        else _rewritten(value, change)
        for key, value in node.items()
    }
