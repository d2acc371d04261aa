"""Webhooks of the reference service: who is called, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urlsplit

from vpc_backup_events.delivery import deliver
from vpc_backup_events.reference._instances import Resource
from vpc_backup_events.values.errors import KitError, UsageError

__all__ = ["Deliver", "WebhookDelivery", "call_webhook", "deliver_on_loopback", "is_loopback", "result_of"]


class Deliver(Protocol):
    """Delivers to a webhook: `deliver_on_loopback`, or what a test has in its place."""

    def __call__(self, delivery: Any, target: Any, /, *, method: str, headers: Mapping[str, str]) -> Any:
        """The outcome, with `delivered` and `attempts`; `target` is the URL of the webhook."""


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One delivery to a webhook."""

    #: of the event that was delivered
    notification_id: str
    #: of the webhook
    url: str
    #: with `delivered` and `attempts`; None where the address may not be called, or can't be
    outcome: Any
    #: why there is no outcome
    problem: str = ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: an address of loopback, or the name localhost."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def deliver_on_loopback(content: Any, target: Any, /, *, method: str, headers: Mapping[str, str]) -> Any:
    """Delivers to webhooks of this machine; raises `UsageError` for any other, which is not called."""
    try:
        host = urlsplit(target).hostname or ""
    except ValueError:
        host = ""
    if not is_loopback(host):
        raise UsageError("The webhook is not on this machine.", "Let the service call others with --call-any-webhook.")
    return deliver(content, target, method=method, headers=headers)


def call_webhook(send: Deliver, content: Any, destination: Resource, notification_id: str) -> WebhookDelivery:
    """Delivers to a webhook destination; never raises because of its address."""
    params = destination["config"]["params"]
    url, method, headers = params["url"], params["verb"].upper(), params.get("custom_headers", {})
    try:
        outcome = send(content, url, method=method, headers=headers)
    except KitError as error:
        return WebhookDelivery(notification_id, url, None, error.message)
    return WebhookDelivery(notification_id, url, outcome)


def result_of(delivery: WebhookDelivery) -> Resource:
    """What `get_notifications_status` has of a delivery."""
    if delivery.outcome is None:
        return {"status": "failure", "details": {"status_message": delivery.problem}}
    last = delivery.outcome.attempts[-1].answer if delivery.outcome.attempts else None
    details = {"status_code": last.status} if last else {}
    return {"status": "success" if delivery.outcome.delivered else "failure", "details": details}
