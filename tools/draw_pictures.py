"""Draws the pictures of docs/start-event.md from its own event: findings in a terminal, and the report in a browser.

python tools/draw_pictures.py            docs/check.svg, and docs/report.png where Chromium is installed
python tools/draw_pictures.py --check    whether docs/check.svg shows what `check` prints
"""

from __future__ import annotations

import argparse
import html
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "start-event.md"
TERMINAL = ROOT / "docs" / "check.svg"
REPORT = ROOT / "docs" / "report.png"

COMMAND = ("check", "event.json")
# characters of a line, and the size of the window
WIDTH = 112
WINDOW = "1100,760"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# rich names fonts on the network; those of the reader serve
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def checked(folder: Path, *options: str) -> str:
    """What `check` prints of the event of the page, in colour."""
    text = PAGE.read_text("utf-8").partition('```json title="event.json"\n')[2].partition("```")[0]
    (folder / "event.json").write_text(text)
    words = [sys.executable, "-m", "vpc_backup_events", *COMMAND, "--color", "always", *options]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False).stdout


def terminal(folder: Path) -> str:
    """The findings in a terminal, as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text(f"$ vpc-backup-events {' '.join(COMMAND)}", style="bold"))
    console.print(Text.from_ansi(checked(folder).rstrip()))
    return _FONTS.sub("", console.export_svg(title=f"vpc-backup-events {COMMAND[0]}", unique_id="check"))


def words(svg: str) -> list[str]:
    """The texts of a picture, without what its layout adds."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    return " ".join(html.unescape(text) for text in texts).split()


def draw_report(folder: Path) -> None:
    """Takes a picture of the report in Chromium, which is large until it is stored with few colours."""
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if browser is None:
        print("No Chromium is installed: docs/report.png stays as it is.")
        return
    checked(folder, "--report", "html=report.html")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
    picture = (f"--window-size={WINDOW}", f"--screenshot={REPORT}", (folder / "report.html").as_uri())
    subprocess.run([browser, *options, *picture], check=True, capture_output=True, timeout=60)


def main() -> int:
    """Draws or checks, and returns the exit status."""
    parser = argparse.ArgumentParser(description="Draws the pictures of docs/start-event.md.")
    parser.add_argument("--check", action="store_true", help="compare docs/check.svg with what check prints")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = terminal(folder)
        if arguments.check:
            if words(drawn) == words(TERMINAL.read_text("utf-8")):
                return 0
            print("docs/check.svg is not what check prints. Run: python tools/draw_pictures.py", file=sys.stderr)
            return 1
        TERMINAL.write_text(drawn, "utf-8")
        draw_report(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
