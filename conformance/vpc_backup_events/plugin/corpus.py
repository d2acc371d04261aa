"""The fixture `backup_event_corpus`: which cases a test runs on."""

from __future__ import annotations

import pytest

from vpc_backup_events.making import corpus
from vpc_backup_events.suites.settings import setting
from vpc_backup_events.values.errors import UsageError


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Parametrises the test; fails where the marker can't be followed."""
    choice: dict[str, str] = {"profile": setting(metafunc.config, "profile")}
    for mark in reversed(list(metafunc.definition.iter_markers("backup_event_corpus"))):
        choice |= mark.kwargs
        if mark.args:
            pytest.fail("backup_event_corpus takes keywords only", pytrace=False)
    try:
        cases = corpus.select(**choice)
    except (UsageError, TypeError) as error:
        raise pytest.fail.Exception(f"backup_event_corpus: {error}", pytrace=False) from None
    if "kind" not in choice:
        cases = tuple(case for case in cases if case.expected is not None)
    metafunc.parametrize("backup_event_corpus", cases, indirect=True, ids=str)
