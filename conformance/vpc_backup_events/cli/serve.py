"""`serve`: the reference service on loopback, until it is interrupted."""

from __future__ import annotations

import argparse
import secrets

from vpc_backup_events.catalog.names import API_BASE
from vpc_backup_events.cli import _options, _terminal
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install
from vpc_backup_events.values.tokens import clean
from vpc_backup_events.values.visible import visible

# bytes of an API key that is made up
KEY_BYTES = 24

EXAMPLES = """\
Event Notifications is served below the address that the first line names, and the backup jobs of the VPC API beside it,
below /v1. Everything is kept in memory and forgotten at the end; of the requests the latest 10,000 are recorded, 64 MiB
at most. A body may have 40 MiB and must have come within 20 seconds, a head may have 32 KiB and 100 headers. Webhooks
are called on this machine alone, unless --call-any-webhook is given. POST /identity/token gives a token for one API
key: that of --api-key, or one that is made up and told on standard error. Ctrl-C ends it.

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
    parser.add_argument("--port", type=_options.port, default=0, help="port to serve on (default: a free one)")
    parser.add_argument("--token", help="the bearer token that is accepted (default: any)")
    parser.add_argument(
        "--api-key", metavar="KEY", help="the API key that is exchanged for a token (default: one that is made up)"
    )
    parser.add_argument("--instance-id", metavar="ID", help="the GUID of the only instance there is (default: any)")
    parser.add_argument(
        "--call-any-webhook",
        action="store_true",
        help="call webhooks of other machines too (default: those of this one alone)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves until it is interrupted, and returns 0."""
    try:
        from vpc_backup_events.delivery import deliver
        from vpc_backup_events.reference._webhooks import deliver_on_loopback, is_loopback
        from vpc_backup_events.reference.server import both, run_until_interrupted
    except ImportError as error:
        raise UsageError(f"serve needs more: {error}.", install("api")) from None

    token = _secret(arguments.token, "--token")
    api_key = _secret(arguments.api_key, "--api-key")
    _require_instance(arguments.instance_id)
    if not arguments.host.strip():
        raise UsageError("--host is empty.", "Give an address, such as 127.0.0.1.")

    def ready(url: str) -> None:
        _terminal.write(f"{url}{API_BASE}\n")
        if api_key is None:
            _terminal.hand_over(f"API key for POST /identity/token: {key}")
        _terminal.diagnose("serving; Ctrl-C ends it")
        if not is_loopback(arguments.host):
            anyone = "" if token else ", and any token is accepted: give --token"
            _terminal.diagnose(
                f"warning: {arguments.host} is no loopback address: others may reach this service{anyone}"
            )

    key = api_key or secrets.token_urlsafe(KEY_BYTES)
    calls = deliver if arguments.call_any_webhook else deliver_on_loopback
    app = both(token, arguments.instance_id, api_key=key, deliver=calls)
    try:
        run_until_interrupted(app, arguments.host, arguments.port, ready)
    except KeyboardInterrupt:
        _terminal.diagnose("ended")
    return 0


def _secret(text: str | None, option: str) -> str | None:
    """The token or key that was given, without the line break of a mounted secret; raises `UsageError`."""
    if text is None:
        return None
    secret = clean(text)
    if not secret:
        raise UsageError(f"{option} is empty.", f"Give a value, or leave {option} out.")
    return secret


def _require_instance(instance_id: str | None) -> None:
    """Raises `UsageError` where no request could name the instance."""
    from vpc_backup_events.spec.openapi import EVENT_NOTIFICATIONS, description

    if instance_id is None:
        return
    operation = description(EVENT_NOTIFICATIONS).operations["list_sources"]
    if not instance_id.isprintable() or operation.parameter_problems("path", {"instance_id": instance_id}):
        raise UsageError(
            f"{visible(instance_id)!r} is no GUID of an instance, so no request could name it.",
            "Give one such as f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2.",
        )
