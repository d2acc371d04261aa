import pytest
from producer import build_event, send

import vpc_backup_events as vbe
from vpc_backup_events.making import corpus
from vpc_backup_events.suites import ProducerSuite

INSTANCE = "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
# the facts of each failed job for which the corpus has a case
JOBS = [case.scenario for case in corpus.cases() if case.file.startswith("valid/strict/")]


class TestEvents(ProducerSuite):
    @pytest.fixture
    def producer(self):
        return build_event


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.reason)
def test_what_the_client_puts_on_the_wire_conforms(event_notifications_server, job):
    server = event_notifications_server
    # there is no topic, which would be answered 422
    server.app.state.service.takes_unrouted = True
    assert send(job, f"{server.url}/event-notifications", "a token", INSTANCE)
    (posted,) = server.app.state.record.of("send_notifications")
    assert posted.status == 202
    assert vbe.check(posted.body, "strict").findings == ()
