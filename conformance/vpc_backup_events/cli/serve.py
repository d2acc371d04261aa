"""`serve`: the reference service on loopback, until it is interrupted."""

from __future__ import annotations

import argparse
from ipaddress import ip_address

from vpc_backup_events.cli import _terminal
from vpc_backup_events.values.errors import UsageError

EXAMPLES = """\
Event Notifications is served below the address that the first line names, and the backup jobs of the VPC API beside it,
below /v1. Everything is kept in memory and forgotten at the end; of the requests the latest 10,000 are recorded, 64 MiB
at most. A body may have 40 MiB, a head 32 KiB and 100 headers, and a request must have come within 20 seconds. Ctrl-C
ends it.

examples:
  vpc-backup-events serve
  vpc-backup-events serve --port 8080 --token secret --instance-id f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2

exit status:
  0  it was ended
  2  it could not be started
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `serve`."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to serve on (default: %(default)s, this machine alone)"
    )
    parser.add_argument("--port", type=int, default=0, help="port to serve on (default: a free one)")
    parser.add_argument("--token", help="the bearer token that is accepted (default: any)")
    parser.add_argument("--instance-id", metavar="ID", help="the only instance there is (default: any)")


def run(arguments: argparse.Namespace) -> int:
    """Serves until it is interrupted, and returns 0."""
    try:
        from vpc_backup_events.reference.event_notifications import BASE
        from vpc_backup_events.reference.server import both, run_until_interrupted
    except ImportError as error:
        raise UsageError(f"serve needs more: {error}.", "Install vpc-backup-events[api].") from None

    def ready(url: str) -> None:
        _terminal.write(f"{url}{BASE}\n")
        _terminal.diagnose("serving; Ctrl-C ends it")
        if not _is_loopback(arguments.host):
            anyone = "" if arguments.token else ", and any token is accepted: give --token"
            _terminal.diagnose(
                f"warning: {arguments.host} is no loopback address: others may reach this service{anyone}"
            )

    app = both(arguments.token, arguments.instance_id)
    try:
        run_until_interrupted(app, arguments.host, arguments.port, ready)
    except KeyboardInterrupt:
        _terminal.diagnose("ended")
    return 0


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
