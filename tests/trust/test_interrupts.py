"""Ctrl-C ends every verb that takes long, at once and with 130."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="interrupts are those of Unix")

# words, and what is said when it is under way
LONG = [
    ("demo", "2. They are delivered"),
    ("test producer --listen --seconds 50", "listening at"),
    ("generate --count 1000000000 --output out.json", ""),
    ("serve", "serving"),
]


@pytest.mark.representatives("demo", "test producer --listen --seconds 50", "serve")
@pytest.mark.parametrize(("words", "said"), LONG, ids=[words for words, _ in LONG])
def test_an_interrupt_ends_it(command, environment, tmp_path, words, said):
    with subprocess.Popen(
        [*command, *words.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        cwd=tmp_path,
        text=True,
    ) as process:
        try:
            while said and said not in (line := process.stdout.readline()):
                assert line
            if not said:
                # nothing is said before the end
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(3)
            process.send_signal(signal.SIGINT)
            text = process.stdout.read()
            assert process.wait(20) == (0 if words == "serve" else 130)
            assert "Traceback" not in text
        finally:
            process.kill()
