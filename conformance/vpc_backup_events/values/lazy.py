"""Modules that offer names which are made on first use, so that importing them costs next to nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from functools import partial
from importlib import import_module
from typing import Any

__all__ = ["homes", "lazy_names"]

Loader = Callable[[], Any]


def lazy_names(
    module: str, offered: Collection[str], loaders: Mapping[str, Loader]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a module: a name is made by its loader when it is first asked for, and kept.

    `dir` shows what is `offered`, and nothing else.
    """

    def attribute(name: str) -> Any:
        names = vars(sys.modules[module])
        if name not in names:
            if name not in loaders:
                raise AttributeError(f"module {module!r} has no attribute {name!r}")
            names[name] = loaders[name]()
        return names[name]

    def names() -> list[str]:
        return sorted(offered)

    return attribute, names


def homes(package: str, modules: Mapping[str, str]) -> dict[str, Loader]:
    """Loaders of names that stand in modules of the package: name -> module, empty for a module of that name itself."""
    return {name: partial(_load, package, module, name) for name, module in modules.items()}


def _load(package: str, module: str, name: str) -> Any:
    if not module:
        return import_module(f"{package}.{name}")
    return getattr(import_module(f"{package}.{module}"), name)
