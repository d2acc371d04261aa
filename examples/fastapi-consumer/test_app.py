import pytest
from app import alerts, app

from vpc_backup_events.suites import ConsumerSuite


class TestFastApi(ConsumerSuite):
    @pytest.fixture
    def consumer(self):
        return app

    @pytest.fixture
    def observe(self):
        return lambda: alerts
