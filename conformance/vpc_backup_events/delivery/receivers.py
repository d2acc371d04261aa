"""Transports to receivers that are no web servers: a handler of messages, a reader of a bucket, a job.

They have no status to answer with: to return, or to exit with 0, is to accept.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from vpc_backup_events.catalog.names import JOB_VARIABLE
from vpc_backup_events.delivery.in_process import InProcess, crashed
from vpc_backup_events.delivery.message import Request, Response, Transport, TransportError
from vpc_backup_events.delivery.program import OverdueError, run_program
from vpc_backup_events.values.errors import Declined, KitError, UsageError

__all__ = ["HandleMessage", "HandleObject", "Job", "MessageHandler", "ObjectHandler"]

ACCEPTED = Response(204)
# bytes of what a job wrote that stand in its answer
SHOWN = 2_000

# key, value and headers of a message of Kafka
HandleMessage = Callable[[bytes | None, bytes, Sequence[tuple[str, bytes]]], Any]
# key and content of an object
HandleObject = Callable[[str, bytes], Any]


class _Of:
    """A transport to the same receiver is the same transport: a suite goes on with it from test to test."""

    def __init__(self, *receiver: Any) -> None:
        self._receiver = receiver

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Of) and type(other) is type(self) and other._receiver == self._receiver

    def __hash__(self) -> int:
        return hash(type(self))


class MessageHandler(_Of, InProcess):
    """A handler of messages of Event Streams: called with key, value and headers of a message of Kafka.

    The value is the event as JSON. Key and headers are not documented: there is no key, and there are no headers.
    """

    carrier = "message"

    def __init__(self, handle: HandleMessage) -> None:
        """`handle` accepts a message by returning; what it returns does not matter."""
        super().__init__(handle)
        self._handle = handle

    def answer(self, request: Request) -> Response:
        """Calls the handler."""
        return _accepted(self._handle, None, request.body, ())


class ObjectHandler(_Of, InProcess):
    """A reader of the objects that Event Notifications puts into a bucket: called with the key and the content."""

    carrier = "object"

    def __init__(self, handle: HandleObject, destination_name: str = "backup-events") -> None:
        """`handle` accepts an object by returning; the key is `<destination name>/<notification id>.json`."""
        super().__init__(handle, destination_name)
        self._handle = handle
        self._name = destination_name
        self._count = count(1)

    def answer(self, request: Request) -> Response:
        """Calls the reader."""
        key = f"{self._name}/{self._notification_id(request.body)}.json"
        return _accepted(self._handle, key, request.body)

    def _notification_id(self, body: bytes) -> str:
        """That of the event where it has one, else a new one."""
        try:
            id = json.loads(body)["notification_id"]
        except (ValueError, KeyError, TypeError, RecursionError):
            id = None
        return id if isinstance(id, str) else str(uuid.uuid5(uuid.NAMESPACE_URL, f"object {next(self._count)}"))


class Job(_Of, Transport):
    """A job of Code Engine: a program that is started for each event, with the event as JSON in `ibmendata`."""

    carrier = "job"

    def __init__(self, command: Sequence[str] | str, environment: Mapping[str, str] | None = None) -> None:
        """`command` is a list, or text that is split as a shell does; `environment` is added to that of the kit.

        Raises `UsageError` where there is no such program.
        """
        self._command = shlex.split(command) if isinstance(command, str) else list(command)
        self._environment = dict(environment or {})
        super().__init__(self._command, self._environment)
        if not self._command or shutil.which(self._command[0]) is None:
            raise UsageError(f"{shlex.join(self._command)!r} can't be started.", "Check the command and its path.")

    def send(self, request: Request, timeout: float) -> Response:
        """Runs the program. Raises `TransportError` where it does not end in time, or the event fits no variable."""
        environment = {**os.environ, **self._environment}
        try:
            environment[JOB_VARIABLE] = os.fsdecode(request.body)
            run = run_program(self._command, environment, timeout)
        except OverdueError:
            raise TransportError("timeout", f"the job did not end within {timeout:g} s") from None
        except (OSError, ValueError) as error:
            raise TransportError("protocol", f"the job can't be started with this event: {error}") from None
        if run.status == 0:
            return ACCEPTED
        explanation = f"exit status {run.status}\n".encode() + (run.errors or run.output)[-SHOWN:]
        return Response(500, {"content-type": "text/plain"}, explanation)


def _accepted(handle: Callable[..., Any], *message: Any) -> Response:
    try:
        handle(*message)
    except (KitError, Declined):
        raise
    except (Exception, SystemExit) as error:
        return crashed(error)
    return ACCEPTED
