"""Secrets are located, never printed: every form, in every place of a text, through every verb and format."""

from __future__ import annotations

import base64
import json
import sys
import textwrap

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.catalog.masking import HIDDEN, holding, looks_secret, masked
from vpc_backup_events.delivery import engine
from vpc_backup_events.delivery.clock import VirtualClock
from vpc_backup_events.reporting import FORMATS

# what must not be told; no word of it stands anywhere else
LEAF = "hunter2Zq81xWvT"
JWT = f"eyJhbGciOiJIUzI1NiJ9.{base64.urlsafe_b64encode(LEAF.encode()).decode().rstrip('=')}.c2lnbmF0dXJl{LEAF}"

# form -> text that holds the secret, known by its look
FORMS = {
    "bearer": f"Bearer {LEAF}abcdef",
    "authorization": f"Authorization: Bearer {LEAF}",
    "jwt": JWT,
    "private key": f"-----BEGIN RSA PRIVATE KEY-----\n{LEAF}\n-----END RSA PRIVATE KEY-----",
    "url": f"https://user:{LEAF}@host.test/path",
    "in a sentence": f"the job failed with Bearer {LEAF}abcdef at once",
    "in json": json.dumps({"deep": {"password": LEAF}}),
    "in json in json": json.dumps({"x": json.dumps({"apiKey": LEAF})}),
}
# name -> member of an object whose value is secret by its name
NAMES = sorted(catalog.secrets.names)


def _details(event):
    return json.loads(event["ibmendefaultlong"])


def _with_detail(event, name, value):
    return {**event, "ibmendefaultlong": json.dumps({**_details(event), name: value})}


MEMBERS = ["id", "source", "type", "time", "ibmensourceid", "ibmenseverity", "ibmendefaultshort", "ibmendefaultlong"]
MEMBERS += ["specversion", "subject", "datacontenttype", "dataschema", "data", "extra"]
DETAILS = ["status", "backup_policy", "backup_policy_plan", "backup_policy_job", "status_reason", "match_resource_type"]
DETAILS += ["job_type", "more_info", "resource", "extra"]


def _email(event, **details):
    body = json.dumps({**_details(event), **details})
    return f"Subject: Volume Backup Job Creation Failure\nContent-Type: text/plain\n\n{body}\n".encode()


def _places(event, text):
    """Where a text can stand: the name of the place, the name of the file, and what is in it."""
    for name in MEMBERS:
        yield f"member {name}", "e.json", json.dumps({**event, name: text}).encode()
    for name in DETAILS:
        yield f"detail {name}", "e.json", json.dumps(_with_detail(event, name, text)).encode()
        yield f"detail {name} of an email", "e.eml", _email(event, **{name: text})
    yield "name of a member", "e.json", json.dumps({**event, text: "x"}).encode()
    yield "name of a detail", "e.json", json.dumps(_with_detail(event, text, "x")).encode()
    yield "list", "e.json", json.dumps({**event, "data": {"x": [1, [text]]}}).encode()
    twice = json.dumps({**event, "extra": "x"})[:-1] + f', "extra": {json.dumps(text)}}}'
    yield "member twice", "e.json", twice.encode()
    yield "text that is no json", "e.json", b'{"a": ' + text.encode()
    yield "json that breaks off", "e.json", json.dumps({**event, "extra": text}).encode()[:-1]
    yield "subject of an email", "e.eml", b"Subject: " + text.replace("\n", " ").encode() + b"\n\nhello\n"
    yield "body of an email", "e.eml", b"Subject: x\n\n" + text.encode()
    yield "lines", "e.ndjson", json.dumps({**event, "id": text}).encode() + b"\n{" + text.encode() + b"\n{}\n"
    message = f"POST / HTTP/1.1\r\nContent-Type: {text.splitlines()[0]}\r\nce-id: {text.splitlines()[0]}\r\n\r\n{text}"
    yield "http message", "e.http", message.encode()


def _named(event, name):
    """Where a secret is one by its name."""
    yield f"member {name}", "e.json", json.dumps({**event, name: LEAF}).encode()
    yield f"detail {name}", "e.json", json.dumps(_with_detail(event, name, LEAF)).encode()
    yield f"list under {name}", "e.json", json.dumps({**event, name: [LEAF]}).encode()
    yield f"{name} in an email", "e.eml", _email(event, **{name: LEAF})
    yield f"{name} of json that breaks off", "e.json", json.dumps({name: LEAF, **event}).encode()[:-1]
    yield f"{name} twice", "e.json", f'{{"{name}": "{LEAF}", "{name}": "{LEAF}x"}}'.encode()


