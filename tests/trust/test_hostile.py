"""Every hostile input ends as the table says: in time, in bounded memory, and without steering whoever reads of it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hostile_inputs import CASES, Case
from measure_hostile import PAGE, PEAK, SECONDS, measure

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits, pipes and devices are those of Unix")

# escape, CSI, NUL, bell, and what turns the direction of a text
STEERING = re.compile("[\x00\x07\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.representatives(
    "a byte order mark",
    "poison in text",
    "poison in HTML",
    "poison in JUnit",
    "an archive with links in circles, devices, pipes",
    "Terraform, brackets 10,000 deep",
    "a pattern that grows",
    "arrays, 100,000 deep",
    "a command line of 1 MB",
    "gzip that is cut",
    "an email, multiparts 10,000 deep",
    "a template, 1,600 deep",
)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_as_the_table_says(case: Case, tmp_path):
    measured = measure(case, tmp_path)
    text = measured.text
    assert "Traceback" not in text
    assert measured.status == case.status, text[-500:]
    assert [word for word in case.mentions if word not in text] == []
    # the reason and the way out, where nothing could be asked
    assert measured.status != 2 or ("error: " in text and "hint: " in text)
    assert measured.seconds < SECONDS
    assert measured.peak < PEAK
    assert STEERING.search(text) is None
    assert not re.search(r"^::error::", text, re.MULTILINE)
    assert "<script>alert" not in text or "--format" not in case.words or "html" not in case.words
    assert {path.name for path in tmp_path.iterdir()} == {"inside", "measured", "out", "err"}
    _holds(case, measured.out.decode())


def _holds(case: Case, out: str) -> None:
    """What the format of a report promises."""
    form = case.words[case.words.index("--format") + 1] if "--format" in case.words else "text"
    if form in ("json", "sarif"):
        json.loads(out)
    elif form == "junit":
        assert ElementTree.fromstring(out).tag == "testsuites"
    elif form == "html":
        assert "<img src=x" not in out
    elif form == "markdown":
        assert "<script" not in out
        assert "<img" not in out
    elif form == "github":
        lines = [line for line in out.splitlines() if line.startswith("::")]
        assert lines
        assert all(re.match(r"::(error|warning|notice) [^:]*?(file|title)=", line) for line in lines)


def test_the_page_lists_every_case():
    """Not its figures, which are those of the machine that wrote it."""
    listed = [line.split(" | ")[0].removeprefix("| ") for line in PAGE.read_text("utf-8").splitlines() if "|" in line]
    assert listed[2:] == [case.name for case in CASES]


def test_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)
