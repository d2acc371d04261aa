"""The floors of the package: the contract holds, and an import that goes up or in a circle breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "conformance" / "vpc_backup_events"
# what is added to which module
UPWARD = ("values/levels.py", "\n\ndef _later():\n    import vpc_backup_events.cli\n")
CIRCLE = ("values/levels.py", "\n\ndef _later():\n    import vpc_backup_events.values.report\n")


def lint(folder):
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "conformance"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path):
    pytest.importorskip("importlinter", reason="import-linter is not installed")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        PACKAGE, tmp_path / "conformance" / "vpc_backup_events", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path


def test_the_contract_holds(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("file", "added"), [UPWARD, CIRCLE], ids=["upward", "circle"])
def test_a_lazy_import_that_breaks_the_contract_is_found(copy, file, added):
    path = copy / "conformance" / "vpc_backup_events" / file
    path.write_text(path.read_text("utf-8") + added, "utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_few_modules_stand_at_the_root():
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__", "_version"}
    assert modules == {"filters", "strategies", "templates"}
