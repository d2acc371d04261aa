"""`deliver`: sends events to a consumer as Event Notifications would."""

from __future__ import annotations

import argparse
import json
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vpc_backup_events.catalog.masking import masked
from vpc_backup_events.cli import _inputs, _options, _terminal, exit_status
from vpc_backup_events.values.errors import UsageError

if TYPE_CHECKING:
    from vpc_backup_events.delivery import Outcome
    from vpc_backup_events.making.deliveries import Delivery

MODES = ("structured", "sdk-style", "binary")
# headers of a message that the transport writes anew
_OF_TRANSPORT = ("content-length", "host", "connection", "transfer-encoding")

EXAMPLES = """\
An event that is an HTTP message already is sent as it is. A failed request is retried as the documentation says: 3
times, after 1, 2 and 4 seconds, or after the seconds of Retry-After.

examples:
  vpc-backup-events deliver event.json http://127.0.0.1:8080/events
  vpc-backup-events generate --count 10 | vpc-backup-events deliver - http://127.0.0.1:8080/events --mode binary
  vpc-backup-events deliver event.json http://127.0.0.1:8080/ --fault lost
  vpc-backup-events deliver event.json http://127.0.0.1:8080/ --fault 503*2,429:retry-after=3

exit status:
  0  every event was answered 2xx
  1  an event was lost
  2  the consumer could not be reached at all, or the question could not be asked
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `deliver`."""
    parser.add_argument("path", metavar="PATH", help="events, in every form that check reads; - reads standard input")
    parser.add_argument("url", metavar="URL", help="where the consumer listens")
    parser.add_argument("--mode", choices=MODES, default=MODES[0], help="form of the request (default: %(default)s)")
    parser.add_argument("--method", choices=("POST", "PUT", "PATCH"), default="POST", help="(default: %(default)s)")
    parser.add_argument(
        "--notification-id",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="add the member that Event Notifications adds (default: yes)",
    )
    _options.add_header(parser, "a custom header")
    parser.add_argument("--policy", default="", metavar="NAME", help="retry policy: 2026-02 (default) or 2021")
    parser.add_argument(
        "--fault",
        default="",
        metavar="LIST",
        help="what happens to the first attempts of each event: timeout, reset, refused, lost, a status",
    )
    _options.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Delivers the events one after the other and returns the exit status."""
    from vpc_backup_events.delivery import Http, deliver, parse_faults, policy

    transport = Http(arguments.url)
    headers, rules, faults = _options.headers(arguments.header), policy(arguments.policy), parse_faults(arguments.fault)
    inputs = _inputs.Inputs([arguments.path])
    outcomes: list[tuple[str, Outcome]] = []
    interrupted = False
    try:
        for name, delivery in _deliveries(inputs, arguments):
            outcome = deliver(
                delivery, transport, policy=rules, faults=faults, headers=headers, method=arguments.method
            )
            outcomes.append((name, outcome))
            if arguments.format == "text":
                _terminal.write(_line(name, outcome))
    except KeyboardInterrupt:
        interrupted = True
    _terminal.complain(*inputs.problems)
    count = sum(outcome.delivered for _, outcome in outcomes)
    if arguments.format == "json":
        events = [{"event": name, **outcome.as_json()} for name, outcome in outcomes]
        document = {"delivered": count, "lost": len(outcomes) - count, "events": events}
        _terminal.write(masked(json.dumps(document)) + "\n")
    elif outcomes:
        _terminal.write(f"{count} of {len(outcomes)} delivered, policy of {rules.name}\n")
    is_cut_short = interrupted or inputs.problems
    if not (is_cut_short or faults or any(outcome.reached for _, outcome in outcomes)):
        error = outcomes[0][1].attempts[-1].error
        raise UsageError(f"{arguments.url} can't be reached: {error}", "Start the consumer, and check the URL.")
    return exit_status(count == len(outcomes), asked=not inputs.problems, interrupted=interrupted)


def _deliveries(inputs: _inputs.Inputs, arguments: argparse.Namespace) -> Iterator[tuple[str, Delivery]]:
    """Every event as a request, with the name of its place."""
    from vpc_backup_events.making.deliveries import MODES as WRITERS
    from vpc_backup_events.making.deliveries import Delivery, received
    from vpc_backup_events.reading import Email, Message
    from vpc_backup_events.reading.messages import STRUCTURED
    from vpc_backup_events.values.breach import Breach

    for item, source in inputs.events():
        place = _inputs.place(source)
        if isinstance(item, Breach):
            raise UsageError(f"{place}: {item.values['reason']}", "Name a file with events.")
        if isinstance(item, Email):
            raise UsageError(f"{place}: this is an email already.", "Name the event that it is about.")
        if isinstance(item, Message):
            yield place, Delivery({n: v for n, v in item.headers if n.lower() not in _OF_TRANSPORT}, item.body)
            continue
        try:
            event = json.loads(item)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            # what is no JSON object is sent all the same: how a consumer takes it is what a user wants to see
            yield place, Delivery({"Content-Type": STRUCTURED}, item.encode() if isinstance(item, str) else item)
            continue
        if arguments.notification_id and "notification_id" not in event:
            event = received(event, str(uuid.uuid4()))
        yield place, WRITERS[arguments.mode](event)


def _line(name: str, outcome: Outcome) -> str:
    steps = []
    for attempt in outcome.attempts:
        answer = str(attempt.answer.status) if attempt.answer else attempt.error
        steps.append(answer if attempt.number == 1 else f"{answer} after {attempt.at:.0f} s")
    return _terminal.safe(f"{name}: {'delivered' if outcome.delivered else 'lost'}: {', '.join(steps)}") + "\n"
