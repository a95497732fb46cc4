"""Ranges of grades written out: figures keep their values, stated ranges stay, and what measures them follows."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sivuvirta as sv
from sivuvirta.domain.spreads import DRAWN, grade_shares, graded_tables

ENDS = {"value": ("low", "high")}


@pytest.fixture(scope="module")
def region():
    return sv.load("three_sites")


def ends(table, name):
    low, high = ENDS.get(name, (f"{name}_low", f"{name}_high"))
    return table[low], table[high]


def test_a_figure_without_a_range_reaches_1645_standard_deviations_of_its_grade(region):
    graded, shares = region.by_grade(), grade_shares(region)
    assert graded.graded
    assert not region.graded
    amounts, before = graded.table("quantities"), region.table("quantities")
    bare = np.flatnonzero(np.isnan(before["low"]) & np.isnan(before["high"]) & (before["value"] > 0))
    assert len(bare) > 0
    for row in bare.tolist():
        value, share = amounts["value"][row], shares[amounts["grade"][row]]
        assert amounts["high"][row] == pytest.approx(value * (1 + 1.645 * share))
        assert amounts["low"][row] == pytest.approx(value * (1 - 1.645 * share))
    assert shares["A"] == pytest.approx(0.0244)
    assert shares["D"] == pytest.approx(0.4621)


def test_values_and_stated_ranges_stay_and_nothing_else_gets_one():
    region = sv.load("kemi_tornio")
    own, library = graded_tables(region)
    changed = 0
    for name in {**own, **library}:
        before, after = region.table(name), region.by_grade().table(name)
        for column in before.columns:
            ranged = [each for each in DRAWN.get(name, ()) if column in ENDS.get(each, (f"{each}_low", f"{each}_high"))]
            if not ranged:
                np.testing.assert_array_equal(before[column], after[column])
                continue
            stated = ~np.isnan(before[column])
            np.testing.assert_array_equal(before[column][stated], after[column][stated])
            changed += int((np.isnan(before[column]) & ~np.isnan(after[column])).sum())
        for value in DRAWN.get(name, ()):
            low, high = ends(after, value)
            known = ~np.isnan(low) & ~np.isnan(high)
            assert (low[known] <= high[known]).all()
            given = known & np.isnan(ends(before, value)[0]) & (after[value] >= 0)
            assert (low[given] >= 0).all()
    assert changed > 100


def test_a_register_of_points_gets_ranges_by_grade_alone(region):
    held, drawn = sv.ranges(region, draws=200), sv.ranges(region.by_grade(), draws=200)
    worth = [found.figures.query("network == 'potential' and row == 'benefit'").iloc[0] for found in (held, drawn)]
    assert worth[0]["value"] == pytest.approx(worth[1]["value"])
    assert worth[1]["high"] - worth[1]["low"] > worth[0]["high"] - worth[0]["low"]
    assert any("--by-grade" in note for note in held.notes)
    assert any("that of its evidence grade" in note for note in drawn.notes)


def test_the_plan_is_the_same(region):
    assert sv.plan(region.by_grade()).potential.benefit == pytest.approx(sv.plan(region).potential.benefit)
    assert not math.isnan(sv.plan(region).potential.benefit)


def test_a_score_of_a_life_cycle_varies_by_grade_already(region):
    held, drawn = (sv.lifecycle(sv.plan(each), runs=500).scores for each in (region, region.by_grade()))
    for column in ("value", "low", "high"):
        assert drawn[column].tolist() == pytest.approx(held[column].tolist(), rel=0.02, nan_ok=True)
