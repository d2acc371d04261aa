"""A second implementation of positions P01 to P20, written from the documentation alone.

It shares nothing with the package: no catalog, no schema, no reader. It is plain and slow, and spells out what the
catalog holds, so that a mistake in either shows as a disagreement between the two.
"""

from oracle.judge import judge

__all__ = ["judge"]
