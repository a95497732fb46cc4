"""The page of benchmarks says of each target whether it was met; a slip there would be a false claim."""

from __future__ import annotations

import pytest
from bench.matching_page import _met, section


@pytest.mark.parametrize(
    ("value", "target", "unit", "told"),
    [
        (1.5, 1.5, "×", "1.50× (met)"),
        (1.51, 1.5, "×", "1.51× (missed)"),
        (50.0, 50.0, " ms", "50 ms (met)"),
        (143.0, 50.0, " ms", "143 ms (missed)"),
    ],
)
def test_a_target_is_met_up_to_its_figure(value, target, unit, told):
    assert _met(value, target, unit) == told


def test_each_target_stands_beside_the_figures_of_its_own_column():
    """At 100 000: 0.30 s over 0.50 s by cells is 0.6, over 0.15 s by class 2.0; 0.021 s again is 21 ms; small registers carry no target."""
    spread = (0.1, 9.0)
    figures = {
        "pairs": 10,
        "passed": 5,
        "agree": True,
        "numpy": 1.0,
        "by cells": 0.5,
        "by class": 0.15,
        "screen": 0.3,
        "ratio by cells": 0.6,
        "ratio by cells spread": spread,
        "ratio by class": 2.0,
        "ratio by class spread": spread,
        "first": 1.0,
        "prepare": 2.0,
        "rematch": 0.021,
        "rematch worst": 0.1,
        "why": 0.1,
        "register MB": 1000.0,
        "screen MB": 3100.0,
    }
    page = section({(1_000, "plain"): {**figures, "ratio by cells": 7.0}, (100_000, "plain"): figures})
    assert "*by cells*: 100,000 plain 0.60× (met)\n" in page
    assert "*by class*: 100,000 plain 2.00× (missed)\n" in page
    assert "one stream again against 100,000 needs under 50 ms: plain 21 ms (met)\n" in page
    assert "under 3 GB at 100,000: plain 3100 MB (missed)\n" in page
