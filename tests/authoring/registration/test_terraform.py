"""Terraform as people write it: every form is read, with its lines, and judged as the provider would judge it."""

import json

import pytest

from vpc_backup_events.authoring.registration import NothingReadError, Registrations, kind_of, lint

pytest.importorskip("tree_sitter_hcl")
CRN = "crn:v1:bluemix:public:is:us-south:a/be09dae34250437f96fc8b27ae7d233b::backup-policy:"

TOPIC = """\
resource "ibm_en_topic" "failures" {
  instance_guid = ibm_resource_instance.en.guid
  name          = "failed backup jobs"
"""
WEBHOOK = """\
resource "ibm_en_destination_webhook" "hook" {
  instance_guid = ibm_resource_instance.en.guid
  name          = "on call"
  type          = "webhook"
"""
EMAIL = """\
resource "ibm_en_subscription_email" "people" {
  instance_guid  = ibm_resource_instance.en.guid
  name           = "people on call"
  destination_id = data.ibm_en_destinations.all.destinations[0].id
  topic_id       = ibm_en_topic.failures.topic_id
"""
IBM_SOURCE = """\
resource "ibm_en_ibmsource" "backup" {
  instance_guid       = ibm_resource_instance.en.guid
  enabled             = true
  store_notifications = false
"""
TEAMS = """\
resource "ibm_en_subscription_msteams" "team" {
  instance_guid  = ibm_resource_instance.en.guid
  name           = "the team"
  destination_id = ibm_en_destination_msteams.team.destination_id
  topic_id       = ibm_en_topic.failures.topic_id
"""
SOURCE = """\
resource "ibm_en_source" "api" {
  instance_guid       = ibm_resource_instance.en.guid
  name                = "my application"
  enabled             = true
  store_notifications = false
"""


def attributes(kind, **facts):
    return "".join(
        f'  {kind}_attributes {{\n    name  = "{name}"\n    value = {value}\n  }}\n' for name, value in facts.items()
    )


def authorization(role="Event Source Manager", subject=None, **resource):
    subject = subject or {"accountId": "local.account", "serviceName": '"is"', "resourceType": '"backup-policy"'}
    inside = attributes("subject", **subject) + attributes("resource", **resource)
    return f'resource "ibm_iam_authorization_policy" "a" {{\n  roles = ["{role}"]\n{inside}}}\n'


EN = {"accountId": "local.account", "serviceName": '"event-notifications"', "serviceInstance": "local.en"}
VOLUME = {"accountId": "local.account", "serviceName": '"is"', "volumeId": '"true"'}

