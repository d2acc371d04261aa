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


# each is written by the test that reads it
TERRAFORM = {
    "resources": lambda: full('resource "ibm_en_topic" "a" {\n}\n', "", ""),
    "arguments": lambda: numbered("  a{} = 1\n", 70_000),
    "one argument": lambda: full("  name = 1\n"),
    "blocks": lambda: full("sources {\n}\n"),
    "a list": lambda: full("1,", TOPIC + "  roles = [", "]\n}\n"),
    "placeholders in a list": lambda: full('"{a}",', TOPIC + "  roles = [", "]\n}\n"),
    "placeholders": lambda: full("{{a}} ", TOPIC + '  description = "', '"\n}\n'),
    "half placeholders": lambda: full("<a ", TOPIC + '  description = "', '"\n}\n'),
    "open placeholders": lambda: full("{{", TOPIC + '  description = "', '"\n}\n'),
    "interpolations": lambda: full("${a}", TOPIC + '  description = "', '"\n}\n'),
    "quotation marks": lambda: full('"'),
    "texts in a row": lambda: full('"x" ', TOPIC + "  a = "),
    "an open text": lambda: full("x", TOPIC + '  a = "', ""),
    "open brackets": lambda: full("[", TOPIC + "  a = ", ""),
    "open braces": lambda: full("{", after=""),
    "blanks": lambda: full(" "),
    "references": lambda: full("  topic_id = ibm_en_topic.a-b.id\n"),
    "a long reference": lambda: full(".ibm_a-a", TOPIC + "  topic_id = a", "\n}\n"),
    "hyphens": lambda: full("-a", TOPIC + "  topic_id = ibm_a-", ".b\n}\n"),
    "a long CRN": lambda: full(":", TOPIC + '  sources {\n    id = "backup-policy', '"\n  }\n}\n'),
    "one filter often": lambda: full(RULE.format("$.type == 'a'")),
    "many filters": lambda: numbered(RULE.replace("{}", "$.type == 'a{}'"), 8_000),
    "a long filter": lambda: TOPIC + RULE.format("$.type == '" + "a" * 900_000 + "'") + "}\n",
    "a filter of many conditions": lambda: TOPIC + RULE.format("$.a == 1 && " * 70_000 + "$.b == 1") + "}\n",
    "policies": lambda: full('resource "ibm_is_backup_policy" "a" {\n}\n', "", ""),
    "policies and authorizations": lambda: full(
        'resource "ibm_iam_authorization_policy" "a" {\n  source_service_name = "is"\n'
        '  source_resource_type = "backup-policy"\n  target_service_name = "is"\n  target_resource_type = "x"\n}\n'
        'resource "ibm_is_backup_policy" "a" {\n}\n',
        "",
        "",
    ),
    "attributes": lambda: full(
        'subject_attributes {\n name="serviceName"\n}\n', 'resource "ibm_iam_authorization_policy" "a" {\n'
    ),
    "here-documents": lambda: full("  a = <<E\nE\n"),
    "open here-documents": lambda: full("  a = <<E\n"),
    "open comments": lambda: full("/*"),
    "exponents": lambda: full("1e5,", TOPIC + "  a = [", "]\n}\n"),
    "errors": lambda: full("a = ) "),
    "words": lambda: full("resource ", "# ibm_en_ "),
    "blanks after a word": lambda: full(" ", "# ibm_en_ resource"),
}
JSON = {
    "nested": lambda: OURS + "[" * (MEGABYTE // 2) + "]" * (MEGABYTE // 2) + "}",
    "a list": lambda: OURS + "[" + "1," * (MEGABYTE // 2) + "1]}",
    "an open text": lambda: OURS + '"' + "x" * MEGABYTE,
    "no colons": lambda: '{"backup-policy" ' + '"a" ' * (MEGABYTE // 4),
    "blanks for a colon": lambda: '{"backup-policy"' + " " * MEGABYTE,
    "escapes": lambda: OURS + '"' + "\\\\" * (MEGABYTE // 2),
    "placeholders": lambda: json.dumps({"name": "a", "source": "backup-policy", "x": ["{a}"] * 150_000}, indent=0),
    "members": lambda: json.dumps(
        {"name": "a", "source": "backup-policy", **dict.fromkeys(map(str, range(60_000)))}, indent=0
    ),
    "attributes": lambda: json.dumps(
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
    "resources": lambda: json.dumps({"resource": {"ibm_en_topic": {f"a{n}": {} for n in range(60_000)}}}, indent=0),
    "arguments": lambda: json.dumps(
        {"resource": {"ibm_en_topic": {"a": {f"a{n}": n for n in range(60_000)}}}}, indent=0
    ),
    "blocks": lambda: json.dumps({"resource": {"ibm_en_topic": {"a": {"sources": [{}] * 200_000}}}}, indent=0),
    "nested": lambda: '{"resource":{"ibm_en_topic":{"a":{"x":' + "[" * 400_000 + "]" * 400_000 + "}}}}",
    "a plan": lambda: json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {
                "root_module": {"resources": [{"type": "ibm_en_topic", "name": "a", "values": {"name": ""}}] * 12_000}
            },
        },
        indent=0,
    ),
    "modules of a plan": lambda: json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {"root_module": {"child_modules": [{"ibm_en_topic": []}] * 40_000}},
        },
        indent=0,
    ),
}
MARKDOWN = {
    "fences": lambda: full("```\n", "backup-policy\n", ""),
    "an open fence": lambda: full("x\n", "backup-policy\n```hcl\n", ""),
    "marks": lambda: full("`", "backup-policy\n", ""),
    "tildes": lambda: full("~ ", "backup-policy\n", ""),
    "an indented fence": lambda: full(" ", "backup-policy\n", "```"),
    "quotations": lambda: full("> ", "backup-policy\n", ""),
    "bodies": lambda: full('```json\n{"name":"backup-policy"}\n```\n', "", ""),
    "configurations": lambda: full('```hcl\nresource "ibm_en_topic" "a" {\n}\n```\n', "", ""),
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
    text = content()
    begin = time.thread_time()
    with suppress(NothingReadError):
        assert len(lint(text, kind).findings) < 10_000
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
