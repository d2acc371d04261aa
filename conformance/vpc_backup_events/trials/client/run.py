"""A client under test: it registers a source at the loopback service, and what it writes meanwhile is kept."""

from __future__ import annotations

import asyncio
import inspect
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn, TextIO, cast

from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.trials.account import INSTANCE, TOKEN, instance_crn, source_crn
from vpc_backup_events.trials.client import loopback
from vpc_backup_events.trials.client.loopback import Behaviour, Loopback, Scope
from vpc_backup_events.trials.client.requests import ClientCall, ClientRequest
from vpc_backup_events.trials.trial import Breached, Evidence, Skipped, Trials
from vpc_backup_events.values.report import Profile

__all__ = ["CLIENT", "Abilities", "ClientRun", "Register", "breached"]

Register = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a client does besides registering; what is left out is not exercised."""

    #: called with base URL, token and instance id; lists all sources
    list_sources: Callable[..., Any] | None = None
    #: called with base URL, token, instance id and event; sends the event
    send: Callable[..., Any] | None = None
    #: called with the base URL of the VPC API, token, backup policy and job; looks at the job
    confirm: Callable[..., Any] | None = None


class ClientRun:
    """A client, and everything that it did so far."""

    def __init__(self, register: Register, profile: Profile = "documented", abilities: Abilities | None = None) -> None:
        self.register = register
        self.profile = profile
        self.abilities = abilities or Abilities()
        self._service: Loopback | None = None
        self._open = ExitStack()
        # what it wrote so far, whenever that was: a logger may hold the stream of its first call
        self.logged: list[str] = []
        self.cases = 0

    @cached_property
    def _url(self) -> str:
        try:
            from vpc_backup_events.reference.server import serve
        except ImportError as problem:
            raise Skipped(f"the loopback service needs the extra `api`: {problem}") from None

        async def current(scope: Scope, receive: Any, send: Any) -> None:
            assert self._service is not None
            await self._service(scope, receive, send)

        return self._open.enter_context(serve(current)).url

    def close(self) -> None:
        """Ends the service."""
        self._open.close()

    def attempt(self, behaviour: Behaviour | None = None) -> ClientCall:
        """Lets the client register at a service that knows nothing of other attempts."""
        # by position: the names of its parameters are the client's own
        return self.call(self.register, (API_BASE, TOKEN, INSTANCE, source_crn(), instance_crn(INSTANCE)), behaviour)

    def registration(self, behaviour: Behaviour) -> ClientCall:
        """Such an attempt; raises `Skipped` where the client did not ask to create a source."""
        attempt = self.attempt(behaviour)
        attempt.require_creation()
        return attempt

    def call(
        self, function: Callable[..., Any], facts: tuple[Any, ...], behaviour: Behaviour | None = None
    ) -> ClientCall:
        """Calls a part of the client with a path below the service's URL, and more facts."""
        url = self._url
        self.cases += 1
        self._service = loopback.Loopback(behaviour)
        attempt = ClientCall(self._service.requests)
        with _kept(self.logged):
            try:
                result = function(url + facts[0], *facts[1:])
                if inspect.iscoroutine(result):
                    asyncio.run(result)
            except SystemExit as end:
                # how a script ends: with nothing or 0 where it succeeded
                attempt.error = end if end.code else None
            except Exception as problem:
                attempt.error = problem
        return attempt

    @cached_property
    def plain(self) -> ClientCall:
        """The client at a service that does nothing wrong."""
        return self.attempt()

    def creation(self) -> ClientRequest:
        """Its request; raises `Skipped` where there was none."""
        self.plain.require_creation()
        return self.plain.creations[0]


CLIENT: Trials[ClientRun] = Trials()


def breached(wrong: str, request: ClientRequest | None = None, hint: str = "") -> NoReturn:
    """Raises the breach of a requirement: what is wrong, with which request, and what to do instead."""
    exhibits: tuple[tuple[str, str], ...] = ()
    if request is not None:
        body = request.body.decode("utf-8", "backslashreplace")
        exhibits = (("asked", f"{request.method} {request.target} {body}"),)
    evidence = Evidence(message=wrong, hint=hint, exhibits=exhibits)
    raise Breached(evidence.masked(lambda text: text.replace(TOKEN, "(token)")))


class _Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a record."""
        self.lines.append(self.format(record))


class _Copied:
    """A stream that keeps what is written to it: in a container that is a log too."""

    def __init__(self, stream: Any, lines: list[str]) -> None:
        self._stream = stream
        self._lines = lines

    def write(self, text: str) -> int:
        """Keeps the text and passes it on."""
        self._lines.append(text)
        # a logger may hold this stream longer than the one below it lives
        return len(text) if self._stream.closed else int(self._stream.write(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _kept(lines: list[str]) -> Iterator[None]:
    """What is logged, of any level, and written to both streams in the block joins the lines."""
    handler = _Lines(lines)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    # a token in a line of any level is in a log one day
    root.setLevel(logging.DEBUG)
    try:
        with (
            redirect_stdout(cast(TextIO, _Copied(sys.stdout, lines))),
            redirect_stderr(cast(TextIO, _Copied(sys.stderr, lines))),
        ):
            yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
