"""Every example as a repository of its own: copied, the kit installed from a wheel, and what its README says is run.

`python tools/run_examples.py [--installer uv] WHEEL [EXAMPLE...]`; `nox -s examples` builds the wheel, and the npm
package beside it. Needs Node.js with npm for the examples in JavaScript.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
sys.path.insert(0, str(ROOT / "tests"))

# how a README is read stands with its tests
from helpers.pages import blocks, sessions  # type: ignore[import-not-found]  # noqa: E402

KIT = "vpc-backup-events"
# of examples that are no Python projects: extras of the kit
EXTRAS = {"terraform": "terraform", "harness-javascript": "pytest", "express-consumer": "pytest"}
# as an example's package.json asks for the npm package of the kit
NPM_PACKAGE = "vpc-backup-events.tgz"


def main() -> int:
    """Runs the examples that are named, or all, and tells of each; 1 where one is not as its README says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--installer", choices=("pip", "uv"), default="pip")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("example", nargs="*")
    arguments = parser.parse_args()
    wheel, installer = arguments.wheel.resolve(), arguments.installer
    names = arguments.example or sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
    failed = []
    for name in names:
        run = _of_session if name == "other-repository" else _of
        with TemporaryDirectory() as work:
            problems = list(run(name, Path(work), wheel, installer))
        print(f"{name}: {'as its README says' if not problems else 'NOT as its README says'}", flush=True)
        print("".join(f"{problem}\n" for problem in problems), end="", flush=True)
        failed += [name] if problems else []
    return 1 if failed else 0


def _of(name: str, work: Path, wheel: Path, installer: str) -> Iterator[str]:
    folder = work / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    if (folder / "package.json").is_file() and NPM_PACKAGE in (folder / "package.json").read_text("utf-8"):
        (packed,) = wheel.parent.glob("*.tgz")
        shutil.copy(packed, folder / NPM_PACKAGE)
    scripts = _installed(work / "venv", _requirements(folder, wheel), installer)
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)
    for block in blocks(folder / "README.md"):
        if block.mark == "session":
            for words, printed in sessions(block.text):
                shown = _run(words, folder, environment)
                if not _is_as(printed, shown):
                    yield f"{' '.join(words)} printed:\n{shown}"
        elif block.mark.startswith("pytest: "):
            shown = _run(["pytest", "-q", block.mark.removeprefix("pytest: ")], folder, environment)
            for line in block.text.splitlines():
                start = line.partition("...")[0].rstrip()
                if not any(output.startswith(start) for output in shown.splitlines()):
                    yield f"there is no line {start!r} in:\n{shown[-3_000:]}"
        elif block.language == "sh":
            process = subprocess.run(
                block.text, shell=True, cwd=folder, env=environment, capture_output=True, text=True
            )
            if process.returncode:
                yield _ended(block.text.strip(), process)
    if (folder / "package.json").is_file():
        process = subprocess.run(["npm", "test"], cwd=folder, env=environment, capture_output=True, text=True)
        if process.returncode:
            yield _ended("npm test", process)


def _of_session(name: str, work: Path, wheel: Path, installer: str) -> Iterator[str]:
    """The sessions of this example, in a repository made of the Flask consumer and of the Terraform files."""
    shutil.copy(EXAMPLES / name / "noxfile.py", work)
    shutil.copy(EXAMPLES / "flask-consumer" / "app.py", work)
    for folder, path in (("tests", "flask-consumer/test_app.py"), ("infrastructure", "terraform/main.tf")):
        (work / folder).mkdir()
        shutil.copy(EXAMPLES / path, work / folder)
    (work / "tests" / "test_app.py").rename(work / "tests" / "test_backup_events.py")
    project = tomllib.loads((EXAMPLES / "flask-consumer" / "pyproject.toml").read_text())
    (work / "requirements.txt").write_text("\n".join(project["project"]["dependencies"]))
    (work / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    # the kit is found beside the index, as a release would be found in it
    environment = {**os.environ, "PIP_FIND_LINKS": str(wheel.parent)}
    environment.pop("PYTHONPATH", None)
    scripts = _installed(work / "venv", ["nox"], installer)
    process = subprocess.run([scripts / "nox"], cwd=work, env=environment, capture_output=True, text=True)
    if process.returncode:
        yield _ended("nox", process)


def _requirements(folder: Path, wheel: Path) -> list[str]:
    """What the example asks for, the kit from the wheel."""
    if not (folder / "pyproject.toml").is_file():
        return [f"{KIT}[{EXTRAS[folder.name]}] @ {wheel.as_uri()}"]
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    requirements = [*project["project"].get("dependencies", ()), *project["dependency-groups"]["test"]]
    is_kit = [requirement.partition("[")[0] == KIT for requirement in requirements]
    return [f"{name} @ {wheel.as_uri()}" if kit else name for name, kit in zip(requirements, is_kit, strict=True)]


def _installed(environment: Path, requirements: list[str], installer: str) -> Path:
    """The folder of the commands of a new environment that has the requirements."""
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / "python"
    make: tuple[str | Path, ...] = (sys.executable, "-m", "venv")
    install: tuple[str | Path, ...] = (python, "-m", "pip", "install")
    if installer == "uv":
        make = ("uv", "venv", "--quiet", "--python", sys.executable)
        install = ("uv", "pip", "install", "--python", python)
    subprocess.run([*make, environment], check=True)
    subprocess.run([*install, "--quiet", *requirements], check=True)
    return scripts


def _is_as(expected: str, shown: str) -> bool:
    """Whether a program printed what a README says; `...` stands for the rest of a line."""
    lines, wanted = shown.splitlines(), expected.splitlines()
    return len(lines) == len(wanted) and all(map(_begins, lines, wanted))


def _begins(line: str, wanted: str) -> bool:
    start, rest, _ = wanted.partition("...")
    return line.startswith(start) if rest else line == wanted


def _ended(what: str, process: subprocess.CompletedProcess[str]) -> str:
    return f"{what} ended with {process.returncode}:\n{process.stdout[-3_000:]}{process.stderr[-3_000:]}"


def _run(words: list[str], folder: Path, environment: dict[str, str]) -> str:
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=600).stdout


if __name__ == "__main__":
    sys.exit(main())
