"""The documentation site in a browser: Chromium, light and dark, wide and 400 pixels wide; every page can be read.

`nox -s docs` runs this, with mkdocs-material, which nothing else needs. Scripts are taken out of the pages before they
are looked at: what they add, search and switches, needs a server, and a page has to be readable without them.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.skipif(find_spec("material") is None, reason="mkdocs-material is not installed: nox -s docs"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian package: chromium)"),
]

PAGES = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
SCHEMES = {"light": "default", "dark": "slate"}
# what is coloured by what it means; large or decorative, it needs less contrast than text
LEAST, LEAST_COLOURED = 4.5, 3
OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
    "--allow-file-access-from-files",
)  # fmt: skip

# shows one page after the other in a frame of its own width, as a window can't be as narrow, and writes what it
# measured as text
FRAME = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe style="width:%(width)dpx;height:2000px;border:0"></iframe><script>
const pages = %(pages)s, measured = {}, frame = document.querySelector("iframe");
const parts = color => {
  const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
  return [r, g, b, a];
};
const over = ([r, g, b, a], below) => [r, g, b].map((each, n) => each * a + below[n] * (1 - a));
const luminance = color => {
  const [r, g, b] = color.map(each => each / 255).map(c => (c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4));
  return .2126 * r + .7152 * g + .0722 * b;
};
function measure(page, view) {
  const background = element => {
    if (!element) return [255, 255, 255];
    const own = parts(view.getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, background(element.parentElement));
  };
  const contrast = element => {
    const below = background(element);
    const [a, b] = [over(parts(view.getComputedStyle(element).color), below), below].map(luminance);
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  };
  const content = page.querySelector(".md-content"), inner = content.querySelector(".md-content__inner");
  const hasText = each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const texts = [...inner.querySelectorAll("*")].filter(each => hasText(each) && each.checkVisibility())
    .filter(each => !each.matches(".headerlink"));
  const told = each => each.tagName + " " + each.textContent.trim().slice(0, 40);
  const worst = of => of.map(each => [contrast(each), told(each)]).sort((a, b) => a[0] - b[0])[0] || [21, ""];
  const coloured = each => each.matches("pre span, a, a *");
  const scrolls = each => {
    for (let at = each; at !== content; at = at.parentElement)
      if (/auto|scroll/.test(view.getComputedStyle(at).overflowX)) return true;
    return false;
  };
  const box = content.getBoundingClientRect();
  return {
    clientWidth: page.documentElement.clientWidth,
    scrollWidth: page.documentElement.scrollWidth,
    heading: page.querySelector("h1").textContent.replace("\\u00b6", "").trim(),
    texts: texts.length,
    broken: [...page.images].filter(each => !each.naturalWidth).map(each => each.src),
    outside: [...texts, ...inner.querySelectorAll("img")].filter(each => {
      const own = each.getBoundingClientRect();
      return own.width && (own.right > box.right + 1 || own.left < box.left - 1) && !scrolls(each);
    }).map(told),
    contrast: worst(texts.filter(each => !coloured(each))),
    coloured: worst(texts.filter(coloured)),
    background: luminance(background(inner)),
    scheme: page.body.dataset.mdColorScheme,
    scripts: page.scripts.length,
  };
}
frame.onload = () => {
  const page = frame.contentDocument;
  if (!page.querySelector(".md-content")) return;
  measured[pages.shift()] = measure(page, frame.contentWindow);
  next();
};
function next() {
  if (pages.length) {
    frame.src = pages[0] + ".html";
  } else {
    document.body.innerHTML = "<pre></pre>";
    document.querySelector("pre").textContent = "MEASURED" + JSON.stringify(measured) + "DONE";
  }
}
next();
</script>"""


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Scheme -> the site in it, without scripts."""
    built = tmp_path_factory.mktemp("site") / "built"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(built)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=ROOT, check=True, timeout=120, env=environment)
    assert {path.stem for path in built.glob("*.html")} == {*PAGES, "404"}
    made = {}
    for name, scheme in SCHEMES.items():
        made[name] = built.parent / name
        shutil.copytree(built, made[name])
        for path in made[name].glob("*.html"):
            text = re.sub(r"<script\b.*?</script>", "", path.read_text("utf-8"), flags=re.DOTALL)
            text, count = re.subn(r'(<body[^>]* data-md-color-scheme=)"default"', rf'\1"{scheme}"', text)
            assert count == 1, path
            path.write_text(text, "utf-8")
    return made


def chromium(folder, *arguments):
    """What Chromium prints; on a busy machine it may need a second try."""
    for attempt in (1, 2):
        profile = f"--user-data-dir={folder / f'profile-{attempt}'}"
        try:
            done = subprocess.run([CHROMIUM, *OPTIONS, profile, *arguments], capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            if attempt == 2:
                raise
        else:
            if done.returncode == 0:
                return done.stdout.decode()
            assert attempt == 1, done.stderr[-1_000:]
    raise AssertionError


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_can_be_read(sites, tmp_path, scheme, width):
    frame = sites[scheme] / f"frame-{width}.html"
    frame.write_text(FRAME % {"width": width, "pages": json.dumps(PAGES)}, "utf-8")
    window = ("--window-size=1400,2100", "--virtual-time-budget=20000", "--dump-dom")
    dom = chromium(tmp_path, *window, frame.as_uri())
    found = re.search("<pre>MEASURED(.*?)DONE</pre>", dom, re.DOTALL)
    assert found, dom[-2_000:]
    pages = json.loads(html.unescape(found[1]))
    assert list(pages) == PAGES
    for name, page in pages.items():
        assert page["clientWidth"] == width, name
        assert page["scrollWidth"] <= width, name
        assert page["outside"] == [], name
        assert page["broken"] == [], name
        assert page["heading"], name
        assert page["texts"] > 10, name
        assert page["contrast"][0] >= LEAST, (name, page["contrast"])
        assert page["coloured"][0] >= LEAST_COLOURED, (name, page["coloured"])
        assert page["scheme"] == SCHEMES[scheme]
        assert (page["background"] < 0.1) is (scheme == "dark"), name
        assert page["scripts"] == 0, name


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("page", ["index", "start-consumer", "requirements"])
def test_it_is_drawn(sites, tmp_path, page, scheme):
    shot = tmp_path / "page.png"
    uri = (sites[scheme] / f"{page}.html").as_uri()
    chromium(tmp_path, f"--screenshot={shot}", "--window-size=1280,1400", uri)
    drawn = shot.read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) > 40_000
