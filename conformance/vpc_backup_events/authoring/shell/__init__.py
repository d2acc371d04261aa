"""Shell scripts as what `lint` looks at in them: commands of a few programs, their words, and here-documents."""

from vpc_backup_events.authoring.shell.script import Command, Script, read
from vpc_backup_events.authoring.shell.synopses import (
    Assignment,
    Attribute,
    Curl,
    Invocation,
    Option,
    Synopsis,
    curl,
    invocation,
)
from vpc_backup_events.authoring.shell.words import Word

__all__ = [
    "Assignment",
    "Attribute",
    "Command",
    "Curl",
    "Invocation",
    "Option",
    "Script",
    "Synopsis",
    "Word",
    "curl",
    "invocation",
    "read",
]
