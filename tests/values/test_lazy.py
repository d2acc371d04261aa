"""What a module offers is what `dir` shows, and is made when it is first asked for."""

from __future__ import annotations

from importlib import import_module

import pytest

MODULES = ["vpc_backup_events", *(f"vpc_backup_events.{name}" for name in ("catalog", "reference", "suites"))]


@pytest.mark.parametrize("name", MODULES)
def test_dir_shows_what_is_offered_and_nothing_else(name):
    module = import_module(name)
    assert dir(module) == sorted(module.__all__)
    for offered in module.__all__:
        assert getattr(module, offered) is getattr(module, offered)


@pytest.mark.parametrize("name", MODULES)
def test_another_name_is_an_attribute_error_that_names_it(name):
    with pytest.raises(AttributeError, match="'nothing_of_this_name'"):
        _ = import_module(name).nothing_of_this_name
