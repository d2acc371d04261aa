"""Checks that a built documentation site is whole without a network: it loads nothing from elsewhere.

python tools/check_site.py SITE
"""

from __future__ import annotations

import argparse
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

# attributes by which a page loads something; links that a reader follows are none
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
# relations of <link> that only say something
SAYS = {"canonical", "next", "prev", "edit", "license"}
_CSS = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)")


class Page(HTMLParser):
    """Collects what a page loads from other hosts."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Looks at the one attribute that loads."""
        members = dict(attrs)
        if tag == "link" and members.get("rel") in SAYS:
            return
        value = members.get(LOADS.get(tag, "")) or ""
        if value.startswith(("http:", "https:", "//")):
            self.foreign.append(value)


def main() -> int:
    """Names every page that loads something from elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="the folder of the built site")
    site = parser.parse_args().site
    count = 0
    pages = sorted(site.rglob("*.html"))
    for path in pages:
        page = Page()
        page.feed(path.read_text("utf-8"))
        for address in page.foreign:
            print(f"{path.relative_to(site)} loads {address}")
            count += 1
    for path in sorted(site.rglob("*.css")):
        for address in _CSS.findall(path.read_text("utf-8")):
            print(f"{path.relative_to(site)} loads {address}")
            count += 1
    print(f"{len(pages)} pages, {count} things from elsewhere")
    return 1 if count or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
