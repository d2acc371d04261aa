"""What the kit costs a test run: the start of the plugin, and each suite on the reference."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from timing import ENVIRONMENT, Row, program

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:schemathesis")
# what loading the plugin adds to a pytest that is loaded
START = (
    sys.executable,
    "-c",
    "import time, pytest; begin = time.perf_counter(); import vpc_backup_events.plugin;"
    " print(time.perf_counter() - begin)",
)
HEAD = """
import json
import urllib.request

import pytest
from vpc_backup_events import reference
from vpc_backup_events.suites import ClientSuite, ConsumerSuite, EmailSuite, ProducerSuite, ServiceSuite

"""
# a suite, and its subject: the reference where there is one
SUITES = {
    "ProducerSuite": """
class TestIt(ProducerSuite):
    @pytest.fixture
    def producer(self):
        return reference.build_event
""",
    "ConsumerSuite": """
class TestIt(ConsumerSuite):
    @pytest.fixture
    def consumer(self):
        self.app = reference.consumer_app()
        return self.app
""",
    "ClientSuite": """
def register(base_url, token, instance_id, source, instance_crn):
    body = {"name": "Backup for VPC", "description": "failed backup jobs", "enabled": True, "source": source}
    request = urllib.request.Request(
        f"{base_url}/v1/instances/{instance_id}/sources",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=30).close()


class TestIt(ClientSuite):
    @pytest.fixture
    def register(self):
        return register
""",
    "ServiceSuite": """
INSTANCE = "9a1b2c3d-0000-4000-8000-000000000000"


class TestIt(ServiceSuite):
    @pytest.fixture
    def service(self):
        return reference.event_notifications_app(token="secret-token", instance_id=INSTANCE)

    @pytest.fixture
    def token(self):
        return "secret-token"

    @pytest.fixture
    def instance_id(self):
        return INSTANCE
""",
}


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one():\n    pass\n")

        runs = [subprocess.run(START, check=True, capture_output=True, env=ENVIRONMENT) for _ in range(21)]
        starts = [float(run.stdout) for run in runs]
        yield Row("start of the plugin, in pytest", "run", median(starts), None, "", "10 ms", median(starts) <= 0.010)
        without = median(program([*PYTEST, folder])[0] for _ in range(3))
        for name, subject in SUITES.items():
            (folder / "test_one.py").write_text(HEAD + subject)
            # a subject that is no reference may fail; how long it is judged is the question
            seconds, peak = program([*PYTEST, folder], status=None)
            yield Row(
                f"{name} on a subject of its kind, {peak:.0f} MB",
                "run",
                seconds,
                without / seconds,
                "pytest on an empty test",
            )
