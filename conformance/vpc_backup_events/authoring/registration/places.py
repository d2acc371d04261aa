"""Values of a JSON text, and where in it each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from vpc_backup_events.values.breach import Path

__all__ = ["Place"]


class Place(NamedTuple):
    """A value in a JSON text; None where nothing is there."""

    value: Any
    #: of everything in the text
    lines: Mapping[Path, int]
    path: Path = ()

    @property
    def line(self) -> int:
        """The line on which it begins; that of what is around it, where it is not there."""
        path = self.path
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def member(self, name: str) -> Place:
        """A member, whether it is there or not."""
        value = self.value.get(name) if isinstance(self.value, dict) else None
        return Place(value, self.lines, (*self.path, name))

    def members(self) -> Iterator[tuple[str, Place]]:
        """The members of an object, or of each object of an array."""
        for place in self.objects():
            for name, value in place.value.items():
                yield name, Place(value, self.lines, (*place.path, name))

    def elements(self) -> Iterator[Place]:
        """The elements of an array; of anything else it alone, if it is there."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Place(value, self.lines, (*self.path, index))
        elif self.value is not None:
            yield self

    def objects(self) -> Iterator[Place]:
        """The elements that are objects."""
        return (place for place in self.elements() if isinstance(place.value, dict))

    def texts(self) -> Iterator[Place]:
        """Every text in the value, at any depth."""
        places = [self]
        while places:
            place = places.pop()
            if isinstance(place.value, str):
                yield place
            elif isinstance(place.value, dict):
                places += [member for _, member in place.members()]
            elif isinstance(place.value, list):
                places += place.elements()
