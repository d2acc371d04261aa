"""What each destination makes of an event."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, NamedTuple

from vpc_backup_events import catalog
from vpc_backup_events.catalog.delivery import Severity
from vpc_backup_events.catalog.names import JOB_VARIABLE, LONG, SEVERITY, SHORT
from vpc_backup_events.making.deliveries import received, sdk_style
from vpc_backup_events.making.draft import compact
from vpc_backup_events.values.errors import UnreadableInputError, UsageError

SENDER = "no-reply@cloud.ibm.com"
# characters of an SMS, as the documentation counts them
SEGMENT = 160
MARKDOWN = "ibmenmarkdown"
# of severities at PagerDuty
TABLES = ("A", "B")

Event = Mapping[str, Any]


class Options(NamedTuple):
    """What a subscription or a destination is configured with."""

    #: email: the subscription adds the payload of the notification
    payload: bool = False
    #: webhook, Slack: a Handlebars template, plain or in base64
    template: str | None = None
    #: PagerDuty: which of the two tables of severities, `A` or `B`
    table: str = "B"
    #: PagerDuty: the integration's key
    routing_key: str | None = None
    #: Cloud Object Storage
    destination_name: str = "backup-events"
    #: what Event Notifications gives the notification; made of the event where it is not given
    notification_id: str = ""


class Parts(NamedTuple):
    """What a destination receives, before anything is said about it."""

    #: by its name: texts and JSON values
    members: Mapping[str, Any]
    #: all of it as one text
    content: str
    #: of a file that holds the text, without the dot
    suffix: str
    #: members of the event that are shown as such
    texts: tuple[str, ...] = ()
    #: what the documentation does not say about this event
    notes: tuple[str, ...] = ()


def text_of(event: Event, name: str) -> str:
    """A text of the event. Raises `UnreadableInputError` where there is none."""
    value = event.get(name)
    if not isinstance(value, str) or not value.strip():
        problem = "is missing" if name not in event else "is no text with a content"
        raise UnreadableInputError(
            f"The event can't be rendered: {name} {problem}.", "`vpc-backup-events check` says what else is wrong."
        )
    return value


def _pretty(value: Any) -> str:
    """JSON as a person reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _email(event: Event, options: Options) -> Parts:
    """An RFC 5322 message: the short text as subject, the long text as body, and the payload where it is asked for."""
    # a line break in the short text must not begin another header field
    subject = " ".join("".join(c if c.isprintable() else " " for c in text_of(event, SHORT)).split())
    body = text_of(event, LONG)
    if options.payload:
        body = f"{body}\n\nNotification details:\n\n{_pretty(event)}"
    message = EmailMessage(SMTP)
    message["From"] = SENDER
    message["Subject"] = subject
    # a mail program may break a line; this encoding keeps every character
    message.set_content(body + "\n", cte="quoted-printable")
    content = message.as_bytes().decode("ascii").replace("\r\n", "\n")
    return Parts({"from": SENDER, "subject": subject, "body": body}, content, "eml", (LONG,))


def _sms(event: Event, options: Options) -> Parts:
    """The long text, and the segments that it takes."""
    text = text_of(event, LONG)
    segments = [text[start : start + SEGMENT] for start in range(0, len(text), SEGMENT)]
    return Parts({"text": text, "segments": segments}, text, "txt", (LONG,))


def _slack(event: Event, options: Options) -> Parts:
    """What a template makes of the event; else the message of a chat."""
    if options.template is None:
        return _message(event)
    text = _of_template(options.template, event, "slack")
    return Parts({"template": text}, text, "txt")


def _teams(event: Event, options: Options) -> Parts:
    """The message of a chat; and `data` as formatted JSON."""
    parts = _message(event)
    if "data" not in event:
        return parts
    data = _pretty(event["data"])
    return parts._replace(members={**parts.members, "data": data}, content=f"{parts.content}\n\n{data}")


