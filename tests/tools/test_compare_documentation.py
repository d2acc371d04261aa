"""The tool finds each kind of drift, at its line and with its entry, and nothing in what may change freely."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import compare_documentation
from vpc_backup_events import catalog
from vpc_backup_events.values.data import data_root

PAGE = json.loads((data_root("schemas") / "catalog" / "page.json").read_bytes())["page"]
TYPE = "com.ibm.cloud.is.backup-policy.backup-volume-creation"
NEW_ROW = "| Share backup job creation failure \\n - `snapshot-quota-reached` | None |\n"
NEW_EXAMPLE = '```json\n{"notification_id": "1"}\n```\n'

# id: (text of the page, what takes its place, text in the line that is reported, what the report says)
DRIFTS = {
    "token renamed": (
        "`snapshot-quota-reached`",
        "`snapshot-quota-exceeded`",
        "| Volume backup job creation",
        "reason code changed: snapshot-quota-reached is now snapshot-quota-exceeded, "
        "in Volume backup job creation failure [reasons.json R02];",
    ),
    "token added": (
        "- `snapshot-quota-reached`",
        "- `snapshot-quota-reached` \\n - `snapshot-locked`",
        "| Volume backup job creation",
        f"reason code added: snapshot-locked, in Volume backup job creation failure [event-types.json {TYPE}];",
    ),
    "token removed": (
        " \\n - `snapshot-quota-reached`",
        "",
        "| Volume backup job creation",
        "reason code removed: snapshot-quota-reached, in Volume backup job creation failure [reasons.json R02];",
    ),
    "row added": (
        '{: caption="Codes"}\n',
        NEW_ROW + '{: caption="Codes"}\n',
        "| Share",
        "event group added: Share backup job creation failure [event-types.json];",
    ),
    "row removed": (
        re.compile(r"\| Volume backup job creation failure.*\n"),
        "",
        "| Kind of job",
        f"event group removed: Volume backup job creation failure [event-types.json {TYPE}];",
    ),
    "group renamed": (
        "| Volume backup job creation failure",
        "| Volume backup creation failed",
        "| Volume backup creation failed",
        "event group changed: Volume backup job creation failure is now Volume backup creation failed "
        f"[event-types.json {TYPE}];",
    ),
    "link of a description changed": (
        "#faq-snapshot-3",
        "#faq-snapshot-4",
        "faq-snapshot",
        "link changed: /docs/vpc?topic=vpc-snapshots-vpc-faqs&interface=ui#faq-snapshot-3 is now "
        "/docs/vpc?topic=vpc-snapshots-vpc-faqs&interface=ui#faq-snapshot-4, in Volume backup job creation failure "
        f"[event-types.json {TYPE}, page.json rows];",
    ),
    "link of a section changed": (
        "/docs/vpc?topic=vpc-baas-troubleshoot)",
        "/docs/vpc?topic=vpc-troubleshoot)",
        "[mend it]",
        "link changed: /docs/vpc?topic=vpc-baas-troubleshoot is now /docs/vpc?topic=vpc-troubleshoot, "
        "in event-notifications-list [documents.json backup-troubleshoot, page.json event-notifications-list];",
    ),
    "link added": (
        "There are ",
        "There are [new](/docs/new) ",
        "There are ",
        "link added: /docs/new, in event-notifications-how [page.json event-notifications-how];",
    ),
    "link removed": (
        "[Log in](/login){: external}",
        "Log in",
        "### Console",
        "link removed: /login, in event-notifications-enable-ui [page.json event-notifications-enable-ui];",
    ),
    "name added": (
        "Give your own",
        "Give `enabled` and your own",
        "Give ",
        "name added: enabled, in event-notifications-enable-api [page.json event-notifications-enable-api];",
    ),
    "anchor renamed": (
        "{: #event-notifications-webhook}",
        "{: #event-notifications-webhooks}",
        "### Webhook",
        "section changed: event-notifications-webhook is now event-notifications-webhooks "
        "[page.json event-notifications-webhook];",
    ),
    "severity changed": (
        '"ibmenseverity": "medium"',
        '"ibmenseverity": "high"',
        "ibmenseverity",
        'member changed: ibmenseverity was "medium", is now "high", in event-notifications-payload '
        "[severities.json medium];",
    ),
    "type changed": (
        f'"{TYPE}"',
        '"com.ibm.cloud.is.backup-policy.volume"',
        '"type":',
        f'member changed: type was "{TYPE}", is now "com.ibm.cloud.is.backup-policy.volume", '
        f"in event-notifications-payload [event-types.json {TYPE}];",
    ),
    "payload member added": (
        '  "specversion"',
        '  "subject": "r006",\n  "specversion"',
        '"subject"',
        "member added: subject, in event-notifications-payload "
        "[page.json event-notifications-payload, fixtures/documented/events/payload.json];",
    ),
    "details member added": (
        '\\"job_type\\": \\"creation\\",',
        '\\"job_type\\": \\"creation\\",\n \\"severity\\": \\"high\\",',
        '\\"severity\\"',
        "member added: severity, in event-notifications-payload > ibmendefaultlong [examples.json details_members];",
    ),
    "attribute removed": (
        '  "specversion": "1.0",\n',
        "",
        "```json",
        "member removed: specversion, in event-notifications-payload "
        "[page.json event-notifications-payload, fixtures/documented/events/payload.json];",
    ),
    "email title changed": (
        "Email Title: Volume Backup Job Creation Failure",
        "Email Title: Volume Backup Failure",
        "Email Title",
        "text changed: Email Title was Volume Backup Job Creation Failure, is now Volume Backup Failure, "
        f"in event-notifications-email [event-types.json {TYPE}];",
    ),
    "label in the email's body changed": (
        " BackupJobID: ",
        " Backup Job: ",
        " Backup Job: ",
        "text changed: BackupJobID is now Backup Job, in event-notifications-email "
        "[page.json event-notifications-email, fixtures/documented/email/email.txt];",
    ),
    "email member added": (
        '        "job_type" : "creation",\n',
        '        "job_type" : "creation",\n        "severity": "high",\n',
        '        "severity"',
        "member added: severity, in event-notifications-email [examples.json details_members];",
    ),
    "status of the email changed": (
        '"source_volume_too_large"',
        '"volume_too_large"',
        '"volume_too_large"',
        'member changed: status was "source_volume_too_large", is now "volume_too_large", '
        "in event-notifications-email > reasons > [0] [reasons.json R05, R15];",
    ),
    "request member renamed": (
        '"enabled":true',
        '"is_enabled":true',
        '"is_enabled"',
        "member changed: enabled is now is_enabled, in event-notifications-enable-api > -d "
        "[page.json event-notifications-enable-api, fixtures/documented/registration/create-source.sh];",
    ),
    "CLI argument changed": (
        "--instance-id INSTANCE-ID",
        "--instance INSTANCE-ID",
        "sources-create --instance",
        "argument changed: --instance-id is now --instance, in event-notifications-enable-cli "
        "[page.json event-notifications-enable-cli, fixtures/documented/registration/sources-create.sh];",
    ),
    "CLI argument no longer optional": (
        "[--enabled ENABLED]",
        "--enabled ENABLED",
        "--enabled",
        "argument changed: --enabled was [ENABLED], is now ENABLED, in event-notifications-enable-cli "
        "[page.json event-notifications-enable-cli, fixtures/documented/registration/sources-create.sh];",
    ),
    "Terraform attribute added": (
        re.compile("^(.*)enabled       = true$", re.MULTILINE),
        '\\1enabled       = true\n\\1region        = "us-south"',
        "region        =",
        "attribute added: region, in event-notifications-enable-terraform > resource > [0] > ibm_en_source > en_source "
        "[page.json event-notifications-enable-terraform, fixtures/documented/registration/en_source.tf];",
    ),
    "new example": (
        "There are ",
        NEW_EXAMPLE + "\nThere are ",
        '```json\n{"notification_id"',
        "example added: notification_id, in event-notifications-how [page.json event-notifications-how];",
    ),
    "example beside another": (
        "Give your own",
        NEW_EXAMPLE + "\nGive your own",
        '```json\n{"notification_id"',
        "example added: notification_id, in event-notifications-enable-api [page.json event-notifications-enable-api];",
    ),
    "example removed": (
        re.compile(r"```plaintext\n.*?```\n", re.DOTALL),
        "",
        "### Mail",
        "example removed: Email Title, in event-notifications-email "
        "[page.json event-notifications-email, fixtures/documented/email/email.txt];",
    ),
}

# id: (text of the page, what takes its place)
FREE = {
    "row below": (re.compile(r"(\| Volume backup job retention.*\n)(\| Volume backup job creation.*\n)"), r"\2\1"),
    "section below": (re.compile(r"(### Webhook\n.*?)(### Mail\n.*)", re.DOTALL), r"\2\n\1"),
    "member below": (re.compile(r'(  "type": .*\n)(  "source": .*\n)'), r"\2\1"),
    "argument first": ("--instance-id INSTANCE-ID --name NAME", "--name NAME --instance-id INSTANCE-ID"),
    "white space in a cell": (re.compile(r" \\n - "), r"\\n  -  "),
    "white space in JSON": ('"ibmenseverity": ', '"ibmenseverity"   :  '),
    "white space in Terraform": ("enabled       =", "enabled ="),
    "command over two lines": (" --name NAME", " \\\n  --name NAME"),
    "body of the email over two lines": (" BackupJobID: ", "\nBackupJobID: "),
    "language of a fence": ("```plaintext", "```"),
    "codes without marks": (re.compile(r"`(snapshot-(?:bad|in-pending)-state)`"), r"\1"),
    "wording": ("There are ", "Choose one of "),
    "headings of the table": ("| Kind of job | What to read |", "| Event | Description |"),
}


@pytest.fixture
def page() -> str:
    """The page for tests, with the documented examples in the place of their names."""
    text = Path(__file__).with_name("page.md").read_text()
    fixtures = data_root("fixtures")

    def example(name: re.Match[str]) -> str:
        return "".join(name[1] + line for line in (fixtures / name[2]).read_text().splitlines(keepends=True))

    return re.sub(r"^( *)\((documented/.+)\)\n", example, text, flags=re.MULTILINE)


@pytest.fixture
def compare(tmp_path, capsys):
    """Runs the tool on a text; gives its exit status and the differences by line."""

    def run(text: str) -> tuple[int, list[tuple[int, str]]]:
        path = tmp_path / "copy.md"
        path.write_text(text)
        status = compare_documentation.main([str(path)])
        found = [line.removeprefix(f"{path}:").partition(": ") for line in capsys.readouterr().out.splitlines()]
        return status, [(int(line), said) for line, _, said in found]

    return run


def mutated(page, old, new):
    changed = old.sub(new, page) if isinstance(old, re.Pattern) else page.replace(old, new)
    assert changed != page
    return changed


def test_a_page_that_says_what_the_catalog_says_is_clean(page, compare):
    assert compare(page) == (0, [])


@pytest.mark.parametrize("drift", sorted(DRIFTS))
def test_one_drift_is_reported_once_at_its_line_and_with_its_entry(page, compare, drift):
    old, new, place, said = DRIFTS[drift]
    changed = mutated(page, old, new)
    line = changed[: changed.index(place)].count("\n") + 1
    status, [(found, text)] = compare(changed)
    assert (status, found) == (1, line)
    assert text.startswith(said)
    assert "edit " in text[len(said) :]


@pytest.mark.parametrize("freedom", sorted(FREE))
def test_order_white_space_and_wording_are_no_drift(page, compare, freedom):
    assert compare(mutated(page, *FREE[freedom])) == (0, [])


def test_two_drifts_are_reported_in_the_order_of_the_page(page, compare):
    changed = page.replace('"ibmenseverity": "medium"', '"ibmenseverity": "low"').replace(
        "#faq-snapshot-3", "#faq-snapshot-4"
    )
    status, found = compare(changed)
    assert status == 1
    assert [text.partition(":")[0] for _, text in found] == ["member changed", "link changed"]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory"),
        (b"\xff\xfe", "'utf-8' codec can't decode"),
        (b"# A page\n{: #page}\n\n| `a` | b |\n|---|---|\n| `c` | d |\n", "no table of events"),
    ],
    ids=["missing", "not UTF-8", "no table of events"],
)
def test_what_can_not_be_compared_is_said_plainly(tmp_path, capsys, content, said):
    path = tmp_path / "copy.md"
    if content is not None:
        path.write_bytes(content)
    assert compare_documentation.main([str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{path}: ")
    assert said in err
    assert err.count("\n") == 1


def test_the_links_of_the_rows_lead_to_the_topics_of_the_event_types():
    topics = {
        kind: tuple(topic for link in links for topic in parse_qs(urlsplit(link).query)["topic"])
        for kind, links in PAGE["rows"].items()
    }
    assert topics == {kind.type: kind.topics for kind in catalog.event_types.values()}


def test_every_section_that_the_catalog_cites_is_known():
    cited = {each.source for each in [*catalog.requirements.values(), *catalog.event_types.values()]}
    cited |= {spelling.source for pair in catalog.pairs.values() for spelling in pair.spellings}
    anchors = {source.anchor for source in cited if source.document.id == "seed" and source.anchor}
    assert anchors - set(PAGE["sections"]) == set()


def test_the_examples_show_the_literals_that_the_catalog_takes_from_them():
    files = [file for section in PAGE["sections"].values() for file in section.get("examples", ())]
    text = "".join((data_root("fixtures") / file).read_text() for file in files)
    severities = [severity.name for severity in catalog.severities.values() if "seed" in severity.shown_by]
    examples = catalog.examples
    literals = [examples.event_id, examples.short_text, *examples.general_topics, *examples.details_members]
    assert [literal for literal in [*severities, *literals] if literal not in text] == []
