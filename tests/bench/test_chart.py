"""The chart is a page that needs nothing, and with the extra `bench` a picture."""

from __future__ import annotations

import sys
import tomllib

import pytest

from bench.fidelity import chart
from bench.fidelity.chart import draw, page
from bench.fidelity.result import Counts, Result
from bench.process import ROOT

WHOLE = Counts(steps=4, levels=(4, 4, 4, 3, 3, 2), strict=2, body=2, reads=2, state=1, sessions=1)


def a_result(trained=20, stand_in="synthesized"):
    return Result("shop", False, stand_in, trained, True, (), WHOLE, WHOLE, WHOLE, WHOLE, 1.5, 12, 60, 0.05, ())


SIZES = [a_result(trained=size) for size in (1, 5, 20)]
RESULTS = [*SIZES, a_result(stand_in="replay")]


def test_the_page_holds_its_chart_and_reaches_for_nothing():
    text = page(RESULTS)
    assert text.count("<svg") == 1
    assert "Sessions never recorded" in text
    assert "<script" not in text
    assert "http" not in text


def test_without_matplotlib_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    told = draw(RESULTS, tmp_path / "fidelity.png")
    assert "needs matplotlib: python -m pip install -e '.[bench]'" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore")
def test_with_matplotlib_a_picture_is_drawn(tmp_path):
    pytest.importorskip("matplotlib", reason="python -m pip install -e '.[bench]'")
    assert draw(RESULTS, tmp_path / "fidelity.png") == ""
    assert (tmp_path / "fidelity.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_the_extra_that_is_named_is_one_of_the_project():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert any(one.startswith("matplotlib") for one in extras["bench"])
    assert "[bench]" in chart.INSTALL
