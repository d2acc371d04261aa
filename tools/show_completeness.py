"""Shows for each requirement what the kit has of it, and fails where something is missing.

    python tools/show_completeness.py            the table; exits 1 when there is a hole
    python tools/show_completeness.py --holes    only the holes

A requirement that `check` judges has a schema keyword or a rule, fixtures that pass and fixtures that fail, a mutation
that breaks it, and a line in docs/requirements.md. One that a suite judges has a trial, a fake in tests/helpers/ that
breaks it, and the line; one of `confirm` or `lint` has its comparison, a breach in tests/, and the line. One of a
filter or a template has a place in the code that names it, cases in fixtures/filters/ or fixtures/templates/ that break
it and that do not, and the line. Planned requirements are counted, and have nothing yet.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import vpc_backup_events
from vpc_backup_events import catalog, destinations
from vpc_backup_events.authoring import registration
from vpc_backup_events.catalog.model import Requirement
from vpc_backup_events.checking.rules import RULES
from vpc_backup_events.harness import confirmation
from vpc_backup_events.making import corpus
from vpc_backup_events.making.keywords import keywords
from vpc_backup_events.making.mutations import mutations
from vpc_backup_events.trials.run import TRIALS

ROOT = Path(__file__).parents[1]
PACKAGE = Path(vpc_backup_events.__file__).parent
CONFIRM = [Path(confirmation.__file__)]
RENDER = [Path(destinations.__file__)]
LINT = sorted(Path(registration.__file__).parent.glob("*.py"))
EMAIL = PACKAGE / "checking" / "email.py"
# what reads the event, and what looks at several, names these without a rule of its own
READERS = {
    "P10-id-unique": "uniqueness.py",
    "P11-details-duplicate-member": "events.py",
    "P11-details-json": "events.py",
    "P11-event-duplicate-member": "events.py",
    "P11-event-json": "events.py",
    "P11-line-break": "tolerant.py",
    "P11-prose": "tolerant.py",
    "P11-raw-line-break": "tolerant.py",
    "P11-unquoted-id": "tolerant.py",
    "P03-surrogate": "json_values.py",
    "P25-header-encoding": "messages.py",
    "P25-media-type": "messages.py",
}


@dataclass(frozen=True)
class Row:
    """What there is for one requirement."""

    requirement: str
    keywords: int
    rule: str
    passing: int
    failing: int
    mutations: int
    line: int

    # of one that a suite judges
    trial: bool = False
    fake: bool = False
    is_suite: bool = False
    # of a filter or a template, whose cases are the breaches
    is_text: bool = False

    @property
    def holes(self) -> list[str]:
        """What is missing."""
        if self.is_suite:
            suite = {"trial": self.trial, "fake": self.fake, "documentation line": self.line}
            return [what for what, count in suite.items() if not count]
        if self.is_text:
            text = {"rule": self.rule, "passing fixture": self.passing, "failing fixture": self.failing}
            return [what for what, count in {**text, "documentation line": self.line}.items() if not count]
        judged = self.keywords or self.rule
        there = {
            "schema keyword or rule": judged,
            "passing fixture": self.passing,
            "failing fixture": self.failing,
            "mutation": self.mutations,
            "documentation line": self.line,
        }
        return [what for what, count in there.items() if not count]


def rows() -> list[Row]:
    """One row for each requirement that is judged."""
    carried = Counter(keyword.requirement for keyword in keywords())
    mutated = Counter(mutation.requirement for mutation in mutations.values())
    text = (ROOT / "docs" / "requirements.md").read_text("utf-8").splitlines()
    lines = {line.split("`")[1]: number for number, line in enumerate(text, 1) if line.startswith("| `")}
    by_check = [row(r, carried, mutated, lines) for r in catalog.requirements.values() if judged(r)]
    other = [
        *other_rows(lines, "confirm", CONFIRM, "harness/test_confirmation.py"),
        *other_rows(lines, "lint", LINT, "authoring/registration/test_lint.py"),
    ]
    other += other_rows(lines, "render", RENDER, "destinations/test_destinations.py")
    return [*by_check, *suite_rows(lines), *other, *text_rows(lines)]


def other_rows(lines: dict[str, int], check: str, sources: list[Path], tests: str) -> Iterator[Row]:
    """One row for each requirement that `confirm` or `lint` judges."""
    judging = "".join(path.read_text("utf-8") for path in sources)
    broken = (ROOT / "tests" / tests).read_text("utf-8")
    for requirement in catalog.requirements.values():
        if requirement.status == "checked" and requirement.check == check:
            id = requirement.id
            there, fake = f'"{id}"' in judging, f'"{id}":' in broken
            yield Row(id, 0, check, 0, 0, 0, lines.get(id, 0), there, fake, True)


# what judges the requirements of filters and templates
TEXTS = {"filter": "authoring/filters/traps.py", "template": "authoring/templates/_render.py"}


def text_rows(lines: dict[str, int]) -> Iterator[Row]:
    """One row for each requirement of a filter or a template."""
    for check, module in TEXTS.items():
        code = (PACKAGE / module).read_text("utf-8")
        findings = [_ids(case) for case in corpus.cases() if case.kind == check]
        for requirement in catalog.requirements.values():
            if requirement.status == "checked" and requirement.check == check:
                id = requirement.id
                failing = sum(id in ids for ids in findings)
                rule = module if f'"{id}"' in code else ""
                yield Row(id, 0, rule, len(findings) - failing, failing, 0, lines.get(id, 0), is_text=True)


def _ids(case: corpus.Case) -> set[str]:
    """The requirements that a filter or a template breaks in some profile."""
    return set(chain.from_iterable(json.loads(case.data)["findings"].values()))


# modules of tests/helpers with a fake for each requirement that a suite judges
FAKES = ("producers", "emails", "consumers", "clients", "services", "timelines")


def suite_rows(lines: dict[str, int]) -> Iterator[Row]:
    """One row for each requirement that a suite judges."""
    trials = {trial.requirement.id for trial in chain.from_iterable(TRIALS.values())}
    helpers = ROOT / "tests" / "helpers"
    fakes = "".join((helpers / f"{name}.py").read_text("utf-8") for name in FAKES)
    for requirement in catalog.requirements.values():
        if requirement.status == "checked" and requirement.check == "suite":
            id = requirement.id
            yield Row(id, 0, "suite", 0, 0, 0, lines.get(id, 0), id in trials, f'"{id}":' in fakes, True)


def judged(requirement: Requirement) -> bool:
    """Whether `check` finds it."""
    return requirement.status == "checked" and requirement.check in ("schema", "rule", "email")


def row(requirement: Requirement, carried: Counter[str], mutated: Counter[str], lines: dict[str, int]) -> Row:
    """The row of a requirement."""
    id = requirement.id
    cases = [case for case in corpus.cases() if case.expected]
    failing = [case for case in cases if _is_found(id, case)]
    kinds = {case.kind for case in failing}
    passing = [case for case in cases if case.kind in kinds or case.kind == "event"]
    rule = RULES[id].__module__.rpartition(".")[2] + ".py" if id in RULES else READERS.get(id, "")
    if requirement.check == "email":
        rule = EMAIL.name if f'"{id}"' in EMAIL.read_text("utf-8") else ""
    return Row(id, carried[id], rule, len(passing) - len(failing), len(failing), mutated[id], lines.get(id, 0))


def _is_found(id: str, case: corpus.Case) -> bool:
    return any(id in verdict.findings for verdict in (case.expected or {}).values())


def main() -> int:
    """Prints the table and the holes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--holes", action="store_true", help="print only what is missing")
    only_holes = parser.parse_args().holes
    table = rows()
    if not only_holes:
        print(f"{'requirement':32} {'keywords':>8} {'rule':20} {'pass':>5} {'fail':>5} {'mutations':>9} {'line':>5}")
        for row in table:
            print(
                f"{row.requirement:32} {row.keywords:>8} {row.rule:20} {row.passing:>5} {row.failing:>5}"
                f" {row.mutations:>9} {row.line:>5}"
            )
    planned = sum(requirement.status == "planned" for requirement in catalog.requirements.values())
    holes: list[str] = []
    for row in table:
        holes += (f"{row.requirement}: no {what}" for what in row.holes)
    print("\n".join([*holes, f"{len(table)} requirements judged, {planned} planned, {len(holes)} holes"]))
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
