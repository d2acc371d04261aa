"""`demo`: everything once, with nothing to configure."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from vpc_backup_events.cli import _terminal

if TYPE_CHECKING:
    from vpc_backup_events.reference.consumer import Consumer
    from vpc_backup_events.trials.report import SuiteReport

EXAMPLES = """\
The reference producer makes events, the delivery engine sends them over loopback as Event Notifications would, and the
reference consumer takes them; all three are judged. Then a consumer with one fault shows what a finding looks like.

examples:
  vpc-backup-events demo

exit status:
  0  the reference conforms, and the fault was found
  1  something else happened, which is a bug of the kit
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """`demo` has no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Judges the reference end to end, and a consumer with a fault."""
    from vpc_backup_events.reference import build_event
    from vpc_backup_events.reference.consumer import Consumer
    from vpc_backup_events.trials.run import judge_consumer, judge_producer

    _terminal.write("1. The reference producer makes events of failed backup jobs.\n")
    producer = _whole(judge_producer(build_event))
    _terminal.write(f"   {producer.lines()[-1]}\n\n")

    _terminal.write("2. They are delivered over loopback; the first answer of each is lost, so each is sent twice.\n")
    with listening(Consumer()) as (url, consumer):
        delivered = deliver_each(url, consumer)
        _terminal.write(f"   {delivered} of 20 jobs arrived once, with every fact as it was sent.\n\n")
        _terminal.write(f"3. The reference consumer, at {url}, is judged.\n")
        judged = _whole(judge_consumer(url, lambda: consumer.interpretations))
        _terminal.write(f"   {judged.lines()[-1]}\n\n")

    _terminal.write("4. A consumer that takes each delivery for a new event is judged.\n")
    with listening(forgetful_consumer()) as (url, forgetful):
        faulty = _whole(judge_consumer(url, lambda: forgetful.interpretations))
    for line in "\n".join(faulty.lines()).splitlines():
        _terminal.write(f"   {line}\n" if line else "\n")
    _terminal.write(
        "\nYour own: subclass ProducerSuite or ConsumerSuite in a test, or run `vpc-backup-events test --help`.\n"
    )
    found = {result.requirement.id for result in faulty.results if result.status == "failed"}
    conforming = producer.verdict == judged.verdict == "conforming"
    return 0 if conforming and delivered == 20 and found == {"P27-notification-id"} else 1


def _whole(report: SuiteReport) -> SuiteReport:
    """The report; raises the interrupt that cut it short, if one did."""
    from vpc_backup_events.trials.run import INTERRUPTED

    if any(result.message == INTERRUPTED for result in report.results):
        raise KeyboardInterrupt
    return report


def deliver_each(url: str, consumer: Consumer) -> int:
    """Delivers an event of each pair, and returns how many the consumer understood, once and in full."""
    from vpc_backup_events import catalog
    from vpc_backup_events.delivery import VirtualClock, deliver, parse_faults
    from vpc_backup_events.making.choices import Seeded
    from vpc_backup_events.making.deliveries import received, structured
    from vpc_backup_events.making.draft import scenario_of
    from vpc_backup_events.reference import build_event

    choices = Seeded(0)
    before = len(consumer.interpretations)
    scenarios = [scenario_of(pair, choices) for pair in catalog.pairs.values()]
    for scenario in scenarios:
        delivery = structured(received(build_event(scenario), choices.uuid()))
        deliver(delivery, url, faults=parse_faults("lost"), clock=VirtualClock())
    understood = consumer.interpretations[before:]
    facts = [(s.reason, s.event_type, s.backup_policy_job, s.resource) for s in scenarios]
    said = [(i["reason"], i["event_type"], i["backup_policy_job"], i["resource"]) for i in understood]
    return sum(fact in said for fact in facts) if len(said) == len(facts) else 0


def forgetful_consumer() -> Consumer:
    """A consumer that remembers deliveries, not events."""
    from vpc_backup_events.reading import Reading
    from vpc_backup_events.reference.consumer import Consumer

    class Forgetful(Consumer):
        def identity(self, reading: Reading) -> tuple[Any, ...]:
            return (*super().identity(reading), reading.event.get("notification_id"))

    return Forgetful()


@contextmanager
def listening(consumer: Consumer) -> Iterator[tuple[str, Consumer]]:
    """The consumer behind a URL on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = self.headers.get("Content-Length") or "0"
            body = self.rfile.read(int(length)) if length.isdecimal() else b""
            # the bytes of the wire, which http.server reads as Latin-1
            headers = [(n, v.encode("latin-1").decode("utf-8", "replace")) for n, v in self.headers.items()]
            self.send_response(consumer.receive(self.command, headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, format: str, *values: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", consumer
    finally:
        server.shutdown()
        server.server_close()