def _message(event: Event) -> Parts:
    """The Markdown, or the short and the long text."""
    if MARKDOWN in event:
        text = text_of(event, MARKDOWN)
        return Parts({"markdown": text}, text, "txt")
    short, long = text_of(event, SHORT), text_of(event, LONG)
    return Parts({"short": short, "long": long}, f"{short}\n\n{long}", "txt", (LONG,))


def _pagerduty(event: Event, options: Options) -> Parts:
    """A `trigger` of the Events API v2."""
    table = options.table.upper()
    if table not in TABLES:
        raise UsageError(f"There is no table {options.table!r}.", f"There are: {', '.join(TABLES)}.")
    severity = _severity(event).pagerduty[f"table_{table.lower()}"]
    payload = {
        "summary": text_of(event, LONG),
        "source": text_of(event, "source"),
        **({"severity": severity} if severity else {}),
        **({"timestamp": event["time"]} if "time" in event else {}),
        **({"custom_details": event["data"]} if "data" in event else {}),
    }
    key = {"routing_key": options.routing_key} if options.routing_key else {}
    alert = {**key, "event_action": "trigger", "payload": payload}
    notes = () if severity else (f"Table {table} has no row for this ibmenseverity, so the alert has no severity.",)
    return Parts(alert, _pretty(alert), "json", (LONG,), notes)


def _servicenow(event: Event, options: Options) -> Parts:
    """An incident."""
    incident = {
        "short_description": text_of(event, SHORT),
        "description": compact(event["data"]) if "data" in event else text_of(event, LONG),
        **_severity(event).servicenow,
    }
    return Parts(incident, _pretty(incident), "json", (LONG,))


def _severity(event: Event) -> Severity:
    """The row of the tables for the event, that of all other values where it has none."""
    value = event.get(SEVERITY)
    name = value.lower() if isinstance(value, str) else ""
    fallback = next(severity for severity in catalog.severities.values() if severity.fallback)
    return catalog.severities.get(name, fallback)


def _webhook(event: Event, options: Options) -> Parts:
    """A request: the event with `notification_id`, or what a template makes of it."""
    notification = received(event, options.notification_id)
    headers, body = sdk_style(notification)
    text = body.decode()
    if options.template is not None:
        text = _of_template(options.template, notification, "webhook")
    lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines.append(f"Content-Length: {len(text.encode('utf-8', 'surrogatepass'))}")
    content = "\r\n".join([*lines, "", text])
    try:
        value = json.loads(text)
    except ValueError:
        value = text
    return Parts({"method": "POST", "headers": dict(headers), "body": value}, content, "http")


def _of_template(template: str, event: Event, kind: str) -> str:
    """What a template makes of the event. Raises `UsageError` where it makes nothing of use."""
    from vpc_backup_events.authoring.templates import render

    rendering = render(template, event, type=kind)
    for finding in rendering.findings:
        if finding.level == "error":
            raise UsageError(f"The template does not work: {finding.message}", finding.hint)
    return rendering.text


def _event_streams(event: Event, options: Options) -> Parts:
    """One message of Kafka."""
    text = compact(event)
    return Parts({"value": text}, text, "json")


def _cos(event: Event, options: Options) -> Parts:
    """One object and its key."""
    names = {"name of a destination": options.destination_name, "notification id": options.notification_id}
    for what, name in names.items():
        if not name or "/" in name or name in (".", "..") or not name.isprintable():
            raise UsageError(f"{name!r} can't be the {what} in a key.", "Give a name without slashes.")
    text = compact(event)
    return Parts({"key": f"{options.destination_name}/{options.notification_id}.json", "object": text}, text, "json")


def _code_engine(event: Event, options: Options) -> Parts:
    """The environment of the job."""
    environment = {JOB_VARIABLE: compact(event)}
    return Parts({"environment": environment}, _pretty(environment), "json")


# name of a destination -> what makes it of an event
CONTENT: Mapping[str, Callable[[Event, Options], Parts]] = {
    "email": _email,
    "sms": _sms,
    "slack": _slack,
    "teams": _teams,
    "pagerduty": _pagerduty,
    "servicenow": _servicenow,
    "webhook": _webhook,
    "event-streams": _event_streams,
    "cos": _cos,
    "code-engine": _code_engine,
}
