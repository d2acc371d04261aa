"""`test` and `demo` as processes."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from vpc_backup_events.making.deliveries import binary
from vpc_backup_events.values.data import data_root

ROOT = Path(__file__).parents[2]
PRODUCER = f"{sys.executable} {ROOT / 'examples/harness-python/producer.py'}"
CONSUMER = f"{sys.executable} {ROOT / 'examples/harness-python/consumer.py'}"
SCHEMA = json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes())


@pytest.mark.exhaustive
def test_the_demo_ends_well_and_shows_a_finding(run):
    done = run("demo")
    assert done.returncode == 0, done.stdout
    assert "producer: conforming (documented profile)" in done.stdout
    assert "20 of 20 jobs arrived once" in done.stdout
    assert "FAILED  P25-notification-id: " in done.stdout
    assert "consumer: not conforming (documented profile)" in done.stdout


@pytest.mark.representatives("producer")
@pytest.mark.parametrize(
    ("role", "program"), [("producer", PRODUCER), ("consumer", CONSUMER)], ids=["producer", "consumer"]
)
def test_a_program_that_conforms(run, role, program):
    done = run("test", role, "--command", program)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith(f"{role}: conforming (documented profile): ")


def broken(tmp_path, change):
    """The worked consumer with something else in a place."""
    text = (ROOT / "examples/harness-python/consumer.py").read_text()
    assert change[0] in text
    path = tmp_path / "broken.py"
    path.write_text(text.replace(*change))
    return f"{sys.executable} {path}"


def test_a_program_that_breaks_a_requirement(run, tmp_path):
    command = broken(tmp_path, ('details.get("match_resource_type")', 'details.get("job_type")'))
    done = run("test", "consumer", "--command", command, "--format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert list(Draft202012Validator(SCHEMA).iter_errors(report)) == []
    assert (report["ok"], report["verdict"]) == (False, "not conforming")
    assert {f["requirement"] for f in report["findings"]} == {"P28-resource-type"}
    assert all(f["level"] == "error" and f["doc"].startswith("https://") for f in report["findings"])


@pytest.mark.exhaustive
def test_known_gaps(run, tmp_path):
    command = broken(tmp_path, ("if (event[", "event.pop('x', None)\n    if False and (event["))
    gap = "P28-id=it keeps nothing"
    done = run("test", "consumer", "--command", command, "--known-gap", gap)
    assert "P28-id" in done.stdout or "SKIPPED" in done.stdout
    done = run("test", "producer", "--command", PRODUCER, "--known-gap", "P01-id=ticket 7")
    assert done.returncode == 1
    assert "FAILED  P01-id: a known gap that the subject no longer has" in done.stdout


def test_the_report_goes_to_a_file(run, tmp_path):
    done = run("test", "producer", "--command", PRODUCER, "--format", "json", "--output", "report.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((tmp_path / "report.json").read_bytes())["verdict"] == "conforming"


def test_a_program_that_fails_is_an_error_and_no_finding(run):
    done = run("test", "producer", "--command", f"{sys.executable} -c pass")
    assert done.returncode == 2
    assert "exited with status 0" in done.stderr
    assert "FAILED" not in done.stdout
    # once it is asked: what is said before is noise
    dies = (
        "import sys, json; sys.stdin.readline();"
        " print(json.dumps(dict(type='started', protocol=1, name='x')), flush=True); sys.exit(3)"
    )
    done = run("test", "consumer", "--command", f'{sys.executable} -c "{dies}"')
    assert done.returncode == 2
    assert "ERROR " in done.stdout
    assert "FAILED" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("producer",), "not clear which"),
        (("consumer", "http://127.0.0.1:1", "--command", "x"), "not clear which"),
        (("producer", "http://127.0.0.1:1"), "has no URL"),
        (("producer", "--listen", ""), "Give --command"),
        (("consumer", ""), "or a URL"),
        (("consumer", "--job", ""), "or a URL"),
        (("consumer", "ftp://x"), "is no URL of a consumer"),
        (("consumer", "http://127.0.0.1:1"), "can't be reached"),
        (("consumer", "--command", "no-such-program"), "can't be started"),
        (("producer", "--command", "x", "--known-gap", "P99-x=y"), "'P99-x' is no requirement"),
        (("producer", "--command", "x", "--known-gap", "P01-id"), "has no reason"),
        (("gardener",), "invalid choice"),
        (("client", "http://127.0.0.1:1"), "A client is a program"),
        (("service", "--command", "x"), "A service is called at a URL"),
        (("client", "--command", "no-such-program"), "can't be started"),
        (("producer", "--listen", "here"), "not of the form HOST:PORT"),
        (("consumer", "--listen"), "does not post"),
    ],
)
def test_what_can_not_be_asked(run, arguments, message):
    done = run("test", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


CLIENT = """
import json, os, sys, urllib.request
get = lambda name: os.environ["BACKUP_EVENTS_" + name]
body = {"name": "n", "enabled": ENABLED, "source": get("SOURCE")}
body["event_notifications_instance_crn"] = get("INSTANCE_CRN")
url = get("BASE_URL") + "/v1/instances/" + get("INSTANCE_ID") + "/sources"
headers = {"Authorization": "Bearer " + get("TOKEN"), "Content-Type": "application/json"}
urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)).close()
"""


@pytest.mark.representatives("'yes'-1")
@pytest.mark.parametrize(("enabled", "status"), [("True", 0), ("'yes'", 1)])
def test_a_client_is_a_program(run, tmp_path, enabled, status):
    pytest.importorskip("uvicorn")
    (tmp_path / "register.py").write_text(CLIENT.replace("ENABLED", enabled))
    done = run("test", "client", "--command", f"{sys.executable} register.py", "--format", "json")
    assert done.returncode == status, done.stderr
    report = json.loads(done.stdout)
    assert {f["requirement"] for f in report["findings"]} == ({"P31-enabled"} if status else set())


@pytest.mark.representatives("nothing made up")
@pytest.mark.parametrize("fuzz", [("--fuzz", "0"), ()], ids=["nothing made up", "as it is"])
def test_a_service_is_judged_at_its_url(run, fuzz):
    pytest.importorskip("uvicorn")
    from vpc_backup_events.reference.server import both, serve

    with serve(both("secret-token")) as server:
        done = run("test", "service", f"{server.url}/event-notifications", "--token", "secret-token", *fuzz)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("service: conforming")


def posted(command, environment, folder, *posts, instance="9f2c1d7e-2a4b-4c6d-8e0f-1a2b3c4d5e6f"):
    """What the kit says of posts, each as changes of headers and a body, and what it answered to each."""
    arguments = ("test", "producer", "--listen", "--count", str(len(posts)), "--seconds", "30", "--format", "json")
    kit = subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=folder
    )
    url = kit.stderr.readline().decode().partition("listening at ")[2].partition(";")[0]
    statuses = []
    for headers, body in posts:
        every = {"Content-Type": "application/json", "Authorization": "Bearer x", **headers}
        sent = {name: value for name, value in every.items() if value is not None}
        request = urllib.request.Request(f"{url}/v1/instances/{instance}/notifications", body, sent)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                statuses.append(answer.status)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
            error.close()
    output, _ = kit.communicate(timeout=30)
    return kit.returncode, json.loads(output), statuses


def test_a_producer_that_posts_is_answered_202_and_conforms(command, environment, tmp_path, event):
    pytest.importorskip("starlette")
    first = json.dumps(event).encode()
    second = binary({**event, "id": "5f1c3f0e-8a3b-4c7e-9f57-0d8e2a41c6b1"})
    posts = [({}, first), ({"Content-Type": "text/plain", **second.headers}, second.body)]
    posts[1][0]["Content-Type"] = "application/json"
    status, report, statuses = posted(command, environment, tmp_path, *posts)
    assert (status, statuses) == (0, [202, 202])
    assert report["summary"]["events"] == 2
    assert report["findings"] == []


def test_posts_that_are_no_events_or_have_no_token_do_not_conform(command, environment, tmp_path, event):
    pytest.importorskip("starlette")
    body = json.dumps(event).encode()
    posts = [
        ({"Authorization": None}, body),
        ({"Content-Type": "text/plain"}, body),
        ({}, b"[" + body + b"]"),
        ({}, json.dumps({**event, "id": "", "time": "yesterday"}).encode()),
    ]
    status, report, statuses = posted(command, environment, tmp_path, *posts)
    assert status == 1
    assert statuses[0] == 401
    assert 202 not in statuses
    by_request = {}
    for finding in report["findings"]:
        by_request.setdefault(finding["source"]["file"], set()).add(finding["requirement"])
    assert by_request["request 1"] == {"P31-bearer"}
    assert by_request["request 2"] == {"P25-media-type"}
    assert by_request["request 3"] == {"P11-event-object"}
    assert by_request["request 4"] == {"P01-id", "P02-time-format"}


def test_a_post_to_a_path_that_is_not_there_does_not_conform(command, environment, tmp_path, event):
    pytest.importorskip("starlette")
    post = ({}, json.dumps(event).encode())
    status, report, statuses = posted(command, environment, tmp_path, post, instance="1")
    assert (status, statuses, report["ok"]) == (1, [404], False)
    assert [finding["requirement"] for finding in report["findings"]] == ["P35-path"]


def test_a_producer_that_posts_nothing(run):
    pytest.importorskip("starlette")
    done = run("test", "producer", "--listen", "--seconds", "0.2")
    assert done.returncode == 2
    assert "No event was posted" in done.stderr


SERVER = """
import { createServer } from "node:http";

