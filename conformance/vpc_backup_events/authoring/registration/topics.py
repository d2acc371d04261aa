"""The rules of a topic that gets the events of Backup for VPC: their filters, judged as `filter` judges them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vpc_backup_events.authoring.filters import FilterError, parse
from vpc_backup_events.authoring.filters.review import explain
from vpc_backup_events.authoring.registration.configuration import Block, Setting, Unknown, is_plain
from vpc_backup_events.authoring.registration.registrations import LineBreach, is_about_backup
from vpc_backup_events.values.breach import Path, Verbatim
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.report import Finding

__all__ = ["Filters"]

# each is tried on every form of every event, which takes its time
_MOST = 50
# members of a rule that are filters
_FILTERS = ("event_type_filter", "notification_filter")


class Filters:
    """The filters of one file: those that let events of Backup for VPC through, as many as a person writes."""

    def __init__(self) -> None:
        self._verdicts: dict[str, tuple[Finding, ...] | str] = {}

    def breaches(self, sources: Iterable[Block]) -> Iterator[LineBreach]:
        """What is wrong with the filters of the sources of a topic.

        Only those of Backup for VPC are judged: its source is named, or the filter names its events.
        """
        for index, source in enumerate(sources):
            id = source.value("id")
            is_backup = is_about_backup(id.text if isinstance(id, Unknown) else id)
            for number, rule in enumerate(source.of_type("rules")):
                for setting in filter(None, map(rule.setting, _FILTERS)):
                    is_written = is_plain(setting.value) and setting.value
                    if is_written and (is_backup or is_about_backup(setting.value)):
                        yield from self._filter(setting, ("sources", index, "rules", number))

    def _filter(self, setting: Setting, within: Path) -> Iterator[LineBreach]:
        expression = setting.value
        if expression not in self._verdicts and len(self._verdicts) < _MOST:
            self._verdicts[expression] = _verdict(expression)
        verdict = self._verdicts.get(expression, ())
        if isinstance(verdict, str):
            values = {"name": setting.name, "value": Verbatim(verdict)}
            yield LineBreach("P37-tf-filter", setting.line, values, setting.name, within)
            return
        for finding in verdict:
            yield LineBreach(finding.requirement, setting.line, {}, setting.name, within, finding)


def _verdict(expression: str) -> tuple[Finding, ...] | str:
    """The findings of a filter, in strict; why it is none, where it is none."""
    try:
        return explain(parse(expression), "strict").report.findings
    except FilterError as error:
        return str(error)
    except UsageError:
        # without the extra for filters they are not judged
        return ()
