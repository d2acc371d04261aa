"""`test`: from the command line to the subject that it names, and what came of judging it."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import shutil
from collections.abc import Callable, Mapping
from typing import TypedDict

from vpc_backup_events.catalog.masking import masked
from vpc_backup_events.cli import _options
from vpc_backup_events.delivery import Http, Job, Request, TransportError
from vpc_backup_events.delivery.program import run_program
from vpc_backup_events.harness import Subject
from vpc_backup_events.trials.run import (
    Progress,
    SuiteReport,
    judge_client,
    judge_consumer,
    judge_producer,
    judge_service,
)
from vpc_backup_events.trials.service import FUZZ, ServiceFacts
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import Level, Profile

__all__ = ["judge"]

# the program of a client finds them in its environment, with this prefix
_PREFIX = "BACKUP_EVENTS_"
_FACTS = ("BASE_URL", "TOKEN", "INSTANCE_ID", "SOURCE", "INSTANCE_CRN")


class Terms(TypedDict):
    """How a subject is judged, whatever it is."""

    profile: Profile
    fail_on: Level
    gaps: Mapping[str, str]
    progress: Progress


def judge(arguments: argparse.Namespace, gaps: Mapping[str, str], progress: Progress) -> SuiteReport:
    """What came of the subject; raises `KitError` where it can't be judged."""
    terms = Terms(profile=arguments.profile, fail_on=arguments.fail_on, gaps=gaps, progress=progress)
    if arguments.role == "client":
        return judge_client(_registering(arguments.command, arguments.timeout), **terms)
    if arguments.job:
        return judge_consumer(Job(arguments.job), **terms)
    if not arguments.url:
        return _program(arguments, terms)
    _reach(arguments.url, arguments.timeout)
    if arguments.role == "service":
        return judge_service(arguments.url, arguments.token, arguments.instance_id, facts=_facts(arguments), **terms)
    headers = _options.headers(arguments.header)
    return judge_consumer(arguments.url, limit=arguments.timeout, headers=headers, **terms)


def _program(arguments: argparse.Namespace, terms: Terms) -> SuiteReport:
    """A producer or a consumer that speaks the harness protocol."""
    with Subject(
        arguments.command, role=arguments.role, profile=arguments.profile, timeout=arguments.timeout
    ) as subject:
        if arguments.role == "producer":
            return judge_producer(subject.produce, **terms)
        observe = subject.observe if subject.observes else None
        # the program answers within its own limit, which is an error and not a slow answer
        return judge_consumer(subject.consume, observe, limit=arguments.timeout + 5, **terms)


def _facts(arguments: argparse.Namespace) -> ServiceFacts:
    """What is known of a service besides its address."""
    if (arguments.backup_policy is None) != (arguments.backup_policy_job is None):
        raise UsageError("A backup job is named by its policy and its id.", "Give both options, or none.")
    return ServiceFacts(
        arguments.other_instance_id,
        arguments.forbidden_token,
        arguments.backup_policy,
        arguments.backup_policy_job,
        fuzz=FUZZ if arguments.fuzz is None else arguments.fuzz,
        delivers=arguments.delivers,
    )


def _registering(command: str, timeout: float) -> Callable[..., None]:
    """The program of a client as a callable; raises `UsageError` where it is not there."""
    words = shlex.split(command)
    if not words or shutil.which(words[0]) is None:
        raise UsageError(f"{command!r} can't be started.", "Check the command and its path.")
    log = logging.getLogger(f"{__name__}.client")
    log.setLevel(logging.INFO)

    def register(*facts: str) -> None:
        environment = {_PREFIX + name: fact for name, fact in zip(_FACTS, facts, strict=True)}
        # each registration may try again, and wait in between
        run = run_program(words, {**os.environ, **environment}, timeout * 6)
        # what it writes is its log
        log.info("%s", (run.output + run.errors).decode(errors="replace"))
        if run.status:
            # masked before it is cut, or half a secret would be left
            raise RuntimeError(f"exit status {run.status}: {masked(run.errors.decode(errors='replace'))[-300:]}")

    return register


def _reach(url: str, timeout: float) -> None:
    """Raises `UsageError` where nobody listens at the URL."""
    try:
        Http(url).send(Request("POST", {"Content-Type": "application/json"}, b"{}"), timeout)
    except TransportError as error:
        if error.kind == "refused":
            raise UsageError(f"{url} can't be reached: {error}.", "Start it, and check the URL.") from None
