"""The page on the tests lists what the default run leaves out.

PYTHONPATH=tests python tests/docs/test_testing.py     writes the list anew
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "testing.md"
START = "<!-- left out -->\n"
HEAD = "| tests | of these, the default run has |\n| --- | --- |\n"


def marks(function: ast.FunctionDef) -> Iterator[tuple[str, list[str]]]:
    """The marks of a test, by name, each with its arguments where those are texts."""
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = ast.unparse(call.func if call else decorator)
        arguments = call.args if call else []
        yield name.removeprefix("pytest.mark."), [a.value for a in arguments if isinstance(a, ast.Constant)]


def rows() -> Iterator[str]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tests = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
        for test in tests:
            for mark, arguments in marks(test):
                if mark in ("exhaustive", "representatives"):
                    kept = ", ".join(f"`{argument}`" for argument in arguments) or "nothing"
                    yield f"| `{path.relative_to(ROOT).as_posix()}::{test.name}` | {kept} |\n"


def page() -> str:
    """What the page says, with the list as the tests are marked now."""
    before = PAGE.read_text("utf-8").partition(START)[0]
    return f"{before}{START}\n{HEAD}{''.join(rows())}"


def test_the_page_lists_what_the_default_run_leaves_out():
    assert PAGE.read_text("utf-8") == page()


def test_every_representative_is_a_case(unknown_representatives):
    assert unknown_representatives == []


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
