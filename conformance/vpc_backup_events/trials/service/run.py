"""A service under test: what it is asked, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.delivery import Request, Target, Transport, TransportError, transport_for
from vpc_backup_events.delivery.http import url_parts
from vpc_backup_events.spec.openapi import BACKUP_JOBS, description
from vpc_backup_events.trials.account import INSTANCE
from vpc_backup_events.trials.service.answers import Answer
from vpc_backup_events.trials.trial import Breached, Evidence, Skipped, aside
from vpc_backup_events.values.report import Profile
from vpc_backup_events.values.tokens import clean, without

__all__ = ["FUZZ", "LIMIT", "MANY", "VERSION", "ServiceFacts", "ServiceRun"]

# seconds
LIMIT = 10.0
# requests that are made up for each operation, where nothing else is said
FUZZ = 2
_NUMBERS = count(1)
# of the VPC API
VERSION = "2026-10-06"
# sources that a list needs to have several pages
MANY = 5


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is known of a service besides its address; what is left out is not exercised."""

    #: a second instance of the same account
    other_instance_id: str | None = None
    #: a token that is valid and may do nothing
    forbidden_token: str | None = None
    #: a failed backup job that the service has; without them that of the contract's example
    backup_policy: str | None = None
    backup_policy_job: str | None = None
    #: called with whether the IAM authorization with the Event Source Manager role is to exist
    authorize: Callable[[bool], Any] | None = None
    #: called with the status that the next request is to be answered with
    provoke: Callable[[int], Any] | None = None
    #: requests that are made up for each operation, besides those that cover its parameters; 0 makes none up
    fuzz: int = FUZZ
    #: whether it calls webhooks on this machine, which takes half a minute of real time to judge
    delivers: bool = False


