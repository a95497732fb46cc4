"""The steel of the Tornio works: the arithmetic of its footprint, and published figures beside it that never enter it."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS


@pytest.fixture(scope="module")
def found():
    return sv.footprint("kemi_tornio", "stainless_steel")


def test_the_burden_is_the_sum_of_its_parts(found):
    """Thousand tonnes a year, by hand.

    705.234 verified; 1 000 kt of scrap at 50 kg/t: 50; 20 kt of nickel at 13 t: 260; 3 300 GWh at 80: 264; 1 100 kt of concentrate at
    36.4: 40.04; 130 kt of lime at 1.2: 156; 200 kt of coke at 0.5: 100; 800 GWh of gas at 33.47: 26.776; 15 kt of ferrosilicon at 6: 90;
    10 kt of manganese at 3: 30; 2 kt of molybdenum at 9: 18; less 374 - 200 = 174 kt of ferrochrome at 1.85: 321.9.
    """
    parts = found.contributions(ECONOMIC)
    told = parts[parts["kind"] != "residue"]["emission"].sum() / 1e6
    by_hand = 705.234 + 50 + 260 + 264 + 40.04 + 156 + 100 + 26.776 + 90 + 30 + 18 - 321.9
    assert told == pytest.approx(by_hand)
    assert parts[parts["kind"] == "residue"]["emission"].sum() / 1e6 < 0.1


def test_three_allocations_stand_side_by_side(found):
    """By value nearly all stays with the steel; by mass about two thirds; what by-products replace takes about a tenth away."""
    economic, mass, expansion = (found.result(method) for method in (ECONOMIC, MASS, EXPANSION))
    assert economic.share > 0.99
    assert 0.6 < mass.share < 0.7
    assert mass.value < expansion.value < economic.value
    assert {each.grade for each in (economic, mass, expansion)} == {"D"}
    assert all(each.low < each.value < each.high for each in (economic, mass, expansion))


def test_up_to_five_times_is_beside_the_computed_ratio_and_not_in_it(found):
    """6 820 kg/t of a route of 35 % scrap over the computed footprint."""
    other = next(each for each in found.compared if each.value == 6820.0)
    assert other.computed == pytest.approx(6820 / found.result(ECONOMIC).value)
    said = next(each for each in found.compared if each.kind == "statement" and each.unit == "1")
    assert (said.value, said.computed, said.agreement) == (5.0, other.computed, "within the computed range")


def test_what_its_maker_prints_is_within_the_range(found):
    own = next(each for each in found.compared if each.kind == "statement" and each.unit == "kgCO2e/t")
    assert (own.value, own.agreement) == (1800.0, "within the computed range")


def test_the_register_of_2018_has_a_footprint_too():
    assert sv.footprint(sv.load("kemi_tornio", "2018"), "stainless steel").result(ECONOMIC).known
