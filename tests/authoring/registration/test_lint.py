"""`lint` finds each breach in a registration by its requirement and on its line, and passes what is right."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vpc_backup_events import catalog
from vpc_backup_events.authoring.registration import KINDS, NothingReadError, kind_of, lint
from vpc_backup_events.making import corpus

pytest.importorskip("tree_sitter_hcl")
SEED = Path(__file__).parents[3] / "fixtures" / "documented" / "registration"
ACCOUNT, GUID = "be09dae34250437f96fc8b27ae7d233b", "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
CRN = f"crn:v1:bluemix:public:is:us-south:a/{ACCOUNT}::backup-policy:"
INSTANCE_CRN = f"crn:v1:bluemix:public:event-notifications:us-south:a/{ACCOUNT}:{GUID}::"
ROLE_ID = "crn:v1:bluemix:public:iam::::serviceRole:EventSourceManager"

SOURCE = """\
resource "ibm_en_source" "api" {
  instance_guid       = ibm_resource_instance.en.guid
  name                = "my application"
  description         = "its own events"
  enabled             = true
  store_notifications = false
}
"""
POLICY = """\
# lets Backup for VPC send events
resource "ibm_iam_authorization_policy" "backup" {
  source_service_name         = "is"
  source_resource_type        = "backup-policy"
  target_service_name         = "event-notifications"
  target_resource_instance_id = ibm_resource_instance.en.guid
  roles                       = ["Event Source Manager"]
}
"""
ROUTING = """\
resource "ibm_en_topic" "failures" {
  instance_guid = ibm_resource_instance.en.guid
  name          = "failed backup jobs"
  sources {
    id = var.source_id
    rules {
      enabled           = true
      event_type_filter = "$.*"
    }
  }
}

resource "ibm_en_destination_webhook" "hook" {
  instance_guid = ibm_resource_instance.en.guid
  name          = "on call"
  type          = "webhook"
  config {
    params {
      verb = "POST"
      url  = "https://example.com/events"
    }
  }
}

resource "ibm_en_subscription_webhook" "both" {
  instance_guid  = ibm_resource_instance.en.guid
  name           = "failed backup jobs to on call"
  topic_id       = ibm_en_topic.failures.topic_id
  destination_id = ibm_en_destination_webhook.hook.destination_id
  attributes {
    signing_enabled = true
  }
}
"""
EMAIL = """\
resource "ibm_en_subscription_email" "people" {
  instance_guid  = ibm_resource_instance.en.guid
  name           = "people on call"
  destination_id = local.email
  topic_id       = ibm_en_topic.failures.topic_id
  attributes {
    add_notification_payload = true
    from_name                = "Backup"
    reply_to_mail            = "on-call@example.com"
    reply_to_name            = "on call"
    invited                  = ["on-call@example.com"]
  }
}
"""
TEAMS = """\
resource "ibm_en_subscription_msteams" "team" {
  instance_guid  = ibm_resource_instance.en.guid
  name           = "the team"
  destination_id = ibm_en_destination_msteams.team.destination_id
  topic_id       = ibm_en_topic.failures.topic_id
}
"""
# a backup policy, and the authorizations that its jobs need
OWN = """\
resource "ibm_is_backup_policy" "daily" {
  match_user_tags = ["dev:a"]
  name            = "daily"
}
"""
for _type, _role in {
    "volume": "Operator",
    "instance": "Operator",
    "snapshot": "Editor",
    "snapshot-consistency-group": "Editor",
}.items():
    OWN += f"""
resource "ibm_iam_authorization_policy" "{_type}" {{
  source_service_name = "is"
  source_resource_type = "backup-policy"
  target_service_name = "is"
  target_resource_type = "{_type}"
  roles = ["{_role}"]
}}
"""
BACKUP = {"serviceName": "is", "resourceType": "backup-policy"}
CONFIG = """\
config {
    params {
      verb = "POST"
      url  = "https://example.com/others"
    }
  }"""
CREATE = f"""\
#!/bin/sh
set -e
ibmcloud event-notifications source-create --instance-id {GUID} --name "my application" \\
  --description 'its own events' --enabled
