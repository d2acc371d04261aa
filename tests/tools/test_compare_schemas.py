"""The comparison of bundles: what is narrower is named, what is wider passes, what can't be decided is said."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("jsonschema_rs")
import compare_schemas

ROOT = Path(__file__).parents[2]
BUNDLE = json.loads((ROOT / "schemas/bundle.schema.json").read_bytes())
ENVELOPE = "urn:vpc-backup-events:schema:event:envelope"
DETAILS = "urn:vpc-backup-events:schema:details:long-text"


@pytest.fixture
def compare(tmp_path, monkeypatch, capsys):
    """Compares the working bundle, as the old one, with an edited one."""

    def run(edit=None, *options):
        new = copy.deepcopy(BUNDLE)
        if edit:
            edit(new["$defs"])
        (tmp_path / "new.json").write_text(json.dumps(new))
        arguments = [ROOT / "schemas/bundle.schema.json", "--new", tmp_path / "new.json", *options]
        monkeypatch.setattr(sys, "argv", ["compare_schemas.py", *map(str, arguments)])
        status = compare_schemas.main()
        return SimpleNamespace(returncode=status, stdout=capsys.readouterr().out)

    return run


def section(output, heading):
    """The lines below a heading."""
    return output.partition(f"### {heading}\n\n")[2].partition("\n###")[0].strip().splitlines()


def test_the_same_bundle(compare):
    done = compare()
    assert done.returncode == 0
    assert done.stdout == "No schema changed.\n"


def test_annotations_do_not_count(compare):
    def edit(schemas):
        schemas[ENVELOPE]["title"] = "Another"
        schemas[ENVELOPE]["properties"]["id"]["description"] = "New."

    assert compare(edit).stdout == "No schema changed.\n"


def test_a_property_that_was_free_is_narrower(compare):
    done = compare(lambda s: s[ENVELOPE]["properties"].update(extra={"type": "string"}))
    assert done.returncode == 1
    assert any("`extra` is new" in line and f"`{ENVELOPE}`" in line for line in section(done.stdout, "Narrower"))


def test_a_value_that_was_removed_is_narrower(compare):
    def edit(schemas):
        schemas[DETAILS]["properties"]["job_type"]["allOf"][1]["enum"].remove("retention")

    done = compare(edit)
    assert done.returncode == 1
    lines = section(done.stdout, "Narrower")
    assert any(f"`{DETAILS}`: `job_type`" in line for line in lines)
    # the corpus has such events
    assert any("quirks/P15-job-type-retention/retention.json" in line for line in lines)


def test_a_value_that_was_added_is_compatible(compare):
    def edit(schemas):
        schemas[DETAILS]["properties"]["job_type"]["allOf"][1]["enum"].append("restore")

    done = compare(edit)
    assert done.returncode == 0
    assert any("`job_type`" in line for line in section(done.stdout, "Compatible"))
    assert "Narrower" not in done.stdout


def test_a_required_member_more_is_narrower(compare):
    done = compare(lambda s: s[ENVELOPE]["required"].append("time"))
    assert done.returncode == 1
    assert any("`required time` is new" in line for line in section(done.stdout, "Narrower"))


def test_a_required_member_less_is_compatible(compare):
    done = compare(lambda s: s[ENVELOPE]["required"].remove("ibmensourceid"))
    assert done.returncode == 0
    assert any("`required ibmensourceid` is no longer demanded" in li for li in section(done.stdout, "Compatible"))


def test_a_type_that_was_widened_is_compatible(compare):
    def edit(schemas):
        schemas[ENVELOPE]["properties"]["data"]["type"] = ["object", "null", "string"]

    done = compare(edit)
    assert done.returncode == 0
    assert section(done.stdout, "Compatible")


def test_a_pattern_that_was_changed_is_not_called_compatible(compare):
    def edit(schemas):
        schemas[DETAILS]["properties"]["resource"]["pattern"] = "^crn:v1:bluemix:.*$"

    done = compare(edit, "--strict")
    assert done.returncode == 1
    assert not any("`resource`" in line for line in section(done.stdout, "Compatible"))


def test_schemas_that_come_and_go(compare):
    def edit(schemas):
        schemas["urn:vpc-backup-events:schema:event:new"] = {"$id": "urn:vpc-backup-events:schema:event:new"}
        del schemas["urn:vpc-backup-events:schema:reason:snapshot-quota-reached"]

    done = compare(edit)
    assert done.returncode == 1
    narrower = section(done.stdout, "Narrower")
    assert "- `urn:vpc-backup-events:schema:reason:snapshot-quota-reached` was removed" in narrower
    assert "- `urn:vpc-backup-events:schema:event:new` was added" in section(done.stdout, "Compatible")


@pytest.mark.parametrize("content", [None, b"{", b"{}", b"[]", b'{"$defs":{"a":1}}'])
def test_what_is_no_bundle(tmp_path, content):
    path = tmp_path / "old.json"
    if content is not None:
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, ROOT / "tools/compare_schemas.py", path], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr
