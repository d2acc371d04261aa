"""What docs/templates.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text("utf-8")


def test_the_python_example_runs(capsys):
    (code,) = re.findall(r"<!-- python -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "templates.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == [
        '{"text": "Volume Backup Job Creation Failure"}',
        'P25-template-quotes {"text": {{{ibmendefaultlong}}} }',
        '{"details": {"job_type":"creation"} }',
    ]
