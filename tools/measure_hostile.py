"""Runs each hostile input in a process of its own, and writes what happened to docs/hostile-inputs.md."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hostile_files import MIB, ROOT
from hostile_inputs import CASES, Case

BOUNDED = Path(__file__).with_name("bounded.py")
PAGE = ROOT / "docs" / "hostile-inputs.md"
# what a process may take: seconds, bytes of address space, and bytes at its peak
SECONDS = 30
ADDRESS_SPACE = 2048 * MIB
PEAK = 600 * MIB

TOP = f"""\
# Hostile inputs

What the kit does with inputs that mean harm, each in a process of its own that may have {ADDRESS_SPACE // MIB} MiB
of address space and {SECONDS} seconds. Every one ends with a report or an error that says what to do, never with
a traceback, and with at most {PEAK // MIB} MiB. `python tools/measure_hostile.py` writes this page;
`tests/trust/test_hostile.py` runs the same table (`tools/hostile_inputs.py`) and holds every case to its outcome.
Seconds include the start of the interpreter, MiB are the memory at the peak.

| input | command | exit status | said | seconds | MiB |
| --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Measured:
    """What happened."""

    # negative where a signal ended it
    status: int
    out: bytes
    err: bytes
    seconds: float
    # bytes of memory at the peak
    peak: int

    @property
    def text(self) -> str:
        """Both streams together."""
        return (self.out + self.err).decode("utf-8", "replace")


def measure(case: Case, folder: Path) -> Measured:
    """Runs a case in an empty folder; where it takes too long it is killed."""
    inside = folder / "inside"
    inside.mkdir()
    case.make(inside)
    environment = {**os.environ, "NO_COLOR": "1"}
    bounds = (folder / "measured", 2 * SECONDS, ADDRESS_SPACE)
    command = (sys.executable, "-m", "vpc_backup_events", *case.words)
    with (
        open(folder / "out", "wb") as out,
        open(folder / "err", "wb") as err,
        open(case.stdin or os.devnull, "rb") as stdin,
    ):
        words = [sys.executable, "-S", str(BOUNDED), *map(str, bounds), *command]
        subprocess.run(words, cwd=inside, stdin=stdin, stdout=out, stderr=err, env=environment, check=True)
    status, seconds, peak = json.loads((folder / "measured").read_text())
    # KiB on Linux, bytes on macOS
    unit = 1 if sys.platform == "darwin" else 1024
    out_bytes, err_bytes = ((folder / name).read_bytes() for name in ("out", "err"))
    return Measured(os.waitstatus_to_exitcode(status), out_bytes, err_bytes, seconds, peak * unit)


def outcome(measured: Measured) -> str:
    """The requirements that were named, or what the diagnostics begin with."""
    ids = sorted(set(re.findall(r"\bP\d\d-[a-z-]+[a-z]\b", measured.out.decode("utf-8", "replace"))))
    if ids:
        return ", ".join(f"`{id}`" for id in ids[:3]) + (f" and {len(ids) - 3} more" if ids[3:] else "")
    error = re.search(r"error: (.*)", measured.err.decode("utf-8", "replace"))
    return _cell(error[1], 80) if error else "nothing is wrong"


def row(case: Case, measured: Measured) -> str:
    """The line of the table."""
    status = str(measured.status) if measured.status >= 0 else signal.Signals(-measured.status).name
    command = f"`{_cell(shlex.join(case.words), 60)}`"
    cells = (case.name, command, status, outcome(measured), f"{measured.seconds:.1f}", str(measured.peak // MIB))
    return f"| {' | '.join(cells)} |\n"


def _cell(text: str, most: int) -> str:
    plain = "".join(c if c.isprintable() and c not in "`|<>" else "·" for c in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cases whose name has this in it; the page is not written")
    arguments = parser.parse_args()
    rows, wrong = [], 0
    for case in CASES:
        if arguments.only not in case.name:
            continue
        with tempfile.TemporaryDirectory() as name:
            measured = measure(case, Path(name))
        rows.append(row(case, measured))
        fits = measured.status == case.status and all(word in measured.text for word in case.mentions)
        fine = fits and measured.seconds < SECONDS and measured.peak < PEAK and "Traceback" not in measured.text
        wrong += not fine
        print("" if fine else "WRONG ", rows[-1], end="", flush=True)
        if not fine:
            print("   ", "\n    ".join(measured.text.strip().splitlines()[-3:])[:600])
    if not arguments.only:
        PAGE.write_text(TOP + "".join(rows), "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
