"""The consumer suite passes what conforms, and catches each fake by its requirement and no other."""

from __future__ import annotations

import sys

import pytest

from helpers.consumers import FAKES, FURTHER, METHODS, Later
from helpers.independent import ASGI, CALLABLES, WSGI
from vpc_backup_events import catalog
from vpc_backup_events.delivery import Response, TransportError
from vpc_backup_events.reference.consumer import consumer_app
from vpc_backup_events.trials.consumer import CONSUMER, ConsumerRun
from vpc_backup_events.trials.run import judge_consumer
from vpc_backup_events.trials.trial import Skipped, result_of, verdict

BROKEN = ("failed", "warned", "reported", "errored")


def results(consumer, observe=None, profile="documented", **options):
    run = ConsumerRun(consumer, observe, profile, **options)
    try:
        return [result_of(trial, run, profile) for trial in CONSUMER]
    finally:
        run.close()


def test_every_requirement_of_a_consumer_that_a_suite_judges_has_a_trial_and_a_fake():
    judged = {
        r.id
        for r in catalog.requirements.values()
        if r.status == "checked" and r.check == "suite" and "consumer" in r.subject
    }
    assert {trial.requirement.id for trial in CONSUMER} == judged
    assert set(FAKES) == judged


@pytest.mark.parametrize("profile", ["documented", "strict"])
def test_the_reference_consumer_conforms(profile):
    app = consumer_app()
    made = results(app, lambda: app.interpretations, profile)
    assert [r for r in made if r.status in BROKEN or r.status == "skipped"] == []
    assert verdict(made) == "conforming"


@pytest.mark.parametrize("make", [*ASGI, *WSGI, *CALLABLES], ids=lambda make: make.__name__)
def test_an_independent_consumer_conforms(make):
    consumer, observe = make()
    made = results(consumer, observe)
    assert [(r.requirement.id, r.message) for r in made if r.status in BROKEN or r.status == "skipped"] == []
    assert verdict(made) == "conforming"


def test_without_observation_that_part_is_skipped_and_the_verdict_says_so():
    made = results(consumer_app())
    skipped = {r.requirement.position for r in made if r.status == "skipped"}
    assert skipped == {"P25", "P27", "P28"}
    assert verdict(made) == "partly judged"


@pytest.mark.representatives(
    "P25-json",
    "P25-other-verbs",
    "P25-size-64k",
    "P25-in-time",
    "P26-empty-body",
    "P26-stays-up",
    "P27-no-second-effect",
    "P28-reason",
)
@pytest.mark.parametrize("requirement", FAKES)
def test_a_fake_is_caught_by_its_requirement_and_no_other(requirement):
    fake = FAKES[requirement]()
    options = {"limit": 0.3} if requirement == "P25-in-time" else {}
    methods = METHODS.get(requirement, ("POST",))
    made = results(fake, lambda: fake.interpretations, methods=methods, **options)
    broken = {r.requirement.id: r for r in made if r.status in BROKEN}
    assert set(broken) == {requirement}, next((r.message for id, r in broken.items() if id != requirement), "")
    level = catalog.requirements[requirement].profiles["documented"]
    assert broken[requirement].status == {"error": "failed", "warning": "warned", "note": "reported"}[level]
    message = broken[requirement].message
    assert message.startswith(f"{requirement}: {catalog.requirements[requirement].sentence}")
    assert catalog.requirements[requirement].hint in message
    assert catalog.requirements[requirement].doc in message


def as_async(app):
    async def consumer(headers, body):
        return app.receive("POST", headers.items(), body)

    return consumer


def as_short_wsgi(app):
    def consumer(e, sr):
        names = {n[5:].replace("_", "-"): e[n] for n in e if n.startswith("HTTP_")}
        headers = {**names, "content-type": e.get("CONTENT_TYPE", "")}
        sr(f"{app.receive(e['REQUEST_METHOD'], headers.items(), e['wsgi.input'].read())} X", [])
        return []

    return consumer


@pytest.mark.representatives("null is taken in plain JSON", "a text that is an event is taken")
@pytest.mark.parametrize("name", FURTHER)
def test_what_is_wrong_in_one_place_only_is_caught_by_its_requirement_and_no_other(name):
    requirement, make = FURTHER[name]
    fake = make()
    broken = [r for r in results(fake, lambda: fake.interpretations) if r.status in BROKEN]
    assert [r.requirement.id for r in broken] == [requirement], [r.message for r in broken]


@pytest.mark.exhaustive
def test_a_consumer_that_works_on_after_its_answer_and_repeats_effects_is_caught():
    fake = Later()
    broken = {r.requirement.id for r in results(fake, lambda: fake.interpretations) if r.status in BROKEN}
    assert broken == {"P27-no-second-effect", "P27-concurrent-repeat", "P27-notification-id", "P27-other-mode"}


@pytest.mark.parametrize("make", [as_async, as_short_wsgi], ids=lambda make: make.__name__)
def test_a_consumer_is_told_by_its_signature(make):
    app = consumer_app()
    assert verdict(results(make(app), lambda: app.interpretations)) == "conforming"


def leaving(headers, body):
    sys.exit(3)


async def leaving_asgi(scope, receive, send):
    if scope["type"] == "http":
        sys.exit(3)


