"""The report for CI systems: JUnit XML, in the shape that Jenkins, GitLab and others read.

A requirement is a test case, named by its id; its class is who or what was judged and the area of the requirement.
Nothing else is a case, so that what is broken counts once; inputs are counted as properties, and named where a
requirement is broken. Times are left out, so that the same run gives the same bytes.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from vpc_backup_events._version import __version__
from vpc_backup_events.reporting.run import InputStanding, Run, has_error, input_of, place
from vpc_backup_events.trials.report import CLOSED_GAP, KNOWN_GAP, SuiteReport
from vpc_backup_events.values.levels import number
from vpc_backup_events.values.visible import visible, visible_lines

# places of one requirement that are listed
_PLACES = 200


def render(run: Run) -> str:
    """The run as JUnit XML."""
    root = ET.Element("testsuites", name="vpc-backup-events")
    for suite in run.suites:
        root.append(_of_suite(suite))
    if run.inputs or not run.suites:
        root.append(_of_inputs(run))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, 0)) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def _of_suite(report: SuiteReport) -> ET.Element:
    role = visible(report.role)
    suite = _suite(role, report.profile, verdict=report.verdict)
    for result, status, message in report.standings():
        required = result.requirement
        case = ET.SubElement(suite, "testcase", name=required.id, classname=f"{role}.{required.area}")
        if status == "failed":
            _says(case, "failure", message, required.level)
        elif status == CLOSED_GAP:
            _says(case, "failure", message, status)
        elif status == "errored":
            _says(case, "error", message, status)
        elif status in (KNOWN_GAP, "skipped", "not exercised"):
            _says(case, "skipped", f"{status}: {message}", status)
        elif status in ("warned", "reported"):
            ET.SubElement(case, "system-out").text = f"{status}: {visible_lines(message)}"
    for error in report.errors:
        case = ET.SubElement(suite, "testcase", name="run", classname=role)
        _says(case, "error", error, "errored")
    return _counted(suite)


def _of_inputs(run: Run) -> ET.Element:
    standings = run.standings()
    counts = {run.what + "s": run.report.events, "requirements": len(standings)}
    counts["requirements.passed"] = sum(not standing.findings for standing in standings)
    if run.archive:
        counts.update(files=run.archive.files, broken=run.archive.broken, resent=run.archive.resent)
    else:
        by_input = run.by_input()
        counts.update({"inputs": len(by_input), "inputs.broken": sum(map(has_error, by_input.values()))})
    suite = _suite(run.verb, run.report.profile, **{name: str(count) for name, count in counts.items()})
    for standing in standings:
        area = standing.entry.area if standing.entry else "unknown"
        case = ET.SubElement(suite, "testcase", name=standing.id, classname=f"{run.verb}.{area}")
        if not standing.findings:
            continue
        if standing.level == "error":
            _says(case, "failure", _places(standing), "error")
        else:
            ET.SubElement(case, "system-out").text = f"{standing.level}: {_places(standing)}"
    return _counted(suite)


def _places(standing: InputStanding) -> str:
    """What is required, and where it is broken: some of the places, and how many there are."""
    findings, count = standing.findings, standing.count
    first = findings[0]
    lines = [f"{standing.entry.sentence if standing.entry else standing.id} ({number(count, 'place')})"]
    for finding in findings[:_PLACES]:
        lines += [f"- {place(finding)}", f"  {visible(finding.message)}"]
        if finding.hint:
            lines.append(f"  fix: {visible(finding.hint)}")
    more = count - min(len(findings), _PLACES)
    if more > 0:
        inputs = len({input_of(finding) for finding in findings})
        where = f"; all are in {number(inputs, 'input')}" if count == len(findings) else ""
        lines.append(f"- and {more:,} more{where}")
    if first.doc:
        lines.append(f"doc: {visible(first.doc)}")
    return "\n".join(lines)


def _suite(name: str, profile: str, **properties: str) -> ET.Element:
    suite = ET.Element("testsuite", name=name, package="vpc_backup_events")
    parent = ET.SubElement(suite, "properties")
    for key, value in {"version": __version__, "profile": profile, **properties}.items():
        ET.SubElement(parent, "property", name=key, value=value)
    return suite


def _counted(suite: ET.Element) -> ET.Element:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    return suite


def _says(case: ET.Element, tag: str, text: str, type: str) -> None:
    """An outcome with its first line as the message, and everything as its text where there is more."""
    whole = visible_lines(text)
    first, _, rest = whole.partition("\n")
    outcome = ET.SubElement(case, tag, message=first, type=type)
    if rest or tag != "skipped":
        outcome.text = whole
