"""Buckets and the command line."""

from helpers.buckets import buckets, server
from helpers.command_line import command, environment, event, process, run, write

__all__ = ["buckets", "command", "environment", "event", "process", "run", "server", "write"]
