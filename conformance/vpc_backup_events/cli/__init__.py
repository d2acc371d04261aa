"""The command line `vpc-backup-events`: one module a verb, exit status 0 conforms, 1 does not, 2 could not be asked."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import NoReturn, Protocol, cast

from vpc_backup_events.cli import _terminal
from vpc_backup_events.values.errors import KitError, UsageError

# verb -> what it does; the module of the same name in this package has `EXAMPLES`, `configure` and `run`
VERBS: dict[str, str] = {
    "demo": "everything once: a producer, a delivery and a consumer, judged; then a consumer with a fault",
    "check": "judge events: JSON, JSON arrays, NDJSON, gzip, HTTP messages, emails",
    "audit": "judge archives of any size: folders, buckets, gzip, zstd, Parquet; on all cores, or on Spark",
    "explain": "what a requirement, reason code, event type, severity, position or ledger entry means",
    "filter": "which events and reasons a topic filter lets through, and why it can't see inside the long text",
    "render": "what a destination receives for an event: email, SMS, Slack, Teams, PagerDuty, and the others",
    "generate": "make events: conforming, contradictory as the documentation, or broken on purpose",
    "test": "judge a producer, consumer, client or service as a black box: a URL, or a program in any language",
    "coverage": "merge JSON reports of several runs: which requirements were exercised, and which never were",
    "deliver": "send events to a consumer as Event Notifications would: modes, retries, faults",
    "serve": "run the reference service: sources, topics, webhooks, notifications, backup jobs",
    "confirm": "ask the VPC API whether the backup job of an event failed as the event says",
    "lint": "judge registrations as files: Terraform, ibmcloud and curl command lines, API bodies, IAM policies",
    "schemas": "list the bundled JSON Schemas, or export them to a folder",
    "corpus": "list the bundled example events, or export them to a folder",
    "completion": "print what makes a shell complete verbs and options: bash, zsh or tcsh",
}

COULD_NOT_ASK = 2
INTERRUPTED = 130
# what a shell says of a program that ended by SIGTERM
TERMINATED = 143


def exit_status(ok: bool, asked: bool = True, interrupted: bool = False) -> int:
    """The exit status of a verb that judges; what was not asked, or not to the end, says more than what came out."""
    if interrupted:
        return INTERRUPTED
    if not asked:
        return COULD_NOT_ASK
    return 0 if ok else 1


class Verb(Protocol):
    """What the module of a verb offers."""

    # ends the help of the verb
    EXAMPLES: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Adds the arguments of the verb."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Does the work and returns the exit status; raises `KitError` where the question can't be asked."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit status; never raises on bad input."""
    words = list(sys.argv[1:] if argv is None else argv)
    _terminal.prepare()
    with _interruptible() as signals:
        status = _run(words)
    try:
        _terminal.flush()
    except KitError as error:
        _terminal.complain(error)
        status = COULD_NOT_ASK
    return TERMINATED if signals and status == INTERRUPTED else status


def _run(words: list[str]) -> int:
    try:
        _refuse(words)
        arguments = _parser(words).parse_args(words)
        # for reports that say how to run it again
        arguments.words = words
        with _holding_secrets_of(words):
            return _verb(arguments.verb).run(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else COULD_NOT_ASK
    except _WrongUsage as wrong:
        usage, message = wrong.args
        with _holding_secrets_of(words):
            sys.stderr.write(f"{usage}{_terminal.safe(message)}\n")
        return COULD_NOT_ASK
    except KitError as error:
        with _holding_secrets_of(words):
            _terminal.complain(error)
        return COULD_NOT_ASK
    except KeyboardInterrupt:
        return INTERRUPTED


def _refuse(words: Sequence[str]) -> None:
    """Raises `UsageError` for words that no option has a use for, and argparse takes for something else."""
    for word in words:
        name, _, value = word.partition("=")
        if "\0" in word or (name.startswith("--") and value == "--"):
            what = "a NUL in it" if "\0" in word else "the value --"
            raise UsageError(f"A word of the command line has {what}.", "Leave it out; no file has such a name.")


def _holding_secrets_of(words: Sequence[str]) -> AbstractContextManager[None]:
    """Inside, nothing that is secret on the command line is told, wherever it comes back from."""
    # the help needs neither
    from vpc_backup_events.catalog.masking import holding
    from vpc_backup_events.reporting.command import CommandLine

    return holding(CommandLine(words).secrets)


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Lets SIGTERM end a verb as Ctrl-C does, with a report of what there is; the list says whether it came."""
    signals: list[int] = []

    def interrupt(number: int, _: object) -> None:
        signals.append(number)
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:
        # in another thread than the first there are no signals
        yield signals
        return
    try:
        yield signals
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser(words: Sequence[str], every: bool = False) -> argparse.ArgumentParser:
    """The parser of the verb that is asked for, or of `every` one: only what is needed is imported."""
    parser = _Parser(
        prog="vpc-backup-events",
        description="Conformance kit for the event notifications of IBM Cloud Backup for VPC.",
        epilog="Exit status: 0 conforms, 1 does not conform, 2 the question could not be asked.",
    )
    parser.add_argument("--version", action=_Version, help="print the version and the schema engine, and exit")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, summary in VERBS.items():
        verb = verbs.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            add_help=False,
        )
        module = _verb(name) if every or name == chosen else None
        # a verb may have a help of its own
        help = getattr(module, "Help", "help")
        verb.add_argument("-h", "--help", action=help, help="show this help message and exit")
        if module:
            verb.epilog = module.EXAMPLES
            module.configure(verb)
    return parser


def _verb(name: str) -> Verb:
    return cast(Verb, import_module(f"{__name__}.{name}"))


class _WrongUsage(Exception):
    """The command line is not understood: the usage, and what is wrong, which may hold a secret."""


class _Parser(argparse.ArgumentParser):
    """Leaves it to its caller to say what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Raises `_WrongUsage`."""
        raise _WrongUsage(f"{self.format_usage()}{self.prog}: error: ", message)


class _Version(argparse.Action):
    """Prints what a bug report needs first."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from platform import python_version

        from vpc_backup_events._version import __version__
        from vpc_backup_events.spec.schemas import engine_name

        _terminal.write(f"vpc-backup-events {__version__} ({engine_name()}, Python {python_version()})\n")
        parser.exit(0)
