"""A megabyte of the worst of its kind is read in seconds, whatever it is."""

import json
import time
from contextlib import suppress

import pytest

from vpc_backup_events.authoring.registration import NothingReadError, hcl, lint

pytest.importorskip("tree_sitter_hcl")
MEGABYTE = 1_000_000
SECONDS = 5
TOPIC = 'resource "ibm_en_topic" "a" {\n  instance_guid = local.a\n  name = "a"\n'
RULE = '  sources {{\n    id = "backup-policy"\n    rules {{\n      event_type_filter = "{}"\n    }}\n  }}\n'
OURS = '{"backup-policy":'


def full(part, before=TOPIC, after="}\n"):
    """A megabyte of a part, between what stands around it."""
    return before + part * ((MEGABYTE - len(before) - len(after)) // len(part)) + after


def numbered(part, count, after="}\n"):
    return TOPIC + "".join(part.format(number) for number in range(count)) + after


TERRAFORM = {
    "resources": full('resource "ibm_en_topic" "a" {\n}\n', "", ""),
    "arguments": numbered("  a{} = 1\n", 70_000),
    "one argument": full("  name = 1\n"),
    "blocks": full("sources {\n}\n"),
    "a list": full("1,", TOPIC + "  roles = [", "]\n}\n"),
    "placeholders in a list": full('"{a}",', TOPIC + "  roles = [", "]\n}\n"),
    "placeholders": full("{{a}} ", TOPIC + '  description = "', '"\n}\n'),
    "half placeholders": full("<a ", TOPIC + '  description = "', '"\n}\n'),
    "open placeholders": full("{{", TOPIC + '  description = "', '"\n}\n'),
    "interpolations": full("${a}", TOPIC + '  description = "', '"\n}\n'),
    "quotation marks": full('"'),
    "texts in a row": full('"x" ', TOPIC + "  a = "),
    "an open text": full("x", TOPIC + '  a = "', ""),
    "open brackets": full("[", TOPIC + "  a = ", ""),
    "open braces": full("{", after=""),
    "blanks": full(" "),
    "references": full("  topic_id = ibm_en_topic.a-b.id\n"),
    "a long reference": full(".ibm_a-a", TOPIC + "  topic_id = a", "\n}\n"),
    "hyphens": full("-a", TOPIC + "  topic_id = ibm_a-", ".b\n}\n"),
    "a long CRN": full(":", TOPIC + '  sources {\n    id = "backup-policy', '"\n  }\n}\n'),
    "one filter often": full(RULE.format("$.type == 'a'")),
    "many filters": numbered(RULE.replace("{}", "$.type == 'a{}'"), 8_000),
    "a long filter": TOPIC + RULE.format("$.type == '" + "a" * 900_000 + "'") + "}\n",
    "a filter of many conditions": TOPIC + RULE.format("$.a == 1 && " * 70_000 + "$.b == 1") + "}\n",
    "policies": full('resource "ibm_is_backup_policy" "a" {\n}\n', "", ""),
    "policies and authorizations": full(
        'resource "ibm_iam_authorization_policy" "a" {\n  source_service_name = "is"\n'
        '  source_resource_type = "backup-policy"\n  target_service_name = "is"\n  target_resource_type = "x"\n}\n'
        'resource "ibm_is_backup_policy" "a" {\n}\n',
        "",
        "",
    ),
    "attributes": full(
        'subject_attributes {\n name="serviceName"\n}\n', 'resource "ibm_iam_authorization_policy" "a" {\n'
    ),
    "here-documents": full("  a = <<E\nE\n"),
    "open here-documents": full("  a = <<E\n"),
    "open comments": full("/*"),
    "exponents": full("1e5,", TOPIC + "  a = [", "]\n}\n"),
    "errors": full("a = ) "),
    "words": full("resource ", "# ibm_en_ "),
    "blanks after a word": full(" ", "# ibm_en_ resource"),
}
JSON = {
    "nested": OURS + "[" * (MEGABYTE // 2) + "]" * (MEGABYTE // 2) + "}",
    "a list": OURS + "[" + "1," * (MEGABYTE // 2) + "1]}",
    "an open text": OURS + '"' + "x" * MEGABYTE,
    "no colons": '{"backup-policy" ' + '"a" ' * (MEGABYTE // 4),
    "blanks for a colon": '{"backup-policy"' + " " * MEGABYTE,
    "escapes": OURS + '"' + "\\\\" * (MEGABYTE // 2),
    "placeholders": json.dumps({"name": "a", "source": "backup-policy", "x": ["{a}"] * 150_000}, indent=0),
    "members": json.dumps({"name": "a", "source": "backup-policy", **dict.fromkeys(map(str, range(60_000)))}, indent=0),
    "attributes": json.dumps(
        {
            "type": "authorization",
            "subject": {"attributes": [{"key": "serviceName", "value": "is"}] * 15_000},
            "resource": {"attributes": [{"key": "serviceName", "value": "event-notifications"}]},
            "control": {"grant": {"roles": [{"role_id": "EventSourceManager"}] * 10_000}},
        },
        indent=0,
    ),
}
TERRAFORM_JSON = {
    "resources": json.dumps({"resource": {"ibm_en_topic": {f"a{n}": {} for n in range(60_000)}}}, indent=0),
    "arguments": json.dumps({"resource": {"ibm_en_topic": {"a": {f"a{n}": n for n in range(60_000)}}}}, indent=0),
    "blocks": json.dumps({"resource": {"ibm_en_topic": {"a": {"sources": [{}] * 200_000}}}}, indent=0),
    "nested": '{"resource":{"ibm_en_topic":{"a":{"x":' + "[" * 400_000 + "]" * 400_000 + "}}}}",
    "a plan": json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {
                "root_module": {"resources": [{"type": "ibm_en_topic", "name": "a", "values": {"name": ""}}] * 12_000}
            },
        },
        indent=0,
    ),
    "modules of a plan": json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {"root_module": {"child_modules": [{"ibm_en_topic": []}] * 40_000}},
        },
        indent=0,
    ),
}
MARKDOWN = {
    "fences": full("```\n", "backup-policy\n", ""),
    "an open fence": full("x\n", "backup-policy\n```hcl\n", ""),
    "marks": full("`", "backup-policy\n", ""),
    "tildes": full("~ ", "backup-policy\n", ""),
    "an indented fence": full(" ", "backup-policy\n", "```"),
    "quotations": full("> ", "backup-policy\n", ""),
    "bodies": full('```json\n{"name":"backup-policy"}\n```\n', "", ""),
    "configurations": full('```hcl\nresource "ibm_en_topic" "a" {\n}\n```\n', "", ""),
}
WORST = [
    pytest.param(kind, cases[name], id=f"{kind}: {name}")
    for kind, cases in {
        "terraform": TERRAFORM,
        "json": JSON,
        "terraform-json": TERRAFORM_JSON,
        "markdown": MARKDOWN,
    }.items()
    for name in sorted(cases)
]


@pytest.mark.exhaustive
@pytest.mark.parametrize(("kind", "content"), WORST)
def test_a_megabyte_of_the_worst_is_read_in_seconds(kind, content):
    begin = time.thread_time()
    with suppress(NothingReadError):
        assert len(lint(content, kind).findings) < 10_000
    assert time.thread_time() - begin < SECONDS


def test_what_the_parser_loses_itself_in_ends_and_spoils_nothing_else(monkeypatch):
    monkeypatch.setattr(hcl, "_LONGEST_PARSE", 0.1)
    with pytest.raises(NothingReadError, match="would take too long"):
        lint(TOPIC + "  a = " + '"x" ' * 100_000, "terraform")
    assert lint(TOPIC + "}\n", "terraform").events == 1


@pytest.mark.parametrize("part", ["[", "{", "(", '"${', "a {\n", "f(", "x ? ", "-", "!"], ids=str)
def test_deep_nesting_in_a_resource_is_no_crash(part):
    # the interpreter itself must survive it
    with suppress(NothingReadError):
        assert lint(TOPIC + "  a = " + part * 30_000, "terraform").events == 1
    assert lint(TOPIC + "}\n", "terraform").events == 1
