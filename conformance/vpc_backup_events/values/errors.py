"""Errors of the kit itself: what stood in the way, and the way out; a breach by a subject is a finding instead."""

from __future__ import annotations

from typing import ClassVar

__all__ = ["Declined", "KitError", "OutputError", "UnknownIdError", "UnreadableInputError", "UsageError"]


class KitError(Exception):
    """The kit could not do what it was asked; `str()` tells what happened and what to do about it."""

    # short stable name of the cause, for programs
    code: ClassVar[str] = "kit"

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint)
        # what happened, one sentence
        self.message = message
        # what to do about it, one sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class UsageError(KitError):
    """The question was put in a form that the kit does not understand."""

    code = "usage"


class UnreadableInputError(KitError):
    """An input could not be read, so nothing is known about the events in it."""

    code = "unreadable-input"


class UnknownIdError(KitError):
    """The catalog has no entry of this name."""

    code = "unknown-id"


class OutputError(KitError):
    """A result could not be written where it was asked for."""

    code = "output"

    @classmethod
    def at(cls, place: str, error: OSError | ValueError, hint: str) -> OutputError:
        """What came of writing to a file, a folder or a stream."""
        return cls(f"{place}: {getattr(error, 'strerror', None) or error}.", hint)


class Declined(Exception):
    """A subject says that it does not do what was asked; `str()` says why. That is neither an error nor a breach."""
