"""`confirm` finds the job of an event at the reference service, and each contradiction by its requirement."""

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.harness.confirmation import VpcApiError, confirm
from vpc_backup_events.making.choices import Plain
from vpc_backup_events.making.draft import draft, scenario_of
from vpc_backup_events.values.errors import UsageError

pytest.importorskip("uvicorn")
from vpc_backup_events.reference import backup_jobs_app
from vpc_backup_events.reference.backup_jobs import job_of
from vpc_backup_events.reference.server import serve

SEED = Path(__file__).parents[2] / "fixtures" / "documented" / "events" / "payload.json"
OTHER = "r006-00000000-0000-4000-8000-000000000001"
ID = "5c0a8a1e-7d52-4f0e-9a54-2f1f5cf0d2b1"
PAIRS = sorted(catalog.pairs)


def scenario(pair=None):
    known = catalog.pairs[pair] if pair else next(p for p in catalog.pairs.values() if p.api_code.code)
    return scenario_of(known, Plain())


def event(pair=None, **details):
    made = draft(scenario(pair), ID).event()
    inside = json.loads(made["ibmendefaultlong"])
    inside = {name: value for name, value in {**inside, **details}.items() if value is not None}
    return {**made, "ibmendefaultlong": json.dumps(inside)}


def source(**members):
    job = job_of(scenario())
    return {**job["source"], **members}


def plan(**members):
    return {**job_of(scenario())["backup_policy_plan"], **members}


OTHER_REASON = {"status_reasons": [{"code": "snapshot_share_limit", "message": "The limit is reached."}]}
# what is wrong with the job
CONTRADICTIONS = {
    "P36-failed": {"status": "succeeded"},
    "P36-job-type-agrees": {"job_type": "deletion"},
    "P36-reason-agrees": OTHER_REASON,
    "P36-reason-mapped": OTHER_REASON,
    "P36-plan-agrees": {"backup_policy_plan": plan(id=OTHER)},
    "P36-resource-agrees": {"source": source(crn="crn:v1:bluemix:public:is:us-south-1:a/1::volume:r006-other")},
}


def found(event, *jobs, **options):
    return confirm(event, backup_jobs_app(jobs=jobs), **options)


@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize("pair", PAIRS)
def test_the_job_of_every_reason_agrees(pair, profile):
    made = found(event(pair), job_of(scenario(pair)), profile=profile)
    assert [(f.requirement, f.message) for f in made.report.findings] == []
    assert made.ok
    assert made.job["id"] == scenario(pair).backup_policy_job


@pytest.mark.parametrize("pair", PAIRS)
def test_every_documented_spelling_is_understood(pair):
    for spelling in catalog.pairs[pair].spellings:
        made = found(event(pair, status_reason=f"{spelling.spelling}: as told"), job_of(scenario(pair)))
        assert made.ok, spelling


def stating(requirement):
    """The reason as an API code where the code itself is to agree, as a token of the table where it is mapped."""
    token, code = next((p.reason, p.api_code.code) for p in catalog.pairs.values() if p.api_code.code)
    return {"P36-reason-agrees": f"{code}: as told"}.get(requirement, f"{token}: as told")


@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize("requirement", CONTRADICTIONS)
def test_a_contradiction_is_found_by_its_requirement_and_no_other(requirement, profile):
    level = catalog.requirements[requirement].profiles[profile]
    made = found(
        event(status_reason=stating(requirement)),
        job_of(scenario(), **CONTRADICTIONS[requirement]),
        profile=profile,
    )
    assert [(f.requirement, f.level) for f in made.report.findings] == [(requirement, level)]
    assert made.ok == (level != "error")
    finding = made.report.findings[0]
    assert "{" not in finding.message + finding.hint
    assert finding.doc.startswith("https://")


def test_every_requirement_of_confirm_has_a_contradiction():
    assert {r.id for r in catalog.requirements.values() if r.check == "confirm"} == set(CONTRADICTIONS)


def test_a_job_that_is_not_there_is_no_failed_job():
    made = found(event(), job_of(scenario(), id=OTHER, href=job_of(scenario())["href"][:-36] + OTHER[-36:]))
    assert [f.requirement for f in made.report.findings] == ["P36-failed"]
    assert made.job is None


def test_without_a_job_id_the_likeliest_failed_job_is_compared():
    far = job_of(scenario(), id=OTHER, status_reasons=[{"code": "snapshot_pending", "message": "Pending."}])
    made = found(event(backup_policy_job=None), far, job_of(scenario()))
    assert made.ok
    assert made.job["id"] == scenario().backup_policy_job
    made = found(event(backup_policy_job=None), far)
    assert [f.requirement for f in made.report.findings] == ["P36-reason-mapped"]
    made = found(event(backup_policy_job=None), job_of(scenario(), status="succeeded"))
    assert [f.requirement for f in made.report.findings] == ["P36-failed"]


def test_every_page_of_the_list_is_read():
    others = [
        job_of(
            scenario(),
            id=f"r006-00000000-0000-4000-8000-{number:012}",
            status_reasons=[{"code": "internal_error", "message": "?"}],
            created_at=f"2027-01-01T00:00:{number % 60:02}Z",
        )
        for number in range(120)
    ]
    made = found(event(backup_policy_job=None), *others, job_of(scenario()))
    assert made.ok


