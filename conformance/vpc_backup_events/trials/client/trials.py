"""The trials of a client, and the breach of one."""

from __future__ import annotations

from typing import NoReturn

from vpc_backup_events.trials.client.facts import without_token
from vpc_backup_events.trials.client.requests import ClientRequest
from vpc_backup_events.trials.client.run import ClientRun
from vpc_backup_events.trials.trial import Breached, Evidence, Trials

__all__ = ["CLIENT", "breached"]

CLIENT: Trials[ClientRun] = Trials()


def breached(wrong: str, request: ClientRequest | None = None, hint: str = "") -> NoReturn:
    """Raises the breach of a requirement: what is wrong, with which request, and what to do instead."""
    exhibits: tuple[tuple[str, str], ...] = ()
    if request is not None:
        body = request.body.decode("utf-8", "backslashreplace")
        exhibits = (("asked", f"{request.method} {request.target} {body}"),)
    raise Breached(Evidence(message=wrong, hint=hint, exhibits=exhibits).masked(without_token))
