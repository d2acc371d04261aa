"""The report as a badge: an SVG image with the verdict and the profile, and a title for who does not see it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from vpc_backup_events.reporting.run import Run

_NAMESPACE = "http://www.w3.org/2000/svg"
# white text on each has a contrast of at least 4.5
_COLORS = {"conforms": "#1a7f37", "does not conform": "#b42318"}
_PARTLY = "#8a5a00"
_LABEL = "#444c56"
_HEIGHT = 20
_LEFT = "backup events"


def render(run: Run) -> str:
    """The verdict of the run as one SVG image."""
    right = f"{run.verdict} ({run.report.profile})"
    widths = [_width(_LEFT), _width(right)]
    title = f"Event notifications of Backup for VPC: {run.verdict}, {run.report.profile} profile"
    ET.register_namespace("", _NAMESPACE)
    svg = _element("svg", width=sum(widths), height=_HEIGHT, viewBox=f"0 0 {sum(widths)} {_HEIGHT}", role="img")
    svg.set("aria-labelledby", "title")
    _element("title", svg, title, id="title")
    clip = _element("clipPath", svg, id="round")
    _element("rect", clip, width=sum(widths), height=_HEIGHT, rx=3)
    box = _element("g", svg)
    box.set("clip-path", "url(#round)")
    words = _element("g", svg, fill="#fff")
    words.set("font-family", "Verdana, 'DejaVu Sans', Geneva, sans-serif")
    words.set("font-size", "11")
    words.set("aria-hidden", "true")
    x = 0
    for text, width, color in zip((_LEFT, right), widths, (_LABEL, _COLORS.get(run.verdict, _PARTLY)), strict=True):
        _element("rect", box, x=x, width=width, height=_HEIGHT, fill=color)
        # whatever the font, the text fills its place
        _element("text", words, text, x=x + 6, y=14, textLength=width - 12)
        x += width
    return ET.tostring(svg, "unicode") + "\n"


def _width(text: str) -> int:
    return round(len(text) * 6.6) + 12


def _element(tag: str, parent: ET.Element | None = None, text: str = "", **attributes: object) -> ET.Element:
    element = ET.Element(f"{{{_NAMESPACE}}}{tag}", {name: str(value) for name, value in attributes.items()})
    element.text = text or None
    if parent is not None:
        parent.append(element)
    return element