def test_an_event_without_a_policy_cannot_be_asked_for():
    with pytest.raises(UsageError, match="names no backup policy"):
        found(event(backup_policy=None), job_of(scenario()))
    with pytest.raises(UsageError, match="names no backup policy"):
        found(b"not an event")


@pytest.mark.parametrize(("status", "said"), [(401, "401"), (403, "403"), (429, "429"), (500, "500")])
def test_an_error_of_the_api_is_no_verdict(status, said):
    app = backup_jobs_app(jobs=[job_of(scenario())])
    app.state.faults.add(status=status)
    with pytest.raises(VpcApiError, match=said):
        confirm(event(), app)


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>"])
def test_an_answer_that_is_no_job_is_no_verdict(body):
    def app(environ, start_response):
        start_response("200 OK", [])
        return [body]

    with pytest.raises(VpcApiError, match="no JSON object"):
        confirm(event(), app)


SECRET = "eyJ-token-0123456789abcdef"


@pytest.mark.parametrize("token", [SECRET, f"{SECRET}\n", f" {SECRET}\r\n"])
def test_a_token_of_a_mounted_secret_is_trimmed(token):
    report = confirm(event(), backup_jobs_app(SECRET, jobs=[job_of(scenario())]), token=token).report
    assert report.ok


def test_a_token_that_no_header_can_hold_is_refused_and_not_shown():
    with pytest.raises(UsageError, match="control character") as problem:
        confirm(event(), backup_jobs_app(), token=f"{SECRET}\nmore")
    assert SECRET not in str(problem.value)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_token_that_the_api_repeats_is_not_told(status):
    def app(environ, start_response):
        start_response(f"{status} {environ['HTTP_AUTHORIZATION']}", [("Content-Type", "application/json")])
        return [json.dumps({"errors": [{"code": "c", "message": environ["HTTP_AUTHORIZATION"]}]}).encode()]

    with pytest.raises(VpcApiError, match=str(status)) as problem:
        confirm(event(), app, token=SECRET)
    assert SECRET not in str(problem.value)
    assert "$TOKEN" in str(problem.value)


def echoing(first):
    """The URL of a server whose first line is this, with the header of the request in it."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run():
        with listening:
            sock, _ = listening.accept()
            with sock:
                head = sock.recv(65_536).decode()
                line = next(text for text in head.split("\r\n") if text.lower().startswith("authorization"))
                sock.sendall(f"{first.format(line)}\r\n\r\n".encode())

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


@pytest.mark.parametrize(
    "first", ["{}\r\n\r\n", "HTTP/1.1 x {}\r\n\r\n", "HTTP/1.1 401 {}\r\nContent-Length: 0\r\n\r\n"]
)
def test_a_status_line_that_repeats_the_token_is_not_told(first):
    with pytest.raises(VpcApiError) as problem:
        confirm(event(), echoing(first), token=SECRET)
    assert SECRET not in str(problem.value)


def test_it_is_exported():
    assert vbe.confirm is confirm


def run(*arguments, **options):
    command = [sys.executable, "-m", "vpc_backup_events", "confirm", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


@pytest.fixture
def server():
    job = {**job_of(scenario())}
    with serve(backup_jobs_app(token="secret-of-the-test", jobs=[job])) as running:
        yield f"{running.url}/v1"


def test_the_command_line_confirms(server, tmp_path):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event()))
    done = run(path, "--vpc-url", server, "--token", "secret-of-the-test")
    job, policy = scenario().backup_policy_job, scenario().backup_policy
    assert (done.returncode, done.stderr) == (
        0,
        f"vpc-backup-events: {path}: confirmed by job {job} of policy {policy}\n",
    )
    path.write_text(json.dumps(event(backup_policy_plan=OTHER)))
    done = run(path, "--vpc-url", server, "--token", "secret-of-the-test", "--format", "json")
    assert done.returncode == 1
    assert [f["requirement"] for f in json.loads(done.stdout)["findings"]] == ["P36-plan-agrees"]


def test_the_command_line_says_why_it_cannot_ask(server, tmp_path):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event()))
    done = run(path, "--vpc-url", server)
    assert (done.returncode, done.stdout) == (2, "")
    assert "answered 401" in done.stderr
    done = run(path, "--vpc-url", "http://127.0.0.1:1/v1")
    assert done.returncode == 2
    assert "can't be reached" in done.stderr
    done = run(path, "--vpc-url", "ftp://x")
    assert done.returncode == 2
    path.write_text("{}")
    done = run(path, "--vpc-url", server)
    assert done.returncode == 2
    assert "names no backup policy" in done.stderr
    for each in (done.stderr, done.stdout):
        assert "Traceback" not in each


def test_the_documentations_example_is_compared_with_the_failed_jobs_of_its_policy(server):
    done = run(SEED, "--vpc-url", server, "--token", "secret-of-the-test")
    assert done.returncode == 1
    assert "P36-failed" in done.stdout
