"""Builds the manifest of the corpus from the cases and the files they name.

    python tools/build_corpus.py           writes fixtures/manifest.json
    python tools/build_corpus.py --check   exits 1 where it would change

A new case is a file and one entry in fixtures/cases.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from typing import Any

from vpc_backup_events import check
from vpc_backup_events._data import data_root
from vpc_backup_events.report import PROFILES


def build() -> dict[str, Any]:
    """The manifest: every case with its hash, its verdict and the exact set of requirements found."""
    root = data_root("fixtures")
    made = []
    for case in json.loads((root / "cases.json").read_bytes())["cases"]:
        data = (root / case["file"]).read_bytes()
        expected = None
        if case["kind"] == "event":
            reports = {profile: check(data, profile) for profile in PROFILES}
            expected = {
                profile: {"ok": report.ok, "findings": sorted({f.requirement for f in report.findings})}
                for profile, report in reports.items()
            }
        made.append({**case, "sha256": hashlib.sha256(data).hexdigest(), "expected": expected})
    return {"cases": made}


def main() -> int:
    """Writes the manifest, or compares it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    path = data_root("fixtures") / "manifest.json"
    text = json.dumps(build(), indent=2, ensure_ascii=False) + "\n"
    if parser.parse_args().check:
        if path.read_text("utf-8") != text:
            print("fixtures/manifest.json is not what the cases make; run tools/build_corpus.py")
            return 1
        return 0
    path.write_text(text, "utf-8", newline="\n")
    print(f"{path.name}: {len(build()['cases'])} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
