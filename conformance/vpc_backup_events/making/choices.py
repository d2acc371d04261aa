"""Where generators get their choices from."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Choices that a subclass makes by one method, `below`. The first choice is the plainest one."""

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        raise NotImplementedError

    def of(self, values: Sequence[T]) -> T:
        """One of the values."""
        return values[self.below(len(values))]

    def hexadecimal(self, digits: int) -> str:
        """So many lower-case digits."""
        return f"{self.below(16**digits):0{digits}x}"

    def uuid(self) -> str:
        """A UUID in lower case, of no particular version."""
        text = self.hexadecimal(32)
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Plain(Choices):
    """The first of everything."""

    def below(self, limit: int) -> int:
        """Always 0."""
        return 0


class Seeded(Choices):
    """The same choices for the same seed, on every Python version: `getrandbits` alone is used."""

    def __init__(self, seed: int) -> None:
        """`seed` is any whole number."""
        self.bits = Random(seed).getrandbits

    def below(self, limit: int) -> int:
        """Spread evenly, but for a difference of 2 to the power of -32."""
        return self.bits(limit.bit_length() + 32) % limit