# name of the file, its content; all of it is right
RIGHT = {
    "no-description.tf": SOURCE + "}\n",
    "null-is-unset.tf": SOURCE + "  source_id   = null\n  description = null\n}\n",
    "meta-arguments.tf": SOURCE
    + "  provider = ibm.eu\n  count = 1\n  depends_on = [ibm_en_topic.a]\n"
    + "  lifecycle {\n    ignore_changes = [name]\n  }\n"
    + '  timeouts {\n    create = "5m"\n  }\n}\n',
    "url-later.tf": WEBHOOK
    + '  config {\n    params {\n      url  = "https${var.rest}"\n      verb = "${var.verb}"\n    }\n  }\n}\n',
    "one-config-or-another.tf": WEBHOOK
    + '  dynamic "config" {\n    for_each = var.hooks\n    content {}\n  }\n  config {}\n}\n',
    "towards-backup.tf": authorization(
        "Editor",
        {"accountId": "local.account", "serviceName": '"project"'},
        accountId="local.account",
        resourceType='"backup-policy"',
    ),
    "meta-arguments.tf.json": json.dumps(
        {
            "resource": {
                "ibm_en_topic": {
                    "a": {
                        "instance_guid": "${local.en}",
                        "name": "a",
                        "provider": "ibm.eu",
                        "lifecycle": {"ignore_changes": ["name"]},
                        "sources": [],
                    }
                }
            }
        }
    ),
    "text-for-numbers.tf": SOURCE.replace("= true", '= "true"').replace('"my application"', "5") + "}\n",
    "later.tf": TOPIC.replace('"failed backup jobs"', "var.name")
    + "  sources {\n    id = local.ids[0]\n    rules {\n      enabled = var.enabled\n    }\n  }\n}\n",
    "dynamic.tf": TOPIC
    + '  dynamic "sources" {\n    for_each = var.sources\n    content {\n      id = sources.value\n    }\n  }\n}\n',
    "dynamic-configs.tf": WEBHOOK
    + '  dynamic "config" {\n    for_each = var.hooks\n    content {\n      params {\n        url  = config.value\n'
    + '        verb = "POST"\n      }\n    }\n  }\n  dynamic "config" {\n    for_each = []\n    content {}\n  }\n}\n',
    "attributes.tf": authorization(**EN),
    "own-attributes.tf": authorization("Operator", **VOLUME),
    "main.tofu": TOPIC + "}\n",
    "ibm-source.tf": IBM_SOURCE + f'  source_id = "{CRN}"\n}}\n',
    "ibm-source-later.tf": IBM_SOURCE + '  source_id = [for s in local.sources : s.id if s.type == "is"].0\n}\n',
    "email.tf": EMAIL
    + '  attributes {\n    add_notification_payload = true\n    reply_to_mail = "a@example.com"\n'
    + '    reply_to_name = "A"\n    from_name = "B"\n    invited = ["c@example.com"]\n  }\n}\n',
    "crlf.tf": (SOURCE + "}\n").replace("\n", "\r\n"),
    "bom.tf": "\ufeff" + SOURCE + "}\n",
    "exponent.tf": SOURCE + "}\nlocals {\n  a = 1e5\n  b = 2E-3\n}\n",
    "here-document.tf": SOURCE + '  description = <<-EOT\n    it\'s "fine" }\n    EOT  \n}\n',
    "comments.tf": "/* resource */ # {\n" + SOURCE.replace("= true", '= true // " {') + "}\n",
    "other-source.tf": TOPIC
    + '  sources {\n    id = "crn:v1:bluemix:public:logs:eu-de:a/1:2::"\n'
    + '    rules {\n      event_type_filter = "$.x =="\n'
    + "    }\n  }\n}\n",
    "backup-filter.tf": TOPIC
    + f'  sources {{\n    id = "{CRN}"\n    rules {{\n'
    + "      event_type_filter = \"$.type == 'com.ibm.cloud.is.backup-policy.backup-volume-creation'\"\n"
    + "    }\n  }\n}\n",
    "lists.tf.json": json.dumps(
        {
            "resource": [
                {"ibm_en_topic": {"a": [{"instance_guid": "${local.en}", "name": "a", "sources": {"id": "x"}}]}},
                {"ibm_en_topic": [{"b": {"instance_guid": "${local.en}", "name": "b", "sources": [{"id": "x"}]}}]},
            ]
        }
    ),
    "dynamic.tf.json": json.dumps(
        {
            "//": "a comment",
            "resource": {
                "ibm_en_topic": {
                    "a": {
                        "//": "another",
                        "instance_guid": "${local.en}",
                        "name": "failures in ${var.region}",
                        "dynamic": {"sources": {"for_each": "${var.all}", "content": {"id": "${sources.value}"}}},
                    }
                }
            },
        }
    ),
    "plan.json": json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.9.0",
            "planned_values": {
                "root_module": {
                    "resources": [
                        {
                            "mode": "managed",
                            "type": "ibm_iam_authorization_policy",
                            "name": "backup",
                            "values": {
                                "source_service_name": "is",
                                "source_resource_type": "backup-policy",
                                "target_service_name": "event-notifications",
                                "roles": ["Event Source Manager"],
                                "description": None,
                            },
                        },
                        {"mode": "data", "type": "ibm_en_topic", "name": "x", "values": {"name": "n" * 300}},
                    ],
                    "child_modules": [
                        {"resources": [{"type": "ibm_en_topic", "name": "x", "values": {"name": "a", "topic_id": "b"}}]}
                    ],
                }
            },
        }
    ),
}

