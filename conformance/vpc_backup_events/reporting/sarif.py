"""The report for code scanning and editors: SARIF 2.1.0 (OASIS).

The rules are all requirements that the run judges, not only those that were broken, so that a reader can tell what was
looked at and the index of a rule is the same from run to run. A place in JSON is a logical location, its pointer.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from vpc_backup_events import catalog
from vpc_backup_events._version import __version__
from vpc_backup_events.reporting.json import dump
from vpc_backup_events.reporting.run import Run, file_of, input_of, line_of, numbered, source_of
from vpc_backup_events.trials.report import CLOSED_GAP, KNOWN_GAP, SuiteReport
from vpc_backup_events.values.buckets import bucket_and_key, is_object, url
from vpc_backup_events.values.report import Finding, Profile
from vpc_backup_events.values.visible import visible, visible_lines

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# changes when the same finding gets another fingerprint
_FINGERPRINT = "requirementAndPlace/v1"
_OF_STATUS = {"failed": "error", KNOWN_GAP: "error", CLOSED_GAP: "error", "warned": "warning", "reported": "note"}


def render(run: Run) -> str:
    """The run as a SARIF log of one run."""
    broken = sorted(finding.requirement for finding in run.report.findings)
    ids = dict.fromkeys([*(requirement.id for requirement in run.requirements()), *broken])
    index = {id: number for number, id in enumerate(ids)}
    results = _of_findings(run, index)
    notifications = []
    for suite in run.suites:
        results += _of_suite(suite, index)
        notifications += _not_judged(suite, index)
    driver = {
        "name": "vpc-backup-events",
        "semanticVersion": __version__,
        "informationUri": "https://cloud.ibm.com/docs/vpc?topic=vpc-event-notifications-events",
        "rules": [_rule(id, run.report.profile) for id in ids],
    }
    invocation = {
        "executionSuccessful": not any(entry["level"] == "error" for entry in notifications),
        "toolExecutionNotifications": notifications,
    }
    one = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"vpc-backup-events/{run.title}/{run.report.profile}/".replace(" ", "-")},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
        "properties": {"profile": run.report.profile, "verdict": run.verdict},
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [one]})


def _rule(id: str, profile: Profile) -> dict[str, Any]:
    entry = catalog.requirements.get(id)
    if entry is None:
        return {"id": id}
    hint = _plain(entry.hint)
    return {
        "id": id,
        "shortDescription": {"text": _plain(entry.title)},
        "fullDescription": {"text": _plain(entry.sentence)},
        "help": {
            "text": f"{hint}\n{entry.doc}".lstrip(),
            "markdown": f"{hint}\n\n[{entry.source.document.title}]({entry.doc})".lstrip(),
        },
        "helpUri": entry.doc,
        "defaultConfiguration": {"level": entry.profiles[profile]},
        "properties": {"tags": [entry.area, entry.position, *entry.subject], "kind": entry.kind},
    }


def _of_findings(run: Run, index: dict[str, int]) -> list[dict[str, Any]]:
    prints = numbered(_identity(finding) for finding in run.findings)
    results = []
    for finding, identity in zip(run.findings, prints, strict=True):
        text = _plain("\n".join(filter(None, (finding.message, finding.hint))))
        results.append(_result(finding.requirement, index, finding.level, text, _location(finding), identity))
    return results


def _result(
    id: str, index: dict[str, int], level: str, text: str, location: dict[str, Any], identity: str
) -> dict[str, Any]:
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "ruleId": id,
        "ruleIndex": index[id],
        "level": level,
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: digest},
    }


def _location(finding: Finding) -> dict[str, Any]:
    """The file where there is one, and the pointer."""
    location: dict[str, Any] = {}
    file = file_of(finding)
    if file is not None:
        # a place without a line is the file's first, as viewers ask for one
        region = {"startLine": line_of(finding)}
        location["physicalLocation"] = {"artifactLocation": _artifact(file), "region": region}
    event = f"{visible(input_of(finding))}#{source_of(finding).index or 0}"
    location["logicalLocations"] = [
        {
            "name": visible(finding.pointer.rpartition("/")[2]) or "event",
            "fullyQualifiedName": f"{event}:{visible(finding.pointer)}",
            "decoratedName": visible(finding.pointer),
            "kind": "member" if finding.pointer else "object",
        }
    ]
    return location


def _artifact(file: str) -> dict[str, str]:
    if is_object(file):
        return {"uri": url(*(quote(name, safe="/") for name in bucket_and_key(file)))}
    path = quote(file.replace("\\", "/").encode("utf-8", "surrogatepass"), safe="/")
    if path.startswith("/"):
        return {"uri": f"file://{path}"}
    while path.startswith("./"):
        path = path[2:]
    return {"uri": path, "uriBaseId": "%SRCROOT%"}


def _of_suite(suite: SuiteReport, index: dict[str, int]) -> list[dict[str, Any]]:
    results = []
    for result, status, message in suite.standings():
        if status not in _OF_STATUS:
            continue
        id = result.requirement.id
        text = f"{message[0].upper()}{message[1:]}." if status == CLOSED_GAP else result.message
        location = {"logicalLocations": [{"fullyQualifiedName": visible(suite.role), "kind": "module"}]}
        entry = _result(id, index, _OF_STATUS[status], _plain(text) or id, location, f"{suite.role} {id}")
        if status == KNOWN_GAP:
            entry["suppressions"] = [{"kind": "external", "justification": _plain(message)}]
        results.append(entry)
    return results


def _not_judged(suite: SuiteReport, index: dict[str, int]) -> list[dict[str, Any]]:
    """What was not judged, and why: no breach, and no conformance either."""
    notifications = [_notification("error", error) for error in suite.errors]
    for result in suite.results:
        if result.status in ("errored", "skipped", "not exercised"):
            id = result.requirement.id
            level = "error" if result.status == "errored" else "note"
            notification = _notification(level, f"{result.status}: {result.message}")
            notifications.append({**notification, "associatedRule": {"id": id, "index": index[id]}})
    return notifications


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _plain(text)}}


def _identity(finding: Finding) -> str:
    """What makes a finding the same in the next run: not its line and not its words, which change around it."""
    return f"{input_of(finding)}\n{source_of(finding).index or 0}\n{finding.pointer}\n{finding.requirement}"


def _plain(text: str) -> str:
    """Plain text in which nothing is a placeholder or a link (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return visible_lines(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")
