"""What findings say, word for word: of every case of the corpus, and of every code in every group.

python tests/checking/test_words.py     writes both files anew; the difference is for a person to read
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import vpc_backup_events as vbe
from vpc_backup_events import catalog
from vpc_backup_events.checking.check import check_inputs
from vpc_backup_events.making import corpus
from vpc_backup_events.spec.schemas import schema
from vpc_backup_events.values.report import PROFILES

HERE = Path(__file__).parent
EVENT = schema("urn:vpc-backup-events:schema:event:strict:backup-volume-creation")["examples"][0]
LONG = "ibmendefaultlong"
RESOURCES = (*catalog.resource_types, "share", None)
JOBS = (*catalog.job_types, "retention", None)


def words(report) -> Iterator[str]:
    for finding in report.findings:
        yield f"  {finding.level} {finding.requirement} {finding.pointer}"
        yield f"    {finding.message}"
        if finding.hint:
            yield f"    {finding.hint}"


def of_corpus() -> Iterator[str]:
    for case in corpus.cases():
        if case.expected is None or len(case.data) > 20_000:
            continue
        for profile in PROFILES:
            found = list(words(check_inputs([(Path(case.file).name, case.data)], profile)))
            if found:
                yield f"{case.file} {profile}"
                yield from found


def codes() -> list[str]:
    spellings = {s.spelling: None for pair in catalog.pairs.values() for s in pair.spellings}
    return [*spellings, *(code.code for code in catalog.api_codes.values()), "nonsense"]


def of_codes() -> Iterator[str]:
    for code, resource, job in product(dict.fromkeys(codes()), RESOURCES, JOBS):
        stated = {"match_resource_type": resource, "job_type": job, "status_reason": f"{code}: x"}
        details = {**json.loads(EVENT[LONG]), **stated}
        details = {name: value for name, value in details.items() if value is not None}
        report = vbe.check({**EVENT, LONG: json.dumps(details)})
        found = [f for f in report.findings if f.requirement.startswith(("P16", "P17"))]
        yield f"{code} {resource} {job}: " + (
            "; ".join(f"{f.level} {f.requirement}: {f.message} {f.hint}" for f in found) or "ok"
        )


FILES = {"words-of-corpus.txt": of_corpus, "words-of-codes.txt": of_codes}


@pytest.mark.parametrize("name", FILES)
def test_findings_say_what_they_said(name):
    assert list(FILES[name]()) == (HERE / name).read_text("utf-8").splitlines()


if __name__ == "__main__":
    for name, lines in FILES.items():
        (HERE / name).write_text("".join(f"{line}\n" for line in lines()), "utf-8")
