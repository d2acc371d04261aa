"""From what a user has to a transport."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from inspect import Parameter
from typing import Any

from vpc_backup_events.delivery.asgi import Asgi
from vpc_backup_events.delivery.http import Http
from vpc_backup_events.delivery.in_process import Function, Wsgi
from vpc_backup_events.delivery.message import Transport
from vpc_backup_events.values.errors import UsageError

__all__ = ["Target", "transport_for"]

#: what is called: a URL, a transport, an ASGI or WSGI application, or a callable that takes headers and body
Target = str | Transport | Callable[..., Any]


def transport_for(target: Target, path: str = "/") -> Transport:
    """The transport to a URL, an ASGI or WSGI application, or a callable that takes headers and body.

    Applications are told apart by their signatures; `path` is where they are called. Raises `UsageError` where it
    can't be told; then say it with `Asgi`, `Wsgi` or `Function`.
    """
    if isinstance(target, str):
        return Http(target)
    if hasattr(target, "send") and hasattr(target, "close"):
        transport: Transport = target
        return transport
    if not callable(target):
        raise UsageError(
            f"A {type(target).__name__} is no consumer.",
            "Give a URL, an ASGI or WSGI application, or a callable that takes headers and body.",
        )
    # Flask and others keep their WSGI callable there
    if hasattr(target, "wsgi_app"):
        return Wsgi(target, path)
    names = _parameters(target)
    count = None if names is None else len(names)
    if count == 3 or (count != 2 and _is_async(target)):
        return Asgi(target, path)
    if names is not None and count == 2:
        is_wsgi = names[0] in ("environ", "env", "e") or names[1] in ("start_response", "start", "sr")
        return Wsgi(target, path) if is_wsgi and not _is_async(target) else Function(target)
    raise UsageError(
        f"It can't be told what kind of consumer {target!r} is.",
        "Wrap it in Asgi(...), Wsgi(...) or Function(...) of vpc_backup_events.delivery.",
    )


def _parameters(target: Any) -> list[str] | None:
    """The names of the positional parameters that must be given, or None where they are not known."""
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind is Parameter.VAR_POSITIONAL for p in parameters):
        return None
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in parameters if p.kind in positional and p.default is Parameter.empty]


def _is_async(target: Any) -> bool:
    function = getattr(target, "func", target)
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)
