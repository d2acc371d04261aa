"""The verb `serve`."""

import re
import signal
import subprocess
import sys
import urllib.request

import pytest

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"


@pytest.fixture
def served(environment):
    """Starts `serve` with arguments; the process is ended at the end."""
    processes = []

    def start(*arguments):
        words = [sys.executable, "-m", "vpc_backup_events", "serve", *arguments]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def get(url, token):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status


def test_the_first_line_is_the_base_url_and_an_interrupt_ends_it_cleanly(served):
    process = served("--token", "t", "--instance-id", INSTANCE)
    url = process.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:")
    assert url.endswith("/event-notifications")
    assert get(f"{url}/v1/instances/{INSTANCE}/sources", "t") == 200
    with pytest.raises(urllib.error.HTTPError, match="401"):
        get(f"{url}/v1/instances/{INSTANCE}/sources", "another")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert out == ""
    assert "Traceback" not in err


def test_an_address_that_can_not_be_had_is_a_question_that_can_not_be_asked(served):
    process = served("--host", "192.0.2.1")
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert "192.0.2.1" in err
    assert "Traceback" not in err


def test_the_key_that_it_made_up_is_told_and_one_that_it_was_given_is_not(served):
    process = served()
    process.stdout.readline()
    key = process.stderr.readline().rpartition(": ")[2].strip()
    assert re.fullmatch(r"[\w-]{20,}", key)
    process = served("--api-key", "a-key-that-was-given")
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert "a-key-that-was-given" not in out + err
