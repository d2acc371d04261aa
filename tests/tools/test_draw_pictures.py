"""The picture of a terminal shows what the page says and what `check` prints."""

from __future__ import annotations

import sys

import pytest

import draw_pictures


def test_the_picture_is_what_check_prints(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["draw_pictures.py", "--check"])
    assert draw_pictures.main() == 0


@pytest.mark.parametrize("picture", ["", "<svg><text>another</text></svg>"])
def test_another_picture_is_found(monkeypatch, tmp_path, capsys, picture):
    (tmp_path / "check.svg").write_text(picture)
    monkeypatch.setattr(draw_pictures, "TERMINAL", tmp_path / "check.svg")
    monkeypatch.setattr(sys, "argv", ["draw_pictures.py", "--check"])
    assert draw_pictures.main() == 1
    assert "python tools/draw_pictures.py" in capsys.readouterr().err


def test_the_picture_is_small_and_loads_nothing():
    picture = draw_pictures.TERMINAL.read_text("utf-8")
    assert len(picture) < 20_000
    assert "@font-face" not in picture
    assert draw_pictures.REPORT.stat().st_size < 50_000
