"""How a client of the API is judged: it registers a source at the reference service, which may misbehave."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from hmac import compare_digest
from threading import Lock
from time import monotonic
from typing import Any, TextIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from vpc_backup_events import catalog
from vpc_backup_events.trials.trial import Breached, Evidence, NotExercised, Skipped, Trials
from vpc_backup_events.values.report import Profile

Register = Callable[..., Any]
Scope = MutableMapping[str, Any]

TOKEN = "eyJ-loopback-0a1b2c3d4e5f"
INSTANCE = "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
SOURCE = f"crn:v1:bluemix:public:is:us-south:a/{ACCOUNT}::backup-policy:"
INSTANCE_CRN = f"crn:v1:bluemix:public:event-notifications:us-south:a/{ACCOUNT}:{INSTANCE}::"
BASE = "/event-notifications"
_SOURCES = re.compile(r"(?P<base>.*)/v1/(?P<kind>instances|apps)/(?P<instance>[^/]+)/sources(?P<end>/?)\Z")
_SOURCE_CRN = re.compile(r"crn:v1:[^:]*:[^:]*:is:[^:]*:a/[^:]+:[^:]*:backup-policy:(?P<last>[^:]*)\Z")
_INSTANCE_CRN = re.compile(r"crn:v1:[^:]*:[^:]*:event-notifications:[^:]*:a/[^:]+:(?P<instance>[^:]+):[^:]*:[^:]*\Z")
# a 429 asks to wait this long; seconds
WAIT = 1
# requests that a client may make for one registration, and then some: IBM's clients try 5 times
MOST = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the client."""

    method: str
    path: str
    # names in lower case
    headers: dict[str, str]
    body: bytes
    # seconds
    at: float

    @property
    def creates(self) -> bool:
        """It creates a source."""
        return self.method == "POST" and _SOURCES.match(urlsplit(self.path).path) is not None

    @property
    def members(self) -> dict[str, Any]:
        """The body's members, empty where it is no JSON object."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(slots=True)
class Attempt:
    """One call of the client: what it asked, and how it ended."""

    asked: list[Asked] = field(default_factory=list)
    raised: BaseException | None = None

    @property
    def creations(self) -> list[Asked]:
        """The requests that create a source."""
        return [asked for asked in self.asked if asked.creates]


# what stands in the way of a request: status, headers and body of the answer, or None
Behave = Callable[[Asked, int], tuple[int, dict[str, str], bytes] | None]


class Loopback:
    """The reference service, which remembers what it was asked and may answer otherwise."""

    def __init__(self, behave: Behave | None) -> None:
        from vpc_backup_events.reference.server import both

        self._app = both(TOKEN, INSTANCE)
        self._behave = behave
        self._lock = Lock()
        self.asked: list[Asked] = []
        # the source that an answer told the client of
        self._told: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
        target = scope["raw_path"].decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        asked = Asked(scope["method"], target + (f"?{query}" if query else ""), headers, body, monotonic())
        with self._lock:
            self.asked.append(asked)
            number = sum(each.creates for each in self.asked)
        behaves = self._behave if asked.creates or self._behave is _pages else self._known
        other = behaves(asked, number) if behaves else None
        if other:
            status, more_headers, content = other
            if asked.creates and status == 201:
                self._told = json.loads(content)
            fields = [
                (n.encode(), v.encode()) for n, v in {"content-length": str(len(content)), **more_headers}.items()
            ]
            await send({"type": "http.response.start", "status": status, "headers": fields})
            await send({"type": "http.response.body", "body": content})
            return

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    def _known(self, asked: Asked, number: int) -> tuple[int, dict[str, str], bytes] | None:
        """What a client finds that looks for the source that it was told of; None where it was told of none."""
        if not self._told:
            return None
        place, _, last = urlsplit(asked.path).path.rpartition("/")
        source = {**self._told, "type": "api", "updated_at": self._told["created_at"], "topic_count": 0}
        if asked.method in ("GET", "PATCH") and unquote(last) == source["id"] and _SOURCES.match(place):
            return _json(200, {**source, "topic_names": []})
        if asked.method == "GET" and _SOURCES.match(urlsplit(asked.path).path):
            offset, limit = _page_of(asked)
            listed = [] if offset else [source]
            first = {"href": f"http://{asked.headers.get('host')}{urlsplit(asked.path).path}?limit={limit}&offset=0"}
            page = {"total_count": 1, "offset": offset, "limit": limit, "sources": listed, "first": first}
            return _json(200, page)
        return None


def _json(status: int, content: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return status, {"content-type": "application/json"}, json.dumps(content).encode()


def error(status: int, retry_after: int | None = None, times: int = MOST) -> Behave:
    """A service that answers the first requests with this error, in the body that the API documents."""
    content = {"trace": "0", "status_code": status, "errors": [{"code": "loopback", "message": "no", "more_info": ""}]}
    headers = {"content-type": "application/json"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return lambda asked, number: (status, headers, json.dumps(content).encode()) if number <= times else None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a client does besides registering; what is left out is not exercised."""

    # called with base URL, token and instance id; lists all sources
    list_sources: Callable[..., Any] | None = None
    # called with base URL, token, instance id and event; sends the event
    send: Callable[..., Any] | None = None
    # called with the base URL of the VPC API, token, backup policy and job; looks at the job
    confirm: Callable[..., Any] | None = None