@pytest.mark.parametrize("consumer", [leaving, leaving_asgi, lambda environ, start_response: sys.exit(3)])
def test_a_consumer_that_ends_the_process_is_answered_for_with_500(consumer):
    made = results(consumer)
    assert "P25-some-form" in {r.requirement.id for r in made if r.status == "failed"}
    assert {r.status for r in made} <= {"failed", "skipped", "passed", "not exercised", "reported"}


def test_a_server_that_ends_is_found_once():
    class Ending:
        """A transport to a server that ends after a list, and refuses every connection from then on."""

        def __init__(self):
            self.app, self.ended = consumer_app(), False

        def send(self, request, timeout):
            if self.ended:
                raise TransportError("refused", "127.0.0.1 refused the connection")
            self.ended = request.body.startswith(b"[")
            return Response(self.app.receive(request.method, request.headers.items(), request.body))

        def close(self):
            """Nothing was started."""

    subject = Ending()
    made = results(subject, lambda: subject.app.interpretations)
    broken = [r for r in made if r.status in BROKEN]
    assert [r.requirement.id for r in broken] == ["P26-stays-up"], [r.message for r in broken]
    assert "nobody answers any more since this was sent: an empty array" in broken[0].message


def test_a_consumer_that_takes_nothing_is_not_judged_further():
    made = results(lambda headers, body: 400)
    failed = {r.requirement.id for r in made if r.status == "failed"}
    assert failed == {"P25-some-form"}
    assert verdict(made) == "not conforming"


def test_an_application_behind_a_path_that_asks_for_a_header():
    app = consumer_app()

    async def guarded(scope, receive, send):
        if scope["type"] == "http" and (
            scope["path"] != "/hooks/backup" or (b"x-key", b"open-sesame") not in scope["headers"]
        ):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body"})
        else:
            await app(scope, receive, send)

    there = {"path": "/hooks/backup", "headers": {"X-Key": "open-sesame"}}
    assert verdict(results(guarded, lambda: app.interpretations, **there)) == "conforming"
    refused = results(guarded, lambda: app.interpretations, path="/hooks/backup")
    assert verdict(refused) == "not conforming"
    shown = "".join(r.message for r in results(guarded, headers={"X-Key": "open-sesame"}))
    assert "open-sesame" not in shown


def test_a_function_finds_headers_in_any_case():
    app = consumer_app()

    def consumer(headers, body):
        assert headers["content-type"] == headers.get("CONTENT-TYPE") if "Content-type" in headers else True
        return app.receive("POST", headers.items(), body)

    assert verdict(results(consumer, lambda: app.interpretations)) == "conforming"


def test_what_a_consumer_says_can_not_colour_the_terminal():
    def consumer(environ, start_response):
        start_response("500 No", [])
        return [b"\x1b[31mred"]

    messages = "".join(r.message for r in results(consumer))
    assert "saying:" in messages
    assert "\x1b" not in messages


def test_the_pairs_of_a_conforming_consumer_were_all_judged_and_have_no_finding():
    app = consumer_app()
    pairs = judge_consumer(app, lambda: app.interpretations).pairs
    assert set(pairs) == set(catalog.pairs)
    assert all(events > 5 and not found for events, found in pairs.values())


def test_a_consumer_that_misreads_one_reason_has_findings_at_its_pairs_alone():
    app = consumer_app()
    (first, *_) = catalog.pairs.values()

    def observe():
        return [{**each, "reason": "x"} if each.get("reason") == first.reason else each for each in app.interpretations]

    report = judge_consumer(app, observe)
    assert [r.requirement.id for r in report.results if r.status in BROKEN] == ["P28-reason"]
    amiss = {id for id, (_, found) in report.pairs.items() if found}
    assert amiss == {pair.id for pair in catalog.pairs.values() if pair.reason == first.reason}


def test_a_consumer_that_takes_nothing_has_findings_at_every_pair_and_one_that_can_not_be_judged_has_no_pairs():
    pairs = judge_consumer(lambda headers, body: 500).pairs
    assert set(pairs) == set(catalog.pairs)
    assert all(events == found for events, found in pairs.values())
    assert judge_consumer(lambda headers, body: 302).pairs == {}


def test_a_consumer_at_a_url_that_is_not_observed_is_led_to_the_harness():
    for consumer, harness in (("http://127.0.0.1:1", True), (lambda headers, body: 204, False)):
        with pytest.raises(Skipped, match="override the fixture `observe`") as skipped:
            ConsumerRun(consumer, None, "documented").observer.interpretations(["1"])
        assert ("docs/harness.md" in str(skipped.value)) is harness


def test_two_runs_share_no_event():
    """A consumer that remembers what it got would take an event of the second run for one of the first."""
    ids: list[set[str]] = []
    for _ in range(2):
        app = consumer_app()
        run = ConsumerRun(app)
        for requirement in ("P25-some-form", "P25-notification-id"):
            assert result_of(CONSUMER[requirement], run, "documented").status == "passed"
        run.close()
        ids.append({interpretation["id"] for interpretation in app.interpretations})
    first, second = ids
    assert len(first) == len(second) > len(catalog.pairs)
    assert first.isdisjoint(second)
