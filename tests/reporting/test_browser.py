"""The page in a browser: Chromium, in light and dark, wide and 400 pixels wide; nothing is cut, nothing unreadable."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess

import pytest

from helpers.report_runs import BROKEN, EVENT, HOSTILE, of_check, of_suite, suite
from vpc_backup_events.reporting import render_run
from vpc_backup_events.reporting.specimens import Specimen, blocks_of

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian package: chromium)")

SHOWN = (
    Specimen(
        "snapshot-quota-reached in " + "x" * 300, "/ibmenseverity", "".join(HOSTILE), "y" * 300, blocks_of(BROKEN, ())
    ),
    Specimen("a secret", "", "It holds one.", "", ()),
)
RUNS = {
    "check": lambda: of_check(EVENT, BROKEN, {**BROKEN, "id": "other", "extra": "".join(HOSTILE)}, b"<script>alert(1)"),
    "suite": lambda: of_suite(
        suite(role="producer", errors=("ended",), pairs={"R01": (6, 0), "R05": (6, 2)}),
        command="x" * 500,
        specimens={("producer", id): SHOWN for id in ("P05-type-as-given", "P07-source-id-as-given")},
    ),
}

# shows the page in a frame of its own width, as a window can't be as narrow, and writes what it measured as text
FRAME = """<!DOCTYPE html><body><iframe src="page.html" style="width:%dpx;height:2000px;border:0"></iframe><script>
function luminance(color) {
  const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map(each => {
    const c = each / 255;
    return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  });
  return .2126 * r + .7152 * g + .0722 * b;
}
function background(element) {
  for (let each = element; each; each = each.parentElement) {
    const color = each.ownerDocument.defaultView.getComputedStyle(each).backgroundColor;
    if (!/, 0\\)$/.test(color)) return color;
  }
  return "rgb(255, 255, 255)";
}
onload = () => {
  const page = document.querySelector("iframe").contentDocument, view = page.defaultView;
  const every = [...page.body.querySelectorAll("*")];
  const hasText = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const texts = every.filter(e => hasText(e) && e.checkVisibility());
  const contrasts = texts.map(e => {
    const [a, b] = [luminance(view.getComputedStyle(e).color), luminance(background(e))];
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.className + " " + e.textContent.trim().slice(0, 40)];
  });
  const outside = texts.filter(e => {
    const box = e.getBoundingClientRect();
    return box.right > page.documentElement.clientWidth + 1 && !e.closest(".scroll");
  });
  const measured = {
    width: page.documentElement.clientWidth,
    scrollWidth: page.documentElement.scrollWidth,
    texts: texts.length,
    contrast: contrasts.sort((a, b) => a[0] - b[0])[0],
    outside: outside.map(e => e.className + " " + e.textContent.trim().slice(0, 40)),
    background: view.getComputedStyle(page.body).backgroundColor,
    scripts: page.scripts.length + page.images.length,
    styled: view.getComputedStyle(page.querySelector(".verdict")).borderLeftWidth,
    focusable: page.querySelectorAll("a[href], summary").length,
  };
  document.body.innerHTML = "<pre></pre>";
  document.querySelector("pre").textContent = "MEASURED" + JSON.stringify(measured) + "DONE";
};
</script>"""


def chromium(folder, *arguments):
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--allow-file-access-from-files",
            f"--user-data-dir={folder / 'profile'}",
            *arguments,
        ],
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout.decode()


@pytest.mark.representatives("check-light-1280", "suite-dark-400")
@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", RUNS)
def test_everything_can_be_read(tmp_path, name, dark, width):
    (tmp_path / "page.html").write_text(render_run(RUNS[name](), "html"), "utf-8")
    (tmp_path / "frame.html").write_text(FRAME % width, "utf-8")
    theme = ["--blink-settings=preferredColorScheme=0"] if dark else ["--blink-settings=preferredColorScheme=1"]
    dom = chromium(
        tmp_path, *theme, "--window-size=1400,2100", "--virtual-time-budget=5000", "--dump-dom",
        (tmp_path / "frame.html").as_uri(),
    )  # fmt: skip
    found = re.search("MEASURED(.*?)DONE", dom, re.DOTALL)
    assert found, dom[-2000:]
    measured = json.loads(html.unescape(found[1]))
    assert measured["width"] == width
    assert measured["scrollWidth"] <= width
    assert measured["outside"] == []
    assert measured["contrast"][0] >= 4.5, measured["contrast"]
    assert measured["scripts"] == 0
    # the policy of the page lets its own style in
    assert measured["styled"] == "8px"
    assert (measured["background"] == "rgb(15, 19, 24)") is dark
    assert measured["texts"] > 50
    assert measured["focusable"] > 5


def test_it_is_drawn_and_printed(tmp_path):
    (tmp_path / "page.html").write_text(render_run(RUNS["check"](), "html"), "utf-8")
    uri = (tmp_path / "page.html").as_uri()
    chromium(tmp_path, f"--screenshot={tmp_path / 'page.png'}", "--window-size=800,900", uri)
    drawn = (tmp_path / "page.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) > 20_000
    chromium(tmp_path, f"--print-to-pdf={tmp_path / 'page.pdf'}", "--no-pdf-header-footer", uri)
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
