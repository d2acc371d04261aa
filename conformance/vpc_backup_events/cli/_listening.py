"""`test producer --listen`: what a producer posts to the notifications API is judged as the message that it is."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING

from vpc_backup_events import catalog
from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.cli import INTERRUPTED, _reports, _terminal, exit_status
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install
from vpc_backup_events.values.report import Finding, Profile, Report, Source, merge

if TYPE_CHECKING:
    from vpc_backup_events.reference._record import Exchange
    from vpc_backup_events.reporting.display import Display

__all__ = ["run"]

# seconds between two looks at what was posted
_LOOK = 0.05
_POST = "send_notifications"
# statuses of a request without a valid token, and of one to a path that is not there -> the requirement that it breaks
_REFUSED = {401: "P31-bearer", 403: "P31-bearer", 404: "P35-path"}


def run(arguments: argparse.Namespace, reports: _reports.Reports) -> int:
    """Listens, judges each post, writes the report and returns the exit status."""
    posts, interrupted = _listened(arguments)
    if not posts and interrupted:
        return INTERRUPTED
    if not posts:
        raise UsageError("No event was posted.", "Post to /v1/instances/{instance_id}/notifications below the address.")
    inputs = {f"request {number}": post for number, post in enumerate(posts, 1)}
    display = reports.display()
    report = merge(arguments.profile, _judged(inputs.items(), arguments.profile, display))
    reports.write(Run(report, dict.fromkeys(inputs, 1), verb="test", display=display))
    return exit_status(report.ok, interrupted=interrupted)


def _listened(arguments: argparse.Namespace) -> tuple[list[Exchange], bool]:
    """What was posted until there are as many as asked for or the time is over; and whether an interrupt ended it."""
    try:
        from vpc_backup_events.reference.server import both, serve
    except ImportError as error:
        raise UsageError(f"--listen needs more: {error}.", install("api")) from None
    host, _, port = arguments.listen.rpartition(":")
    if not port.isdecimal() or int(port) > 65_535:
        raise UsageError(f"{arguments.listen!r} is not of the form HOST:PORT.", "Write it as 127.0.0.1:8080.")
    # a producer is judged by its events, whatever topics there are
    app = both(takes_unrouted=True)
    # none of those that are asked for may be dropped
    app.state.record.most += arguments.count
    until = monotonic() + arguments.seconds
    interrupted = True
    with serve(app, host or "127.0.0.1", int(port)) as server, suppress(KeyboardInterrupt):
        _terminal.diagnose(f"listening at {server.url}{API_BASE}; Ctrl-C ends it")
        while len(app.state.record.of(_POST)) < arguments.count and monotonic() < until:
            sleep(_LOOK)
        interrupted = False
    return list(app.state.record.of(_POST)), interrupted


def _judged(posts: Iterable[tuple[str, Exchange]], profile: Profile, display: Display | None) -> Iterator[Report]:
    """A report on each post: on its event with headers and media type, and on why it was refused."""
    from vpc_backup_events.checking.check import report
    from vpc_backup_events.checking.uniqueness import Identities
    from vpc_backup_events.reading import read
    from vpc_backup_events.reporting.display import blocks

    identities = Identities()
    for name, post in posts:
        source = Source(name, index=0)
        reading = read((list(post.headers), post.body))
        of_event = report(reading, profile, source, identities.breaches(reading, source))
        findings = (*of_event.findings, *_of_refusal(post, source))
        yield Report(profile, findings, 1)
        if display is not None:
            display.count((list(post.headers), post.body), bool(findings))
            if findings:
                display.texts[source] = tuple(blocks(reading, post.body, findings))


def _of_refusal(post: Exchange, source: Source) -> Iterator[Finding]:
    """What is wrong with a request that was refused whatever its event is."""
    id = _REFUSED.get(post.status or 0)
    if id is not None:
        required = catalog.requirements[id]
        message = f"The post to {post.path} was answered {post.status}. {required.sentence}"
        yield Finding(id, "error", "", message, required.hint, required.doc, source)