class _Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a record."""
        self.lines.append(self.format(record))


class _Written:
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


class ClientRun:
    """A client under test."""

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

    def attempt(self, behave: Behave | None = None) -> Attempt:
        """Lets the client register at a service that knows nothing of other attempts."""
        # by position: the names of its parameters are the client's own
        return self.call(self.register, (BASE, TOKEN, INSTANCE, SOURCE, INSTANCE_CRN), behave)

    def call(self, function: Callable[..., Any], facts: tuple[Any, ...], behave: Behave | None = None) -> Attempt:
        """Calls a part of the client with a path below the service's URL, and more facts."""
        url = self._url
        self.cases += 1
        self._service = Loopback(behave)
        made = Attempt(self._service.asked)
        log = _Lines(self.logged)
        root = logging.getLogger()
        level = root.level
        root.addHandler(log)
        # a token in a line of any level is in a log one day
        root.setLevel(logging.DEBUG)
        try:
            with (
                redirect_stdout(cast(TextIO, _Written(sys.stdout, self.logged))),
                redirect_stderr(cast(TextIO, _Written(sys.stderr, self.logged))),
            ):
                ended = function(url + facts[0], *facts[1:])
                if inspect.iscoroutine(ended):
                    asyncio.run(ended)
        except SystemExit as end:
            # how a script ends: with nothing or 0 where it succeeded
            made.raised = end if end.code else None
        except Exception as problem:
            made.raised = problem
        finally:
            root.removeHandler(log)
            root.setLevel(level)
        return made

    @cached_property
    def plain(self) -> Attempt:
        """The client at a service that does nothing wrong."""
        return self.attempt()

    def creation(self) -> Asked:
        """Its request; raises `Skipped` where there was none."""
        if not self.plain.creations:
            raise Skipped("the client did not ask to create a source, see P31-method-path")
        return self.plain.creations[0]


CLIENT: Trials[ClientRun] = Trials()


# ------------------------------------------------------------------------------------------------- the request


@CLIENT.judges("P31-method-path")
def method_path(subject: ClientRun) -> None:
    """POST to the sources of the instance."""
    if not subject.plain.creations:
        asked = [f"{each.method} {each.path}" for each in subject.plain.asked] or ["nothing"]
        raised = f"; it raised {subject.plain.raised!r}" if subject.plain.raised else ""
        _breached("P31-method-path", f"it asked for {', '.join(asked)}{raised}", None)
    asked_first = subject.plain.creations[0]
    place = _place(asked_first)
    # without the prefix is found as such
    if place["base"] not in ("", BASE) or place["end"]:
        _breached("P31-method-path", f"the path is {asked_first.path}", asked_first)


