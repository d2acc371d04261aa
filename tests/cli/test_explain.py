import json

import pytest

from vpc_backup_events import catalog


@pytest.fixture
def explain(run):
    """The entries that `explain` knows under a name."""

    def explain(name):
        done = run("explain", name, "--format", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["entries"]

    return explain


def test_requirement(run):
    done = run("explain", "p08-SEVERITY-known")
    requirement = catalog.requirements["P08-severity-known"]
    assert done.returncode == 0
    assert done.stdout.startswith(f"P08-severity-known (requirement): {requirement.title}\n")
    assert f"- {requirement.doc}\n" in done.stdout
    assert "- P08 " in done.stdout
    assert "- documented: warning\n" in done.stdout


def test_reason_code_shows_cause_action_spellings_and_example(explain):
    (entry,) = explain("snapshot-quota-reached")
    pair = catalog.pairs["R02"]
    assert (entry["kind"], entry["id"]) == ("reason code", "snapshot-quota-reached")
    (shown,) = entry["in"]
    assert shown["cause"] == pair.cause
    assert shown["what_to_do"] == pair.action
    assert any(spelling.startswith("snapshot_volume_limit - ") for spelling in shown["spellings"])
    assert shown["example"].startswith('"status_reason": "snapshot_volume_limit: ')
    assert shown["topics"] == [f"https://cloud.ibm.com/docs/vpc?topic={topic}" for topic in pair.topics]


def test_reason_code_of_four_event_types(explain):
    (entry,) = explain("service-to-service-policy-missing")
    assert [shown["id"] for shown in entry["in"]] == ["R01", "R08", "R11", "R18"]


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("R12", ["snapshot_consistency_group-quota-reached"]),
        ("snapshot-consistency_group-quota-reached", ["snapshot_consistency_group-quota-reached"]),
        ("snapshots_volume_too_large", ["snapshot-volume-too-large"]),
        (
            "source_volume_busy",
            [
                "source_volume_busy",
                "snapshots-source-volume-busy",
                "snapshot_consistency_group-source-volume-busy",
            ],
        ),
        ("snapshot_share_limit", ["snapshot_share_limit"]),
        ("backup-volume-creation", ["com.ibm.cloud.is.backup-policy.backup-volume-creation"]),
        (
            "com.ibm.cloud.is.backup-policy.backup-instance-deletion",
            ["com.ibm.cloud.is.backup-policy.backup-instance-retention"],
        ),
        ("MEDIUM", ["medium"]),
        ("p16", ["P16"]),
        ("d03", ["D03"]),
    ],
)
def test_names(explain, name, ids):
    assert [entry["id"] for entry in explain(name)] == ids


def test_spelling_that_is_not_documented_says_so(explain):
    assert "is not documented" in explain("snapshot_quota_reached")[0]["note"]
    assert "documented name" in explain("snapshot_volume_limit")[1]["note"]


def test_position_lists_its_requirements(explain):
    (entry,) = explain("P08")
    expected = [each.id for each in catalog.requirements.values() if each.position == "P08"]
    assert expected
    assert [line.split()[0] for line in entry["requirements"]] == expected


def test_everything_that_is_listed_can_be_explained(run):
    from vpc_backup_events.cli import _lookup

    listed = json.loads(run("explain", "--format", "json").stdout)["entries"]
    assert {entry["kind"] for entry in listed} == {
        "API code",
        "event type",
        "ledger entry",
        "position",
        "reason code",
        "requirement",
        "severity",
    }
    for entry in listed:
        cards = _lookup.look_up(entry["id"])
        assert (entry["kind"], entry["id"], entry["title"]) in [(card.kind, card.id, card.title) for card in cards]


def test_every_documented_spelling_is_found():
    from vpc_backup_events.cli import _lookup

    for pair in catalog.pairs.values():
        for each in pair.spellings:
            assert pair.reason in [card.id for card in _lookup.look_up(each.spelling)]


def test_list_is_one_line_each(run):
    lines = run("explain").stdout.splitlines()
    assert len([line for line in lines if line.startswith("requirement ")]) == len(catalog.requirements)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("P08-severity-knwon", "P08-severity-known"),
        ("snapshot-qouta-reached", "snapshot-quota-reached"),
        ("backup-volume-creatoin", "backup-volume-creation"),
        ("xyzzy-plugh-42", "all ids are listed"),
        ("", "all ids are listed"),
        ("\x1b[31m", "all ids are listed"),
    ],
)
def test_unknown_id(run, name, nearest):
    done = run("explain", name)
    assert done.returncode == 2
    assert done.stdout == ""
    assert nearest in done.stderr
    assert "\x1b" not in done.stderr


LABELS = ["what happened:", "what to do:", "confirm it:", "prevent it:", "page:"]


@pytest.mark.parametrize("code", sorted({*catalog.reasons, *catalog.api_codes, *catalog.pairs}))
def test_a_code_begins_with_five_lines_for_the_person_with_a_failed_backup(run, code):
    lines = run("explain", code).stdout.splitlines()
    assert [line[:16].strip() for line in lines[:5]] == LABELS
    happened, action, confirmation, prevention, page = (line[16:] for line in lines[:5])
    assert all(text.count(".") for text in (happened, action, prevention))
    assert "`ibmcloud is backup-policy-job POLICY JOB`" in confirmation
    assert "of the VPC API" in confirmation
    assert page.startswith("https://cloud.ibm.com/docs/vpc?topic=")


def test_spellings_and_confidence_are_told_with_verbose_only(run):
    short, verbose = run("explain", "R02").stdout, run("explain", "R02", "--verbose").stdout
    assert verbose.startswith(short)
    assert "spellings" not in short
    assert "snapshot_volume_limit (strong)" in verbose


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Snapshot quota per volume reached.", {"snapshot-quota-reached"}),
        ("the source volume has busy set (after multiple retries)", {"snapshots-source-volume-busy"}),
        ("source_volume_busy: a text of their own", {"snapshots-source-volume-busy"}),
        ("An internal error happened; contact IBM support", {"internal_error"}),
    ],
)
def test_a_code_is_found_by_its_text(explain, text, ids):
    assert ids <= {entry["id"] for entry in explain(text)}


@pytest.mark.parametrize("id", ["R09", "R10", "R20"])
def test_what_to_do_about_a_snapshot_that_cannot_be_deleted_is_what_its_page_says(id):
    assert catalog.pairs[id].action.startswith("Wait until")
    assert "yourself" in catalog.pairs[id].action


@pytest.mark.parametrize("pair", catalog.pairs.values(), ids=lambda pair: pair.id)
def test_an_example_pairs_a_code_with_its_own_text(explain, pair):
    (shown,) = [shown for entry in explain(pair.id) for shown in entry["in"]]
    code = pair.api_code.code
    text = catalog.api_codes[code].text if code else pair.cause
    assert shown["example"] == f'"status_reason": "{code or pair.reason}: {text}"'
    assert "page for this reason" not in text


def test_a_part_of_a_reason_code_leads_to_the_codes_that_have_it(run):
    hint = run("explain", "quota").stderr
    assert "snapshot-quota-reached" in hint
    assert "snapshots-bad-state" not in hint
