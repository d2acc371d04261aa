"""What holds of every format, on every kind of run."""

from __future__ import annotations

import re

import pytest

from helpers.report_runs import RUNS, conforming, hostile
from vpc_backup_events.reporting import FORMATS, load, render_run
from vpc_backup_events.values.errors import UsageError

# what steers a terminal, a parser or a reader; line feeds are the formats' own
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# formats that hold the verdict alone, and no text of the subject
SHORT = ("badge",)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("format", FORMATS)
def test_the_same_run_gives_the_same_bytes(format, name):
    first, second = (render_run(RUNS[name](), format) for _ in range(2))
    assert first == second
    assert first.endswith("\n")
    assert first.encode("utf-8")


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_hostile_steers(format):
    assert STEERING.findall(render_run(hostile(), format).replace("\n", "")) == []


@pytest.mark.parametrize("name", ["mixed", "lint", "suite"])
@pytest.mark.parametrize("format", [format for format in FORMATS if format not in (*SHORT, "text")])
def test_every_broken_requirement_is_named(format, name):
    run = RUNS[name]()
    text = render_run(run, format)
    assert {f.requirement for f in run.report.findings} <= set(re.findall(r"P\d\d-[a-z0-9-]+[a-z0-9]", text))


@pytest.mark.parametrize("format", [format for format in FORMATS if format not in ("json", "text")])
def test_a_missing_library_is_a_usage_error(format, monkeypatch):
    import vpc_backup_events.reporting as reporting

    def missing(name):
        raise ImportError("No module named 'x'", name="x")

    monkeypatch.setattr(reporting, "import_module", missing)
    with pytest.raises(UsageError, match=f"The format {format} needs x"):
        load(format)


def test_a_run_of_many_findings_stays_readable():
    from dataclasses import replace

    run = conforming()
    from helpers.report_runs import finding

    many = tuple(finding("error", source=None, pointer=f"/{n}") for n in range(3000))
    run = replace(run, report=replace(run.report, findings=many, events=3000))
    for format in ("junit", "markdown"):
        assert len(render_run(run, format)) < 100_000, format
