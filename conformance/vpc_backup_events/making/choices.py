"""Where generators get their choices from."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def as_uuid(digits: str) -> str:
    """32 hexadecimal digits as a UUID."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


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
        return as_uuid(self.hexadecimal(32))


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
