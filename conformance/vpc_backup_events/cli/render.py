"""`render`: what a destination receives for an event."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from vpc_backup_events import catalog
from vpc_backup_events.cli import _inputs, _options, _reports, _terminal, exit_status
from vpc_backup_events.values.errors import UnreadableInputError
from vpc_backup_events.values.report import Report, Source

if TYPE_CHECKING:
    from vpc_backup_events.destinations import Rendering

# bytes of a template that are read, which may be a device without end
_LONGEST = 1024 * 1024

EXAMPLES = """\
Standard output is what the destination receives: a message (.eml), a text, a JSON document, an HTTP request, an object.
What does not fit, and what the documentation does not say, is on standard error.

examples:
  vpc-backup-events render event.json --to email --payload > alert.eml
  vpc-backup-events render event.json --to sms
  vpc-backup-events render event.json --to pagerduty --table A
  vpc-backup-events render event.json --to webhook --template card.hbs
  vpc-backup-events generate | vpc-backup-events render - --to code-engine --format json

exit status:
  0  every event was rendered
  2  an event could not be rendered (the others are), or the command line is wrong
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `render`."""
    parser.add_argument("path", metavar="PATH", help="events, in every form that check reads; - reads standard input")
    parser.add_argument("--to", required=True, metavar="DESTINATION", help=f"one of {', '.join(catalog.destinations)}")
    parser.add_argument("--payload", action="store_true", help="email: the subscription adds the notification payload")
    parser.add_argument("--template", metavar="FILE", help="slack, webhook: a Handlebars template")
    parser.add_argument("--table", choices=("A", "B"), help="pagerduty: which table of severities (default: B)")
    parser.add_argument("--routing-key", metavar="KEY", help="pagerduty: the key of the integration")
    parser.add_argument("--destination-name", metavar="NAME", help="cos: the name of the destination")
    parser.add_argument(
        "--notification-id", metavar="ID", help="webhook, cos: the id of the notification (default: made of the event)"
    )
    _options.add_format(parser)
    parser.add_argument("--output", metavar="FILE", help="write what is received to FILE")


def run(arguments: argparse.Namespace) -> int:
    """Renders every event and returns the exit status."""
    from vpc_backup_events.destinations import render

    inputs = _inputs.Inputs([arguments.path])
    renderings: list[Rendering] = []
    if arguments.output is not None:
        _reports.try_out(arguments.output, [*inputs.paths, *filter(None, [arguments.template])])
    options = {
        "payload": arguments.payload,
        "template": _template(arguments.template) if arguments.template else None,
        "table": arguments.table,
        "routing_key": arguments.routing_key,
        "destination_name": arguments.destination_name,
        "notification_id": arguments.notification_id,
    }
    for event, source in _events(inputs):
        try:
            renderings.append(render(event, arguments.to, **options))
        except UnreadableInputError as error:
            inputs.problems.append(UnreadableInputError(f"{_inputs.place(source)}: {error.message}", error.hint))
    if arguments.format == "json":
        _reports.write(_document(renderings), arguments.output)
    elif renderings:
        # an email, a request or an object is a whole; several of them are told apart by an empty line
        texts = [_text(rendering, arguments.output is None) for rendering in renderings]
        _reports.write("\n".join(texts), arguments.output)
        _explain(renderings)
    _terminal.complain(*inputs.problems)
    return exit_status(True, asked=not inputs.problems)


def _template(path: str) -> str:
    """The text of a template; raises `UnreadableInputError`."""
    hint = "Name a file with a template."
    try:
        with open(path, "rb") as file:
            content = file.read(_LONGEST + 1)
        template = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UnreadableInputError(f"{path}: {reason}.", hint) from None
    if len(content) > _LONGEST:
        raise UnreadableInputError(f"{path}: more than {_LONGEST:,} bytes.", hint)
    return template


def _events(inputs: _inputs.Inputs) -> Iterator[tuple[Any, Source]]:
    """Every event with its place; what is none becomes a problem."""
    from vpc_backup_events.reading import read

    for event, source in inputs.events():
        reading = read(event)
        if reading.is_missing:
            reason = reading.breaches[0].values["reason"]
            inputs.problems.append(UnreadableInputError(f"{source.file}: {reason}", "Give an event."))
        elif reading.email is not None:
            inputs.problems.append(
                UnreadableInputError(f"{source.file}: this is an email already.", "Give the event that it is about.")
            )
        else:
            yield event, source


def _text(rendering: Rendering, to_terminal: bool) -> str:
    text = rendering.content
    if to_terminal and sys.stdout is not None and sys.stdout.isatty():
        from vpc_backup_events.values.visible import visible

        # nothing that an event holds may steer the terminal
        text = "\n".join(visible(line, len(line)) for line in text.split("\n"))
    return text if text.endswith("\n") else f"{text}\n"


def _explain(renderings: list[Rendering]) -> None:
    """What is true of the events at this destination, each once."""
    if "key" in renderings[0].parts:
        _terminal.diagnose(f"key: {renderings[0].parts['key']}")
    notes: list[str] = []
    for rendering in renderings:
        notes += (f"{finding.requirement}: {finding.message}" for finding in rendering.findings)
        notes += rendering.notes
    for note in dict.fromkeys(notes):
        _terminal.diagnose(f"note: {note}")


def _document(renderings: list[Rendering]) -> str:
    from vpc_backup_events.reporting.json import dump

    findings = tuple(finding for rendering in renderings for finding in rendering.findings)
    report = Report("documented", findings, len(renderings))
    return dump({**report.as_json(), "renderings": [rendering.as_json() for rendering in renderings]})
