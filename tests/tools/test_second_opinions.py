"""The comparison of validators: what it asks, what it reports, and what it says where a validator is missing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import second_opinions
from second_opinions import PREFIX, Question, collect, compare, main, python_validators
from vpc_backup_events import catalog
from vpc_backup_events.values.data import data_root

EVENT = f"{PREFIX}event:strict:envelope"


@pytest.fixture(scope="module")
def questions():
    return collect()[0]


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """The folder of the programs for Node.js, with their packages installed."""
    if not shutil.which("npm") or not shutil.which("node"):
        pytest.skip("node and npm are not on the path")
    folder = tmp_path_factory.mktemp("node") / "second_opinions"
    shutil.copytree(second_opinions.NODE, folder, ignore=shutil.ignore_patterns("node_modules"))
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", "--prefix", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"npm ci could not install the packages: {done.stderr[-300:]}")
    return folder


def test_every_schema_of_the_bundle_is_asked_about(questions):
    assert {q.schema for q in questions} >= second_opinions.schemas().keys() - {f"{PREFIX}report"}


def test_a_question_is_asked_once(questions):
    keys = [(q.schema, json.dumps(q.instance)) for q in questions]
    assert len(set(keys)) == len(keys)


def test_a_case_gives_questions_for_event_details_and_reason_in_both_profiles(questions):
    root = data_root("fixtures")
    cases = json.loads((root / "manifest.json").read_bytes())["cases"]
    case = next(c for c in cases if c["kind"] == "event" and c["scenario"] and c["expected"]["strict"]["ok"])
    event_type = catalog.event_types[case["scenario"]["event_type"]].name
    asked = {q.schema.removeprefix(PREFIX) for q in questions if case["file"] in q.origins}
    # a code with two meanings is asked about for each
    assert asked >= {
        f"{folder}:{profile}{name}"
        for folder, name in (
            ("event", "envelope"),
            ("event", event_type),
            ("event", f"{event_type}#/$defs/details"),
            ("details", "long-text"),
            ("reason", case["scenario"]["reason"]),
        )
        for profile in ("", "strict:")
    }


def test_the_engines_of_the_kit_agree_and_give_both_verdicts(few):
    first, second = (ask(few) for ask in python_validators().values())
    assert first == second
    assert set(first) == {True, False}


@pytest.fixture
def few(questions, monkeypatch):
    """Every tenth question, which `nox -s second_opinions` asks all of."""
    every, rest = collect()
    chosen = [next(question for question in every if question.schema == EVENT), *every[::10]]
    monkeypatch.setattr(second_opinions, "collect", lambda: (chosen, rest))
    return chosen


def test_a_case_that_no_schema_decides_is_counted_by_its_kind(few, capsys):
    assert main(["--without-node"]) == 0
    assert "differences: 0" in capsys.readouterr().out
    assert collect()[1]["registration"] > 0


def test_a_lie_on_one_case_is_reported_with_the_cases_name(few, monkeypatch, capsys):
    truthful = next(iter(python_validators().values()))
    index, victim = next((i, q) for i, q in enumerate(few) if q.schema == EVENT)

    def lying(asked):
        verdicts = truthful(asked)
        verdicts[index] = not verdicts[index]
        return verdicts

    monkeypatch.setattr(second_opinions, "python_validators", lambda: {"truthful": truthful, "liar": lying})
    assert main(["--without-node"]) == 1
    out = capsys.readouterr().out
    assert "differences: 1" in out
    assert victim.origins[0] in out
    assert EVENT in out


def test_an_error_is_a_difference_also_where_every_validator_has_it():
    question = Question("urn:unknown", {}, ["case.json"])
    table = list(compare([question], {"a": lambda _: ["boom"], "b": lambda _: ["boom"]}))
    assert any("case.json, by urn:unknown" in row for row in table)


def test_without_node_the_exit_is_2_and_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(second_opinions.shutil, "which", lambda _: None)
    assert main([]) == 2
    assert "apt-get install nodejs npm" in capsys.readouterr().err


def test_without_the_packages_the_exit_is_2_and_says_what_to_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(second_opinions.shutil, "which", lambda _: "/usr/bin/node")
    assert main(["--node", str(tmp_path)]) == 2
    assert f"npm ci --prefix {tmp_path}" in capsys.readouterr().err


def test_a_program_that_breaks_off_is_no_verdict(few, monkeypatch, capsys):
    runner = second_opinions._runner([sys.executable, "-c", "raise SystemExit('out of order')"])
    monkeypatch.setattr(second_opinions, "node_validators", lambda _: {"broken": runner})
    assert main([]) == 2
    error = capsys.readouterr().err
    assert "answered 0 of" in error
    assert "out of order" in error


def test_the_lock_file_names_no_place_to_download_from():
    lock = json.loads((second_opinions.NODE / "package-lock.json").read_bytes())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


def test_the_lock_file_holds_the_versions_that_package_json_pins():
    wanted = json.loads((second_opinions.NODE / "package.json").read_bytes())["dependencies"]
    lock = json.loads((second_opinions.NODE / "package-lock.json").read_bytes())
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted


@pytest.mark.exhaustive
@pytest.mark.parametrize("program", sorted(second_opinions.NODE_VALIDATORS))
def test_a_program_for_node_says_true_false_and_why_it_cannot_say(node: Path, program):
    ask = next(f for name, f in second_opinions.node_validators(node).items() if name.startswith(program))
    schema = f"{PREFIX}details:long-text"
    valid = second_opinions.schemas()[schema]["examples"][0]
    accepted, refused, unknown = ask([Question(schema, valid), Question(schema, []), Question("urn:unknown", [])])
    assert accepted is True
    assert refused is False
    assert isinstance(unknown, str)
