"""Each receiver is judged as a consumer: what it takes, repeats, and what it makes of events."""

import sys
from pathlib import Path

import bucket
import event_streams
import pytest
from alerts import Memory

from vpc_backup_events.delivery import Job, MessageHandler, ObjectHandler
from vpc_backup_events.suites import ConsumerSuite

HERE = Path(__file__).parent


class TestEventStreams(ConsumerSuite):
    @pytest.fixture
    def consumer(self, tmp_path, monkeypatch):
        monkeypatch.setattr(event_streams, "memory", Memory(tmp_path))
        return MessageHandler(event_streams.handle)

    @pytest.fixture
    def observe(self, consumer):
        return event_streams.memory.read


class TestBucket(ConsumerSuite):
    @pytest.fixture
    def consumer(self, tmp_path, monkeypatch):
        monkeypatch.setattr(bucket, "memory", Memory(tmp_path))
        return ObjectHandler(bucket.handle)

    @pytest.fixture
    def observe(self, consumer):
        return bucket.memory.read


class TestJob(ConsumerSuite):
    @pytest.fixture
    def consumer(self, tmp_path):
        return Job([sys.executable, str(HERE / "job.py")], environment={"SEEN": str(tmp_path)})

    @pytest.fixture
    def observe(self, tmp_path):
        return Memory(tmp_path).read
