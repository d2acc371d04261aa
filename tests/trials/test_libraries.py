"""Ordinary consumers on published libraries: no error but for what library or page does against a document."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from vpc_backup_events.trials.run import judge_consumer

pytest.importorskip("fastapi")
FOLDER = Path(__file__).with_name("libraries")
# seconds that a server has to start, and an installation to end
STARTS = 20
INSTALLS = 300


@dataclass(frozen=True)
class Library:
    """A program on a library, and what it breaks."""

    program: str
    # what is installed for it, from PyPI or npm; nothing where the environment of the tests has it
    packages: tuple[str, ...] = ()
    # requirement that is an error in documented -> which side is against which document
    errors: tuple[tuple[str, str], ...] = ()
    # forms that it does not take, each a warning
    forms: tuple[str, ...] = ()


LIBRARIES = {
    "flask": Library("flask_get_json.py", forms=("P25-binary-encoded",)),
    "fastapi": Library("fastapi_model.py", forms=("P25-binary-encoded",)),
    "cloudevents 1": Library("cloudevents_1.py", ("cloudevents>=1,<2", "flask>=3")),
    "cloudevents 2": Library(
        "cloudevents_2.py",
        ("cloudevents>=2,<3", "flask>=3"),
        # CloudEvents forbids the name, Event Notifications adds it all the same, and the library refuses the event
        (("P25-notification-id", "the page, against CloudEvents"),),
    ),
    "functions-framework": Library("functions.py", ("functions-framework>=3,<4",)),
    "express": Library("express_json.mjs", ("express@5",), forms=("P25-structured", "P25-binary-encoded")),
    "cloudevents 10": Library(
        "cloudevents_10.mjs",
        ("cloudevents@10", "express@5"),
        # compares the whole header with the media type
        (("P25-structured-charset", "the library, against RFC 9110, 8.3.1"),),
        ("P25-json",),
    ),
}


def installed(library, folder):
    """The words that start the program, with what it needs installed; skipped where that can't be."""
    program = shutil.copy(FOLDER / library.program, folder)
    if program.endswith(".mjs"):
        if shutil.which("npm") is None:
            pytest.skip("npm is not here")
        install, runs = ["npm", "install", "--silent", "--no-audit", "--no-fund", *library.packages], ["node"]
    elif library.packages:
        subprocess.run([sys.executable, "-m", "venv", folder / "own"], check=True, timeout=INSTALLS)
        own = folder / "own" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        install, runs = [own, "-m", "pip", "install", "--quiet", *library.packages], [own]
    else:
        return [sys.executable, program]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=INSTALLS)
    if done.returncode:
        pytest.skip(f"{', '.join(library.packages)} can't be installed: {done.stderr[-300:]}")
    return [*runs, program]


@pytest.fixture
def serve(tmp_path):
    """Starts the program of a library and gives its URL."""
    started = []

    def start(library):
        command = installed(library, tmp_path)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [*command, str(port)], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(process)
        until = time.monotonic() + STARTS
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                return f"http://127.0.0.1:{port}/"
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"{library.program} does not start")

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.representatives("fastapi")
@pytest.mark.parametrize("name", LIBRARIES)
def test_an_ordinary_consumer_has_no_error_but_for_what_is_against_a_document(serve, name):
    library = LIBRARIES[name]
    report = judge_consumer(serve(library))
    by_status = {}
    for result in report.results:
        by_status.setdefault(result.status, {})[result.requirement.id] = result.message
    assert set(by_status.get("failed", {})) == {requirement for requirement, _ in library.errors}, by_status["failed"]
    assert "errored" not in by_status
    forms = {"P25-structured", "P25-json", "P25-binary-encoded"}
    assert forms & set(by_status["warned"]) == set(library.forms)
    # none of them takes a body that is no JSON, and nobody asks that of them
    assert "P25-quirk-raw-line-breaks" in by_status["reported"]
    assert "P25-some-form" in by_status["passed"]
    assert "P26-stays-up" in by_status["passed"]
