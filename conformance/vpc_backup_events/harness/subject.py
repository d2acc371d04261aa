"""A subject that speaks the protocol: a producer or a consumer in another process."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from threading import Lock
from typing import Any, Literal, NoReturn

from vpc_backup_events.harness.process import LineError, LineProcess
from vpc_backup_events.spec.engines import Validator
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import Declined, KitError, UsageError
from vpc_backup_events.values.report import Profile
from vpc_backup_events.values.scenario import Scenario
from vpc_backup_events.values.visible import visible

__all__ = ["Subject", "SubjectError"]

PROTOCOL = 1
PREFIX = "urn:vpc-backup-events:schema:harness:"
SHOWN = 200


class SubjectError(KitError):
    """The subject's program failed; nothing is said about whether it conforms."""

    code = "subject"


class Subject:
    """A program that speaks the harness protocol, for as long as the `with` block.

    Every wait ends after `timeout` seconds. A program that hangs, dies, floods or talks nonsense raises `SubjectError`,
    and so does every question after it: what it would have answered is not known. Calls from several threads take
    turns.
    """

    def __init__(
        self,
        command: Sequence[str] | str,
        *,
        role: Literal["producer", "consumer"],
        profile: Profile = "documented",
        timeout: float = 10.0,
    ) -> None:
        """`command` is a list, or text that is split as a shell does. Raises `SubjectError`."""
        self._command = shlex.split(command) if isinstance(command, str) else list(command)
        if not self._command:
            raise UsageError("The command of the subject is empty.", "Give the program that speaks the protocol.")
        self._timeout = timeout
        self._lock = Lock()
        self._failed: SubjectError | None = None
        self._ids = map(str, count(1))
        try:
            self._process = LineProcess(self._command)
        except OSError as error:
            raise SubjectError(
                f"{self._command[0]} can't be started: {error.strerror or error}.", "Check the command and its path."
            ) from None
        try:
            started = self._ask({"type": "start", "protocol": PROTOCOL, "role": role, "profile": profile}, "started")
            if started["protocol"] != PROTOCOL:
                raise self._fail(f"It speaks version {started['protocol']} of the protocol, the kit speaks {PROTOCOL}.")
        except BaseException:
            # also an interrupt: a program that has not answered yet is not left behind
            self._process.kill()
            raise
        self.name: str = started["name"]
        self.observes: bool = started.get("observe", False)

    def __enter__(self) -> Subject:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Tells the program to stop, and ends it where it does not."""
        with self._lock:
            if self._failed is None:
                try:
                    self._process.write(b'{"type":"stop"}\n', self._timeout)
                except LineError:
                    self._process.kill()
                    return
            self._process.stop(min(self._timeout, 2.0) if self._failed is None else 0)

    def produce(self, scenario: Scenario) -> Any:
        """The event of a scenario: a dict, text, or a pair of headers and body. Raises `Declined`, `SubjectError`."""
        answer = self._ask({"type": "scenario", "id": next(self._ids), "scenario": scenario.as_json()}, "event")
        if "event" in answer:
            return answer["event"]
        return answer["text"] if "text" in answer else (answer["headers"], _body(answer))

    def consume(self, headers: Mapping[str, str], body: bytes, method: str = "POST") -> int:
        """The status that a consumer answers. Raises `Declined`, `SubjectError`."""
        message = {
            "type": "delivery",
            "id": next(self._ids),
            "method": method,
            "headers": dict(headers),
            **_written(body),
        }
        status: int = self._ask(message, "answer")["status"]
        return status

    def observe(self) -> list[dict[str, Any]]:
        """What a consumer made of the events so far, oldest first. Raises `Declined`, `SubjectError`."""
        answer = self._ask({"type": "observe", "id": next(self._ids)}, "interpretations")
        return list(answer["interpretations"])

    def _ask(self, message: dict[str, Any], type: str) -> dict[str, Any]:
        """The answer to a message, which is to be of this type."""
        with self._lock:
            if self._failed is not None:
                raise self._failed
            try:
                if self._process.waiting:
                    self._noise(self._process.read(0.1), "without being asked")
                self._process.write(json.dumps(message, ensure_ascii=True).encode() + b"\n", self._timeout)
                line = self._process.read(self._timeout)
            except LineError as problem:
                raise self._fail(f"At the message {message['type']!r} {problem}.") from None
            return self._understood(line, message, type)

    def _understood(self, line: bytes, message: dict[str, Any], type: str) -> dict[str, Any]:
        when = f"in answer to {message['type']!r}"
        try:
            answer: dict[str, Any] = json.loads(line)
        except (ValueError, RecursionError):
            self._noise(line, when)
        if not _validator().is_valid(answer):
            violation = next(_validator().violations(answer))
            place = "/".join(map(str, violation.path))
            self._noise(line, f"{when} (at /{place}: {violation.keyword})")
        if answer.get("id") != message.get("id"):
            raise self._fail(f"It answered {answer.get('id')!r} where {message.get('id')!r} was asked.")
        if answer["type"] == "skipped":
            raise Declined(answer["reason"])
        if answer["type"] == "errored":
            # the program is well, and says that it failed at this one
            raise SubjectError(
                f"The subject reports an error: {answer['reason']}.",
                f"It adds: {visible(json.dumps(answer.get('context')))[:SHOWN]}",
            )
        if answer["type"] != type:
            raise self._fail(f"It answered {answer['type']!r} to {message['type']!r}, which asks for {type!r}.")
        return answer

    def _noise(self, line: bytes, when: str) -> NoReturn:
        text = visible(line.decode("utf-8", "backslashreplace").rstrip("\n"))
        raise self._fail(f"It wrote what is no message of the protocol {when}: {text[:SHOWN]}")

    def _fail(self, message: str) -> SubjectError:
        errors = visible(self._process.errors.strip())
        ending = f" Its standard error ends: {errors[-SHOWN * 3 :]}" if errors else ""
        command = shlex.join(self._command)
        self._failed = SubjectError(
            f"The subject {command!r} failed. {message}{ending}",
            "docs/harness.md describes the protocol, with an example.",
        )
        return self._failed


def _written(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


def _body(answer: Mapping[str, Any]) -> bytes:
    if "body_base64" in answer:
        return base64.b64decode(answer["body_base64"])
    return str(answer.get("body", "")).encode()


@cache
def _validator() -> Validator:
    """Of the messages that a subject writes."""
    from vpc_backup_events.spec.schemas import engine_for

    path = data_root("schemas") / "harness" / "from-subject.schema.json"
    schema = json.loads(path.read_bytes())
    return engine_for({schema["$id"]: schema}).validator(schema["$id"])