# name of the file -> its content, and the line of each finding
WRONG = {
    "a-source-without-id.tf": (TOPIC + "  sources {\n    rules {\n    }\n  }\n}\n", {"P37-tf-routing-required": [4]}),
    "webhook-without-url.tf": (
        WEBHOOK + '  config {\n    params {\n      verb = "POST"\n    }\n  }\n}\n',
        {"P37-tf-routing-required": [6]},
    ),
    "config-as-argument.tf": (WEBHOOK + "  config = {\n    params = {}\n  }\n}\n", {"P37-tf-block": [5]}),
    "two-configs.tf": (WEBHOOK + "  config {\n  }\n\n  config {\n  }\n}\n", {"P37-tf-block-count": [8]}),
    "params-twice.tf": (
        WEBHOOK + '  config {\n    params {\n      url = var.a\n      verb = "GET"\n    }\n    params {\n'
        '      url = var.b\n      verb = "GET"\n    }\n  }\n}\n',
        {"P37-tf-block-count": [10]},
    ),
    "argument-as-block.tf": (SOURCE + "  description {\n  }\n}\n", {"P37-tf-block": [6]}),
    "url-of-another-scheme.tf": (
        WEBHOOK + '  config {\n    params {\n      verb = "POST"\n      url = "http://${var.host}"\n    }\n  }\n}\n',
        {"P37-tf-webhook-url": [8]},
    ),
    "unknown-block.tf": (SOURCE + "  rules {\n  }\n}\n", {"P37-tf-unknown-argument": [6]}),
    "unknown-inside.tf": (
        TOPIC + '  sources {\n    id   = "x"\n    name = "y"\n  }\n}\n',
        {"P37-tf-unknown-argument": [6]},
    ),
    "teams-attributes.tf": (
        TEAMS + "  attributes {\n  }\n}\n",
        {"P37-tf-unknown-argument": [6], "P37-tf-teams-attributes": [1]},
    ),
    "id.tf": (SOURCE + '  id = "x"\n}\n', {"P37-tf-computed": [6]}),
    "null-is-missing.tf": (SOURCE.replace('"my application"', "null") + "}\n", {"P37-tf-required": [1]}),
    "a-number-as-bool.tf": (SOURCE.replace("= true", "= 7") + "}\n", {"P37-tf-type": [4]}),
    "a-list-of-lists.tf": (
        EMAIL
        + '  attributes {\n    add_notification_payload = true\n    reply_to_mail = "a"\n    reply_to_name = "A"\n'
        '    from_name = "B"\n    invited = [["c"]]\n  }\n}\n',
        {"P37-tf-type": [11]},
    ),
    "email-without-attributes.tf": (EMAIL + "}\n", {"P37-tf-subscription-attributes": [1]}),
    "email-without-people.tf": (
        EMAIL
        + '  attributes {\n    add_notification_payload = true\n    reply_to_mail = "a"\n    reply_to_name = "A"\n'
        '    from_name = "B"\n  }\n}\n',
        {"P37-tf-subscription-attributes": [6]},
    ),
    "ibm-source-store.tf": (
        IBM_SOURCE.replace("  store_notifications = false\n", "") + f'  source_id = "{CRN}"\n}}\n',
        {"P37-tf-store-notifications": [1]},
    ),
    "ibm-source-of-a-policy.tf": (
        IBM_SOURCE + "  source_id = ibm_is_backup_policy.daily.crn\n}\n",
        {"P37-crn-no-policy": [5]},
    ),
    "topic-of-no-registration.tf": (
        TOPIC + '  sources {\n    id = "com.ibm.cloud.is.backup-policy"\n  }\n}\n',
        {"P37-crn-form": [5]},
    ),
    "topic-in-no-region.tf": (
        TOPIC + f'  sources {{\n    id = "{CRN.replace("us-south", "us-north")}"\n  }}\n}}\n',
        {"P37-crn-region": [5]},
    ),
    "topic-filter.tf": (
        TOPIC + f'  sources {{\n    id = "{CRN}"\n    rules {{\n      enabled = true\n\n'
        "      notification_filter = \"$.details.job_type == 'creation'\"\n    }\n  }\n}\n",
        {"P03-filter-attribute": [9], "P37-filter-never": [9]},
    ),
    "guid.tf": (SOURCE.replace("en.guid", "en.id") + "}\n", {"P37-tf-reference": [2]}),
    "guid-in-text.tf": (
        SOURCE.replace("ibm_resource_instance.en.guid", '"${ibm_resource_instance.en[0].id}"') + "}\n",
        {"P37-tf-reference": [2]},
    ),
    "destination.tf": (
        TEAMS.replace("team.destination_id", "team.id") + "}\n",
        {"P37-tf-reference": [4], "P37-tf-teams-attributes": [1]},
    ),
    "role-of-attributes.tf": (authorization("Reader", **EN), {"P37-other-role": [2]}),
    "service-of-attributes.tf": (
        authorization(**{**EN, "serviceName": '"event-notification"'}),
        {"P37-tf-iam-service": [21]},
    ),
    "no-type-of-attributes.tf": (
        authorization(subject={"accountId": "local.account", "serviceName": '"is"'}, **EN),
        {"P37-tf-iam-subject": [1]},
    ),
    "both-forms.tf": (
        authorization(**EN).replace(
            '"]\n', '"]\n  target_resource_instance_id = local.en\n  target_service_name = "event-notifications"\n', 1
        ),
        {"P37-tf-conflict": [17]},
    ),
    "lines-after-a-comment.tf": (
        '# resource "ibm_en_source" "api" {\n/*\nresource "ibm_en_source" "api" {\n*/\n'
        + SOURCE
        + "  provider = ibm.eu\n  description = <<EOT\nenabled = {\nEOT\n  tags = []\n}\n",
        {"P37-tf-unknown-argument": [14]},
    ),
    "one-line-each.tf": (
        'resource "ibm_en_ibmsource" "a" { enabled = true }\n'.replace(" }", "\n}") + "\n",
        {"P37-tf-routing-required": [1], "P37-tf-store-notifications": [1]},
    ),
    "lines.tf.json": (
        json.dumps(
            {"resource": {"ibm_en_topic": {"a": {"instance_guid": "x", "sources": [{"id": "a"}, {"rules": []}]}}}},
            indent=1,
        ),
        {"P37-tf-routing-required": [4, 10]},
    ),
    "type.tf.json": (
        json.dumps({"resource": {"ibm_en_topic": {"a": {"instance_guid": "x", "name": ["y"]}}}}, indent=1),
        {"P37-tf-type": [6]},
    ),
    "state.json": (
        json.dumps(
            {
                "format_version": "1.0",
                "values": {
                    "root_module": {
                        "resources": [
                            {
                                "type": "ibm_iam_authorization_policy",
                                "name": "a",
                                "values": {
                                    "source_service_name": "is",
                                    "source_resource_type": "backup-policy",
                                    "target_service_name": "event-notifications",
                                    "roles": ["Reader"],
                                },
                            }
                        ]
                    }
                },
            },
            indent=1,
        ),
        {"P37-other-role": [13]},
    ),
}