def _request(requirement: str, judge: Callable[[Asked], str]) -> None:
    """A trial of the request; `judge` says what is wrong with it, or nothing."""

    @CLIENT.judges(requirement)
    def run(subject: ClientRun) -> None:
        asked = subject.creation()
        wrong = judge(asked)
        if wrong:
            _breached(requirement, wrong, asked)


def _place(asked: Asked) -> dict[str, str]:
    """The parts of the path of a request that creates a source."""
    match = _SOURCES.match(urlsplit(asked.path).path)
    assert match is not None
    return match.groupdict()


def _member(name: str, wrong: Callable[[Any], bool], optional: bool = False) -> Callable[[Asked], str]:
    """What is wrong with a member of the body."""

    def judge(asked: Asked) -> str:
        if not _is_object(asked):
            # that is found as such
            return ""
        if name not in asked.members:
            return "" if optional else f"`{name}` is missing"
        value = asked.members[name]
        return f"`{name}` is {json.dumps(value)[:100]}" if wrong(value) else ""

    return judge


def _is_object(asked: Asked) -> bool:
    try:
        return isinstance(json.loads(asked.body), dict)
    except ValueError:
        return False


def _text(longest: int, shortest: int = 0) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or not shortest <= len(value) <= longest


def _form(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(value.strip()) and not pattern.match(value)


def _no_registration(value: Any) -> bool:
    """It is no text, or the CRN of another registration than the one that the client was given."""
    if not isinstance(value, str) or not value.strip():
        return True
    return bool(_SOURCE_CRN.match(value)) and not value.startswith(SOURCE)


def _bearer(asked: Asked) -> str:
    if TOKEN in unquote(asked.path):
        return "the token stands in the URL"
    value = asked.headers.get("authorization")
    if value is None:
        return "there is no header Authorization"
    scheme, _, token = value.partition(" ")
    if scheme.lower() != "bearer":
        return f"Authorization has the scheme {scheme[:20]!r}, not Bearer"
    is_it = compare_digest(token.strip().encode(errors="surrogatepass"), TOKEN.encode())
    return "" if is_it else "Authorization has another token than the one that was given"


def _media(asked: Asked) -> str:
    value = asked.headers.get("content-type", "")
    return "" if value.partition(";")[0].strip().lower() == "application/json" else f"Content-Type is {value!r}"


def _whole_service(asked: Asked) -> str:
    match = _SOURCE_CRN.match(str(asked.members.get("source")))
    return f"`source` ends in {match['last']!r}" if match and match["last"] else ""


def _same_instance(asked: Asked) -> str:
    match = _INSTANCE_CRN.match(str(asked.members.get("event_notifications_instance_crn")))
    # another instance in the path is found as such
    if not match or match["instance"] == INSTANCE or unquote(_place(asked)["instance"]) != INSTANCE:
        return ""
    return f"the CRN names {match['instance']!r}, the path {INSTANCE!r}"


_request(
    "P31-instance-id",
    lambda asked: "" if unquote(_place(asked)["instance"]) == INSTANCE else f"the path is {asked.path}",
)
_request("P31-bearer", _bearer)
_request("P31-json", _media)
_request("P31-body-object", lambda asked: "" if _is_object(asked) else "the body is no JSON object")
_request("P31-name", _member("name", _text(255, 1)))
_request("P31-enabled", _member("enabled", lambda value: not isinstance(value, bool)))
_request("P31-description", _member("description", _text(255), optional=True))
_request("P31-store-notifications", _member("store_notifications", lambda v: not isinstance(v, bool), optional=True))
_request("P31-source", _member("source", _no_registration))
_request("P31-source-form", _member("source", _form(_SOURCE_CRN), optional=True))
_request("P31-source-whole-service", _whole_service)
_CRN = "event_notifications_instance_crn"
_request("P31-instance-crn", _member(_CRN, lambda value: not isinstance(value, str) or not value.strip()))
_request("P31-instance-crn-form", _member(_CRN, _form(_INSTANCE_CRN), optional=True))
_request("P31-instance-crn-agrees", _same_instance)
_request("P32-base", lambda asked: "" if _place(asked)["base"].endswith(BASE) else f"the path is {asked.path}")
_request(
    "P32-instances-path", lambda asked: "" if _place(asked)["kind"] == "instances" else f"the path is {asked.path}"
)


# -------------------------------------------------------------------------------------------------- the answer


def _created(asked: Asked, number: int) -> tuple[int, dict[str, str], bytes]:
    """201, whatever was asked: how the client takes success does not depend on its request."""
    content = {
        "id": "41cdb7d4-db3e-496b-b7df-d4ead362c412:api",
        "name": "Backup for VPC",
        "description": "",
        "enabled": True,
        "created_at": "2026-11-24T05:00:00.000Z",
    }
    return _json(201, content)


def _with_crn(asked: Asked, number: int) -> tuple[int, dict[str, str], bytes]:
    status, _, body = _created(asked, number)
    return _json(status, {**json.loads(body), _CRN: INSTANCE_CRN, "crn": INSTANCE_CRN})


@CLIENT.judges("P31-returns")
def returns(subject: ClientRun) -> None:
    """201 with everything that the documentation says is success."""
    made = subject.attempt(_with_crn)
    _asks(made)
    if made.raised is not None:
        _breached("P31-returns", f"the answer was 201, and it raised {made.raised!r}", made.creations[0])


@CLIENT.judges("P31-needs-no-crn")
def needs_no_crn(subject: ClientRun) -> None:
    """201 as every published client knows it is success too."""
    made = subject.attempt(_with_crn)
    if made.raised is not None:
        raise Skipped("the client reports a failure at 201, see P31-returns")
    made = subject.attempt(_created)
    _asks(made)
    if made.raised is not None:
        _breached("P31-needs-no-crn", f"the answer was 201 without a CRN, and it raised {made.raised!r}", None)


def _asks(made: Attempt) -> None:
    if not made.creations:
        raise Skipped("the client did not ask to create a source, see P31-method-path")


def _reports(requirement: str, *statuses: int) -> None:
    @CLIENT.judges(requirement)
    def run(subject: ClientRun) -> None:
        for status in statuses:
            made = subject.attempt(error(status, retry_after=0 if status == 429 else None))
            _asks(made)
            if _asks_on(made) and status >= 500:
                raise Skipped(f"the client asks without end after {status}, see P34-client-bounded-retry")
            if _asks_on(made):
                _breached(requirement, f"after {MOST} answers of {status} it still asked", made.creations[-1])
            if made.raised is None:
                _breached(requirement, f"the answer was {status}, and it returned", made.creations[0])


_reports("P33-client-reports", 403, 409)
_reports("P34-client-reports", 400, 401, 404, 415, 422, 429, 500, 503, 504)


def _page(body: bytes) -> Behave:
    """A proxy that answers for the service."""
    return lambda asked, number: (502, {"content-type": "text/html"}, body)


@CLIENT.judges("P34-client-odd-error")
def odd_error(subject: ClientRun) -> None:
    """An error of something in between, whose body is no JSON."""
    for body in (b"<html><body>Bad Gateway</body></html>", b""):
        made = subject.attempt(_page(body))
        _asks(made)
        if made.raised is None:
            _breached("P34-client-odd-error", f"the answer was 502 with {body!r}, and it returned", made.creations[0])


def _asks_on(made: Attempt) -> bool:
    """It asked more often than a client may that ends one day."""
    return len(made.creations) > MOST


@CLIENT.judges("P34-client-retry-after")
def retry_after(subject: ClientRun) -> None:
    """A client that tries again waits as long as it was told."""
    again = False
    for status in (429, 503):
        made = subject.attempt(error(status, retry_after=WAIT, times=1))
        _asks(made)
        if len(made.creations) < 2:
            continue
        again = True
        waited = made.creations[1].at - made.creations[0].at
        # clocks differ, and a wait may be cut to whole milliseconds
        if waited < WAIT - 0.05:
            if status >= 500 and _asks_on(subject.attempt(error(status, retry_after=0))):
                raise Skipped(f"the client asks without end after {status}, see P34-client-bounded-retry")
            wrong = f"after {status} it waited {waited:.2f} s, not {WAIT} s"
            _breached("P34-client-retry-after", wrong, made.creations[1])
    if not again:
        raise NotExercised("the client does not try again")


@CLIENT.judges("P34-client-no-blind-retry")
def no_blind_retry(subject: ClientRun) -> None:
    """What was refused is refused again."""
    for status in (400, 401, 403, 409):
        made = subject.attempt(error(status))
        _asks(made)
        if len(made.creations) > 1:
            count = len(made.creations)
            _breached("P34-client-no-blind-retry", f"after {status} it asked {count} times", made.creations[1])


@CLIENT.judges("P34-client-bounded-retry")
def bounded_retry(subject: ClientRun) -> None:
    """A service that does not recover; after too many tries it lets the client go."""
    for status in (503, 500):
        made = subject.attempt(error(status, retry_after=0 if status == 503 else None))
        _asks(made)
        if _asks_on(made):
            wrong = f"after {MOST} answers of {status} it still asked"
            _breached("P34-client-bounded-retry", wrong, made.creations[-1])


@CLIENT.judges("P33-client-once")
def once(subject: ClientRun) -> None:
    """After success."""
    made = subject.attempt(_with_crn)
    _asks(made)
    if made.raised is None and len(made.creations) > 1:
        _breached("P33-client-once", f"after 201 it asked {len(made.creations)} times", made.creations[1])


@CLIENT.judges("P31-no-token-logged")
def no_token_logged(subject: ClientRun) -> None:
    """In success and in failure."""
    for behave in (_with_crn, error(401), error(500)):
        subject.attempt(behave)
        line = next((each for each in subject.logged if TOKEN in each), None)
        if line is not None:
            _breached("P31-no-token-logged", f"it wrote {line[:200]!r}", None)


# ------------------------------------------------------------------------------- what only some clients can do


def _does(function: Callable[..., Any] | None, name: str) -> Callable[..., Any]:
    if function is None:
        raise NotExercised(f"it is not known how the client does this: say it with `{name}`")
    return function


@CLIENT.judges("P34-client-follows-next")
def follows_next(subject: ClientRun) -> None:
    """A list of several pages."""
    function = _does(subject.abilities.list_sources, "list_sources")
    made = subject.call(function, (BASE, TOKEN, INSTANCE), _pages)
    pages = [each for each in made.asked if each.method == "GET" and _SOURCES.match(urlsplit(each.path).path)]
    if not pages:
        raise Skipped(f"the client did not ask for sources{_raised(made)}")
    ends = [_page_of(each) for each in pages]
    if max(offset + limit for offset, limit in ends) < LISTED:
        _breached("P34-client-follows-next", f"{len(pages)} pages of {LISTED} sources were asked for", pages[-1])


# sources in the list, and the most that a page has
LISTED, PAGE = 250, 100


def _page_of(asked: Asked) -> tuple[int, int]:
    query = dict(parse_qsl(urlsplit(asked.path).query))
    offset, limit = (query.get(name, "") for name in ("offset", "limit"))
    return (
        int(offset) if offset.isdecimal() else 0,
        min(int(limit), PAGE) if limit.isdecimal() else 10,
    )


def _pages(asked: Asked, number: int) -> tuple[int, dict[str, str], bytes] | None:
    offset, limit = _page_of(asked)
    at = asked.headers.get("host", "127.0.0.1")
    path = urlsplit(asked.path).path

    def link(offset: int) -> dict[str, str]:
        return {"href": f"http://{at}{path}?limit={limit}&offset={offset}"}

    sources = [
        {
            "id": f"00000000-0000-4000-8000-{each:012}:api",
            "name": f"source {each}",
            "description": "",
            "type": "api",
            "enabled": True,
            "updated_at": "2026-11-24T05:00:00.000Z",
            "topic_count": 0,
        }
        for each in range(offset, min(offset + limit, LISTED))
    ]
    page = {"total_count": LISTED, "offset": offset, "limit": limit, "sources": sources, "first": link(0)}
    if offset + limit < LISTED:
        page["next"] = link(offset + limit)
    if offset > 0:
        page["previous"] = link(max(0, offset - limit))
    return _json(200, page)


def _raised(made: Attempt) -> str:
    return f"; it raised {made.raised!r}" if made.raised else ""


@CLIENT.judges("P35-path")
def path(subject: ClientRun) -> None:
    """An event."""
    function = _does(subject.abilities.send, "send")
    made = subject.call(function, (BASE, TOKEN, INSTANCE, _event()))
    wanted = f"{BASE}/v1/instances/{INSTANCE}/notifications"
    if not any(each.method == "POST" and unquote(urlsplit(each.path).path) == wanted for each in made.asked):
        asked = [f"{each.method} {each.path}" for each in made.asked] or ["nothing"]
        _breached("P35-path", f"it asked for {', '.join(asked)}{_raised(made)}", None)


def _event() -> dict[str, Any]:
    from vpc_backup_events.making.choices import Plain
    from vpc_backup_events.making.draft import draft, scenario_of

    return draft(
        scenario_of(next(iter(catalog.pairs.values())), Plain()), "8f4c1d2e-0b7a-4a1d-9c55-3e2f1a6b7c80"
    ).event()


def _jobs(subject: ClientRun) -> tuple[Attempt, str, str]:
    """What it asks of the VPC API, and for which policy and job it was to."""
    from vpc_backup_events.reference.backup_jobs import example

    function = _does(subject.abilities.confirm, "confirm")
    job = example()
    policy = job["href"].split("/backup_policies/")[1].split("/")[0]
    return subject.call(function, ("/v1", TOKEN, policy, job["id"])), policy, job["id"]


@CLIENT.judges("P36-asks-policy-and-job")
def asks_policy_and_job(subject: ClientRun) -> None:
    """In the path; a list of the policy's jobs is no job."""
    made, policy, job = _jobs(subject)
    wanted = f"/v1/backup_policies/{policy}/jobs/{job}"
    if not any(each.method == "GET" and unquote(urlsplit(each.path).path) == wanted for each in made.asked):
        asked = [f"{each.method} {each.path}" for each in made.asked] or ["nothing"]
        _breached("P36-asks-policy-and-job", f"it asked for {', '.join(asked)}{_raised(made)}", None)


@CLIENT.judges("P36-asks-version")
def asks_version(subject: ClientRun) -> None:
    """In the query."""
    made, _, _ = _jobs(subject)
    found = [each for each in made.asked if urlsplit(each.path).path.startswith("/v1/backup_policies/")]
    if not found:
        raise Skipped("the client did not ask for a job, see P36-asks-policy-and-job")
    for asked in found:
        query = dict(parse_qsl(urlsplit(asked.path).query))
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", query.get("version", "")) or query.get("generation") != "2":
            _breached("P36-asks-version", f"the query is {urlsplit(asked.path).query!r}", asked)


def _breached(requirement: str, wrong: str, asked: Asked | None) -> None:
    shown: tuple[tuple[str, str], ...] = ()
    if asked is not None:
        shown = (("asked", f"{asked.method} {asked.path} {asked.body.decode('utf-8', 'backslashreplace')}"),)
    raise Breached(Evidence(message=wrong, shown=shown).masked(lambda text: text.replace(TOKEN, "(token)")))
