"""Commands of a script are judged by their synopses and with their lines; what the shell fills in is never missing."""

from __future__ import annotations

import json

import pytest

from vpc_backup_events.authoring.registration import lint
from vpc_backup_events.values.data import data_root

pytest.importorskip("tree_sitter_bash")
GUID = "9f2c8a54-6b1e-4d0f-9a37-0c5d8e7b6a21"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
CRN = f"crn:v1:bluemix:public:is:us-south:a/{ACCOUNT}::backup-policy:"
SOURCE = f"ibmcloud en source-create --instance-id {GUID} --name x"
TOPIC = f"ibmcloud en topic-create --instance-id {GUID} --name x"
DESTINATION = f"ibmcloud en destination-create --instance-id {GUID} --name x"
SUBSCRIPTION = f"ibmcloud en subscription-create --instance-id {GUID} --name x --destination-id $D --topic-id $T"
AUTHORIZE = (
    'ibmcloud iam authorization-policy-create is event-notifications "Event Source Manager"'
    " --source-resource-type backup-policy"
)
COMMANDS = json.loads((data_root("schemas") / "registration" / "commands.json").read_bytes())["commands"]


def found(text, profile="strict"):
    report = lint(text, "shell", profile)
    return {(finding.requirement, finding.source.line) for finding in report.findings}


RIGHT = {
    "short": SOURCE,
    "service in full": SOURCE.replace(" en ", " event-notifications "),
    "switch alone": SOURCE + " --enabled --store-notifications",
    "switch with a word": SOURCE + " --enabled true --store-notifications false",
    "switch with a sign": SOURCE + " --enabled=$ENABLED",
    "signs": f"ibmcloud en source-create --instance-id={GUID} --name='a b'",
    "options of all": SOURCE + " --output json -q",
    "options before the verb": f"ibmcloud -q en --instance-id {GUID} source-create --name x",
    "variables": 'ibmcloud en source-create --instance-id "$ID" --name "$(name)"',
    "options in a list": 'ibmcloud en source-create "${options[@]}"',
    "options in a variable": "ibmcloud en source-create $OPTIONS",
    "all arguments": 'ibmcloud en source-create "$@"',
    "instance set before": "ibmcloud en init --instance-id 1\nibmcloud en source-create --name x",
    "help": "ibmcloud en source-create --help",
    "synopsis": "ibmcloud en source-create --instance-id INSTANCE-ID --name NAME [--description DESCRIPTION]",
    "synopsis of a topic": "ibmcloud en topic-create --name NAME [--sources SOURCES] --instance-id INSTANCE-ID",
    "synopsis of a destination": "ibmcloud en destination-create --instance-id ID --name NAME --type TYPE"
    " [--config CONFIG]",
    "placeholders": "ibmcloud en source-create --instance-id <instance id> --name {name}",
    "sources in a file": TOPIC + " --sources @sources.json",
    "sources in a variable": TOPIC + ' --sources "$SOURCES"',
    "sources with a variable": TOPIC + """ --sources '[{"id": "'$ID'", "rules": []}]'""",
    "sources in double quotes": TOPIC + ' --sources "[{\\"id\\": \\"$ID\\", \\"rules\\": []}]"',
    "sources with a bare variable": TOPIC + ' --sources "[{\\"id\\": \\"x\\", \\"rules\\": [{\\"enabled\\": $E}]}]"',
    "webhook": DESTINATION + """ --type webhook --config '{"params": {"url": "https://a.b", "verb": "post"}}'""",
    "another type": DESTINATION + """ --type slack --config '{"params": {"url": "http://a.b"}}'""",
    "type in a variable": DESTINATION + " --type $TYPE",
    "subscription": SUBSCRIPTION + """ --attributes '{"signing_enabled": true}'""",
    "authorization": AUTHORIZE,
    "authorization of one instance": AUTHORIZE + ' --target-service-instance-id "$EN"',
    "authorization by the name of the instance": AUTHORIZE + " --target-service-instance-name en",
    "more roles": AUTHORIZE.replace('Manager"', 'Manager",Reader'),
    "role in a variable": AUTHORIZE.replace('"Event Source Manager"', '"$ROLE"'),
    "own work": 'ibmcloud iam authorization-policy-create is is "Share Snapshot Operator",Editor'
    " --source-resource-type backup-policy --target-resource-type share",
    "body in a variable": f'curl -d "$BODY" "$EN/v1/instances/{GUID}/sources"',
    "body made by a program": f'curl -d "$(jq -n \'{{}}\')" "$EN/v1/instances/{GUID}/sources"',
    "body from a file": f'curl -d @body.json "$EN/v1/instances/{GUID}/sources"',
    "body with a bare variable": 'curl -d "{\\"name\\": \\"x\\", \\"enabled\\": $E}" "$EN/v1/instances/1/sources"',
    "body beside its option": f'curl -sSd\'{{"name": "x", "enabled": true}}\' "$EN/v1/instances/{GUID}/sources"',
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_read_and_has_no_finding(name):
    report = lint(RIGHT[name] + "\n", "shell", "strict")
    assert [(finding.requirement, finding.message) for finding in report.findings] == []
    assert report.events == (0 if name == "help" else 1)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command["verbs"][0])