def lines(report):
    by_requirement = {}
    for finding in report.findings:
        by_requirement.setdefault(finding.requirement, set()).add(finding.source.line)
    return {requirement: sorted(numbers) for requirement, numbers in by_requirement.items()}


@pytest.mark.parametrize("profile", ["documented", "strict"])
@pytest.mark.parametrize("name", sorted(RIGHT))
def test_what_terraform_takes_has_no_finding(name, profile):
    report = lint(RIGHT[name], kind_of(name), profile, name)
    assert [(f.requirement, f.source.line, f.message) for f in report.findings] == []
    assert report.events > 0


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_terraform_or_the_service_refuses_is_found_on_its_line(name):
    content, expected = WRONG[name]
    report = lint(content, kind_of(name), "strict", name)
    assert lines(report) == expected, [(f.requirement, f.message) for f in report.findings]


@pytest.mark.parametrize("name", sorted(name for name in WRONG if not name.endswith("json")))
def test_a_finding_keeps_its_place_whatever_stands_before_it(name):
    content, expected = WRONG[name]
    before = 'provider "ibm" {\n  region = "eu-de" # }\n}\n\n/*\n' + content.replace("*/", "") + "*/\n"
    report = lint(before + content, "terraform", "strict")
    shift = before.count("\n")
    assert lines(report) == {id: [line + shift for line in numbers] for id, numbers in expected.items()}