def _cases(event):
    for form, text in FORMS.items():
        for place, name, content in _places(event, text):
            yield f"{form} as {place}", name, content
    for secret in NAMES:
        yield from _named(event, secret)


VERBS = ["check", "audit"]
# every format of a report in one run, each in a file
REPORTS = [f"--report={format}=report.{format}" for format in FORMATS]
WAYS = {verb: [verb, *REPORTS] for verb in VERBS}
WAYS |= {words: words.split() for words in ("check --profile strict", "check --color always", "lint")}
WAYS["filter"] = ["filter", "$.notification.x"]


def _leaks(run, folder, words, cases):
    """How many cases there are, and in which of them the secret is told: on a stream, or in a report."""
    told, count = [], 0
    formats = [word.partition("=")[2].partition("=")[0] for word in words if word in REPORTS]
    for case, name, content in cases:
        (folder / name).write_bytes(content)
        done = run(*words, name)
        assert done.returncode in (0, 1, 2)
        texts = {"streams": done.stdout + done.stderr}
        texts |= {format: (folder / f"report.{format}").read_text("utf-8") for format in formats}
        told += [(case, where) for where, text in texts.items() if LEAF in text]
        assert all(texts.values())
        (folder / name).unlink()
        count += 1
    return count, told


@pytest.mark.parametrize("words", ["check --format text", "check --format html", "audit --format json"])
def test_no_verb_tells_a_secret(run, tmp_path, event, words):
    sample = list(_cases(event))[["text", "html", "json"].index(words.split()[-1]) :: 15]
    count, told = _leaks(run, tmp_path, words.split(), sample)
    assert count > 25
    assert told == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_tells_a_secret_on_standard_output(run, tmp_path, event, verb, format):
    sample = list(_cases(event))[list(FORMATS).index(format) :: 15]
    count, told = _leaks(run, tmp_path, [verb, "--format", format], sample)
    assert count > 25
    assert told == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("way", WAYS)
def test_no_verb_tells_a_secret_in_any_case(run, tmp_path, event, way):
    count, told = _leaks(run, tmp_path, WAYS[way], _cases(event))
    assert count > 400
    assert told == []


# what is secret on a command line, wherever it is told again: words, and what stands in the folder
COMMANDS = [
    f"check absent.json --token {LEAF}",
    f"check e.json --format {LEAF} --tok={LEAF}",
    f"test consumer http://user:{LEAF}@127.0.0.1:9/x",
    f"test consumer http://127.0.0.1:9/x?token={LEAF}",
    f"test consumer http://127.0.0.1:9/x --header X-Auth-Token:{LEAF}",
    f"test service http://127.0.0.1:9 --token {LEAF}",
    f"test service http://127.0.0.1:9 --forbidden-token {LEAF}",
    f"deliver e.json http://user:{LEAF}@127.0.0.1:9/x",
    f"deliver e.json http://127.0.0.1:9/x?apikey={LEAF} --format json",
    f"deliver e.json http://user:{LEAF}@[::1",
    f"confirm e.json --vpc-url http://user:{LEAF}@127.0.0.1:9/v1",
    f"confirm e.json --vpc-url http://127.0.0.1:9/v1 --token {LEAF}",
    f"explain Bearer_{LEAF} --token={LEAF}",
    f"generate --type password={LEAF}",
    f"filter $.x=='Authorization:Bearer_{LEAF}' e.json --token {LEAF}",
    f"render e.json --to pagerduty --routing-key {LEAF} --token {LEAF}",
    f"serve --host user:{LEAF}@host --token {LEAF}",
    f"audit absent?token={LEAF}",
    f"coverage absent?password={LEAF}",
]


