"""The same authorization gets the same verdict in Terraform, as attributes, on a command line, and as a body."""

import json

import pytest

from vpc_backup_events.authoring.registration import kind_of, lint

pytest.importorskip("tree_sitter_hcl")
pytest.importorskip("tree_sitter_bash")
ACCOUNT, GUID = "be09dae34250437f96fc8b27ae7d233b", "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
ROLE_ID = "crn:v1:bluemix:public:iam::::serviceRole:EventSourceManager"


def terraform(
    source="is", type="backup-policy", target="event-notifications", role="Event Source Manager", instance=""
):
    arguments = {
        "source_service_name": source,
        "source_resource_type": type,
        "source_resource_instance_id": instance,
        "target_service_name": target,
        "target_resource_instance_id": GUID,
    }
    inside = "".join(f'  {name} = "{value}"\n' for name, value in arguments.items() if value)
    return "a.tf", f'resource "ibm_iam_authorization_policy" "a" {{\n{inside}  roles = ["{role}"]\n}}\n'


def attributes(
    source="is", type="backup-policy", target="event-notifications", role="Event Source Manager", instance=""
):
    def blocks(kind, **facts):
        return "".join(
            f'  {kind}_attributes {{\n    name = "{name}"\n    value = "{value}"\n  }}\n'
            for name, value in facts.items()
            if value
        )

    subject = blocks("subject", accountId=ACCOUNT, serviceName=source, resourceType=type, serviceInstance=instance)
    resource = blocks("resource", accountId=ACCOUNT, serviceName=target, serviceInstance=GUID)
    return "b.tf", f'resource "ibm_iam_authorization_policy" "a" {{\n  roles = ["{role}"]\n{subject}{resource}}}\n'


def command(source="is", type="backup-policy", target="event-notifications", role="Event Source Manager", instance=""):
    options = f" --source-resource-type {type}" if type else ""
    options += f" --source-service-instance-id {instance}" if instance else ""
    words = f'ibmcloud iam authorization-policy-create {source} {target} "{role}"'
    return "c.sh", f"{words} --target-service-instance-id {GUID}{options}\n"


def body(source="is", type="backup-policy", target="event-notifications", role="Event Source Manager", instance=""):
    def section(**facts):
        named = [{"key": name, "operator": "stringEquals", "value": value} for name, value in facts.items() if value]
        return {"attributes": named}

    # a body names the role by its id
    spelled = {"Event Source Manager": ROLE_ID, "EventSourceManager": ROLE_ID.replace("serviceRole", "role")}
    id = spelled.get(role, f"crn:v1:bluemix:public:iam::::role:{role}")
    policy = {
        "type": "authorization",
        "control": {"grant": {"roles": [{"role_id": id}]}},
        "subject": section(accountId=ACCOUNT, serviceName=source, resourceType=type, serviceInstance=instance),
        "resource": section(accountId=ACCOUNT, serviceName=target, serviceInstance=GUID),
    }
    return "d.json", json.dumps(policy, indent=1)


