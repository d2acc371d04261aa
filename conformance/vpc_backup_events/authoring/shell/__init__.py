"""Shell scripts as what `lint` looks at in them: commands of a few programs, their words, and here-documents."""

from vpc_backup_events.authoring.shell.script import Command, read
from vpc_backup_events.authoring.shell.synopses import Attribute, Invocation, Option, curl, invocation
from vpc_backup_events.authoring.shell.words import Word

__all__ = ["Attribute", "Command", "Invocation", "Option", "Word", "curl", "invocation", "read"]
