"""The table of completeness finds every kind of hole."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "tools" / "show_completeness.py"
_spec = importlib.util.spec_from_file_location("show_completeness", PATH)
show_completeness = importlib.util.module_from_spec(_spec)
sys.modules["show_completeness"] = show_completeness
_spec.loader.exec_module(show_completeness)


def test_nothing_is_missing(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["show_completeness.py"])
    assert show_completeness.main() == 0
    assert "0 holes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("emptied", "hole"),
    [
        ({"keywords": 0, "rule": ""}, "schema keyword or rule"),
        ({"passing": 0}, "passing fixture"),
        ({"failing": 0}, "failing fixture"),
        ({"mutations": 0}, "mutation"),
        ({"line": 0}, "documentation line"),
    ],
)
def test_each_hole_is_named_and_fails(emptied, hole, capsys, monkeypatch):
    whole = show_completeness.rows()
    monkeypatch.setattr(show_completeness, "rows", lambda: [replace(whole[0], **emptied), *whole[1:]])
    monkeypatch.setattr(sys, "argv", ["show_completeness.py", "--holes"])
    assert show_completeness.main() == 1
    assert f"{whole[0].requirement}: no {hole}" in capsys.readouterr().out