@pytest.mark.parametrize("words", COMMANDS, ids=[words.replace(LEAF, "SECRET") for words in COMMANDS])
def test_nothing_secret_on_a_command_line_is_told(run, write, event, words, monkeypatch):
    # what is sent again is sent at once
    monkeypatch.setattr(engine, "RealClock", VirtualClock)
    write("e.json", event)
    done = run(*words.split())
    assert done.returncode == 2
    assert LEAF not in done.stdout + done.stderr


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"badge"}))
@pytest.mark.representatives("html")
def test_nothing_secret_of_a_program_is_told(process, tmp_path, format):
    """A program that gets a token, and tells it wherever it can."""
    (tmp_path / "subject.py").write_text(
        textwrap.dedent(
            """
            import sys
            print("started with", sys.argv, file=sys.stderr)
            print("password=" + sys.argv[2])
            sys.exit("Authorization: Bearer " + sys.argv[2])
            """
        )
    )
    command = f"{sys.executable} subject.py --token {LEAF}"
    for words in (
        ["producer", "--command", command],
        ["producer", f"--command={command}"],
        ["consumer", "--comm", command],
    ):
        done = process("test", *words, "--format", format)
        assert done.returncode == 2
        assert LEAF not in done.stdout + done.stderr


def test_pytest_tells_no_secret(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(
        """
        def pytest_addoption(parser):
            parser.addoption("--service-token")
            parser.addoption("--db-password")
        """
    )
    pytester.makepyfile(
        f"""
        def test_it(check_backup_event):
            check_backup_event({{"id": "Bearer {LEAF}abcdef", "resource": "https://a:{LEAF}@b/", "password": "{LEAF}"}})
        """
    )
    reports = [f"--backup-events-report={format}={format}.out" for format in FORMATS]
    words = ["-p", "vpc_backup_events.plugin", *reports, f"--service-token={LEAF}", "--db-password", LEAF, "--tb=short"]
    result = pytester.runpytest_subprocess(*words)
    result.assert_outcomes(failed=1)
    told = {format for format in FORMATS if LEAF in (pytester.path / f"{format}.out").read_text()}
    assert told == set()
    assert "does not conform" in result.stdout.str()
    # the source of the test, which pytest shows itself, is not the kit's
    assert not any(LEAF in line for line in result.outlines if line.startswith("E "))


MASKED = {
    f"password={LEAF}": f"password={HIDDEN}",
    f'{{"password": "{LEAF}", "a": 1}}': f'{{"password": "{HIDDEN}", "a": 1}}',
    f'{{"password": ["{LEAF}"], "a": 1}}': f'{{"password": {HIDDEN}, "a": 1}}',
    f'{{\\"api_key\\": \\"{LEAF}\\"}}': f'{{\\"api_key\\": {HIDDEN}}}',
    f"DB_PASSWORD: {LEAF}": f"DB_PASSWORD: {HIDDEN}",
    f"--db-password={LEAF}": f"--db-password={HIDDEN}",
    f"Authorization: Basic {LEAF}": f"Authorization: {HIDDEN}",
    f"x: y: token: {LEAF} z": f"x: y: token: {HIDDEN} z",
    f"https://{LEAF}@host/x": f"https://{HIDDEN}@host/x",
    f"https://host/x?a=1&access_token={LEAF}&b=2": f"https://host/x?a=1&access_token={HIDDEN}&b=2",
    "argument --token: expected one argument": "argument --token: expected one argument",
    "token=$TOKEN": "token=$TOKEN",
}


@pytest.mark.parametrize("text", MASKED)
def test_a_text_is_masked_once(text):
    assert masked(text) == MASKED[text]
    assert masked(masked(text)) == MASKED[text]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_masked_in_a_text(form):
    assert LEAF not in masked(f"before {FORMS[form]} behind")
    assert form.startswith("in json") or looks_secret(FORMS[form])


def test_what_a_run_holds_is_masked_in_what_comes_back():
    with holding([f"{LEAF}\n", None, ""]):
        assert masked(f"no such key: {LEAF}!") == f"no such key: {HIDDEN}!"
    assert LEAF in masked(f"no such key {LEAF}!")


def test_no_text_of_the_register_is_masked():
    for entry in catalog.requirements.values():
        for text in (entry.title, entry.sentence, entry.hint, entry.doc, entry.message.format_map(_Filled())):
            assert masked(text) == text


class _Filled(dict):
    def __missing__(self, key):
        return "a bearer token" if key == "reason" else key


@pytest.mark.parametrize("piece", ["a", "a:", "token=", '"', '\\"', 'password":"', "://a", "Bearer ", "eyJ", "token=["])
def test_masking_takes_time_that_grows_with_the_text(piece):
    text = piece * (300_000 // len(piece))
    assert len(masked(text)) <= 2 * len(text)