@pytest.mark.parametrize(
    "content",
    [
        'resource "ibm_iam_authorization_policy" "a" {\n  source_service_name = "secrets-manager"\n'
        '  target_service_name = "event-notifications"\n  roles = ["Event Source Manager"]\n}\n',
        'resource "ibm_iam_authorization_policy" "a" {\n  source_service_name = var.service\n'
        '  target_service_name = "event-notifications"\n  roles = ["Reader"]\n}\n',
        'resource "ibm_iam_authorization_policy" "a" {\n  source_service_name = "is"\n'
        '  source_resource_type = "image"\n  target_service_name = "cloud-object-storage"\n  roles = ["Reader"]\n}\n',
        'resource "ibm_iam_authorization_policy" "a" {\n  source_service_name = "is"\n'
        '  target_service_name = "kms" # not event-notifications\n  roles = "Reader"\n}\n',
        'data "ibm_en_topic" "a" {\n  topic = broken"\n}\n',
        'resource "ibm_resource_instance" "en" {\n  service = "event-notifications"\n}\n',
    ],
)
def test_what_is_about_something_else_is_neither_counted_nor_accused(content):
    report = lint(content, "terraform")
    assert (report.events, report.findings) == (0, ())


def test_the_pointer_leads_into_the_blocks():
    content = (
        TOPIC
        + '  sources {\n    id = "a"\n  }\n  sources {\n    id = "b"\n    rules {\n      enable = 1\n    }\n  }\n}\n'
    )
    (finding,) = lint(content, "terraform").findings
    assert (finding.pointer, finding.source.line) == ("/sources/1/rules/0/enable", 10)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (SOURCE, "line 1, column"),
        (SOURCE + "  a = )\n}\n", "line 6, column"),
        (SOURCE + '  a = "x\n}\n', "line 6, column 7: the closing quotation mark is missing"),
        (SOURCE + "  a = <<EOT\n}\n", "line 6, column 7: the end of a here-document is missing"),
    ],
)
def test_what_can_not_be_read_says_where(content, place):
    with pytest.raises(NothingReadError, match=f"can't be read as Terraform: {place}"):
        lint(content, "terraform")


