"""The optional parts of the kit, and how to get one."""

from __future__ import annotations

__all__ = ["install"]


def install(extra: str) -> str:
    """What to do where the libraries of an extra are missing; the package is on no index yet."""
    return f"In a clone of the project, run: pip install '.[{extra}]'."