"""
AUTHORIZE = f"""\
ibmcloud iam authorization-policy-create is event-notifications "Event Source Manager" \\
  --source-resource-type backup-policy --target-service-instance-id {GUID}
"""
BODY = json.dumps(
    {
        "name": "Backup for VPC",
        "enabled": True,
        "description": "failed backup jobs",
        "source": CRN,
        "event_notifications_instance_crn": INSTANCE_CRN,
    },
    indent=2,
)
CURL = f"""\
curl -X POST "$BASE_URL/v1/instances/$INSTANCE/sources" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{BODY}'
"""


def policy(version, **members):
    """An IAM policy in the form of v1 or v2, and other members in the place of its own."""
    label = "name" if version == "v1" else "key"
    extra = {"operator": "stringEquals"}

    def attributes(**facts):
        return {"attributes": [{label: name, **extra, "value": value} for name, value in facts.items()]}

    subject = attributes(serviceName="is", resourceType="backup-policy", accountId=ACCOUNT)
    resource = attributes(accountId=ACCOUNT, serviceName="event-notifications", serviceInstance=GUID)
    roles = [{"role_id": ROLE_ID}]
    if version == "v1":
        made = {"type": "authorization", "subjects": [subject], "roles": roles, "resources": [resource]}
    else:
        control = {"grant": {"roles": roles}}
        made = {"type": "authorization", "control": control, "subject": subject, "resource": resource}
    return {name: value for name, value in {**made, **members}.items() if value is not None}


def text(version="v1", change=lambda text: text, **members):
    return change(json.dumps(policy(version, **members), indent=1))


def attributes(section, label="name", **facts):
    extra = [{label: name, "operator": "stringEquals", "value": value} for name, value in facts.items()]
    return {section: [{"attributes": extra}]}


def posted(version, body):
    return f"curl -X POST https://iam.cloud.ibm.com/{version}/policies -H \"Authorization: $T\" -d '{body}'\n"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_policy_that_is_no_json_is_told_by_its_address(version):
    broken = text(version).rstrip("}")
    (finding,) = lint(posted(version, broken), "shell").findings
    assert (finding.requirement, finding.level) == ("P37-iam-json", "warning")
    elsewhere = posted(version, broken.replace('"subject', '"who')).replace("/policies", "/else")
    assert lint(elsewhere, "shell").findings == ()


CONFORMING = {
    "source.tf": SOURCE,
    "routing.tf": ROUTING,
    "routing-variables.tf": ROUTING.replace('"https://example.com/events"', "var.url").replace('"on call"', "var.name"),
    "policy.tf": POLICY,
    "own.tf": OWN,
    "email.tf": EMAIL,
    "variables.tf": SOURCE.replace('"my application"', "var.name").replace("true", "var.enabled")
    + POLICY.replace('["Event Source Manager"]', "var.roles").replace('"is"', "local.service"),
    "data.tf": 'data "ibm_en_sources" "all" {\n  instance_guid = "x"\n}\n' + SOURCE,
    "policy.tf.json": json.dumps(
        {
            "resource": {
                "ibm_iam_authorization_policy": {
                    "backup": {
                        "source_service_name": "is",
                        "source_resource_type": "backup-policy",
                        "target_service_name": "event-notifications",
                        "target_resource_instance_id": "${ibm_resource_instance.en.guid}",
                        "roles": ["Event Source Manager"],
                    }
                }
            }
        }
    ),
    "create.sh": CREATE,
    "short.sh": CREATE.replace("event-notifications", "en"),
    "authorize.sh": AUTHORIZE,
    "variable.sh": AUTHORIZE.replace(GUID, "$EN_INSTANCE_ID").replace('"Event Source Manager"', '"$ROLE"'),
    "curl.sh": CURL,
    "filled.sh": CURL.replace(ACCOUNT, "'$ACCOUNT'"),
    "body.json": BODY,
    "v1.json": text("v1"),
    "v2.json": text("v2"),
    "v1.sh": posted("v1", text("v1")),
    "v2.sh": posted("v2", text("v2")),
    "all.md": f"# Connect\n\n```sh\n{CURL}```\n\n1. Then:\n\n   ```hcl\n{POLICY}   ```\n\n```json\n{BODY}\n```\n",
}
# requirement -> file, its content, and the line
BREACHES = {
    "P37-tf-source": ("a.tf", SOURCE.replace("enabled  ", "source = var.crn\n  enabled  "), 5),
    "P37-tf-ibm-source": ("a.tf", SOURCE.replace("my application", "Backup for VPC"), 3),
    "P37-tf-required": ("a.tf", SOURCE.replace('  name                = "my application"\n', ""), 1),
    "P37-tf-store-notifications": ("a.tf", SOURCE.replace("  store_notifications = false\n", ""), 1),
    "P37-tf-unfilled": ("a.tf", SOURCE.replace("its own events", "of {{account_id}}"), 4),
    "P37-tf-routing-required": ("a.tf", ROUTING.replace("  topic_id       = ibm_en_topic.failures.topic_id\n", ""), 25),
    "P37-tf-routing-name": ("a.tf", ROUTING.replace("failed backup jobs to on call", "n" * 51), 27),
    "P37-tf-webhook-type": ("a.tf", ROUTING.replace('"webhook"', '"slack"'), 16),
    "P37-tf-webhook-url": ("a.tf", ROUTING.replace("https:", "http:"), 20),
    "P37-tf-webhook-verb": ("a.tf", ROUTING.replace('"POST"', '"DELETE"'), 19),
    "P37-tf-iam-service": ("a.tf", POLICY.replace("event-notifications", "event-notification"), 5),
    "P37-tf-iam-role": ("a.tf", POLICY.replace("Event Source Manager", "EventSourceManager"), 7),
    "P37-tf-iam-subject": ("a.tf", POLICY.replace('"is"', '"server"'), 3),
    "P37-tf-iam-source-instance": (
        "a.tf",
        POLICY.replace("  target_service", "  source_resource_instance_id = var.id\n  target_service"),
        5,
    ),
    "P37-tf-iam-resources": ("a.tf", POLICY.replace("ibm_resource_instance", "ibm_event-notification_instance"), 6),
    "P37-tf-unknown-argument": ("a.tf", SOURCE.replace("enabled  ", "tags = []\n  enabled  "), 5),
    "P37-tf-computed": ("a.tf", ROUTING.replace("  sources {", "  topic_id = var.id\n  sources {"), 4),
    "P37-tf-block": ("a.tf", ROUTING.replace("  config {", "  config = {").replace("params {", "params = {"), 17),
    "P37-tf-block-count": ("a.tf", ROUTING.replace("  config {", f"  {CONFIG}\n  config {{"), 23),
    "P37-tf-type": ("a.tf", POLICY.replace('["Event Source Manager"]', '"Event Source Manager"'), 7),
    "P37-tf-value": ("a.tf", OWN.replace('["dev:a"]', '["dev:a"]\n  match_resource_type = "disk"'), 3),
    "P37-tf-conflict": (
        "a.tf",
        OWN.replace('"is"\n', '"is"\n  subject_attributes {\n    name = "a"\n    value = "b"\n  }\n', 1),
        8,
    ),
    "P37-tf-one-of": ("a.tf", POLICY.replace('  source_service_name         = "is"\n', ""), 2),
    "P37-tf-reference": ("a.tf", ROUTING.replace("failures.topic_id", "failures.id"), 28),
    "P37-tf-filter": ("a.tf", ROUTING.replace("var.source_id", f'"{CRN}"').replace("$.*", "$[?("), 8),
    "P37-tf-subscription-attributes": ("a.tf", EMAIL.replace("    from_name", "    # from_name"), 6),
    "P37-tf-teams-attributes": ("a.tf", TEAMS, 1),
    "P37-backup-authorization": (
        "a.tf",
        OWN.replace('target_resource_type = "volume"', 'target_resource_type = "share"'),
        1,
    ),
    "P37-other-role": ("a.tf", POLICY.replace("Event Source Manager", "Reader"), 7),
    "P37-cli-iam-subject": ("a.sh", AUTHORIZE.replace("--source-resource-type backup-policy ", ""), 1),
    "P37-cli-iam-source-instance": (
        "a.sh",
        AUTHORIZE.replace("--target", f"--source-service-instance-id {GUID} --target"),
        2,
    ),
    "P37-iam-source-instance": (
        "a.json",
        text(**attributes("subjects", accountId=ACCOUNT, serviceInstance=GUID, **BACKUP)),
        14,
    ),
    "P37-cli-command": ("a.sh", CREATE.replace("source-create", "sources-create"), 3),
    "P37-cli-source": ("a.sh", CREATE.replace("--enabled", f"--source {CRN}"), 4),
    "P37-cli-required": ("a.sh", CREATE.replace(f"--instance-id {GUID} ", ""), 3),
    "P37-cli-option": ("a.sh", CREATE.replace("--enabled", "--type api"), 4),
    "P37-cli-value": ("a.sh", CREATE.replace("my application", "n" * 256), 3),
    "P37-cli-quoted": ("a.sh", CREATE.replace("'its own events'", "its own events"), 4),
    "P37-cli-iam-service": ("a.sh", AUTHORIZE.replace("event-notifications", "event-notification"), 1),
    "P37-cli-iam-role": ("a.sh", AUTHORIZE.replace('"Event Source Manager"', "EventSourceManager"), 1),
    "P37-cli-iam-target": ("a.sh", AUTHORIZE.replace("target-service-instance-id", "target-resource-instance"), 2),
    "P37-cli-iam-variable": ("a.sh", AUTHORIZE.replace(GUID, "$en-instance-ID"), 2),
    "P37-curl-continued": ("a.sh", CURL.replace('json" \\', 'json"'), 3),
    "P37-body-placeholders": ("a.json", BODY.replace("failed backup jobs", "<description>"), 4),
    "P37-crn-form": ("a.json", BODY.replace(CRN, "com.ibm.cloud.is.backup-policy"), 5),
    "P37-crn-region": ("a.sh", CURL.replace("is:us-south", "is:us-north"), 8),
    "P37-crn-no-policy": ("a.json", BODY.replace(CRN, CRN + "r006-1"), 5),
    "P37-iam-json": ("a.json", text(change=lambda t: t.replace('"role_id":', '"role_id"')), 26),
    "P37-iam-type": ("a.json", text(type="access"), 2),
    "P37-iam-version": ("a.sh", posted("v2", text("v1")), 1),
    "P37-iam-roles": ("a.json", text(roles=[]), 24),
    "P37-iam-role-id": ("a.json", text(change=lambda t: t.replace("serviceRole", "role")), 26),
    "P37-iam-resources": ("a.json", text(change=lambda t: t.replace('"resources"', '"resource"')), 29),
    "P37-iam-attribute-name": ("a.json", text("v2", lambda t: t.replace('"key"', '"name"')), 15),
    "P37-iam-account-subject": (
        "a.json",
        text(**attributes("subjects", serviceName="is", resourceType="backup-policy")),
        3,
    ),
    "P37-iam-account-resource": (
        "a.json",
        text(**attributes("resources", serviceName="event-notifications", serviceInstance=GUID)),
        29,
    ),
    "P37-iam-same-account": (
        "a.json",
        text(**attributes("resources", accountId="0" * 32, serviceName="event-notifications", serviceInstance=GUID)),
        35,
    ),
    "P37-iam-service-instance": ("a.json", text(change=lambda t: t.replace("serviceInstance", "instanceId")), 45),
    "P37-iam-subject": ("a.json", text(change=lambda t: t.replace('"is"', '"server"')), 9),
    "P37-iam-target": ("a.json", text(change=lambda t: t.replace('"event-notifications"', '"event-notification"')), 40),
}
# what the documentation's own forms get
DOCUMENTED = {
    "create-source.json": {"P37-body-placeholders"},
    "create-source.sh": {"P37-body-placeholders", "P37-curl-continued"},
    "en_source.tf": {"P37-tf-ibm-source", "P37-tf-source", "P37-tf-store-notifications", "P37-tf-unfilled"},
    "sources-create.sh": {"P37-cli-command", "P37-cli-quoted", "P37-cli-source"},
}
# the forms of the page about authorizations, as the fact sheet quotes them
AUTHORIZATIONS = {
    "cli.sh": (
        "ibmcloud iam authorization-policy-create is event-notification EventSourceManager"
        " --source-resource-type backup-policy --target-resource-instance $en-instance-ID\n",
        {"P37-cli-iam-service", "P37-cli-iam-role", "P37-cli-iam-target", "P37-cli-iam-variable"},
    ),
    "policy.tf": (
        """\