# ways to write Terraform that readers of it have stumbled over
SYNTAX = {
    "a keyword as a name": "for = 1\nif = 2\nin = 3\nnull = 4\n",
    "a keyword as a key": "a = { b = 1, for = 2, if = 3, null = 4 }\n",
    "a condition over lines": "a = (x\n  ? 1\n  : 2)\n",
    "a long sum": "a = (1 +\n  2\n  - 3)\n",
    "a name with hyphens": "my-value = ibm-x.b-c\n",
    "an expansion": "a = f(x...)\n",
    "an index of a call": "a = f(x)[0].y\nb = (x).y\nc = [1, 2][0]\n",
    "blanks after the end of a here-document": "a = <<EOT\nx\nEOT  \nb = 1\n",
    "comments everywhere": "a = [ # one\n  1, // two\n  /* three */ 2\n]\n/***/\n",
    "commas at the end": "a = [1,]\nb = { c = 1, }\nd = f(x,)\n",
    "directives": 'a = "%{ if x ~}y%{ else }z%{ endif ~}"\n',
    "directives in a here-document": "a = <<-EOT\n  %{ for x in y ~}\n  ${x}\n  %{ endfor ~}\n  EOT\n",
    "dollars and per cent": 'a = "$x 5% $$ 100%"\nb = "(^a$|^b$)"\nc = "$${x} %%{y}"\n',
    "exponents": "a = 1e5\nb = 2E-3\nc = 1.5e+10\n",
    "for": 'a = { for k, v in x : k => v... if v != null }\nb = [for s in y : upper(s) if s != ""]\n',
    "functions of a provider": 'a = provider::ibm::f("x")\n',
    "here-documents in a list": 'a = [<<EOT\nx\nEOT\n, "b"]\n',
    "keys in parentheses": 'a = {\n  (b) = 1\n  "${c}" = 2\n  "d" : 3\n}\n',
    "no line break at the end": "a = 1",
    "other letters": 'größe = "ü€"\n',
    "quotes in a here-document": "a = <<EOT\n\"unclosed ' } \\\nEOT\n",
    "splat": "a = b[*].c\nd = e.*.f\ng = h.0.i\n",
    "strip": 'a = "${~ x ~}"\n',
    "texts in texts": 'a = "${b["c"]} ${"${"x"}"}"\n',
}


@pytest.mark.parametrize("name", sorted(SYNTAX))
@pytest.mark.parametrize("form", ["locals {{\n{}\n}}\n", "{}"], ids=["in a block", "alone"])
def test_what_terraform_can_read_is_never_called_unreadable(name, form):
    before = SOURCE + "  tags = []\n}\n"
    for content in (before + form.format(SYNTAX[name]), form.format(SYNTAX[name].rstrip() + "\n") + before):
        report = lint(content.replace("\n", "\r\n"), "terraform")
        assert lines(report) == lines(lint(content, "terraform"))
        (finding,) = report.findings
        assert content.splitlines()[finding.source.line - 1] == "  tags = []"


def test_numbers_escapes_and_long_lists_are_no_crash():
    values = ['"\\u00e9\\U0001F600\\UFFFFFFFF\\n"', "-1", "- 2.5", "1e400", "9" * 5000, "!true", "[for x in y : x]"]
    values += ["[" + "1," * 20_000 + "]", "{ (a) = 1, b : 2 }", "[" * 200 + "]" * 200, '"%{ if a }b%{ endif }"']
    for value in values:
        report = lint(f"{SOURCE}  description = {value}\n}}\n", "terraform")
        assert report.events == 1


def policy(resource_type):
    declared = f'  match_resource_type = "{resource_type}"\n' if resource_type else ""
    return (
        f'resource "ibm_is_backup_policy" "daily" {{\n  match_user_tags = ["dev:a"]\n  name = "daily"\n{declared}}}\n'
    )


def own(type, role):
    return (
        'resource "ibm_iam_authorization_policy" "a" {\n  source_service_name = "is"\n'
        '  source_resource_type = "backup-policy"\n  target_service_name = "is"\n'
        f'  target_resource_type = "{type}"\n  roles = {json.dumps(role)}\n}}\n'
    )


