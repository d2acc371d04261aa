"""The table that `audit --keep` keeps: what `check` says of each event, questions in SQL, and what other tools read."""

from __future__ import annotations

import csv
import gzip
import io
import os
import random
import resource
import subprocess
import sys
from itertools import pairwise

import pytest

from helpers.archives import begun, changed, conforming, mixed, repeated, two_months
from helpers.pages import ROOT, blocks
from vpc_backup_events import catalog
from vpc_backup_events.audit import blocks as reading
from vpc_backup_events.audit import contents, parts
from vpc_backup_events.audit.digests import digest_of
from vpc_backup_events.checking.check import iter_reports
from vpc_backup_events.checking.interpretation import interpretation
from vpc_backup_events.checking.uniqueness import content
from vpc_backup_events.reading import read
from vpc_backup_events.reading.inputs import split
from vpc_backup_events.values.levels import LEVELS, PROFILES

duckdb = pytest.importorskip("duckdb")
parquet = pytest.importorskip("pyarrow.parquet")

KIT = (sys.executable, "-m", "vpc_backup_events")


@pytest.fixture
def small(monkeypatch):
    """Files are large from 20 kB on."""
    for module in (contents, parts):
        monkeypatch.setattr(module, "WHOLE", 20_000)
    monkeypatch.setattr(reading, "BLOCK", 1_000)


@pytest.fixture
def archive(tmp_path):
    """Lines, a gzip file that is damaged, single files and an email, with events that come again."""
    folder = tmp_path / "archive"
    folder.mkdir()
    lines = mixed(300)
    every = [*lines, *repeated(lines), b"", b"{", b"[]"]
    random.Random(2).shuffle(every)
    (folder / "a.ndjson").write_bytes(b"\n".join(every))
    (folder / "b.json").write_bytes(b"[" + b",".join([*conforming(5), *changed(5)]) + b"]")
    (folder / "c.json.gz").write_bytes(gzip.compress(lines[5]))
    email = next((ROOT / "fixtures" / "emails").rglob("*.eml"))
    (folder / "d.eml").write_bytes(email.read_bytes())
    (folder / "e.json").write_bytes(b"")
    return folder


def kept(path, target, *options, status=1):
    done = subprocess.run(
        [*KIT, "audit", str(path), "--keep", str(target), *options], capture_output=True, timeout=120, check=False
    )
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done


def rows_of(*paths, profile, **options):
    """The rows of the table, in the order of the archive."""
    one = begun(*paths, profile=profile, keep=True, **options)
    try:
        one.judge(lambda _: None)
        one.finish()
        return parquet.read_table(one.work.table).to_pylist()
    finally:
        one.work.close()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("size", [30_000, 10_000_000])
def test_each_row_says_what_check_says(archive, small, profile, size):
    paths = [path for path in sorted(archive.iterdir())]
    rows = rows_of(archive, profile=profile, size=size)
    inputs = [(str(path), path.read_bytes()) for path in paths]
    things = [thing for name, data in inputs for thing, _ in split(data, name)]
    sources = [source for name, data in inputs for _, source in split(data, name)]
    judged = list(iter_reports(inputs, profile))
    assert len(rows) == len(things) == len(judged)
    digests = set()
    for row, thing, source, report in zip(rows, things, sources, judged, strict=True):
        said = read(thing)
        assert row["file"] == source.file
        assert row["kind"] == ("nothing" if said.is_missing else "email" if said.email else "event")
        assert row["requirements"] == sorted(finding.requirement for finding in report.findings)
        assert row["findings"] == len(report.findings)
        assert row["level"] == min((finding.level for finding in report.findings), key=LEVELS.index, default=None)
        words = interpretation(said)
        assert row["reason"] == (words["reason"] if words.get("reason") in catalog.reasons else None)
        assert row["type"] == (words["event_type"] if words.get("event_type") in catalog.event_types else None)
        assert row["backup_policy"] == words.get("backup_policy")
        if row["kind"] == "event" and isinstance(said.event, dict):
            assert (row["line"], row["index"]) == (source.line, source.index)
            assert row["digest"] == digest_of(said.event).hex()
            digests.add((row["digest"], content(said.event)))
        else:
            assert row["digest"] is None
    assert len({digest for digest, _ in digests}) == len({other for _, other in digests}) == len(digests)


@pytest.mark.exhaustive
def test_the_table_is_the_same_however_the_archive_is_cut(archive, small):
    whole = rows_of(archive, profile="documented")
    assert rows_of(archive, profile="documented", size=9_000) == whole
    assert rows_of(archive, profile="documented", size=9_000, jobs=2) == whole


