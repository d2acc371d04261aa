"""The comparison of the provider's declarations: the same passes in both forms, and each difference is named."""

from __future__ import annotations

import copy
import json
import sys
from types import SimpleNamespace

import pytest

import compare_provider

KNOWN = json.loads(compare_provider.OURS.read_bytes())


def attribute(declared):
    kind = {"int": "number"}.get(declared["type"], declared["type"])
    if "block" in declared:
        kind = [kind, ["object", {name: attribute(inner)["type"] for name, inner in declared["block"].items()}]]
    elif declared["type"] in ("list", "set", "map"):
        kind = [kind, declared.get("of", "string")]
    return {"type": kind, **{flag: True for flag in ("required", "optional", "computed") if declared.get(flag)}}


def block(arguments):
    """What `terraform providers schema -json` says of a block."""
    attributes, nested = {"id": {"type": "string", "optional": True, "computed": True}}, {}
    for name, declared in arguments.items():
        if "block" not in declared or not (declared.get("required") or declared.get("optional")):
            attributes[name] = attribute(declared)
            continue
        inner = block(declared["block"])
        if "id" not in declared["block"]:
            del inner["attributes"]["id"]
        nested[name] = {"nesting_mode": declared["type"], "block": inner}
        nested[name] |= {"min_items": 1} if declared.get("required") else {}
        nested[name] |= {"max_items": declared["maxItems"]} if "maxItems" in declared else {}
    return {"attributes": attributes, "block_types": nested}


@pytest.fixture
def compare(tmp_path, monkeypatch, capsys):
    """Compares the kit's file with a document."""

    def run(document):
        path = tmp_path / "newer.json"
        path.write_text(json.dumps(document))
        monkeypatch.setattr(sys, "argv", ["compare_provider.py", str(path)])
        status = compare_provider.main()
        return SimpleNamespace(status=status, lines=capsys.readouterr().out.splitlines())

    return run


def shown(resources):
    schemas = {type: {"version": 0, "block": block(arguments)} for type, arguments in resources.items()}
    return {"provider_schemas": {"registry.terraform.io/ibm-cloud/ibm": {"resource_schemas": schemas}}}


def test_the_same_is_the_same_in_both_forms(compare):
    assert compare(KNOWN).status == 0
    resources = copy.deepcopy(KNOWN["resources"])
    assert compare(shown(resources)).lines == [f"{len(resources)} resources are declared as they were"]


def test_each_difference_is_named(compare):
    newer = copy.deepcopy(KNOWN)
    topic = newer["resources"]["ibm_en_topic"]
    topic["name"] = {"type": "string", "optional": True}
    topic["tags"] = {"type": "set", "of": "string", "optional": True}
    del topic["sources"]["block"]["id"]
    newer["resources"]["ibm_is_backup_policy"]["match_resource_type"]["values"] = ["volume"]
    newer["resources"]["ibm_en_destination_new"] = topic
    newer["resources"]["ibm_is_vpc"] = topic
    del newer["resources"]["ibm_en_source"]
    done = compare(newer)
    assert done.status == 1
    assert done.lines == [
        "ibm_en_source: is gone",
        "ibm_en_topic.name: optional was None, is True",
        "ibm_en_topic.name: required was True, is None",
        "ibm_en_topic.sources.id: is gone",
        "ibm_en_topic.tags: is new",
        "ibm_is_backup_policy.match_resource_type: values was ['instance', 'volume', 'share'], is ['volume']",
        "ibm_en_destination_new: is new",
    ]


def test_another_file_is_refused():
    with pytest.raises(SystemExit, match="no schema of the provider"):
        compare_provider.resources_of({"provider_schemas": {"registry.terraform.io/hashicorp/aws": {}}})
