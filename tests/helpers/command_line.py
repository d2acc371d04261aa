"""An event that conforms, and the command line: in this process, and as one of its own."""

import json
import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest

import sample_event
import vpc_backup_events
from vpc_backup_events.cli import main


@pytest.fixture
def event():
    return sample_event.event()


@pytest.fixture
def environment():
    """The environment of a process that imports the package under test, without colours forced or forbidden."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    return {**kept, "PYTHONPATH": str(Path(vpc_backup_events.__file__).parents[1])}


@pytest.fixture
def command():
    return [sys.executable, "-m", "vpc_backup_events"]


@pytest.fixture
def process(command, environment, tmp_path):
    """Runs a command line in a process of its own; standard input, bytes or a file, is empty unless given."""

    def process(*arguments, stdin=b"", stdout=subprocess.PIPE, **variables):
        given = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
        done = subprocess.run(
            [*command, *map(str, arguments)],
            **given,
            stdout=stdout,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**environment, **variables},
            timeout=60,
        )
        done.stdout, done.stderr = (done.stdout or b"").decode(), done.stderr.decode()
        assert "Traceback" not in done.stderr
        return done

    return process


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command line in this process, where nothing has to be loaded anew, with streams of its own."""

    def run(*arguments, stdin=b"", **variables):
        out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
                patch.delenv(name, raising=False)
            for name, value in variables.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), encoding="utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            status = main([str(argument) for argument in arguments])
            out.flush()
            err.flush()
        printed, complained = (stream.buffer.getvalue().decode() for stream in (out, err))
        assert "Traceback" not in complained
        return SimpleNamespace(returncode=status, stdout=printed, stderr=complained)

    return run


@pytest.fixture
def write(tmp_path):
    """Writes a file, a dict or list as JSON, and returns its path relative to where the command runs."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return name

    return write