resource "ibm_iam_authorization_policy" "policy" {
  source_service_name         = "is"
  source_resource_type        = "backup-policy"
  source_resource_instance_id = ibm_backup-policy_instance.instance.guid
  target_service_name         = "event-notification"
  target_resource_instance_id = ibm_event-notification_instance.instance.guid
  roles                       = ["EventSourceManager"]
}
""",
        {"P37-tf-iam-service", "P37-tf-iam-role", "P37-tf-iam-source-instance", "P37-tf-iam-resources"},
    ),
    # the page ends lines with an option, and has the value on the next one
    "lines.sh": (
        "curl -X POST 'https://iam.cloud.ibm.com/v2/policies' -H\n'Authorization: Bearer $T' -H\n"
        "'Content-Type: application/json' -d\n'"
        + text(type="access", change=lambda policy: policy.replace("event-notifications", "event-notification"))
        + "'\n",
        {"P37-curl-continued", "P37-iam-version", "P37-iam-type", "P37-iam-target"},
    ),
    "api.sh": (
        posted(
            "v2",
            """{
  "type": "access",
  "subjects": [{"attributes": [
    {"name": "serviceName", "value": "is"}, {"name": "resourceType", "value": "backup-policy"}]}],
  "roles": [{"role_id" "crn:v1:bluemix:public:iam::::role:EventSourceManager"}],
  "resource": [{"attributes": [
    {"name": "serviceName", "value": "event-notifications"}, {"name": "instanceId", "value": "1"}]}]
}""",
        ),
        {
            "P37-iam-json",
            "P37-iam-type",
            "P37-iam-version",
            "P37-iam-role-id",
            "P37-iam-resources",
            "P37-iam-account-subject",
            "P37-iam-account-resource",
            "P37-iam-service-instance",
        },
    ),
}


def ids(report):
    return {finding.requirement for finding in report.findings}


@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize("name", CONFORMING)
def test_what_is_right_has_no_finding(name, profile):
    report = lint(CONFORMING[name], kind_of(name), profile, name)
    assert [(f.requirement, f.source.line, f.message) for f in report.findings] == []
    assert report.events > 0
    assert report.ok


@pytest.mark.parametrize("requirement", BREACHES)
def test_a_breach_is_found_by_its_requirement_on_its_line_and_nothing_else(requirement):
    name, content, line = BREACHES[requirement]
    for profile in ("documented", "strict"):
        report = lint(content, kind_of(name), profile, name)
        if catalog.requirements[requirement].profiles[profile] == "none":
            assert ids(report) == set()
            continue
        assert ids(report) == {requirement}, [(f.requirement, f.message) for f in report.findings]
        finding = report.findings[0]
        assert (finding.source.file, finding.source.line) == (name, line)
        assert finding.level == catalog.requirements[requirement].profiles[profile]
        assert "{" not in finding.message.replace("{{account_id}}", "")
        assert finding.hint
        assert finding.doc


def test_every_requirement_of_registrations_has_a_breach():
    checked = {r.id for r in catalog.requirements.values() if r.check == "lint" and r.status == "checked"}
    assert checked == set(BREACHES)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_forms_of_the_documentation_warn_and_are_errors_in_strict(name):
    content = (SEED / name).read_bytes()
    report = lint(content, kind_of(name), "documented", name)
    assert ids(report) == DOCUMENTED[name]
    assert "error" not in {f.level for f in report.findings}
    assert report.ok
    assert not lint(content, kind_of(name), "strict", name).ok


@pytest.mark.parametrize("name", AUTHORIZATIONS)
def test_the_documented_authorizations_get_what_the_ledger_predicts(name):
    content, expected = AUTHORIZATIONS[name]
    report = lint(content, kind_of(name), "documented", name)
    assert ids(report) == expected
    assert report.ok
    assert not lint(content, kind_of(name), "strict", name).ok


def test_lines_of_a_command_that_is_not_continued_are_those_of_the_file():
    content, _ = AUTHORIZATIONS["lines.sh"]
    report = lint(content, "shell", "strict")
    continued = [f.source.line for f in report.findings if f.requirement == "P37-curl-continued"]
    assert continued == [1, 2, 3]
    (target,) = [f for f in report.findings if f.requirement == "P37-iam-target"]
    assert '"event-notification"' in content.splitlines()[target.source.line - 1]


@pytest.mark.parametrize(
    "content",
    [
        "ibmcloud iam authorization-policy-create is kms Reader --source-resource-type volume\n",
        'curl https://example.com/health -d \'{"name": "x"}\'\n',
        "echo curl; ls -l\n",
        "ibmcloud en topics --instance-id x\n",
    ],
)
def test_what_is_about_something_else_is_left_alone(content):
    report = lint(content, "shell")
    assert (report.events, report.findings) == (0, ())


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("terraform", 'resource "ibm_en_source" {'),
        ("terraform-json", '{"ibm_en_source"'),
        ("json", '{"event_notifications_instance_crn"'),
        ("json", b"event-notifications \xff"),
    ],
)
def test_what_can_not_be_read_says_so(kind, content):
    with pytest.raises(NothingReadError, match="the file of the test"):
        lint(content, kind, name="the file of the test")


def judged(data, kind):
    """How many registrations there are; none where the file can't be read, which is said."""
    try:
        return lint(data, kind).events
    except NothingReadError:
        return 0


