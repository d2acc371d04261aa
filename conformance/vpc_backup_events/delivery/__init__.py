"""Delivery: transports to consumers, the documented retry policies on a virtual or real clock, faults, signatures."""

from __future__ import annotations

from vpc_backup_events.delivery.asgi import Asgi
from vpc_backup_events.delivery.clock import Clock, RealClock, VirtualClock
from vpc_backup_events.delivery.engine import Attempt, Outcome, deliver, deliver_all
from vpc_backup_events.delivery.faults import Fault, parse_faults
from vpc_backup_events.delivery.http import Http
from vpc_backup_events.delivery.in_process import Function, Wsgi
from vpc_backup_events.delivery.message import Request, Response, Transport, TransportError
from vpc_backup_events.delivery.policy import policy
from vpc_backup_events.delivery.receivers import Job, MessageHandler, ObjectHandler
from vpc_backup_events.delivery.signature import RsaSigner, RsaVerifier, SignatureError, Signer, Verifier
from vpc_backup_events.delivery.transports import Target, transport_for

__all__ = [
    "Asgi",
    "Attempt",
    "Clock",
    "Fault",
    "Function",
    "Http",
    "Job",
    "MessageHandler",
    "ObjectHandler",
    "Outcome",
    "RealClock",
    "Request",
    "Response",
    "RsaSigner",
    "RsaVerifier",
    "SignatureError",
    "Signer",
    "Target",
    "Transport",
    "TransportError",
    "Verifier",
    "VirtualClock",
    "Wsgi",
    "deliver",
    "deliver_all",
    "parse_faults",
    "policy",
    "transport_for",
]
