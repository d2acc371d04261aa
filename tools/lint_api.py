"""Runs validators over schemas/api/: openapi-spec-validator and IBM's own (npm), and AsyncAPI's parser (npm).

    python tools/lint_api.py --node FOLDER      FOLDER has what tools/lint_api/package.json names installed

`nox -s api` does both.

Exits 1 on an error, on a warning that docs/api-warnings.md does not explain, and on an explanation without a warning.
IBM's validator gets a copy in which an event is any object, because it can't resolve a `$id`. What it calls an error
and IBM's own API does all the same counts as a warning. Of AsyncAPI's parser, advice (below a warning) is passed over.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openapi_spec_validator import validate

from vpc_backup_events.values.data import data_root

# errors of the linter that stay, as docs/api-warnings.md explains
FACTS = {"ibm-parameter-casing-convention", "ibm-no-unsupported-keywords"}
# of severities of AsyncAPI's parser: error 0, warning 1, information 2, hint 3
WARNING = 1
EXPLAINED = Path(__file__).parents[1] / "docs" / "api-warnings.md"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node", type=Path, required=True, help="folder with node_modules")
    node = parser.parse_args().node.resolve()
    command = node / "node_modules" / ".bin" / "lint-openapi"
    problems: list[str] = []
    for path in sorted((data_root("schemas") / "api").glob("*.asyncapi.json")):
        problems += parse(node, path)
    warnings: Counter[str] = Counter()
    for path in sorted((data_root("schemas") / "api").glob("*.openapi.json")):
        document = json.loads(path.read_bytes())
        validate(document, base_uri=path.as_uri())
        results = lint(command, document)
        for error in results["error"]["results"]:
            if error["rule"] in FACTS:
                warnings[error["rule"]] += 1
            else:
                problems.append(f"{path.name}: error: {error['rule']}: {error['message']}")
        warnings.update(warning["rule"] for warning in results["warning"]["results"])
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", EXPLAINED.read_text("utf-8"), re.MULTILINE))
    problems += [
        f"{rule}: a warning that {EXPLAINED.name} does not explain" for rule in sorted(warnings.keys() - explained)
    ]
    problems += [
        f"{rule}: explained in {EXPLAINED.name}, and gives no warning" for rule in sorted(explained - warnings.keys())
    ]
    for problem in problems:
        print(problem)
    print(f"{sum(warnings.values())} warnings of {len(warnings)} rules, {len(problems)} problems")
    return 1 if problems else 0


def parse(node: Path, path: Path) -> list[str]:
    """What AsyncAPI's parser finds in a description, but for advice."""
    process = subprocess.run(
        ["node", node / "asyncapi.mjs", path], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    entries = json.loads(process.stdout)
    return [f"{path.name}: {e['code']} at {e['path']}: {e['message']}" for e in entries if e["severity"] <= WARNING]


def lint(command: Path, document: dict[str, Any]) -> Any:
    schemas = document["components"]["schemas"]
    if "Event" in schemas:
        schemas["Event"] = {
            "type": "object",
            "description": schemas["Event"]["description"],
            "properties": {"id": schemas["Error"]["properties"]["trace"]},
        }
    with TemporaryDirectory() as folder:
        copy = Path(folder, "openapi.json")
        copy.write_text(json.dumps(document), "utf-8")
        process = subprocess.run(
            [command, "--json", copy.name], cwd=folder, capture_output=True, text=True, check=False
        )
    return json.loads(process.stdout)


if __name__ == "__main__":
    sys.exit(main())
