"""How a service of the API is judged: sources are created, listed, found and refused, and each answer is looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from vpc_backup_events import catalog
from vpc_backup_events.delivery import Request, Response, Transport, TransportError, transport_for
from vpc_backup_events.report import Profile
from vpc_backup_events.reporting.visible import visible
from vpc_backup_events.suites.trial import Breached, Skipped, Trials

BASE = "/event-notifications"
# seconds
LIMIT = 10.0
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z")
_NUMBERS = count(1)
# sources that a list needs to have several pages
MANY = 5


class Answer:
    """An answer, and the request before it."""

    def __init__(self, request: Request, response: Response) -> None:
        self.request = request
        self.status = response.status
        self.headers = response.headers
        self.body = response.body

    @property
    def json(self) -> Any:
        """The body as JSON, None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def members(self) -> dict[str, Any]:
        """Its members, empty where it is no object."""
        return self.json if isinstance(self.json, dict) else {}


class ServiceRun:
    """A service under test: a URL whose path is the base of the API, or an application."""

    def __init__(
        self, service: Any, token: str | None = None, instance_id: str | None = None, profile: Profile = "documented"
    ) -> None:
        self.service = service
        self.transport: Transport = transport_for(service)
        path = urlsplit(service).path.rstrip("/") if isinstance(service, str) else BASE
        self.base = path or BASE
        # a token that was given is the only one that is accepted
        self.given = token
        self.token = token or "loopback-token"
        self.instance = instance_id or "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
        self.profile = profile

    def close(self) -> None:
        """Ends what the run started."""
        if self.transport is not self.service:
            self.transport.close()

    def ask(
        self,
        method: str,
        path: str = "",
        members: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """The answer to a request below the sources of the instance; an absolute `path` is below the base."""
        below = path if path.startswith("/") else f"/v1/instances/{self.instance}/sources{f'/{path}' if path else ''}"
        target = f"{self.base}{below}{f'?{urlencode(query)}' if query else ''}"
        content = body if body is not None else b"" if members is None else json.dumps(members).encode()
        sent: dict[str, str | None] = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if content:
            sent["Content-Type"] = "application/json"
        sent |= headers or {}
        request = Request(method, {n: v for n, v in sent.items() if v is not None}, content, target)
        try:
            return Answer(request, self.transport.send(request, LIMIT))
        except TransportError as problem:
            raise Breached(f"{method} {target}: no answer: {problem}") from None

    def name(self) -> str:
        """A name that no source has."""
        return f"backup {next(_NUMBERS)} of the kit"

    def create(self, **members: Any) -> Answer:
        """The answer to a new source of an API, which may be any number of."""
        return self.ask("POST", "", {"name": self.name(), "enabled": True, **members})

    def created(self, **members: Any) -> Answer:
        """Such an answer; raises `Skipped` where there is no source."""
        answer = self.create(**members)
        if answer.status != 201 or not isinstance(answer.members.get("id"), str):
            raise Skipped(f"the service does not create a source ({answer.status}), see P31-created")
        return answer

    def source(self) -> str:
        """The id of a new source."""
        return str(self.created().members["id"])

    def list(self, **query: Any) -> Answer:
        """The answer to a list; raises `Skipped` where there is none."""
        answer = self.ask("GET", query=query)
        if answer.status != 200:
            raise Skipped(f"the service does not list its sources ({answer.status}), see P34-list-array")
        return answer

    @cached_property
    def many(self) -> int:
        """How many sources there are once there are several."""
        for _ in range(MANY):
            self.source()
        answer = self.ask("GET", query={"limit": 1})
        total = answer.members.get("total_count")
        if not isinstance(total, int):
            raise Skipped("a list does not count its entries, see P34-list-total-count")
        return total

    @cached_property
    def error(self) -> Answer:
        """An answer that is an error for certain."""
        answer = self.ask("POST", "", {"name": "", "enabled": "yes"})
        if answer.status < 400:
            raise Skipped("the service accepts a source without a name, see P31-refuses-empty-name")
        return answer


SERVICE: Trials[ServiceRun] = Trials()


def _judge(requirement: str) -> Callable[[Callable[[ServiceRun], tuple[Answer, str]]], None]:
    """Registers a trial: it returns the answer, and what is wrong with it, or an empty text."""

    def register(look: Callable[[ServiceRun], tuple[Answer, str]]) -> None:
        @SERVICE.judges(requirement)
        def run(subject: ServiceRun) -> None:
            answer, wrong = look(subject)
            if wrong:
                _breached(requirement, wrong, answer, subject)

    return register


def _status(requirement: str, wanted: int, ask: Callable[[ServiceRun], Answer]) -> None:
    """The trial that a request is answered with this status."""

    @_judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = ask(subject)
        return answer, "" if answer.status == wanted else f"the answer is {answer.status}, not {wanted}"


# --------------------------------------------------------------------------------------------- creating a source

_status("P31-created", 201, lambda s: s.create(description="of the kit"))
_status("P31-accepts-minimal", 201, lambda s: _after(s, s.create()))
_status("P31-accepts-description", 201, lambda s: _after(s, s.create(description="d")))
_status("P31-accepts-store-notifications", 201, lambda s: _after(s, s.create(store_notifications=False)))


def _after(subject: ServiceRun, answer: Answer) -> Answer:
    """The answer; raises `Skipped` where no source is created at all."""
    subject.created(description="of the kit")
    return answer


def _answers(requirement: str, name: str, wrong: Callable[[Any, dict[str, Any]], bool]) -> None:
    """The trial of a member of the answer to a new source."""

    @_judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        asked = {"name": subject.name(), "enabled": False, "description": "of the kit"}
        answer = subject.ask("POST", "", asked)
        if answer.status != 201:
            raise Skipped(f"the service does not create a source ({answer.status}), see P31-created")
        value = answer.members.get(name)
        return answer, f"`{name}` is {json.dumps(value)[:100]}" if wrong(value, asked) else ""


_answers("P31-answer-id", "id", lambda value, _: not isinstance(value, str) or not value.strip())
_answers("P31-answer-name", "name", lambda value, asked: value != asked["name"])
_answers("P31-answer-description", "description", lambda value, _: not isinstance(value, str))
_answers("P31-answer-enabled", "enabled", lambda value, asked: value is not asked["enabled"])
_answers("P31-answer-created-at", "created_at", lambda value, _: not isinstance(value, str) or not _TIME.match(value))
_status("P31-refuses-no-name", 400, lambda s: s.ask("POST", "", {"enabled": True}))
_status("P31-refuses-empty-name", 400, lambda s: s.create(name=""))
_status("P31-refuses-long-name", 400, lambda s: s.create(name="n" * 256))
_status("P31-refuses-no-enabled", 400, lambda s: s.ask("POST", "", {"name": s.name()}))
_status("P31-refuses-enabled-type", 400, lambda s: s.create(enabled="true"))
_status("P31-refuses-long-description", 400, lambda s: s.create(description="d" * 256))
_status("P31-refuses-source-form", 400, lambda s: s.create(source="com.ibm.cloud.is.backup-policy"))
_status("P33-encoded-id", 200, lambda s: s.ask("GET", quote(s.source(), safe="")))
_status("P33-plain-id", 200, lambda s: s.ask("GET", quote(s.source(), safe=":")))

# ------------------------------------------------------------------------------------------------------ refusing

_status("P34-malformed-json", 400, lambda s: s.ask("POST", "", body=b'{"name":'))
_status("P34-no-token", 401, lambda s: s.ask("GET", headers={"Authorization": None}))
_status("P34-wrong-scheme", 401, lambda s: s.ask("GET", headers={"Authorization": f"Basic {s.token}"}))
_status("P34-unknown-id", 404, lambda s: s.ask("GET", "00000000-0000-0000-0000-000000000000:api"))
_status("P34-unknown-path", 404, lambda s: s.ask("GET", f"/v1/instances/{s.instance}/no-such-thing"))
_status(
    "P34-media-type",
    415,
    lambda s: s.ask("POST", "", {"name": s.name(), "enabled": True}, headers={"Content-Type": "text/plain"}),
)


@_judge("P34-wrong-token")
def wrong_token(subject: ServiceRun) -> tuple[Answer, str]:
    """Another token than the one that was given."""
    if subject.given is None:
        raise Skipped("no token was given, so none is wrong: override the fixture `token`")
    answer = subject.ask("GET", headers={"Authorization": "Bearer another"})
    return answer, "" if answer.status == 401 else f"the answer is {answer.status}, not 401"


@_judge("P34-deleted-id")
def deleted_id(subject: ServiceRun) -> tuple[Answer, str]:
    """A source that was there."""
    id = quote(subject.source(), safe="")
    gone = subject.ask("DELETE", id)
    if gone.status not in (200, 202, 204):
        raise Skipped(f"the service does not delete a source ({gone.status})")
    answer = subject.ask("GET", id)
    return answer, "" if answer.status == 404 else f"the answer is {answer.status}, not 404"


@_judge("P34-duplicate-name")
def duplicate_name(subject: ServiceRun) -> tuple[Answer, str]:
    """A name that another source has."""
    name = subject.name()
    subject.created(name=name)
    answer = subject.create(name=name)
    return answer, "" if answer.status == 409 else f"the answer is {answer.status}, not 409"


def _errs(requirement: str, wrong: Callable[[Answer], str]) -> None:
    """The trial of an error's body."""

    @_judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        return subject.error, wrong(subject.error)


def _entries(answer: Answer) -> list[Any]:
    entries = answer.members.get("errors")
    return entries if isinstance(entries, list) else []


def _entry(name: str) -> Callable[[Answer], str]:
    def wrong(answer: Answer) -> str:
        for entry in _entries(answer):
            value = entry.get(name) if isinstance(entry, dict) else None
            if not isinstance(value, str) or not value.strip():
                return f"`{name}` of an entry is {json.dumps(value)}"
        return ""

    return wrong


def _error_member(name: str, right: Callable[[Any, Answer], bool]) -> Callable[[Answer], str]:
    def wrong(answer: Answer) -> str:
        # a body that is no object is found as such
        value = answer.members.get(name)
        return f"`{name}` is {json.dumps(value)[:100]}" if answer.members and not right(value, answer) else ""

    return wrong


_errs("P34-error-json", lambda answer: "" if isinstance(answer.json, dict) else "the body is no JSON object")
_errs("P34-error-trace", _error_member("trace", lambda value, _: isinstance(value, str) and bool(value.strip())))
_errs("P34-error-status-code", _error_member("status_code", lambda value, answer: value == answer.status))
_errs("P34-error-errors", _error_member("errors", lambda value, _: isinstance(value, list) and bool(value)))
_errs("P34-entry-code", _entry("code"))
_errs("P34-entry-message", _entry("message"))
_errs("P34-entry-more-info", _entry("more_info"))


@_judge("P34-no-secret")
def no_secret(subject: ServiceRun) -> tuple[Answer, str]:
    """Errors do not repeat the token."""
    answers = [subject.error, subject.ask("GET", "no-such-id"), subject.ask("POST", "", body=b"{")]
    return next(
        ((answer, "the body repeats the token") for answer in answers if subject.token.encode() in answer.body),
        (answers[0], ""),
    )


# ------------------------------------------------------------------------------------------------------- listing


@_judge("P34-list-array")
def list_array(subject: ServiceRun) -> tuple[Answer, str]:
    """A list has an array named for what it lists."""
    answer = subject.ask("GET")
    right = answer.status == 200 and isinstance(answer.members.get("sources"), list)
    return answer, "" if right else f"the answer is {answer.status}, and `sources` is no array"


def _counts(requirement: str, name: str) -> None:
    @_judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = subject.list()
        value = answer.members.get(name)
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return answer, "" if is_number else f"`{name}` is {json.dumps(value)}"


for _name in ("total_count", "limit", "offset"):
    _counts(f"P34-list-{_name.replace('_', '-')}", _name)
_status("P34-limit-low", 400, lambda s: s.ask("GET", query={"limit": 0}))
_status("P34-limit-high", 400, lambda s: s.ask("GET", query={"limit": 101}))
_status("P34-offset-negative", 400, lambda s: s.ask("GET", query={"offset": -1}))


def _ids(answer: Answer) -> list[Any]:
    sources = answer.members.get("sources")
    if not isinstance(sources, list):
        raise Skipped("a list has no array of sources, see P34-list-array")
    return [each.get("id") for each in sources if isinstance(each, dict)]


@_judge("P34-limit-honoured")
def limit_honoured(subject: ServiceRun) -> tuple[Answer, str]:
    """No more than asked for."""
    assert subject.many
    answer = subject.list(limit=2)
    found = len(_ids(answer))
    return answer, "" if found <= 2 else f"there are {found} entries, and the limit was 2"


@_judge("P34-offset-honoured")
def offset_honoured(subject: ServiceRun) -> tuple[Answer, str]:
    """A page begins where it was asked to."""
    assert subject.many
    first, answer = _ids(subject.list(limit=2)), subject.list(limit=1, offset=1)
    return answer, "" if _ids(answer)[:1] == first[1:2] else "the page does not begin at the offset"


def _links(requirement: str, name: str, query: Callable[[int], dict[str, int]], there: bool) -> None:
    @_judge(requirement)
    def look(subject: ServiceRun) -> tuple[Answer, str]:
        answer = subject.list(**query(subject.many))
        value = answer.members.get(name)
        if there:
            right = isinstance(value, dict) and isinstance(value.get("href"), str) and bool(value["href"])
            return answer, "" if right else f"`{name}` is {json.dumps(value)}"
        return answer, "" if value is None else f"`{name}` is {json.dumps(value)}"


_links("P34-first", "first", lambda total: {"limit": 2}, True)
_links("P34-next", "next", lambda total: {"limit": 2}, True)
_links("P34-next-absent", "next", lambda total: {"limit": 1, "offset": total - 1}, False)
_links("P34-previous", "previous", lambda total: {"limit": 1, "offset": 2}, True)
_links("P34-previous-absent", "previous", lambda total: {"limit": 2}, False)


@_judge("P34-next-offset")
def next_offset(subject: ServiceRun) -> tuple[Answer, str]:
    """SDKs read the offset of the next page from the link."""
    assert subject.many
    answer = subject.list(limit=2)
    link = answer.members.get("next")
    href = str(link.get("href", "")) if isinstance(link, dict) else ""
    if not href:
        raise Skipped("there is no link to the next page, see P34-next")
    return answer, "" if "offset=2" in urlsplit(href).query.split("&") else f"the link is {href}"


@_judge("P34-walk")
def walk(subject: ServiceRun) -> tuple[Answer, str]:
    """Every source once."""
    total, found = subject.many, []
    answer = subject.list(limit=2)
    for offset in range(0, total, 2):
        answer = subject.list(limit=2, offset=offset)
        found += _ids(answer)
    right = len(found) == len(set(found)) == total
    return answer, "" if right else f"{total} entries are counted, {len(set(found))} of {len(found)} listed differ"


def _breached(requirement: str, wrong: str, answer: Answer, subject: ServiceRun) -> None:
    required = catalog.requirements[requirement]
    request = answer.request
    sent = " ".join(
        f"-H '{name}: {'Bearer $TOKEN' if name == 'Authorization' else value}'"
        for name, value in request.headers.items()
    )
    body = f" -d '{request.body.decode('utf-8', 'backslashreplace')[:300]}'" if request.body else ""
    lines = [
        f"{requirement}: {required.sentence}",
        f"  found:    {wrong}",
        f"  asked:    curl -X {request.method} $URL{request.target} {sent}{body}",
        f"  answered: {answer.status} {visible(answer.body.decode('utf-8', 'backslashreplace'), 1_000)}",
        f"  fix:      {required.hint}",
        f"doc: {required.doc}",
    ]
    raise Breached("\n".join(lines).replace(subject.token, "$TOKEN"))