NEEDED = {"volume", "instance", "snapshot", "snapshot-consistency-group"}
# what else is among the files -> which authorizations are missing
TOGETHER = {
    "nothing": ([], NEEDED),
    "one": ([("a.tf", own("volume", ["Operator"]))], NEEDED - {"volume"}),
    "another role": ([("a.tf", own("volume", ["Viewer"]))], NEEDED),
    "a greater role": ([("a.tf", own("volume", ["Editor"]))], NEEDED - {"volume"}),
    "a role that is known later": ([("a.tf", own("volume", ["${var.role}"]))], NEEDED - {"volume"}),
    "all of the service": ([("a.tf", own("volume", ["Editor"]).replace("  target_resource_type", "#"))], set()),
    "a type that is known later": ([("a.tf", own("${each.key}", ["${each.value}"]))], set()),
    "attributes": ([("a.tf", authorization("Operator", **VOLUME))], NEEDED - {"volume"}),
    "dynamic attributes": (
        [("a.tf", authorization("Operator", **VOLUME).replace('"volumeId"', "local.attribute"))],
        set(),
    ),
    "a module": (
        [
            (
                "a.tf",
                'module "a" {\n  source = "../auth"\n  services = [{ source = "is", type = "backup-policy" }]\n}\n',
            )
        ],
        set(),
    ),
    "another module": ([("a.tf", 'module "a" {\n  source = "../vpc" # not for a backup policy\n}\n')], NEEDED),
    "a command": (
        [
            (
                "a.sh",
                "ibmcloud iam authorization-policy-create is is Editor --source-resource-type backup-policy"
                " --target-resource-type snapshot\n",
            )
        ],
        NEEDED - {"snapshot"},
    ),
    "a body": (
        [
            (
                "a.json",
                json.dumps(
                    {
                        "type": "authorization",
                        "subject": {
                            "attributes": [
                                {"key": "serviceName", "value": "is"},
                                {"key": "resourceType", "value": "backup-policy"},
                            ]
                        },
                        "control": {"grant": {"roles": [{"role_id": "crn:v1:bluemix:public:iam::::role:Operator"}]}},
                        "resource": {
                            "attributes": [
                                {"key": "serviceName", "value": "is"},
                                {"key": "instanceId", "operator": "stringExists", "value": True},
                            ]
                        },
                    }
                ),
            )
        ],
        NEEDED - {"instance"},
    ),
    "a page": ([("a.md", f"```hcl\n{own('volume', ['Operator'])}```\n")], NEEDED - {"volume"}),
    "of another service": ([("a.tf", own("volume", ["Operator"]).replace("backup-policy", "share"))], NEEDED),
}


@pytest.mark.parametrize("name", sorted(TOGETHER))
def test_authorizations_are_looked_for_among_all_files(name):
    files, missing = TOGETHER[name]
    registrations = Registrations()
    for file, content in [("policy.tf", "\n" + policy("")), *files]:
        assert registrations.read(content, kind_of(file), file).findings == ()
    report = registrations.together()
    assert {finding.pointer[1:] for finding in report.findings} == missing
    for finding in report.findings:
        assert finding.requirement == "P37-backup-authorization"
        assert (finding.level, finding.source.file, finding.source.line) == ("warning", "policy.tf", 2)
        assert "service-to-service-policy-missing" in finding.message


def test_a_policy_of_shares_needs_both_roles_on_shares():
    for roles, expected in {
        ("Editor",): 1,
        ("Editor", "Share Snapshot Operator"): 0,
        ("ShareSnapshotOperator,Editor",): 0,
    }.items():
        report = lint(policy("share") + own("share", list(roles)), "terraform")
        assert len(report.findings) == expected
    two = policy("share") + own("share", ["Editor"]) + own("share", ["Share Snapshot Operator"]).replace('"a"', '"b"')
    assert lint(two, "terraform").findings == ()


def test_a_policy_in_a_page_is_no_configuration():
    assert lint(f"```hcl\n{policy('')}```\n", "markdown").findings == ()
    assert lint(policy("").replace("}", "  match_resource_type = var.type\n}"), "terraform").findings == ()