FORMS = (terraform, attributes, command, body)
SERVICE = {"P37-tf-iam-service", "P37-cli-iam-service", "P37-iam-target"}
SPELLING = {"P37-tf-iam-role", "P37-cli-iam-role", "P37-iam-role-id"}
SUBJECT = {"P37-tf-iam-subject", "P37-cli-iam-subject", "P37-iam-subject"}
INSTANCE = {"P37-tf-iam-source-instance", "P37-cli-iam-source-instance", "P37-iam-source-instance"}
# what is other than it should be -> the requirements that say so, and whether it is an authorization of ours
VERDICTS = {
    "nothing": ({}, None, True),
    "the singular": ({"target": "event-notification"}, SERVICE, True),
    "the page's role": ({"role": "EventSourceManager"}, SPELLING, True),
    "another role": ({"role": "Reader"}, {"P37-other-role"}, True),
    "no type": ({"type": ""}, SUBJECT, True),
    "another type": ({"type": "share"}, SUBJECT, True),
    "another service of the source": ({"source": "server"}, SUBJECT, True),
    "an instance of the source": ({"instance": GUID}, INSTANCE, True),
    "of another service": ({"source": "secrets-manager", "type": ""}, None, False),
    "of another service with a wrong role": ({"source": "kms", "type": "", "role": "Reader"}, None, False),
    "towards another service": ({"target": "kms", "role": "Reader"}, None, False),
    "its own work": ({"target": "is", "role": "Editor"}, None, True),
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("name", sorted(VERDICTS))
def test_an_authorization_gets_the_same_verdict_in_every_form(name, form):
    changes, requirements, is_ours = VERDICTS[name]
    file, content = form(**changes)
    report = lint(content, kind_of(file), "strict", file)
    assert report.events == is_ours
    if requirements is None:
        assert report.findings == ()
        return
    (finding,) = report.findings
    assert finding.requirement in requirements


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("changes", [{"target": "event-notification"}, {"role": "EventSourceManager"}], ids=str)
def test_the_answer_of_iam_to_the_forms_of_the_page_can_be_searched_for(form, changes):
    file, content = form(**changes)
    report = lint(content, kind_of(file), "strict", file)
    assert "RoleDoesnotExist: Event Source Manager was not found. Valid roles are NONE" in report.findings[0].message


@pytest.mark.parametrize(
    "value",
    [
        {"name": "a", "source": "b"},
        {"name": "key", "source": GUID, "role": "Writer"},
        {"name": "a", "source": "crn:v1:bluemix:public:kms:us-south:a/1:2::"},
        {"name": "a", "event_notifications_instance_crn": "crn:v1:bluemix:public:event-notifications:eu-de:a/1:2::"},
        {"type": "access", "subjects": [{"attributes": []}], "roles": [], "resources": [{"attributes": []}]},
        {"backup-policy": True, "event-notifications": [1, 2]},
        ["backup-policy"],
        "backup-policy",
    ],
    ids=str,
)
def test_a_body_for_something_else_is_neither_counted_nor_accused(value):
    report = lint(json.dumps(value), "json", "strict")
    assert (report.events, report.findings) == (0, ())


def test_lines_are_those_of_the_members():
    file, content = body(target="event-notification", role="Reader", type="share")
    lines = content.splitlines()
    report = lint(content, "json", "strict", file)
    assert {f.requirement: lines[f.source.line - 1].strip() for f in report.findings} == {
        "P37-other-role": '"role_id": "crn:v1:bluemix:public:iam::::role:Reader"',
        "P37-iam-subject": '"value": "share"',
        "P37-iam-target": '"value": "event-notification"',
    }
    file, content = body()
    (finding,) = lint(content.replace('"role_id":', '"role_id"'), "json", "strict").findings
    assert finding.requirement == "P37-iam-json"
    assert '"role_id"' in lines[finding.source.line - 1]


@pytest.mark.parametrize("form", [attributes, body], ids=lambda form: form.__name__)
def test_attributes_get_the_same_verdict_in_terraform_and_in_a_body(form):
    file, content = form()
    for change, expected in {
        ("accountId", "id"): {"P37-iam-account-subject", "P37-iam-account-resource"},
        ("serviceInstance", "instanceId"): {"P37-iam-service-instance"},
    }.items():
        report = lint(content.replace(*change), kind_of(file), "strict", file)
        assert {f.requirement for f in report.findings} == expected
    other = "0" * 32
    begin = content.rindex(ACCOUNT)
    report = lint(content[:begin] + other + content[begin + len(ACCOUNT) :], kind_of(file), "strict", file)
    (finding,) = report.findings
    assert finding.requirement == "P37-iam-same-account"
    changed = (content[:begin] + other).count("\n") + 1
    assert finding.source.line == changed
