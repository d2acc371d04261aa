import pytest
from register import register

from vpc_backup_events.suites import ClientSuite


class TestScript(ClientSuite):
    @pytest.fixture
    def register(self):
        return register
