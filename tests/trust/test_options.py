"""Every option and argument of every verb takes any value: an answer, or status 2 with the reason; no traceback."""

from __future__ import annotations

import argparse
import re
import sys

import pytest

from vpc_backup_events.cli import VERBS, _parser

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="devices are those of Unix")

# verb -> words that are enough for it, and end soon
ENOUGH = {
    "check": "e.json",
    "audit": "e.json",
    "explain": "P20",
    "filter": "$.notification e.json",
    "render": "e.json --to sms",
    "generate": "",
    "test": "service http://127.0.0.1:9/ --token x --instance-id y",
    "coverage": "e.json",
    "deliver": "absent.json http://127.0.0.1:9/",
    "serve": "",
    "confirm": "e.json --vpc-url http://127.0.0.1:9/v1",
    "lint": "e.json",
    "schemas": "",
    "corpus": "",
    "completion": "bash",
}
# judged in tests of their own: it takes no value, and runs for seconds
WITHOUT = {"demo"}

VALUES = {
    "nothing": "",
    "a blank": " ",
    "nan": "nan",
    "inf": "inf",
    "minus one": "-1",
    "zero": "0",
    "1e20": "1e20",
    "thirty digits": "9" * 30,
    "five thousand digits": "9" * 5_000,
    "NUL": "a\0b",
    "a surrogate": "a\udcff",
    "an escape": "\x1b[2J",
    "half a URL": "http://[::1",
    "a port that is none": "http://127.0.0.1:99999/",
    "a long text": "a" * 5_000,
    "a full disk": "/dev/full",
    "the root": "/",
    "this folder": ".",
    "the input": "e.json",
    "a format": "%s%n{}",
    "an equals sign": "=",
    "a colon": ":",
    "an option": "--",
    "no file of a format": "json=",
    "a folder of a format": "json=.",
    "a NUL in a file": "json=a\0b",
    "an open quote": "'",
    "a JSONPath": "$[?(@",
}
_STEERING = re.compile("[\x00\x07\x1b\x80-\x9f\u202a-\u202e\u2066-\u2069]")


def _options():
    """Each verb with the words before a value: nothing for a further argument, or the name of an option."""
    verbs = next(
        action for action in _parser([], every=True)._actions if isinstance(action, argparse._SubParsersAction)
    )
    for verb, parser in verbs.choices.items():
        if verb in WITHOUT:
            continue
        for action in parser._actions:
            if action.nargs != 0 and action.option_strings:
                yield verb, action.option_strings[-1]
        yield verb, ""


OPTIONS = list(_options())


def test_every_verb_is_attacked():
    assert {verb for verb, _ in OPTIONS} | WITHOUT == set(VERBS)
    assert len(OPTIONS) > 80


@pytest.fixture
def no_server(monkeypatch):
    """Nothing is served for ever."""
    from vpc_backup_events.reference import server

    monkeypatch.setattr(server, "run_until_interrupted", lambda app, host, port, ready: ready(f"http://{host}:{port}"))


def _attack(run, write, event, verb, option, value):
    if value == "/" and not option:
        pytest.skip("all files of the machine are many")
    write("e.json", event)
    words = [verb, *ENOUGH[verb].split(), *([f"{option}={value}"] if option else [value])]
    done = run(*words)
    assert done.returncode in (0, 1, 2)
    # usage, then one line
    said = [line for line in done.stderr.splitlines() if line.startswith("vpc-backup-events")]
    assert done.returncode != 2 or 1 <= len(said) <= 6
    assert _STEERING.search(done.stderr) is None
    assert len(done.stderr) < 8_000


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(("verb", "option"), [("check", "--report"), ("audit", "--work"), ("generate", "--count")])
def test_an_option_takes_any_value(run, write, event, verb, option, value):
    _attack(run, write, event, verb, option, VALUES[value])


@pytest.mark.parametrize(("verb", "option"), OPTIONS)
def test_every_option_takes_a_hostile_value(run, write, event, no_server, verb, option):
    number = OPTIONS.index((verb, option))
    # each option another value, so that every value meets several options
    _attack(run, write, event, verb, option, list(VALUES.values())[number % len(VALUES)])


@pytest.mark.exhaustive
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(("verb", "option"), OPTIONS)
def test_every_option_takes_every_hostile_value(run, write, event, no_server, verb, option, value):
    _attack(run, write, event, verb, option, VALUES[value])


REFUSED = [
    "confirm e.json --vpc-url http://127.0.0.1:9/v1 --timeout nan",
    "confirm e.json --vpc-url http://127.0.0.1:9/v1 --timeout -1",
    "test service http://127.0.0.1:9/ --timeout inf",
    "test producer --listen --seconds nan",
    "test producer --listen --count 0",
    "serve --port 99999",
    "coverage e.json --fail-under nan",
    "generate --count 1e20",
    "audit e.json --jobs 0",
    "audit e.json --jobs 99999999999999999999",
    "deliver e.json http://[::1",
    "test consumer http://[::1",
    "test service http://127.0.0.1:99999/",
]


@pytest.mark.parametrize("words", REFUSED)
def test_what_makes_no_sense_is_refused_in_one_line(run, write, event, words):
    write("e.json", event)
    done = run(*words.split())
    assert done.returncode == 2
    assert done.stdout == ""
    assert "error: " in done.stderr
