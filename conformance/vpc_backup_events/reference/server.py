"""A reference service on loopback: `serve`, for tests and for the command line."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from vpc_backup_events.reference._limits import IDLE, MAX_HEAD, PATIENCE, limited
from vpc_backup_events.reference._webhooks import Deliver, deliver_on_loopback
from vpc_backup_events.reference.backup_jobs import backup_jobs_app
from vpc_backup_events.reference.event_notifications import event_notifications_app
from vpc_backup_events.values.errors import UsageError

__all__ = ["Server", "both", "run_until_interrupted", "serve"]

LOOPBACK = "127.0.0.1"
# seconds that open connections have to end in
_GRACE = 1


class Server(NamedTuple):
    """A service that is being served."""

    #: the application
    app: Any
    #: http://host:port, without a slash at the end
    url: str


@contextmanager
def serve(app: Any, host: str = LOOPBACK, port: int = 0, patience: float = PATIENCE) -> Iterator[Server]:
    """Serves an ASGI application in a thread until the block ends; port 0 takes a free one.

    `patience` is the number of seconds that a client has for the body of a request: then it is answered 408 and cut
    off. A head that is too large is refused. Raises `UsageError` where the address can't be had.
    """
    if not host.strip():
        raise UsageError("The address to serve on is empty.", "Give one, such as 127.0.0.1.")
    server = _uvicorn(app, host, port, patience)
    thread = threading.Thread(target=server.run, name="vpc-backup-events-server", daemon=True)
    thread.start()
    try:
        yield Server(app, _url(server, host, thread))
    finally:
        server.should_exit = True
        thread.join()


def run_until_interrupted(app: Any, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves an ASGI application until KeyboardInterrupt, which is passed on; `ready` is told the URL."""
    with serve(app, host, port) as server:
        ready(server.url)
        while True:
            # short, so that an interrupt is seen at once on every platform
            time.sleep(0.2)


def both(
    token: str | None = None,
    instance_id: str | Iterable[str] | None = None,
    *,
    api_key: str | None = None,
    deliver: Deliver = deliver_on_loopback,
    takes_unrouted: bool = False,
) -> Starlette:
    """Event Notifications and, below /v1/backup_policies, the backup jobs as one application.

    It is that of `event_notifications_app`, with that of the backup jobs as `state.backup_jobs`.
    """
    app = event_notifications_app(token, instance_id, api_key=api_key, deliver=deliver, takes_unrouted=takes_unrouted)
    jobs = backup_jobs_app(token)
    everything_else = app.router.default

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        is_job = scope["path"].startswith("/v1/backup_policies/")
        await (jobs if is_job else everything_else)(scope, receive, send)

    app.router.default = either
    app.state.backup_jobs = jobs
    return app


def _uvicorn(app: Any, host: str, port: int, patience: float) -> uvicorn.Server:
    config = uvicorn.Config(
        limited(app, patience),
        host,
        port,
        log_config=None,
        access_log=False,
        lifespan="off",
        # the one that has a limit for the head, whatever else is installed
        http="h11",
        timeout_keep_alive=IDLE,
        h11_max_incomplete_event_size=MAX_HEAD,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    server = uvicorn.Server(config)
    # uvicorn ends the process where it can't bind
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"{host} port {port} can't be served on: {str(error).rstrip('.')}.", "Choose another."
        ) from None
    return server


def _url(server: uvicorn.Server, host: str, thread: threading.Thread) -> str:
    while not server.started:
        if not thread.is_alive():
            raise UsageError(f"{host} can't be served on.", "Choose another address.")
        time.sleep(0.001)
    bound: int = server.servers[0].sockets[0].getsockname()[1]
    return f"http://{f'[{host}]' if ':' in host else host}:{bound}"