const seen = new Set();
createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const end = (status) => response.writeHead(status).end();
    const media = (request.headers["content-type"] ?? "").split(";")[0].trim();
    if (request.method !== "POST") return end(405);
    let event;
    try {
      if (!media.includes("cloudevents") && request.headers["ce-id"] !== undefined || request.headers["ce-type"]) {
        const get = (name) => request.headers["ce-" + name];
        event = { id: get("id"), source: get("source"), type: get("type"), specversion: get("specversion") };
      } else if (["application/json", "application/cloudevents+json"].includes(media)) {
        const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
        event = JSON.parse(text.replace(/[\\r\\n]/g, " "));
      } else return end(415);
    } catch {
      return end(400);
    }
    if (!event?.id || !event.source || !event.type || !event.specversion) return end(400);
    seen.add(event.source + " " + event.id);
    end(202);
  });
}).listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed")
def test_a_server_in_node_is_judged_over_http(run, tmp_path):
    (tmp_path / "server.mjs").write_text(SERVER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(["node", tmp_path / "server.mjs", str(port)], stdout=subprocess.PIPE)
    try:
        assert server.stdout.readline() == b"ready\n"
        done = run("test", "consumer", f"http://127.0.0.1:{port}/")
    finally:
        server.kill()
        server.wait()
    assert done.returncode == 0, done.stdout
    assert "FAILED" not in done.stdout
    assert "override the fixture `observe`" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("consumer: partly judged")


@pytest.mark.exhaustive
def test_a_job_of_code_engine_is_judged_in_part_and_one_that_fails_does_not_conform(run, write):
    path = write("good.py", b"import json, os\njson.loads(os.environ['ibmendata'], strict=False)\n")
    done = run("test", "consumer", "--job", f"{sys.executable} -S {path}", "--profile", "strict")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("consumer: partly judged (strict profile)")
    path = write("bad.py", b"import os, sys\nsys.exit('extra' in os.environ['ibmendata'])\n")
    done = run("test", "consumer", "--job", f"{sys.executable} -S {path}")
    assert done.returncode == 1
    assert "FAILED  P25-unknown-attributes" in done.stdout
    assert run("test", "producer", "--job", "x").returncode == 2
    done = run("test", "consumer", "--job", "no-such-program")
    assert (done.returncode, "can't be started" in done.stderr) == (2, True)


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_reports_what_was_judged(command, environment, write, tmp_path, how, status):
    program = write(
        "slow.py",
        b"import json, os, sys, time\n"
        b"seen = int(open('count').read()) if os.path.exists('count') else 0\n"
        b"open('count', 'w').write(str(seen + 1))\n"
        b"json.loads(os.environ['ibmendata'], strict=False)\n"
        b"if seen > 30:\n    open('ready', 'w').close()\n    time.sleep(60)\n",
    )
    process = subprocess.Popen(
        [*command, "test", "consumer", "--job", f"{sys.executable} {program}", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    )
    until = time.monotonic() + 60
    while not (tmp_path / "ready").exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(how)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"interrupted: " in stderr
    assert b"Traceback" not in stderr
    document = json.loads(stdout)
    Draft202012Validator(SCHEMA).validate(document)
    statuses = {result["status"] for result in document["results"]}
    assert {"passed", "skipped"} <= statuses
    assert any(result["message"] == "interrupted before it was judged" for result in document["results"])
    assert document["verdict"] != "conforming"


@pytest.mark.parametrize("option", ["--command", "--job"])
def test_a_command_with_an_open_quotation_is_a_usage_error(run, option):
    done = run("test", "consumer", option, "python 'consumer.py")
    assert done.returncode == 2
    assert "is no command: No closing quotation." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        ("producer", {"--command", "--listen", "--count"}, {"--token", "--job", "--header"}),
        ("consumer", {"--command", "--job", "--header"}, {"--token", "--listen", "--delivers"}),
        ("client", {"--command", "--timeout"}, {"--token", "--listen", "--header", "--job"}),
        ("service", {"--token", "--delivers"}, {"--command", "--listen", "--job"}),
    ],
)
def test_the_help_of_a_role_has_the_options_of_that_role(run, role, own, others):
    shown = set(re.findall(r"--[a-z-]+", run("test", role, "--help").stdout))
    assert own <= shown
    assert not others & shown
    assert own | others <= set(re.findall(r"--[a-z-]+", run("test", "--help").stdout))
