"""`demo`: everything once, with nothing to configure."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from vpc_backup_events.cli import _terminal

if TYPE_CHECKING:
    from vpc_backup_events.reference.consumer import Consumer
    from vpc_backup_events.trials.run import SuiteReport

# takes method, headers and body of a request, and gives the status of the answer
Receive: TypeAlias = Callable[[str, list[tuple[str, str]], bytes], int]

# what the faulty consumer breaks
FAULT = "P25-notification-id"

EXAMPLES = """\
The reference producer makes events, the delivery engine sends them over loopback as Event Notifications would, and the
reference consumer takes them; all three are judged. Then a consumer with one fault that the documentation forbids shows
what a finding looks like: it refuses events with an attribute that Event Notifications adds.

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
    consumer = Consumer()
    with listening(consumer.receive) as url:
        arrivals = deliver_each(url, consumer)
        _terminal.write(f"   {arrivals} of 20 jobs arrived once, with every fact as it was sent.\n\n")
        _terminal.write(f"3. The reference consumer, at {url}, is judged.\n")
        faultless = _whole(judge_consumer(url, lambda: consumer.interpretations))
        _terminal.write(f"   {faultless.lines()[-1]}\n\n")

    _terminal.write("4. A consumer that refuses events with an attribute it does not know is judged.\n")
    narrow = Consumer()
    with listening(refusing(narrow.receive)) as url:
        faulty = _whole(judge_consumer(url, lambda: narrow.interpretations))
    for line in "\n".join(faulty.lines()).splitlines():
        _terminal.write(f"   {line}\n" if line else "\n")
    _terminal.write(
        "\nAn error is what a document forbids. A warning is good practice that no document demands, or a form that\n"
        "the documentation contradicts. Once the errors are gone, `--fail-on warning` makes warnings fail too, and\n"
        "`--profile strict` allows one form only (with pytest: `--backup-events-fail-on`, `--backup-events-profile`).\n"
        "\nYour own: subclass ProducerSuite or ConsumerSuite in a test, or run `vpc-backup-events test --help`.\n"
    )
    faults = {result.requirement.id for result in faulty.results if result.status == "failed"}
    conforms = producer.verdict == faultless.verdict == "conforming"
    return 0 if conforms and arrivals == 20 and faults == {FAULT} else 1


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
    scenarios = [scenario_of(pair, choices) for pair in catalog.pairs.values()]
    for scenario in scenarios:
        delivery = structured(received(build_event(scenario), choices.uuid()))
        deliver(delivery, url, faults=parse_faults("lost"), clock=VirtualClock())
    if len(consumer.interpretations) != len(scenarios):
        return 0
    facts_of = itemgetter("reason", "event_type", "backup_policy_job", "resource")
    jobs = list(map(facts_of, consumer.interpretations))
    return sum(facts_of(asdict(scenario)) in jobs for scenario in scenarios)


def refusing(receive: Receive) -> Receive:
    """A consumer whose model of an event forbids the attribute that Event Notifications adds."""
    from vpc_backup_events.reading import Message, read_event

    def narrow(method: str, headers: list[tuple[str, str]], body: bytes) -> int:
        event = read_event(Message.of(headers, body)).event
        if isinstance(event, dict) and "notification_id" in event:
            return 422
        return receive(method, headers, body)

    return narrow


@contextmanager
def listening(receive: Receive) -> Iterator[str]:
    """The URL of a consumer on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self._body()
            # the bytes of the wire, which http.server reads as Latin-1
            headers = [(n, v.encode("latin-1").decode("utf-8", "replace")) for n, v in self.headers.items()]
            self.send_response(receive(self.command, headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _body(self) -> bytes:
            length = self.headers.get("Content-Length") or "0"
            if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
                return self.rfile.read(int(length)) if length.isdecimal() else b""
            # RFC 9112, 7.1: each chunk after its size and before a line break, the last of size 0
            body = b""
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, format: str, *values: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