class ServiceRun:
    """A service under test: a URL whose path is the base of the API, or an application."""

    def __init__(
        self,
        service: Target,
        token: str | None = None,
        instance_id: str | None = None,
        profile: Profile = "documented",
        facts: ServiceFacts | None = None,
    ) -> None:
        self.service = service
        self.transport: Transport = transport_for(service)
        self._path = url_parts(service).path.rstrip("/") if isinstance(service, str) else ""
        # a token and an instance that were given are the only ones that are accepted
        self.has_token = token is not None
        self.has_instance = instance_id is not None
        self.facts = facts or ServiceFacts()
        # a source whose events a topic takes, once there is one
        self.routed = ""
        # what it made of webhooks, once that was watched
        self.observation: Any = None
        self.token = clean(token or "") or "loopback-token"
        self.instance = instance_id or INSTANCE
        self.profile = profile
        self.cases = 0

    @cached_property
    def base(self) -> str:
        """The path of the base: that of the URL, the documented one, or none where only that is served."""
        if self._path:
            return self._path
        with aside(self):
            documented, bare = (self.ask("GET", self.at("sources"), base=base).status for base in (API_BASE, ""))
        return "" if documented == 404 != bare else API_BASE

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
        base: str | None = None,
    ) -> Answer:
        """The answer to a request below the sources of the instance; an absolute `path` is below the base."""
        if not path.startswith("/"):
            path = self.at("sources") + (f"/{path}" if path else "")
        target = f"{self.base if base is None else base}{path}{f'?{urlencode(query)}' if query else ''}"
        content = body if body is not None else b"" if members is None else json.dumps(members).encode()
        fields: dict[str, str | None] = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if content:
            fields["Content-Type"] = "application/json"
        fields |= headers or {}
        request = Request(method, {n: v for n, v in fields.items() if v is not None}, content, target)
        self.cases += 1
        try:
            return Answer(request, self.transport.send(request, LIMIT))
        except TransportError as problem:
            raise Breached(Evidence(f"{method} {target}", f"no answer: {problem}").masked(self.masked)) from None

    def at(self, kind: str, id: str = "") -> str:
        """The path of a kind of resource of the instance, or of one of them."""
        return f"/v1/instances/{self.instance}/{kind}" + (f"/{quote(id, safe='')}" if id else "")

    @cached_property
    def serves_jobs(self) -> bool:
        """Whether it has backup jobs: those that were given, or those of the contract's example."""
        if self.facts.backup_policy is not None:
            return True
        with aside(self):
            return any(self.jobs(*job).status not in (404, 405) for job in ((), (self.job,)))

    @cached_property
    def serves_events(self) -> bool:
        """Whether it has the operations of Event Notifications; what has neither is judged as if it had."""
        requests = (("POST", "sources"), ("GET", "sources"), ("GET", "topics"))
        with aside(self):
            there = any(self.ask(method, self.at(kind)).status not in (404, 405) for method, kind in requests)
        return there or not self.serves_jobs

    @property
    def policy(self) -> str:
        """The backup policy whose jobs are asked for."""
        return self.facts.backup_policy or _example("backup_policy_id")

    @property
    def job(self) -> str:
        """A failed job of the policy."""
        return self.facts.backup_policy_job or _example("id")

    def jobs(self, *job: str, policy: str | None = None, headers: Any = None, **query: str | None) -> Answer:
        """The answer to a request for the jobs of the policy, or for one; a parameter that is None is left out."""
        steps = "/".join(quote(step, safe="") for step in (policy or self.policy, "jobs", *job))
        every = {"version": VERSION, "generation": "2", **query}
        parameters = {name: value for name, value in every.items() if value is not None}
        return self.ask("GET", f"/v1/backup_policies/{steps}", query=parameters, headers=headers, base="")

    def masked(self, text: str) -> str:
        """The text without the tokens."""
        for token in filter(None, (self.token, self.facts.forbidden_token)):
            text = without(token, text, "$TOKEN")
        return text

    def name(self) -> str:
        """A name that no source has."""
        return f"backup {next(_NUMBERS):04} of the kit"

    def create(self, **members: Any) -> Answer:
        """The answer to a new source of an API, which may be any number of."""
        return self.ask("POST", "", {"name": self.name(), "enabled": True, **members})

    def created(self, **members: Any) -> Answer:
        """Such an answer; raises `Skipped` where there is no source."""
        answer = self.create(**{**self.least, **members})
        answer.new_id()
        return answer

    @cached_property
    def least(self) -> dict[str, Any]:
        """The members besides name and enabled that it wants of a new source."""
        described = {"description": "of the kit"}
        return {} if self.create().status == 201 or self.create(**described).status != 201 else described

    def source(self) -> str:
        """The id of a new source."""
        return self.created().new_id()

    def find(self, id: str) -> Answer:
        """The answer to a request for one source."""
        return self.ask("GET", quote(id, safe=""))

    def list(self, **query: Any) -> Answer:
        """The answer to a list; raises `Skipped` where there is none."""
        return self.ask("GET", query=query).require(200, "list its sources", "P34-list-array")

    @cached_property
    def many(self) -> int:
        """How many sources there are once there are several."""
        with aside(self):
            for _ in range(MANY):
                self.source()
            total = self.counted
        if total < MANY:
            raise Skipped(f"a list of {MANY} sources or more counts {total}, see P34-walk")
        return total

    @property
    def counted(self) -> int:
        """How many sources a list says there are; raises `Skipped` where it does not say it."""
        total = self.ask("GET", query={"limit": 1}).members.get("total_count")
        if not isinstance(total, int):
            raise Skipped("a list does not count its entries, see P34-list-total-count")
        return total

    @cached_property
    def error(self) -> Answer:
        """An answer that is an error for certain."""
        with aside(self):
            answer = self.ask("POST", "", {"name": "", "enabled": "yes"})
        if answer.status < 400:
            raise Skipped("the service accepts enabled that is no boolean, see P31-refuses-enabled-type")
        return answer

    @cached_property
    def errors(self) -> tuple[Answer, ...]:
        """Answers that are errors, one of each kind that the service can be asked for, `error` first."""
        self.ask("POST", "", {"name": "taken by the kit", "enabled": True})
        text = {"Content-Type": "text/plain"}
        answers = (
            ((400,), self.ask("POST", "", body=b'{"name":')),
            ((401,), self.ask("GET", headers={"Authorization": None})),
            ((404,), self.ask("GET", "00000000-0000-0000-0000-000000000000:api")),
            ((404,), self.ask("GET", f"/v1/instances/{self.instance}/no-such-thing")),
            ((409,), self.ask("POST", "", {"name": "taken by the kit", "enabled": True})),
            ((400, 415), self.ask("POST", "", {"name": self.name(), "enabled": True}, headers=text)),
        )
        # another status breaks a requirement of its own
        return (self.error, *(answer for statuses, answer in answers if answer.status in statuses))


def _example(name: str) -> str:
    """The value of a parameter in the path of the contract's example."""
    return str(description(BACKUP_JOBS).document["components"]["parameters"][name]["example"])
