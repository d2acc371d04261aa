"""`audit` says of an archive what `check` says of its files, however the archive is kept and cut."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from helpers.archives import assert_same, audit, begun, changed, checked, conforming, mixed, repeated
from vpc_backup_events.audit import blocks, contents, engines, judging, parts, work
from vpc_backup_events.making import corpus
from vpc_backup_events.reporting import FORMATS, render_run
from vpc_backup_events.reporting.run import Run
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.report import PROFILES

zstandard = pytest.importorskip("zstandard")
pyarrow = pytest.importorskip("pyarrow")


@pytest.fixture
def small(monkeypatch):
    """Files are large from 20 kB on."""
    for module in (contents, parts):
        monkeypatch.setattr(module, "WHOLE", 20_000)
    monkeypatch.setattr(blocks, "BLOCK", 1_000)


def written(path, lines, end=b"\n"):
    path.write_bytes(b"\n".join(lines) + end)
    return path


@pytest.mark.parametrize("profile", PROFILES)
def test_the_corpus(tmp_path, profile):
    paths = []
    for case in corpus.cases():
        if case.expected is not None:
            path = tmp_path / case.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(case.data)
            paths.append(path)
    report, archive = audit(*paths, profile=profile)
    assert_same(report, checked(*paths, profile=profile))
    assert archive.files == len(paths)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("size", [3_000, 50_000, 10_000_000])
def test_lines_however_they_are_cut(tmp_path, small, profile, size):
    lines = mixed(600)
    lines[5:5] = [b"", b"  ", b"{", b'\xff{"id":1}', b"[]", b'"text"', lines[0], lines[1] + b"\r"]
    path = written(tmp_path / "a.ndjson", lines)
    report, archive = audit(path, profile=profile, size=size)
    assert_same(report, checked(path, profile=profile))
    assert sum(archive.types.values()) == report.events


def test_the_last_line_needs_no_end(tmp_path, small):
    path = written(tmp_path / "a.ndjson", mixed(200), end=b"")
    assert_same(audit(path, size=7_000)[0], checked(path))


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_report_is_the_same_to_the_byte(tmp_path, small, jobs):
    path = written(tmp_path / "a.ndjson", [*mixed(300), *changed(50), *mixed(100)])
    expected = said(audit(path, most=3, size=1_000_000))
    assert said(audit(path, most=3, size=20_000, jobs=jobs)) == expected
    assert len(json.loads(expected)["findings"]) < sum(json.loads(expected)["summary"]["requirements"].values())


def said(result, format="json"):
    report, archive = result
    return render_run(Run(report, verb="audit", archive=archive), format)


def test_examples_are_the_first_of_each_requirement(tmp_path, small):
    path = written(tmp_path / "a.ndjson", mixed(500))
    few, _ = audit(path, most=2, size=9_000)
    every = checked(path)
    assert few.by_requirement() == every.by_requirement()
    for requirement in every.by_requirement():
        of_all = [f for f in every.findings if f.requirement == requirement]
        assert [f for f in few.findings if f.requirement == requirement] == of_all[:2]
    lines = [finding.source.line for finding in few.findings]
    assert lines == sorted(lines)


@pytest.mark.parametrize("size", [2_000, 1_000_000])
def test_findings_stand_in_the_order_of_check(tmp_path, small, size):
    path = written(tmp_path / "a.ndjson", [*changed(100), *changed(100, seed=3)])
    assert audit(path, size=size)[0].findings == checked(path).findings


def as_array(lines):
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


@pytest.mark.parametrize("form", ["compact", "spread", "lines"])
def test_arrays(tmp_path, small, form):
    events = [json.loads(line) for line in mixed(200) if not line.startswith(b"[")]
    text = {
        "compact": lambda: json.dumps(events, separators=(",", ":")).encode(),
        "spread": lambda: json.dumps(events, indent=2).encode(),
        "lines": lambda: as_array([json.dumps(each).encode() for each in events]),
    }[form]()
    path = tmp_path / "a.json"
    path.write_bytes(text)
    report, _ = audit(path)
    assert report.events == len(events)
    assert_same(report, checked(path))


@pytest.mark.parametrize(
    ("end", "events", "reason"),
    [
        (b"", 100, "breaks off"),
        (b",]", 100, "a value is expected"),
        (b" {}]", 100, "a comma is expected"),
        (b",{", 100, "in line"),
        (b",{} ]x", 101, "something follows"),
        (b",\xff]", 100, "not UTF-8"),
        (b"]\xff", 100, "something follows"),
        (b"]\xc3\xa9", 100, "something follows"),
        (b"," + b"[" * 100_000, 100, "in line"),
        (b",12", 100, "breaks off"),
    ],
)
def test_a_broken_array_is_one_finding_after_its_events(tmp_path, small, end, events, reason):
    path = tmp_path / "a.json"
    path.write_bytes(b"[" + b",".join(conforming(100)) + end)
    report, _ = audit(path)
    (finding,) = [f for f in report.findings if f.pointer == "" and f.source.index is None]
    assert report.events == events
    assert finding.requirement == "P11-event-json"
    assert reason in finding.message


def test_a_large_array_without_an_event(tmp_path, small):
    path = tmp_path / "a.json"
    path.write_bytes(b"[" + b" " * 30_000 + b"]")
    assert_same(audit(path)[0], checked(path))


def zstd(data):
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.representatives("lines-gzip-50", "array-gzip-50", "lines-zstd-50", "array-zstd-50", "lines-two members-50")
@pytest.mark.parametrize("size", [50, 2_000])
@pytest.mark.parametrize(
    "compress",
    [gzip.compress, zstd, lambda d: gzip.compress(d[:999]) + gzip.compress(d[999:])],
    ids=["gzip", "zstd", "two members"],
)
@pytest.mark.parametrize("form", [lambda lines: b"\n".join(lines), as_array], ids=["lines", "array"])
def test_compressed(tmp_path, small, compress, size, form):
    lines = [line for line in mixed(size) if json.loads(line) is not None]
    plain = tmp_path / "beside" / "a.ndjson"
    plain.parent.mkdir()
    plain.write_bytes(form(lines))
    report, _ = audit(plain)
    expected = said((report, audit(plain)[1])).replace("beside/", "")
    plain.write_bytes(compress(form(lines)))
    assert_same(audit(plain)[0], report)
    assert "beside" not in expected


@pytest.mark.parametrize(("cells", "size"), [(600, 10**9), (10**9, 40_000)])
@pytest.mark.parametrize("form", [lambda lines: b"\n".join(lines), as_array], ids=["lines", "array"])
def test_of_a_compressed_file_few_rows_are_held(tmp_path, small, monkeypatch, form, cells, size):
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(form(conforming(600))))
    expected = said(audit(path))
    monkeypatch.setattr(judging, "CELLS", cells)
    monkeypatch.setattr(judging, "CELLS_BYTES", size)
    (part,) = parts.parts([str(path)], parts.Inventory())
    pieces = list(judging.judge_part(0, part, "documented", 10))
    assert sum(piece.num_rows for piece in pieces) == 601
    assert max(piece.num_rows for piece in pieces) < 200
    assert said(audit(path)) == expected


def test_frames_of_zstd_in_a_row(tmp_path, small):
    lines = mixed(300)
    path = tmp_path / "a.zst"
    # some frames hold what is passed over, as the first one of parallel compressors does
    passed = b"\x50\x2a\x4d\x18" + (2).to_bytes(4, "little") + b"{}"
    path.write_bytes(passed + passed.join(zstd(line + b"\n") for line in lines))
    assert audit(path)[0].events == checked(written(tmp_path / "a.ndjson", lines)).events


@pytest.mark.parametrize("compress", [gzip.compress, zstd])
@pytest.mark.parametrize("count", [30, 2_000])
def test_a_damaged_file_is_one_finding_and_the_rest_goes_on(tmp_path, small, compress, count):
    rng = random.Random(1)
    lines = [line[:-1] + b',"a":"' + rng.randbytes(40).hex().encode() + b'"}' for line in conforming(count)]
    whole = compress(b"\n".join(lines))
    (tmp_path / "a.x").write_bytes(whole[: len(whole) // 2])
    written(tmp_path / "b.ndjson", conforming(40, seed=1))
    report, archive = audit(tmp_path / "a.x", tmp_path / "b.ndjson")
    (finding,) = report.findings
    assert (finding.requirement, finding.source.file) == ("P11-event-json", str(tmp_path / "a.x"))
    assert "compression is damaged" in finding.message
    assert 40 <= report.events < 40 + count
    assert archive.files == 2


@pytest.mark.parametrize("groups", [1, 7])
def test_parquet(tmp_path, small, groups):
    lines = [line for line in mixed(300) if is_utf8(line)]
    path = tmp_path / "a.parquet"
    table = pyarrow.table({"key": list(range(len(lines))), "body": [line.decode() for line in lines]})
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(table, path, row_group_size=-(-len(lines) // groups))
    report, _ = audit(path, size=10_000)
    expected = checked(written(tmp_path / "a.ndjson", lines))
    assert report.events == expected.events == len(lines)
    assert report.by_requirement() == expected.by_requirement()
    assert {f.source.index for f in report.findings} == {f.source.index for f in expected.findings}
    assert {f.source.line for f in report.findings} == {None}


def is_utf8(line):
    try:
        return line.decode() is not None
    except UnicodeDecodeError:
        return False


def test_the_column_of_parquet(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    lines = [line.decode() for line in conforming(5)]
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"one": ["x"] * 5, "two": [*lines[:4], None], "three": [b"y"] * 5}), path)
    one = begun(path)
    assert one.work.parts == 0
    assert "one, two, three" in str(one.inventory.problems[0])
    assert "--column" in one.inventory.problems[0].hint
    assert "no column of text is named four; of text there are: one" in str(
        begun(path, column="four").inventory.problems
    )
    report, _ = audit(path, column="two")
    assert report.events == 4
    assert [f.requirement for f in report.findings] == ["P11-event-json"]
    assert report.findings[0].source.index == 4
    path.write_bytes(path.read_bytes()[:-20])
    report, _ = audit(path, column="two")
    assert [f.requirement for f in report.findings] == ["P11-event-json"]
    assert "no whole Parquet file" in report.findings[0].message


def test_parquet_without_a_column_of_text(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"event": [{"id": "x"}], "count": [1]}), tmp_path / "a.parquet")
    (problem,) = begun(tmp_path).inventory.problems
    assert str(problem).startswith(f"{tmp_path / 'a.parquet'}: no column holds text. Write each event as JSON")


def test_parquet_that_is_encrypted(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PARE" + bytes(500) + b"PARE")
    report, _ = audit(tmp_path)
    assert [f.requirement for f in report.findings] == ["P11-event-json"]
    assert "no whole Parquet file" in report.findings[0].message


def as_json(texts):
    kind = pyarrow.json_(pyarrow.string())
    return pyarrow.ExtensionArray.from_storage(kind, pyarrow.array(texts))


KINDS = {
    "binary": lambda texts: pyarrow.array([text.encode() for text in texts]),
    "dictionary": lambda texts: pyarrow.array(texts).dictionary_encode(),
    "large": lambda texts: pyarrow.array(texts, pyarrow.large_string()),
    "view": lambda texts: pyarrow.array(texts, pyarrow.string_view()),
    **({"json": as_json} if hasattr(pyarrow, "json_") else {}),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_parquet_has_text_in_many_ways(tmp_path, kind):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    texts = [line.decode() for line in conforming(20)] * 2
    try:
        parquet.write_table(pyarrow.table({"key": ["x"] * 40, "event": KINDS[kind](texts)}), path)
    except pyarrow.ArrowNotImplementedError:
        pytest.skip("this version of pyarrow can't write it")
    report, archive = audit(path)
    assert (report.events, archive.resent, report.findings) == (40, 20, ())


def test_a_row_of_parquet_that_is_no_text_is_one_finding(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [*conforming(5), b"\xff{}", *conforming(5, seed=1)]
    path = tmp_path / "a.parquet"
    # as a writer leaves it that does not look
    parquet.write_table(pyarrow.table({"a": pyarrow.array(rows, pyarrow.binary()).view(pyarrow.string())}), path)
    report, _ = audit(path)
    assert report.events == 11
    assert [(f.requirement, f.source.index) for f in report.findings] == [("P11-event-json", 5)]


def test_parquet_without_a_row(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"a": pyarrow.array([], pyarrow.string())}), tmp_path / "a.parquet")
    report, _ = audit(tmp_path / "a.parquet")
    assert ["no row" in finding.message for finding in report.findings] == [True]


def test_one_object_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "FILES", 7)
    folder = tmp_path / "bucket" / "2026" / "11"
    folder.mkdir(parents=True)
    lines = mixed(60)
    for number, line in enumerate(lines):
        (folder / f"{number:03d}{'.json' if number % 2 else ''}").write_bytes(line)
    (folder / "readme.txt").write_text("no event")
    one = begun(tmp_path / "bucket")
    assert one.inventory.skipped == 1
    report, archive = audit(tmp_path / "bucket")
    assert_same(report, checked(*(folder / f"{n:03d}{'.json' if n % 2 else ''}" for n in range(60))))
    assert archive.files == 60


def test_patterns_and_files_that_are_named_twice(tmp_path):
    for name in ("a/1.json", "a/b/2.json", "a/b/3.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(conforming(1)[0])
    assert audit(tmp_path / "a" / "**" / "*.json")[0].events == 3
    assert audit(tmp_path / "a" / "b" / "2.json", tmp_path / "a", tmp_path / "a" / "b")[0].events == 3
    assert audit(tmp_path / "a" / "b", tmp_path / "a")[0].events == 3
    problem = begun(tmp_path / "*.none").inventory.problems[0]
    assert "no file has such a name" in problem.message


def test_what_spark_keeps_beside_its_data_is_left_out(tmp_path):
    day = tmp_path / "day=2026-01-01"
    day.mkdir()
    written(day / "part-0", conforming(3))
    for name in ("_SUCCESS", "_metadata", ".part-0.crc"):
        (day / name).touch()
    for name in ("_delta_log", "_temporary"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0.json").write_text("{}", encoding="utf-8")
    one = begun(tmp_path)
    assert (one.inventory.files, one.inventory.skipped, one.inventory.problems) == (1, 3, [])
    report, _ = audit(tmp_path)
    assert report.ok
    # named, it is read
    assert audit(day / "_SUCCESS")[0].findings[0].requirement == "P11-event-json"


def test_what_is_written_is_not_read(tmp_path):
    written(tmp_path / "a.json", conforming(1))
    report = b'{"ok": true, "profile": "strict", "summary": {}, "findings": []}'
    written(tmp_path / "report.json", [report])
    assert audit(tmp_path, leave_out=(str(tmp_path / "report.json"),))[0].events == 1


def test_a_file_that_is_gone(tmp_path):
    written(tmp_path / "a.json", conforming(1))
    one = begun(tmp_path / "a.json", tmp_path / "none.json")
    assert [str(tmp_path / "none.json") in str(each) for each in one.inventory.problems] == [True]
    (tmp_path / "a.json").unlink()
    one.judge(lambda _: None)
    report, _ = one.finish()
    one.work.close()
    assert [f.requirement for f in report.findings] == ["P11-event-json"]
    assert not report.ok


def test_a_line_that_is_no_event(tmp_path, small, monkeypatch):
    monkeypatch.setattr(contents, "LONGEST", 50_000)
    lines = conforming(60)
    path = written(tmp_path / "a.ndjson", [*lines[:40], b"x" * 200_000, *lines[40:]])
    report, _ = audit(path, size=10_000)
    assert report.events == 60
    assert [(f.requirement, f.source.line) for f in report.findings] == [("P11-event-json", 41)]
    # the lines behind it, in the same block and in others
    monkeypatch.setattr(blocks, "BLOCK", 10_000)
    ends = [b"x" * 130_000, *lines[:9], b"y" * 270_000, *lines[9:11], b"z" * 60_000, *lines[11:]]
    report, _ = audit(written(path, [*lines, *ends]))
    assert report.events == 120
    assert [f.source.line for f in report.findings if f.pointer == ""] == [61, 71, 74]
    # a part that holds nothing but such a line
    report, _ = audit(written(path, [b"x" * 250_000, *lines, b"{"]), size=100_000)
    assert [f.source.line for f in report.findings if f.pointer == ""] == [1, 62]
    (tmp_path / "b.json").write_bytes(b" " * 60_000 + b"{}")
    report, _ = audit(tmp_path / "b.json")
    assert "larger than" in report.findings[0].message


# --- events that come more than once


@pytest.mark.parametrize("size", [5_000, 10_000_000])
def test_repeats_are_those_of_check(tmp_path, small, size):
    lines = mixed(300)
    again = repeated(lines)
    every = [*lines, *again, *repeated(lines)[:20]]
    random.Random(9).shuffle(every)
    path = written(tmp_path / "a.ndjson", every)
    report, archive = audit(path, size=size)
    expected = checked(path)
    assert_same(report, expected)
    conflicts = report.by_requirement()["P10-id-unique"]
    assert conflicts > 5
    assert archive.resent > 20
    broken = {f.source for f in expected.findings if f.level == "error" and f.source.index is not None}
    assert archive.broken == len(broken)
    with_findings = {f.source for f in expected.findings}
    assert sum(found for _, found in archive.pairs.values()) == len(with_findings)


def test_repeats_in_several_files(tmp_path):
    lines = mixed(200)
    paths = [written(tmp_path / f"{n}.ndjson", part) for n, part in enumerate((lines, repeated(lines), lines[:50]))]
    (tmp_path / "3.gz").write_bytes(gzip.compress(b"\n".join(repeated(lines)[:9])))
    paths.append(tmp_path / "3.gz")
    assert_same(audit(*paths)[0], checked(*paths))


def test_two_identities_are_never_taken_for_one(tmp_path):
    event = json.loads(conforming(1)[0])
    pairs = [("a\0b", "c"), ("a", "b\0c"), ("x", "\ud800"), ("x", "\ufffd")]
    lines = [
        json.dumps({**event, "source": source, "id": id, "subject": str(n)}).encode()
        for n, (source, id) in enumerate(pairs)
    ]
    path = written(tmp_path / "a.ndjson", lines)
    # an unpaired surrogate is read as U+FFFD, as check does
    assert checked(path).by_requirement()["P10-id-unique"] == 1
    assert_same(audit(path)[0], checked(path))


def test_examples_of_conflicts_are_the_first(tmp_path, small):
    event = json.loads(conforming(1)[0])
    every = [json.dumps({**event, "subject": str(n)}).encode() for n in range(100)]
    path = written(tmp_path / "a.ndjson", every)
    report, archive = audit(path, most=2, size=10_000)
    assert report.by_requirement() == {"P10-id-unique": 99}
    assert [f.source.line for f in report.findings] == [2, 3]
    assert all("line 1," in f.message for f in report.findings)
    assert (archive.broken, archive.resent) == (99, 0)


# --- going on after an interruption


class Stops:
    """An engine that is interrupted after some parts."""

    def __init__(self, after):
        self._engine = engines.Local(1)
        self._left = after
        self.done = []

    def judge(self, *arguments):
        numbers = self._engine.judge(*arguments)
        while self._left:
            number = next(numbers, None)
            if number is None:
                return
            self._left -= 1
            self.done.append(number)
            yield number
        raise KeyboardInterrupt

    def tables(self, *arguments):
        return self._engine.tables(*arguments)


def test_an_interrupted_audit_goes_on(tmp_path, small):
    lines = mixed(300)
    path = written(tmp_path / "a.ndjson", [*lines, *repeated(lines)])
    expected = said(audit(path, size=10_000, most=5))
    state = tmp_path / "state"
    first, second = Stops(4), Stops(-1)
    one = begun(path, size=10_000, most=5, work=state, engine=first)
    with pytest.raises(KeyboardInterrupt):
        one.judge(lambda _: None)
    report, _, reached = one.cut_short()
    assert reached == 4
    assert 0 < report.events < len(lines)
    again = begun(path, size=10_000, most=5, work=state, engine=second)
    assert again.work.resumed == 4
    again.judge(lambda _: None)
    assert set(first.done).isdisjoint(second.done)
    assert set(first.done) | set(second.done) == set(range(again.work.parts))
    assert said(again.finish()) == expected


@pytest.mark.parametrize("left", [0, 4, 0.5, -1])
@pytest.mark.parametrize("number", [0, 2])
def test_a_part_is_whole_or_absent(tmp_path, small, number, left):
    lines = mixed(200)
    path, state = written(tmp_path / "a.ndjson", [*lines, *repeated(lines)]), tmp_path / "state"
    options = {"size": 60_000, "most": 5}
    expected = said(audit(path, **options))
    begun(path, work=state, **options).judge(lambda _: None)
    # what was cut off in writing, as when the machine went down, is done again
    rows = work.Work(str(state)).rows(number)
    whole = rows.read_bytes()
    rows.write_bytes(whole[: int(left * len(whole)) if isinstance(left, float) else left])
    again = begun(path, work=state, **options)
    assert again.work.resumed == again.work.parts - 1
    again.judge(lambda _: None)
    assert said(again.finish()) == expected
    assert rows.read_bytes() == whole


@pytest.mark.parametrize("change", ["file", "profile", "examples"])
def test_another_question_is_not_mixed_with_the_first(tmp_path, change):
    path = written(tmp_path / "a.ndjson", conforming(3))
    options = {"work": tmp_path / "state", "most": 5}
    begun(path, **options)
    if change == "file":
        written(path, conforming(4))
    else:
        options.update({"profile": "strict"} if change == "profile" else {"most": 6})
    with pytest.raises(work.UsageError, match="holds an audit of other files"):
        begun(path, **options)


WAITS = "import sys\nfrom vpc_backup_events.audit.work import Work\nWork(sys.argv[1])\nprint(flush=True)\ninput()"


def test_two_audits_do_not_share_a_folder_at_a_time(tmp_path):
    path = written(tmp_path / "a.ndjson", conforming(3))
    command = [sys.executable, "-c", WAITS, str(tmp_path / "state")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with pytest.raises(work.UsageError, match=r"Another audit is at work in .*state\. Wait for its end"):
            begun(path, work=tmp_path / "state")
        other.kill()
    assert begun(path, work=tmp_path / "state").work.parts == 1


def test_nothing_stays_of_what_was_broken_off(tmp_path):
    path = written(tmp_path / "a.ndjson", conforming(3))
    one = begun(path, work=tmp_path / "state")
    rows = one.work.rows(0)

    def break_off():
        with work.written(rows) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert [file.name for file in sorted((tmp_path / "state").rglob("*"))] == [
        "lock",
        "plan.ndjson",
        "question.json",
        "rows-0",
    ]


def test_a_folder_with_something_else(tmp_path):
    path = written(tmp_path / "a.ndjson", conforming(3))
    with pytest.raises(work.UsageError, match="something else"):
        begun(path, work=tmp_path)
    assert path.exists()


def test_an_audit_that_ended_while_it_looked_for_files_goes_on(tmp_path):
    path = written(tmp_path / "a.ndjson", conforming(3))
    state = tmp_path / "state"
    work.Work(str(state))
    (state / "plan.ndjson.new").write_text("{", encoding="utf-8")
    (state / "rows-0").mkdir()
    (state / "rows-0" / "0.parquet").write_text("of a question that is lost", encoding="utf-8")
    one = begun(path, work=state)
    assert (one.work.parts, one.work.resumed) == (1, 0)
    assert not (state / "rows-0").exists()


def test_the_folder_of_the_work_may_lie_in_the_archive(tmp_path):
    written(tmp_path / "a.ndjson", conforming(3))
    for resumed in (0, 1):
        one = begun(tmp_path, work=tmp_path / "state")
        assert (one.inventory.files, one.work.resumed) == (1, resumed)
        one.judge(lambda _: None)
        assert one.finish()[0].events == 3


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    path = written(tmp_path / "a.ndjson", conforming(2) * 2)
    one = begun(path, work=tmp_path / "state")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(engines, "write", full)
    with pytest.raises(work.OutputError, match=r"0\.parquet: No space left on device\. Make room"):
        one.judge(lambda _: None)
    monkeypatch.setattr(work, "open", full, raising=False)
    with pytest.raises(work.OutputError, match="goes on from here"):
        begun(path, work=tmp_path / "other")


def test_a_folder_that_can_not_be_written_is_not_told_to_make_room(tmp_path, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(work, "open", denied, raising=False)
    with pytest.raises(work.OutputError, match=r"Permission denied\. Let the kit write there, and run"):
        begun(written(tmp_path / "a.ndjson", conforming(2)), work=tmp_path / "state")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("how", ["written", "shorter", "gone"])
def test_a_file_that_changes_meanwhile_is_told(tmp_path, small, how, when):
    path = written(tmp_path / "a.ndjson", [*conforming(60), *mixed(30), *repeated(mixed(30) * 2)])
    one = begun(path, size=10_000)

    def change():
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(conforming(90, seed=4)[0] * 90 if how == "written" else b"\n".join(conforming(20)))

    if when == "before":
        change()
    one.judge(lambda _: None)
    if when == "after":
        change()
    one.finish()
    one.work.close()
    assert [str(problem) for problem in one.inventory.problems] == [
        f"{path}: it changed while it was judged. Run it again when nothing writes to it."
    ]


# --- reports


@pytest.mark.parametrize("format", FORMATS)
def test_every_format(tmp_path, format):
    path = written(tmp_path / "a.ndjson", mixed(400))
    result = audit(path, most=2)
    text = said(result, format)
    report = result[0]
    assert text.endswith("\n")
    if format == "json":
        schema = json.loads((data_root("schemas") / "report" / "report.schema.json").read_bytes())
        document = json.loads(text)
        Draft202012Validator(schema).validate(document)
        assert document["summary"]["requirements"] == report.by_requirement()
        assert document["summary"]["error"] == report.count("error") > len(document["findings"]) // 2
        assert sum(document["archive"]["types"].values()) == report.events
        *days, unknown = document["archive"]["days"]
        assert (days, unknown) == (sorted(days), "(unknown)")
    elif format == "junit":
        assert f'tests="{len(Run(report, verb="audit", archive=result[1]).requirements())}"' in text
        assert 'classname="audit.inputs"' not in text
    elif format != "badge":
        assert max(report.by_requirement(), key=report.by_requirement().get) in text
    assert said(audit(path, most=2), format) == text
