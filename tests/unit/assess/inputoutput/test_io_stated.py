"""Multipliers that a region states itself, by hand: before the input-output table, beside it, and alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.builders import region

from sivuvirta.assess.inputoutput.leontief import Solved
from sivuvirta.assess.inputoutput.stated import answered, multiplier_rows, stated
from sivuvirta.assess.inputoutput.tables import input_output

SOURCED = {"grade": "B", "source": "s"}


def row(sector, kind, value, indicator="jobs", unit="1/MEUR", **more):
    return {"sector": sector, "indicator": indicator, "kind": kind, "year": 2024, "value": value, "unit": unit, **SOURCED, **more}


ROWS = [
    row("rock", "direct", 10, low=10 - 3.29, high=10 + 3.29),  # standard deviation 2 posts per MEUR
    row("rock", "indirect", 4, low=4, high=4),
    row("rock", "induced", 1, low=1, high=1),
]
SPENT = pd.DataFrame(
    [
        {"sector": "rock", "when": "a year", "gross": 2e6, "displaced": 5e6, "sd": 0.0, "grade": "B", "missing": ""},
        {"sector": "", "when": "a year", "gross": 9e6, "displaced": 0.0, "sd": 0.0, "grade": "D", "missing": ""},
    ]
)


def effects(own, spent, when="a year", solved=None):
    told = region()
    return answered(own, spent, when, told, solved).set_index(["indicator", "kind"])


def test_effects_are_multipliers_times_spending():
    """Direct 10 x (2 - 5) = -30 posts; type I adds 4, type II 1 more: -42 and -45."""
    found = effects(stated(region(multipliers=ROWS)), SPENT)
    assert found["net"].to_dict() == pytest.approx(
        {("jobs", "direct"): -30, ("jobs", "indirect"): -12, ("jobs", "induced"): -3, ("jobs", "type1"): -42, ("jobs", "type2"): -45}
    )
    assert found.loc[("jobs", "direct"), ["gross", "displaced"]].tolist() == pytest.approx([20, 50])
    # 2 posts per MEUR on 2 and on 5 million, apart: sqrt(16 + 100) = 10.77, times 1.645
    assert found.loc[("jobs", "direct"), "high"] == pytest.approx(-30 + 1.645 * np.sqrt(116))
    assert set(found["grade"]) == {"B"}
    assert set(found["missing"]) == {""}


def test_kinds_that_are_not_stated_follow_from_the_sums():
    own = stated(region(multipliers=[row("rock", "direct", 10), row("rock", "type1", 14), row("rock", "type2", 15)]))
    kinds = own.found["jobs", "rock"]
    assert {kind: value * 1e6 for kind, (value, _) in kinds.items()} == pytest.approx(
        {"direct": 10, "indirect": 4, "induced": 1, "type1": 14, "type2": 15}
    )
    table = multiplier_rows(own)
    assert table[["sector", "indicator", "unit", "direct", "type1", "type2"]].to_numpy().tolist() == [
        ["rock", "jobs", "posts/MEUR", pytest.approx(10), pytest.approx(14), pytest.approx(15)]
    ]


def test_what_is_not_stated_is_unknown_and_never_zero():
    found = effects(stated(region(multipliers=[row("rock", "direct", 10)])), SPENT)
    assert found.loc[("jobs", "direct"), "net"] == pytest.approx(-30)
    assert np.isnan(found.loc[("jobs", "induced"), "net"])
    assert found.loc[("jobs", "induced"), "missing"] == "multiplier 'induced' of sector 'rock'"


def test_a_sector_without_a_row_counts_as_nothing_and_is_named():
    more = pd.concat([SPENT, pd.DataFrame([{**SPENT.iloc[0].to_dict(), "sector": "haul", "gross": 1e6, "displaced": 0.0}])])
    found = effects(stated(region(multipliers=ROWS)), more)
    direct = found.loc[("jobs", "direct")]
    assert direct["net"] == pytest.approx(-30)
    assert direct["grade"] == "D"
    assert direct["missing"] == "Not known and counted as 0: multiplier 'direct' of sector 'haul'."


def test_the_input_output_table_answers_sectors_that_are_left_out():
    """Haul employs 20 per million of output, so 1 million more is 20 posts beside the -30 of rock."""
    sectors = [
        {
            "sector": name,
            "name": name,
            "kind": "industry",
            "year": 2024,
            "output": 100,
            "value_added": 50,
            "income": 30,
            "jobs": jobs,
            **SOURCED,
        }
        for name, jobs in (("rock", 7), ("haul", 2000))
    ]
    solved = Solved.of(input_output(region(io_sectors=sectors)))
    more = pd.concat([SPENT, pd.DataFrame([{**SPENT.iloc[0].to_dict(), "sector": "haul", "gross": 1e6, "displaced": 0.0}])])
    found = effects(stated(region(multipliers=ROWS)), more, solved=solved)
    assert found.loc[("jobs", "direct"), "net"] == pytest.approx(-30 + 20)
    assert found.loc[("jobs", "direct"), "missing"] == ""


def test_a_unit_that_is_not_known_is_told_and_value_added_is_euros_per_euro():
    own = stated(region(multipliers=[row("rock", "type1", 0.8, "value_added", "EUR/EUR"), row("rock", "direct", 3, unit="1/kt")]))
    assert own.indicators == ("value_added",)
    found = effects(own, SPENT)
    assert found.loc[("value_added", "type1"), "net"] == pytest.approx(0.8 * -3e6)
    assert (
        found.loc[("value_added", "type1"), "missing"]
        == "Not known and counted as 0: unit '1/kt' of jobs of 'rock' in table `multipliers`."
    )


def test_the_newest_year_counts_and_the_library_is_no_region():
    own = stated(region(multipliers=[{**row("rock", "direct", 8), "year": 2010}, row("rock", "direct", 10)]))
    assert own.found["jobs", "rock"]["direct"][0] == pytest.approx(10e-6)
    assert stated(region()) is None
