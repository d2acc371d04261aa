"""The GitHub Action: its steps, run as a runner does."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class Runner:
    """Runs steps of the action with its inputs; `path` is the folder that a runner adds to PATH."""

    def __init__(self, folder, **inputs):
        self.folder = folder
        self.values = {f"inputs.{name}": str(entry["default"]) for name, entry in ACTION["inputs"].items()}
        self.values |= {f"inputs.{name}": value for name, value in inputs.items()}
        self.values["github.action_path"] = str(ROOT)
        self.summary = folder / "summary.md"
        self.added = folder / "path"
        self.path = str(Path(sys.executable).parent)

    def run(self, name):
        step = STEPS[name]
        given = {key: _EXPRESSION.sub(lambda m: self.values[m[1]], value) for key, value in step["env"].items()}
        environment = {
            **os.environ,
            "PATH": f"{self.path}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_PATH": str(self.added),
            **given,
        }
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(autouse=True)
def _with_bash():
    if shutil.which("vpc-backup-events", path=str(Path(sys.executable).parent)) is None or os.name == "nt":
        pytest.skip("needs bash and the installed command")


def test_events_that_do_not_conform_are_annotated_summed_up_and_in_sarif(tmp_path):
    (tmp_path / "my event.json").write_text('{"specversion": "1.0"}')
    runner = Runner(tmp_path, check="my event.json\n\n", sarif="out/sarif")
    done = runner.run("Check events")
    assert done.returncode == 1, done.stderr
    assert "::error file=my event.json" in done.stdout
    assert "P01-id" in runner.summary.read_text("utf-8")
    sarif = json.loads((tmp_path / "out/sarif/check.sarif").read_text("utf-8"))
    assert "P01-id" in {result["ruleId"] for result in sarif["runs"][0]["results"]}


def test_the_profile_is_passed_on(tmp_path):
    event = ROOT / "fixtures" / "documented" / "events"
    assert Runner(tmp_path, check=str(event)).run("Check events").returncode == 0
    assert Runner(tmp_path, check=str(event), profile="strict").run("Check events").returncode == 1


def test_registrations_are_linted(tmp_path):
    (tmp_path / "register.sh").write_text(
        (ROOT / "fixtures/documented/registration/sources-create.sh").read_text("utf-8")
    )
    runner = Runner(tmp_path, lint="register.sh")
    done = runner.run("Lint registrations")
    assert done.returncode in (0, 1), done.stderr
    assert "register.sh" in runner.summary.read_text("utf-8")


def test_a_subject_is_tested_with_arguments_that_have_blanks(tmp_path):
    (tmp_path / "my producer.py").write_text("raise SystemExit(3)")
    runner = Runner(tmp_path, test=f"producer\n--command\n{sys.executable} 'my producer.py'")
    done = runner.run("Test a subject")
    assert done.returncode in (1, 2), done.stdout
    assert done.stdout + done.stderr


@pytest.mark.parametrize("name", ["Check events", "Lint registrations", "Test a subject"])
def test_a_step_runs_only_where_it_is_asked_for(name):
    assert re.search(r"inputs\.(check|lint|test) != ''", STEPS[name]["if"])


@pytest.mark.exhaustive
def test_the_action_installs_the_kit_from_its_own_folder(tmp_path):
    venv.create(tmp_path / "probe", with_pip=True)
    runner = Runner(tmp_path, python=str(tmp_path / "probe/bin/python"))
    done = runner.run("Install vpc-backup-events")
    assert done.returncode == 0, done.stderr
    runner.path = runner.added.read_text("utf-8").strip()
    (tmp_path / "event.json").write_text("{}")
    runner.values["inputs.check"] = "event.json"
    assert runner.run("Check events").returncode == 1
