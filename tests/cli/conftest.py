"""An event that conforms, and the command line."""

from helpers.command_line import command, environment, event, process, run, write

__all__ = ["command", "environment", "event", "process", "run", "write"]
