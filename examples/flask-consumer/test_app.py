import pytest
from app import alerts, app

from vpc_backup_events.suites import ConsumerSuite


class TestFlask(ConsumerSuite):
    @pytest.fixture
    def consumer(self):
        return app

    @pytest.fixture
    def observe(self):
        return lambda: list(alerts.values())
