"""Examples that are no tests themselves: hooks, workflows and sessions for other repositories."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from vpc_backup_events import cli
from vpc_backup_events.values.data import data_root

ROOT = Path(__file__).parents[2]
OTHER = ROOT / "examples" / "other-repository"
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
FIXTURES = data_root("fixtures")


def hooked(name, *files):
    """A hook as pre-commit runs it: its entry, and the names of files."""
    words = shlex.split(HOOKS[name]["entry"])
    assert words.pop(0) == "vpc-backup-events"
    command = [sys.executable, "-m", "vpc_backup_events", *words, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60).returncode


def test_the_hook_for_events():
    valid = FIXTURES / "valid" / "strict" / "R01.json"
    assert hooked("vpc-backup-events-check", valid, FIXTURES / "emails" / "R01.txt") == 0
    invalid = next((FIXTURES / "invalid" / "P16-code-known").glob("*.json"))
    assert hooked("vpc-backup-events-check", valid, invalid) == 1


def test_the_hook_for_registrations_leaves_other_files_alone(tmp_path):
    other = tmp_path / "README.md"
    other.write_text("# nothing to see\n")
    terraform = tmp_path / "network.tf"
    terraform.write_text('resource "ibm_is_vpc" "main" {\n  name = "main"\n}\n')
    assert hooked("vpc-backup-events-lint", other, terraform) == 0
    assert hooked("vpc-backup-events-lint", other, ROOT / "examples" / "terraform" / "main.tf") == 0
    broken = tmp_path / "broken.tf"
    broken.write_text((ROOT / "examples" / "terraform" / "as-documented.tf.txt").read_text())
    # a form of the documentation: a warning
    assert hooked("vpc-backup-events-lint", broken) == 0


def test_the_other_repository_uses_hooks_that_are_there():
    config = yaml.safe_load((OTHER / ".pre-commit-config.yaml").read_text())
    assert {hook["id"] for repo in config["repos"] for hook in repo["hooks"]} == set(HOOKS)


def test_the_sessions_and_the_workflow_of_the_other_repository():
    nox = shutil.which("nox", path=str(Path(sys.executable).parent)) or shutil.which("nox")
    if nox is None:
        pytest.skip("nox is not installed")
    listed = subprocess.run([nox, "--list", "--json", "-f", str(OTHER / "noxfile.py")], capture_output=True, text=True)
    sessions = {each["session"] for each in json.loads(listed.stdout)}
    workflow = yaml.safe_load((OTHER / ".github" / "workflows" / "backup-events.yml").read_text())
    (run,) = [s["run"] for s in workflow["jobs"]["conformance"]["steps"] if "nox -s" in s.get("run", "")]
    assert set(run.removeprefix("nox -s ").split()) == sessions
    # the command line that a session runs is understood
    assert cli._parser(["lint"]).parse_args(["lint", "infrastructure/"]).path == ["infrastructure/"]


def test_every_example_is_a_project_of_its_own():
    for folder in (ROOT / "examples").iterdir():
        if folder.is_dir():
            kinds = ("pyproject.toml", "package.json", "noxfile.py", "main.tf")
            assert any((folder / kind).is_file() for kind in kinds), folder


def test_every_readme_says_what_passes_or_fails():
    said = ("conform", "pass")
    for path in (ROOT / "examples").glob("*/README.md"):
        assert any(word in path.read_text() for word in said), path


def test_the_scripts_of_the_node_project_are_the_commands_of_its_readme():
    folder = ROOT / "examples" / "harness-javascript"
    scripts = json.loads((folder / "package.json").read_text())["scripts"]
    commands = [line[2:] for line in (folder / "README.md").read_text().splitlines() if line.startswith("$ ")]
    assert [scripts["test:producer"], scripts["test:consumer"]] == commands
    assert scripts["test"] == "npm run test:producer && npm run test:consumer"


def test_every_example_has_a_readme_that_a_test_runs():
    from helpers.pages import PAGES

    folders = {path for path in (ROOT / "examples").iterdir() if path.is_dir()}
    assert {path.parent for path in PAGES if path.parent.parent == ROOT / "examples"} == folders
