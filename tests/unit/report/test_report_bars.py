"""Bars of shocks and scenarios: well-formed pictures that stand alone, with lengths in proportion."""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

import sivuvirta as sv
from sivuvirta.report.studies.bars import Bar, comparison_bars, drawn, shock_bars

SVG = "{http://www.w3.org/2000/svg}"


def read(text):
    return ElementTree.fromstring(text)  # noqa: S314 - our own text


def widths(text):
    return [float(rect.get("width")) for rect in read(text).iter(f"{SVG}rect") if rect.get("width") != "100%"]


def test_bars_are_in_proportion_and_start_at_one_zero():
    text = drawn("A & B", "key", [Bar("one", 100, 50, "100"), Bar("two", -50)])
    solid, light, negative, nothing = widths(text)
    assert solid == pytest.approx(2 * light, abs=0.2)
    assert negative == pytest.approx(light, abs=0.2)
    assert nothing == 0
    root = read(text)
    assert root.find(f"{SVG}title").text == "A & B"
    left = [float(rect.get("x")) for rect in root.iter(f"{SVG}rect") if rect.get("x")]
    assert left[0] == pytest.approx(left[2] + negative, abs=0.2)


def test_shocks_show_loss_and_what_repair_wins_back():
    text = shock_bars(sv.shock("three_sites", of="link"))
    assert "link: Slag to Base layer of a road" in text
    solid, light = widths(text)[-2:]  # ash to the road: 66 000 with repair, 24 000 won back
    assert light / solid == pytest.approx(24 / 66, abs=0.01)


def test_scenarios_have_a_bar_each():
    none = pd.DataFrame([{"table": "quantities", "key": "streams/slag/2024/", "column": "value", "value": 0}])
    text = comparison_bars(sv.compare("three_sites", [none]))
    first, _, second, _ = widths(text)
    assert second / first == pytest.approx((357 - 138) / 357, abs=0.01)  # the slag brings 48 000, and 90 000 with the ash beside it
