"""`completion`: what makes a shell complete verbs and options."""

from __future__ import annotations

import argparse

from vpc_backup_events.cli import _terminal
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install

SHELLS = ("bash", "zsh", "tcsh")

EXAMPLES = """\
examples:
  vpc-backup-events completion bash > ~/.local/share/bash-completion/completions/vpc-backup-events
  vpc-backup-events completion zsh > "${fpath[1]}/_vpc-backup-events"

exit status:
  0  the script is on standard output
  2  the library that writes it is missing
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `completion`."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to complete")


def run(arguments: argparse.Namespace) -> int:
    """Prints the script and returns the exit status."""
    try:
        import shtab
    except ImportError:
        raise UsageError("Completion needs shtab.", install("terminal")) from None
    from vpc_backup_events.cli import _parser

    _terminal.write(shtab.complete(_parser([], every=True), arguments.shell))
    return 0
