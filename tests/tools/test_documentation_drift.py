"""Pages in a folder are compared with what was recorded of them: by section, prose included, and no text is kept."""

from __future__ import annotations

import json

import pytest

import compare_documentation
import documentation_drift

CLI = """\
---
subcollection: event-notifications
lastupdated: "2026-08-13"
---

# The command line
{: #event-notifications-cli}

It has commands.

## Sources
{: #en-cli-source-create-command}

First line of prose.
Second line of prose.

```sh
# no heading
```

## Topics {: #en-cli-topic}

Third line.
"""
TERRAFORM = "# Resource\n\nAn argument.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two published pages, recorded, beside files that are none."""
    root = tmp_path / "docs"
    (root / "event-notifications").mkdir(parents=True)
    (root / "event-notifications" / "en-cli.md").write_text(CLI)
    (root / "website" / "docs" / "r").mkdir(parents=True)
    (root / "website" / "docs" / "r" / "en_topic.html.markdown").write_text(TERRAFORM)
    (root / "README.md").write_text("# No page\n")
    monkeypatch.setattr(documentation_drift, "STATE", tmp_path / "state.json")
    pages = documentation_drift.read(root)
    assert documentation_drift.write(pages, tmp_path / "state.json") == [
        "event-notifications-event-notifications-cli",
        "terraform-resources/en_topic",
    ]
    return root


def changes(folder, capsys):
    status = compare_documentation.main([str(folder)])
    return status, capsys.readouterr().out.splitlines()


def edit(folder, old, new):
    path = folder / "event-notifications" / "en-cli.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_pages_as_recorded_are_no_drift(folder, capsys):
    assert changes(folder, capsys) == (0, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-08-13", "2026-11-01"),
        ("Third line.\n", "\n\n  Third   line.  \n\n"),
        ("First line of prose.\n", "First line of prose.\n\n\n"),
    ],
    ids=["front matter", "white space", "blank lines"],
)
def test_what_may_change_freely_is_no_drift(folder, capsys, old, new):
    edit(folder, old, new)
    assert changes(folder, capsys) == (0, [])


def test_changed_prose_is_told_with_its_section_its_lines_and_what_rests_on_it(folder, capsys):
    path = edit(folder, "Second line of prose.", "Second line, as it is now.\nAnd one more.")
    status, [line] = changes(folder, capsys)
    assert status == 1
    assert line.startswith(f"{path}:11: section #en-cli-source-create-command of event-notifications-event-notif")
    assert "(lines 15, 16 are new and 1 of its lines is gone)" in line
    assert "[documents.json en-cli]; on it rest " in line
    assert "P37-cli-command" in line


def test_sections_that_come_and_go_are_told(folder, capsys):
    path = edit(folder, "## Topics {: #en-cli-topic}", "## Topics {: #en-cli-topics}")
    status, lines = changes(folder, capsys)
    assert status == 1
    assert [line.partition(" [")[0].removeprefix(f"{path}:") for line in lines] == [
        "21: section #en-cli-topics was added to event-notifications-event-notifications-cli",
        "1: section #en-cli-topic of event-notifications-event-notifications-cli is gone",
    ]


def test_a_page_that_is_gone_is_told_with_all_that_rests_on_it(folder, capsys):
    (folder / "website" / "docs" / "r" / "en_topic.html.markdown").unlink()
    status, [line] = changes(folder, capsys)
    assert status == 1
    assert "no page has the topic terraform-resources/en_topic" in line
    assert "P37-filter-length" in line


def test_lines_in_another_order_are_told(folder, capsys):
    edit(folder, "First line of prose.\nSecond line of prose.", "Second line of prose.\nFirst line of prose.")
    status, [line] = changes(folder, capsys)
    assert status == 1
    assert "(in the order of its lines)" in line


def test_a_folder_without_pages_is_said_plainly(tmp_path, capsys):
    assert compare_documentation.main([str(tmp_path)]) == 2
    assert "no page here is one that the catalog cites" in capsys.readouterr().err


def test_recording_again_makes_the_change_the_known_state(folder, capsys):
    edit(folder, "Third line.", "Another third line.")
    assert compare_documentation.main([str(folder), "--record"]) == 0
    capsys.readouterr()
    assert changes(folder, capsys) == (0, [])


def test_the_record_holds_every_cited_page_and_no_text():
    record = json.loads(documentation_drift.STATE.read_bytes())["pages"]
    assert set(record) == set(documentation_drift.topics())
    for sections in record.values():
        for section in sections.values():
            assert set(section) == {"digest", "lines"}
            assert set(section["digest"] + section["lines"]) <= set("0123456789abcdef")
            assert len(section["digest"]) == documentation_drift.SECTION_DIGITS


def test_every_anchor_that_the_catalog_cites_is_a_section_of_the_record():
    record = json.loads(documentation_drift.STATE.read_bytes())["pages"]
    documents = {document: topic for topic, document in documentation_drift.topics().items()}
    cited = [
        (document, anchor)
        for document, anchor in documentation_drift.citations().entries
        if anchor and document in documents
    ]
    assert len(cited) > 15
    assert [place for place in cited if place[1] not in record[documents[place[0]]]] == []
