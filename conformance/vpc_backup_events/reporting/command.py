"""A command line as a report repeats it: for a shell, and without what is secret in it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from vpc_backup_events.catalog.masking import HIDDEN, masked, names_secret

__all__ = ["CommandLine"]

_HIDDEN = "HIDDEN"
# options whose value is nobody else's business, beside those that are named like a secret
_SECRET = ("--token", "--forbidden-token", "--header", "-H", "--routing-key", "--api-key")
# options whose value is a command line itself
_COMMANDS = ("--command", "--job")
# options whose value is a secret where it is of the form NAME:PASSWORD
_USERS = ("-u", "--user")
# an option may be abbreviated; a shorter one is that of no option
_SHORTEST = 3


class CommandLine:
    """The words of a command line."""

    def __init__(self, words: Sequence[str]) -> None:
        # what is secret in the words
        self.secrets: list[str] = []
        self._words = tuple(self._without_secrets(words))

    def __str__(self) -> str:
        """The words for a shell, each secret hidden."""
        return shlex.join(self._words)

    def _without_secrets(self, words: Sequence[str]) -> Iterator[str]:
        before = ""
        for word in words:
            name, equals, value = word.partition("=")
            if _is_secret(before, word):
                yield self._hidden(word)
            elif equals and _is_secret(name, value):
                yield f"{name}={self._hidden(value)}"
            elif _is_command(before):
                yield self._command(word)
            elif equals and _is_command(name):
                yield f"{name}={self._command(value)}"
            else:
                # parentheses would have to be quoted
                yield masked(word).replace(HIDDEN, _HIDDEN)
            before = word

    def _hidden(self, value: str) -> str:
        # of a header the value is secret, and of this the last word
        credentials = value.partition(":")[2].strip()
        self.secrets += [value, credentials, *credentials.split()[-1:]]
        return _HIDDEN

    def _command(self, text: str) -> str:
        try:
            words = shlex.split(text)
        except ValueError:
            return self._hidden(text)
        return shlex.join(self._without_secrets(words))


def _is_secret(option: str, value: str) -> bool:
    if not option.startswith("-"):
        return False
    if option in _USERS:
        return ":" in value
    return _is_one_of(option, _SECRET) or names_secret(option)


def _is_command(option: str) -> bool:
    return _is_one_of(option, _COMMANDS)


def _is_one_of(option: str, options: tuple[str, ...]) -> bool:
    if option in options:
        return True
    return option.startswith("--") and len(option) > _SHORTEST and any(other.startswith(option) for other in options)
