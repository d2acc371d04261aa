"""Known gaps and the marker `backup_events`: which requirements a test judges, and which are known to be broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import pytest

from vpc_backup_events import catalog
from vpc_backup_events.plugin.records import JUDGED, REQUIREMENT, Judged
from vpc_backup_events.suites.settings import SUITE, put

# requirement -> why the subject breaks it
_GAPS = pytest.StashKey[Mapping[str, str]]()


def declare(config: pytest.Config) -> None:
    """Reads the known gaps of options and ini; raises `pytest.UsageError` for an unknown id or a missing reason."""
    texts = [(text, ":", "backup_events_known_gaps") for text in config.getini("backup_events_known_gaps")]
    texts += [(text, "=", "--backup-events-known-gap") for text in config.getoption("backup_events_known_gap")]
    gaps: dict[str, str] = {}
    for text, separator, where in texts:
        requirement, _, reason = (part.strip() for part in text.partition(separator))
        if not reason:
            raise pytest.UsageError(f"{where}: {text!r} gives no reason; write ID{separator}REASON")
        gaps[known(requirement, where)] = reason
    config.stash[_GAPS] = gaps


def declared(config: pytest.Config) -> Mapping[str, str]:
    """The known gaps with their reasons."""
    return config.stash.get(_GAPS, {})


def known(requirement: object, where: str) -> str:
    """The id itself when the register has it; else raises `pytest.UsageError` that names the nearest ids."""
    if isinstance(requirement, str) and requirement in catalog.requirements:
        return requirement
    near = get_close_matches(str(requirement), list(catalog.requirements), n=3, cutoff=0.4)
    hint = f"; the nearest are {', '.join(near)}" if near else ""
    raise pytest.UsageError(f"{where}: {requirement!r} is no requirement{hint}")


def tie(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Records the requirements of each marked test, and expects it to fail when one of them is a known gap."""
    from vpc_backup_events.suites.tests import suite_test

    gaps = declared(config)
    for item in items:
        test = suite_test(item)
        if test is not None:
            put(item, SUITE, test.as_json())
        for requirement in marked(item):
            item.user_properties.append((REQUIREMENT, requirement))
            if requirement in gaps:
                reason = f"known gap {requirement}: {gaps[requirement]}"
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def marked(item: pytest.Item) -> list[str]:
    """The requirements that the markers of the test name, each once, in order."""
    requirements: dict[str, None] = {}
    for mark in item.iter_markers("backup_events"):
        ids = (*mark.args, *mark.kwargs.values())
        if not ids:
            raise pytest.UsageError(f"{item.nodeid}: the marker backup_events names no requirement")
        requirements.update((known(id, item.nodeid), None) for id in ids)
    return list(requirements)


def expect(item: pytest.Item, report: pytest.TestReport) -> None:
    """Turns a pass into an xfail when events of the test broke requirements that are known gaps."""
    gaps = declared(item.config)
    ids = {gap for name, value in item.user_properties if name == JUDGED for gap in Judged.from_json(value).gaps}
    if ids and not hasattr(report, "wasxfail"):
        report.outcome = "skipped"
        report.wasxfail = "; ".join(f"known gap {gap}: {gaps[gap]}" for gap in sorted(ids))
