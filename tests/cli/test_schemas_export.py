import json

import pytest

from vpc_backup_events.values.data import data_root


def test_list_names_every_schema(run):
    lines = run("schemas").stdout.splitlines()
    assert "urn:vpc-backup-events:schema:report  report/report.schema.json  Report" in lines
    ids = [line.split("  ")[0] for line in lines]
    assert ids == sorted(set(ids))


def test_export_copies_every_file(run, tmp_path):
    done = run("schemas", "out")
    root = data_root("schemas")
    copies = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert done.returncode == 0
    assert done.stdout == f"{len(copies)} schema files exported to out\n"
    assert copies == sorted(path.relative_to(root) for path in root.rglob("*.json"))
    assert all((tmp_path / "out" / copy).read_bytes() == (root / copy).read_bytes() for copy in copies)


@pytest.mark.parametrize("verb", ["corpus", "schemas"])
def test_folder_with_files_is_refused_without_force(run, write, tmp_path, verb):
    write("out/mine.txt", b"mine")
    done = run(verb, "out")
    assert done.returncode == 2
    assert "out is not empty." in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_force_keeps_what_is_there(run, write, tmp_path):
    write("out/mine.txt", b"mine")
    write("out/report/report.schema.json", b"old")
    assert run("schemas", "out", "--force").returncode == 0
    assert (tmp_path / "out" / "mine.txt").read_bytes() == b"mine"
    assert json.loads((tmp_path / "out" / "report" / "report.schema.json").read_bytes())["title"] == "Report"


def test_target_that_is_a_file(run, write):
    done = run("schemas", write("out", b"mine"), "--force")
    assert done.returncode == 2
    assert "out is a file." in done.stderr


def test_corpus_is_exported_with_its_folders(run, tmp_path):
    root = data_root("fixtures")
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    assert run("corpus").stdout.splitlines() == files
    assert run("corpus", "out").returncode == 0
    assert (
        sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file())
        == files
    )
