"""The report as a badge: an SVG image with the verdict and the profile, and a title for who does not see it."""

from __future__ import annotations

from importlib.resources import files
from string import Template

from vpc_backup_events.reporting.run import Run

# white text on each has a contrast of at least 4.5
_COLORS = {"conforms": "#1a7f37", "does not conform": "#b42318"}
_PARTLY = "#8a5a00"
# widths in pixels: of the label on the left, of a character, and of what is beside a text
_LEFT = 98
_CHARACTER = 6.6
_MARGIN = 12


def render(run: Run) -> str:
    """The verdict of the run as one SVG image."""
    profile = run.report.profile
    # whatever the font, the text fills its place
    text = round(len(f"{run.verdict} ({profile})") * _CHARACTER)
    drawing = files("vpc_backup_events.reporting").joinpath("page", "badge.svg").read_text("utf-8")
    badge = Template("".join(drawing.splitlines())).substitute(
        width=_LEFT + text + _MARGIN,
        right=text + _MARGIN,
        text=text,
        color=_COLORS.get(run.verdict, _PARTLY),
        verdict=run.verdict,
        profile=profile,
    )
    return f"{badge}\n"
