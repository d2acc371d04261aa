"""A description of an API: its operations, and what is wrong with the parameters, bodies and answers of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from vpc_backup_events.spec.engines import CARRIED, Schema, Validator
from vpc_backup_events.spec.openapi.problems import Problem, Where, problems
from vpc_backup_events.spec.openapi.references import with_changed_references, with_event_schemas
from vpc_backup_events.spec.schemas import engine_for, schemas
from vpc_backup_events.values.breach import Path, pointer
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.json_text import NotJsonError, decode, parse

__all__ = [
    "BACKUP_JOBS",
    "EVENT_NOTIFICATIONS",
    "PREFIX",
    "ApiDescription",
    "Match",
    "Operation",
    "Parameter",
    "description",
    "value_of",
]

EVENT_NOTIFICATIONS = "event-notifications"
BACKUP_JOBS = "vpc-backup-jobs"
PREFIX = "urn:vpc-backup-events:api:"
# how the descriptions refer to the schemas of events, so that every tool can follow
_BUNDLE = "../bundle.schema.json#/$defs/"
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")


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
        self._document = with_changed_references(self.document, lambda ref: ref.removeprefix(_BUNDLE))
        # the schemas of parameters, bodies and answers, by names that a URI can end in
        self._schemas: dict[str, Schema] = {}
        self.operations: Mapping[str, Operation] = {operation.id: operation for operation in self._operations()}
        self._engine = engine_for({**schemas(), self.uri: {**self._document, "$defs": self._schemas}})
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
        # in the order in which they are found, as some have the same place and the same message
        distinct: dict[Problem, None] = {}
        for violation in validator.violations(value):
            distinct |= dict.fromkeys(problems(violation, value, where, at))
        return sorted(distinct, key=lambda problem: (pointer(problem.path), problem.message))

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
        parameters = (*item.get("parameters", ()), *node.get("parameters", ()))
        body = node.get("requestBody", {})
        bodies = {media: self._uri_of(content["schema"]) for media, content in body.get("content", {}).items()}
        answers: dict[int, str | None] = {}
        headers: dict[int, tuple[str, ...]] = {}
        for status, answer in node["responses"].items():
            answer = self._target(answer)
            content = next(iter(answer.get("content", {}).values()), None)
            answers[int(status)] = self._uri_of(content["schema"]) if content else None
            fields = answer.get("headers", {}).items()
            headers[int(status)] = tuple(name.lower() for name, field in fields if self._target(field)["required"])
        return Operation(
            self,
            node["operationId"],
            method,
            template,
            base,
            tuple(map(self._parameter, parameters)),
            bodies,
            answers,
            headers,
            node.get("security") != [],
        )

    def _parameter(self, node: Schema) -> Parameter:
        node = self._target(node)
        uri = self._uri_of(node["schema"])
        return Parameter(node["name"], node["in"], node.get("required", False), node["schema"], uri)

    def _target(self, node: Schema) -> Schema:
        """The node, or the one that it refers to."""
        while "$ref" in node:
            here = self._document
            for step in node["$ref"].split("/")[1:]:
                here = here[step]
            node = here
        return node

    def _uri_of(self, node: Schema) -> str:
        """The URI of a schema that values are to be judged by."""
        name = str(len(self._schemas))
        self._schemas[name] = node
        return f"{self.uri}#/$defs/{name}"


@cache
def description(name: str) -> ApiDescription:
    """The description of an API, `EVENT_NOTIFICATIONS` or `BACKUP_JOBS`."""
    return ApiDescription(name)


def _first(here: Schema) -> str | None:
    return next(iter(here.get(CARRIED, {}).values()), None)


def value_of(parameter: Parameter, text: str) -> Any:
    """The value that the text of a parameter stands for."""
    if parameter.schema.get("type") == "integer" and _INTEGER.match(text):
        return int(text)
    return text


def _bind(template: list[str], steps: list[str]) -> dict[str, str] | None:
    if len(template) != len(steps):
        return None
    values = {}
    for pattern, raw in zip(template, steps, strict=True):
        step = unquote(raw)
        if pattern.startswith("{"):
            if not step:
                return None
            values[pattern[1:-1]] = step
        elif pattern != step:
            return None
    return values