def test_questions_have_the_answers_of_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "archive.ndjson").write_bytes(b"\n".join(two_months()))
    kept("archive.ndjson", "events.parquet")
    asked = 0
    for question, answer in pairwise(blocks(ROOT / "docs" / "audit.md")):
        if question.mark != "sql":
            continue
        assert answer.mark == "rows"
        relation = duckdb.connect().sql(question.text)
        shown = io.StringIO()
        csv.writer(shown, lineterminator="\n").writerows([relation.columns, *relation.fetchall()])
        assert shown.getvalue() == answer.text, question.text
        asked += 1
    assert asked >= 5


def test_the_page_has_the_columns(tmp_path):
    (tmp_path / "a.ndjson").write_bytes(b"\n".join(conforming(3)))
    kept(tmp_path, tmp_path / "t.parquet", status=0)
    page = (ROOT / "docs" / "audit.md").read_text("utf-8").partition("## The table")[2].partition("Questions")[0]
    listed = [word.strip("`") for line in page.splitlines() if line.startswith("| `") for word in names(line)]
    schema = parquet.read_schema(tmp_path / "t.parquet")
    assert sorted(listed) == sorted(schema.names)
    # plain types, which every tool has
    assert {str(kind) for kind in schema.types} == {"string", "int64", "date32[day]", "list<element: string>"}


def names(line):
    return line.split("|")[1].replace(",", " ").split()


def test_a_table_takes_the_place_of_an_older_one_and_of_nothing_else(tmp_path):
    (tmp_path / "a.ndjson").write_bytes(b"\n".join(conforming(20)))
    table = tmp_path / "t.parquet"
    for _ in range(2):
        kept(tmp_path, table, status=0)
        assert parquet.read_table(table).num_rows == 20
    other = tmp_path / "o.parquet"
    parquet.write_table(parquet.read_table(table).select(["id"]).replace_schema_metadata(None), other)
    before = other.read_bytes()
    for path, target in ((tmp_path, other), (other, other)):
        assert b"is an input and would be overwritten" in kept(path, target, status=2).stderr
    assert other.read_bytes() == before
    assert b"for a report and for the table" in kept(tmp_path, table, "--output", str(table), status=2).stderr
    assert b"No such file" in kept(tmp_path / "a.ndjson", tmp_path / "no" / "t.parquet", status=2).stderr


def test_what_is_worked_out_leaves_nothing_in_the_work(archive, tmp_path):
    kept(archive, tmp_path / "t.parquet", "--work", str(tmp_path / "work"))
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == [
        "lock",
        "plan.ndjson",
        "question.json",
        "rows-0",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.exhaustive
@pytest.mark.parametrize("limit", [100, 30_000])
def test_a_full_disk_is_told_and_nothing_else(tmp_path, limit):
    lines = mixed(3_000)
    (tmp_path / "a.ndjson").write_bytes(b"\n".join(lines))
    command = [*KIT, "audit", str(tmp_path / "a.ndjson"), "--work", str(tmp_path / "work"), "--format", "json"]

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(command, capture_output=True, timeout=120, preexec_fn=full, check=False)
    assert done.returncode == 2, done.stderr.decode()
    assert done.stdout == b""
    assert b"Make room" in done.stderr
    assert b"Traceback" not in done.stderr
    again = subprocess.run(command, capture_output=True, timeout=120, check=False)
    fresh = subprocess.run([*command[:5], "--format", "json"], capture_output=True, timeout=120, check=False)
    assert again.returncode == fresh.returncode == 1
    assert again.stdout == fresh.stdout


def test_what_is_no_want_of_room_is_told_in_words_of_its_own(tmp_path):
    (tmp_path / "a.ndjson").write_bytes(b"\n".join(conforming(3_000)))
    command = [*KIT, "audit", str(tmp_path / "a.ndjson"), "--work", str(tmp_path / "work")]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    # what says that the part is whole stands at its end
    rows = tmp_path / "work" / "rows-0" / "0.parquet"
    data = rows.read_bytes()
    rows.write_bytes(data[:4] + bytes(len(data) // 2) + data[4 + len(data) // 2 :])
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 2, done.stderr.decode()
    assert done.stdout == b""
    assert b"DuckDB gave up: " in done.stderr
    assert b"with another folder" in done.stderr
    assert b"Make room" not in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("missing", ["duckdb", "pyarrow"])
def test_a_library_that_is_missing_is_told(tmp_path, missing):
    (tmp_path / "a.json").write_bytes(conforming(1)[0])
    (tmp_path / "sitecustomize.py").write_text(
        f"import importlib.util as u\nof = u.find_spec\n"
        f"u.find_spec = lambda name, *rest: None if name == {missing!r} else of(name, *rest)\n",
        encoding="utf-8",
    )
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [*KIT, "audit", str(tmp_path / "a.json")]
    done = subprocess.run(command, capture_output=True, timeout=120, env=env, check=False)
    assert done.returncode == 2
    problem, hint = done.stderr.decode().splitlines()
    assert problem.endswith(f"`audit` needs {missing}.")
    assert "pip install '.[audit]'." in hint
    assert hint.endswith("(IBM Z, Power), `check` judges files and folders.")
    assert done.stdout == b""