@given(st.sampled_from(KINDS), st.binary(max_size=200) | st.sampled_from(sorted(CONFORMING.values())).map(str.encode))
def test_any_bytes_give_a_report_or_say_why_not(kind, data):
    assert judged(data, kind) >= 0


@given(st.data())
def test_a_damaged_registration_gives_a_report_or_says_why_not(data):
    name = data.draw(st.sampled_from(sorted(CONFORMING)))
    content = CONFORMING[name]
    begin = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(begin, len(content)))
    assert judged(content[:begin] + content[end:], kind_of(name)) >= 0


@pytest.mark.parametrize("kind", ["json", "terraform-json", "terraform", "shell", "markdown"])
def test_deep_nesting_is_no_crash(kind):
    content = {"terraform": "a = " + "[" * 5_000, "markdown": "```json\n" + "[" * 100_000}.get(kind, "[" * 100_000)
    assert judged(content, kind) == 0


def run(*arguments, **options):
    command = [sys.executable, "-m", "vpc_backup_events", "lint", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def test_the_command_line_reads_folders(tmp_path):
    (tmp_path / "connect").mkdir()
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "module.tf").write_text("resource {")
    (tmp_path / "connect" / "main.tf").write_text(SOURCE)
    (tmp_path / "README.md").write_text(CONFORMING["all.md"])
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 registrations: conforms (documented profile)" in done.stdout
    (tmp_path / "connect" / "authorize.sh").write_text(BREACHES["P37-cli-iam-role"][1])
    done = run(tmp_path, "--profile", "strict", "--format", "json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["requirement"] == "P37-cli-iam-role"
    assert finding["source"] == {"file": str(tmp_path / "connect" / "authorize.sh"), "line": 1}


def test_the_command_line_names_file_and_line(tmp_path):
    path = tmp_path / "a.tf"
    path.write_text(BREACHES["P37-tf-iam-subject"][1])
    done = run(path)
    assert done.returncode == 1
    assert f"{path}:3:/source_service_name P37-tf-iam-subject" in done.stdout


def test_the_command_line_says_what_it_could_not_read(tmp_path):
    (tmp_path / "a.tf").write_text('resource "ibm_en_topic" {')
    (tmp_path / "b.tf").write_text(SOURCE)
    done = run(tmp_path)
    assert done.returncode == 2
    assert "a.tf can't be read as Terraform: line 1, column " in done.stderr
    assert "1 registration: conforms" in done.stdout
    assert run("-", input=CREATE).returncode == 0
    assert run("-", "--as", "json", input=BODY).returncode == 0
    done = run("-", "--as", "json", input="{}")
    assert done.returncode == 2
    assert "No input holds a registration" in done.stderr
    for each in (run(tmp_path / "none.tf"), run("-", input="x")):
        assert each.returncode == 2
        assert "Traceback" not in each.stderr


def test_a_folder_is_not_failed_by_files_of_others(tmp_path):
    (tmp_path / "main.tofu").write_text(SOURCE)
    (tmp_path / "broken.tf").write_text('resource "aws_instance" "a" {\n  x = "\n')
    (tmp_path / "data.tf").write_text('data "ibm_en_topic" "a" {\n  x = "\n')
    (tmp_path / "tsconfig.json").write_text('{ // a comment\n  "a": 1,\n}\n')
    (tmp_path / "latin.md").write_bytes(b"caf\xe9")
    (tmp_path / "large.json").write_text("[" + "1," * 10_000_000 + "1]")
    (tmp_path / "quotes.sh").write_text("echo \"it's\n")
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 registration: conforms" in done.stdout


def test_the_command_line_says_what_it_looked_for_and_what_it_read(tmp_path):
    (tmp_path / "a.tf").write_text('resource "ibm_is_vpc" "a" {\n}\n')
    (tmp_path / "b.tf").write_text("")
    (tmp_path / "c.json").write_text("{}")
    (tmp_path / "d.txt").write_text(SOURCE)
    done = run(tmp_path)
    assert done.returncode == 2
    assert (
        "No input holds a registration. Read: 1 json file, 2 terraform files; 1 file left out for the name"
        in done.stderr
    )
    assert "Looked for: resources ibm_en_*, ibm_is_backup_policy*" in done.stderr
    assert run(tmp_path, "--allow-none").returncode == 0


def test_the_command_line_looks_for_authorizations_in_all_inputs(tmp_path):
    parts = OWN.split("\n\n")
    (tmp_path / "policy.tf").write_text(parts[0])
    (tmp_path / "authorizations.tf").write_text("\n\n".join(parts[1:]))
    done = run(tmp_path, "--profile", "strict")
    assert "5 registrations: conforms" in done.stdout
    assert "P37-backup-authorization" not in done.stdout
    (tmp_path / "authorizations.tf").write_text("\n\n".join(parts[2:]))
    done = run(tmp_path)
    assert done.returncode == 0
    assert f"{tmp_path / 'policy.tf'}:1:/volume P37-backup-authorization" in done.stdout
    assert "service-to-service-policy-missing" in done.stdout


def test_the_page_has_only_what_is_right():
    page = (Path(__file__).parents[3] / "docs" / "registration.md").read_bytes()
    report = lint(page, "markdown", "strict")
    assert [(f.requirement, f.source.line) for f in report.findings] == []
    assert report.events == 9


CASES = [case for case in corpus.cases() if case.kind == "registration"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_lint_says_what_the_manifest_says(case):
    for profile, expected in case.lint.items():
        report = lint(case.data, kind_of(case.file), profile)
        assert (report.ok, ids(report)) == (expected.ok, expected.findings)
        assert {(f.requirement, f.source.line) for f in report.findings} == {
            (requirement, line) for requirement, lines in expected.lines.items() for line in lines
        }
        assert report.events > 0


def test_the_corpus_has_every_breach_and_what_is_right():
    assert {case.requirement: case.lint["strict"].findings for case in CASES if case.requirement} == {
        requirement: {requirement} for requirement in BREACHES
    }
    assert all(not case.lint["strict"].findings for case in CASES if "/valid/" in case.file)
    assert all(case.lint["documented"].ok for case in CASES if case.file.startswith("documented/"))


@pytest.mark.parametrize("written", ["colour = 1", "colour {}", "colour {\n  a = 1\n}"])
def test_what_the_provider_does_not_have_is_named(written):
    (finding,) = lint(SOURCE.replace("enabled  ", f"{written}\n  enabled  "), "terraform", "documented").findings
    assert "`colour`" in finding.message
