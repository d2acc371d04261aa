"""An event that conforms, and the command line that is attacked."""

from helpers.command_line import command, environment, event, process, run, write

__all__ = ["command", "environment", "event", "process", "run", "write"]