def test_every_option_of_a_synopsis_is_taken(command):
    given = " ".join(f"{name}=$X" for name in command["options"] if not command["options"][name].get("alone"))
    words = ' is event-notifications "Event Source Manager"' if command["words"] else ""
    for service in command["services"]:
        for verb in command["verbs"]:
            text = f"ibmcloud {service} {verb}{words} {given} --quiet --output json\n"
            ids = {requirement for requirement, _ in found(text)}
            assert ids <= {"P37-cli-command", "P37-cli-iam-source-instance"}


WRONG = {
    "no name": (f"ibmcloud en topic-create --instance-id {GUID}", {("P37-cli-required", 1)}),
    "no type": (DESTINATION, {("P37-cli-required", 1)}),
    "no topic": (SUBSCRIPTION.replace("--topic-id $T", ""), {("P37-cli-required", 1)}),
    "no instance in a function": ("f() {\n  ibmcloud en source-create --name x\n}", {("P37-cli-required", 2)}),
    "other type": (DESTINATION + " \\\n --type web", {("P37-cli-value", 2)}),
    "long name of a subscription": (SUBSCRIPTION.replace("--name x", f"--name {'n' * 51}"), {("P37-cli-value", 1)}),
    "unknown option": (TOPIC + " \\\n  --color red", {("P37-cli-option", 2)}),
    "words without quotes": (SOURCE + " \\\n  --description a b c", {("P37-cli-quoted", 2)}),
    "no JSON": (TOPIC + " \\\n  --sources '[{]'", {("P37-cli-value", 2)}),
    "webhook without https": (
        DESTINATION + ' --type webhook --config \'{\n"params": {\n"url": "http://a.b"}}\'',
        {("P37-cli-value", 3)},
    ),
    "filter": (
        TOPIC + f' --sources \'[{{"id": "{CRN}",\n"rules": [{{\n"event_type_filter": "$.type == \'"\'x\'"\'"}}]}}]\'',
        {("P05-filter-type", 3), ("P37-filter-never", 3)},
    ),
    "no resource type": (AUTHORIZE.replace(" --source-resource-type backup-policy", ""), {("P37-cli-iam-subject", 1)}),
    "other role": ("true\n" + AUTHORIZE.replace("Event Source Manager", "Reader"), {("P37-other-role", 2)}),
    "role without quotes": (AUTHORIZE.replace('"', ""), {("P37-cli-quoted", 1)}),
    "unknown option of the authorization": (AUTHORIZE + " \\\n --source x", {("P37-cli-option", 2)}),
    "policy in a here-document": (
        'cat > p.json <<EOF\n{"type": "authorization", "roles": [{"role_id": "x"}],\n "subjects": [{"attributes": [\n'
        '{"name": "serviceName", "value": "is"}, {"name": "resourceType", "value": "backup-policy"},\n'
        '{"name": "accountId", "value": "$A"}]}], "resources": [{"attributes": [\n'
        '{"name": "serviceName", "value": "event-notifications"}, {"name": "accountId", "value": "$A"}]}]}\nEOF',
        {("P37-other-role", 2)},
    ),
    "body in a here-document": (
        'curl -d @- "$EN/v1/instances/1/sources" <<EOF\n{"name": "x",\n"enabled": "yes"}\nEOF',
        {("P31-enabled", 3)},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found_on_its_line_and_nothing_else(name):
    text, expected = WRONG[name]
    assert found(text + "\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        'ibmcloud iam authorization-policy-create secrets-manager event-notifications "Event Source Manager"',
        "ibmcloud iam authorization-policy-create logs event-notifications Reader",
        "ibmcloud iam authorization-policy-create --file policy-for-event-notifications.json",
        'curl -d \'{"name": "x", "source": "y"}\' https://resource-controller.cloud.ibm.com/v2/resource_keys',
        "ibmcloud en topics --instance-id event-notifications",
        "ibmcloud es topic-create --name event-notifications",
    ],
)
def test_what_is_not_ours_is_not_counted(text):
    report = lint(text + "\n", "shell", "strict")
    assert (report.events, report.findings) == (0, ())


def test_a_page_says_nothing_of_lines_in_its_messages():
    command = 'curl -X POST "$EN/v1/instances/1/sources"\n  -d \'{"name": "x", "enabled": true}\'\n'
    page = f"# A page\n\n```sh\n{command}```\n"
    (finding,) = lint(page, "markdown").findings
    assert (finding.requirement, finding.source.line) == ("P37-curl-continued", 4)
    assert "Line 1" not in finding.message


def test_a_request_whose_body_is_elsewhere_is_known_by_its_address():
    sent = 'curl -d @body.json "$EN/v1/instances/1/{}"\n'
    assert lint(sent.format("sources"), "shell", "strict").events == 1
    assert lint(sent.format("topics"), "shell", "strict").events == 0


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (
            'curl -d \'{"name": "x", "enabled": true, "store_notifications": "yes"}\' "$EN/v1/instances/1/sources"\n',
            "shell",
            '`store_notifications` is "yes", not a boolean.',
        ),
        (SOURCE + " --colour x\n", "shell", '`source-create` has no option "--colour".'),
        (SOURCE + " [ --description d ] --colour x\n", "shell", '`source-create` has no option "--colour".'),
        (SOURCE + " stray --colour x\n", "shell", '`source-create` has no option "--colour".'),
        (
            json.dumps({"resource": {"ibm_en_source": {"a": {"instance_guid": "x", "name": "n"}}}}),
            "json",
            '`enabled` is missing: the plan ends with "Missing required argument".',
        ),
    ],
)
def test_a_finding_names_what_is_wrong(text, kind, message):
    assert message in [finding.message for finding in lint(text, kind, "strict").findings]
