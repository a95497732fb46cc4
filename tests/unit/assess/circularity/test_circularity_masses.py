"""What enters and what leaves: every input that the register names, each once; products and side streams; what does not add up."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

import builders
from sivuvirta.assess.circularity.asked import Asked
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.assess.circularity.streams import CLASSES, Fates

STEEL = "works/metal.steel"
SITES = [{"site": "works", "name": "Works", "organisation": "maker"}, {"site": "smelter", "name": "Smelter", "organisation": "other"}]
SPREAD = [{"evidence": "B", "factor": 1.1, "cv": 10.0, "grade": "C", "source": "s"}]
MATERIALS = [{"material": name, "name_en": name, "unit": unit} for name, unit in (("lime", "t"), ("metal.ore", "t"), ("power", "MWh"))]


def activity(kind, product, value, **more):
    row = {"site": "works", "kind": kind, "product": product, "year": 2024, "value": value, "low": value, "high": value, "unit": "t/a"}
    return {**row, "grade": "B", "source": "s", **more}


def named(entry, of, value, subject=STEEL, **more):
    row = {"entry": entry, "subject": subject, "role": "input", "of": of, "name": entry, "value": value, "low": value, "high": value}
    return {**row, "unit": "t/a", "grade": "B", "source": "s", **more}


def told(quantity, of, value):
    row = {"entry": f"{quantity}.{of}", "level": "region", "quantity": quantity, "of": of, "value": value, "low": value, "high": value}
    return {**row, "unit": "%", "grade": "B", "source": "s", "role": "input"}


SHARES = [
    *(told("recycled_content", of, value) for of, value in (("metal.scrap", 100), ("metal.ore", 10), ("lime", 0), ("water", 0))),
    *(told(quantity, of, 0) for quantity in ("reused_content", "renewable_content") for of in ("metal", "lime")),
    *(
        {**told(quantity, None, value), "level": "product", "subject": STEEL}
        for quantity, value in (("recycled", 60), ("reused", 20), ("composted", 0), ("recovery_potential", 50))
    ),
]
BUYS = [activity("purchase", "metal.scrap", 80), activity("purchase", "metal.ore", 40), activity("production", "metal.steel", 100)]


def streams(spread=0.0, unaccounted=0.0, **tonnes):
    """Side streams of the works with their t/a by class."""
    amount = np.array([[by.get(name, 0.0) for name in CLASSES] for by in tonnes.values()])
    count = len(tonnes)
    ends, none = np.ones(count), np.zeros(count)
    names, site, owner = tuple(tonnes), ("works",) * count, ("maker",) * count
    returned = np.array([by.get("back", 0.0) for by in tonnes.values()])
    extractive = np.zeros(count, dtype=bool)
    grades, lost = ("B",) * count, none + unaccounted
    return Fates(names, names, extractive, site, owner, amount, ends - spread, ends + spread, grades, ("s",) * count, lost, returned, site)


def book(footprints=(), activities=BUYS, today=None, circularity=SHARES, **more):
    tables = {"sites": SITES, "activities": activities, "circularity": circularity, "uncertainties": SPREAD, "materials": MATERIALS}
    return Book(builders.region(footprints=footprints, **tables, **more), today)


def found(indicator, at, level="product", subject=STEEL):
    return COMPUTED[indicator](Asked(at, level, subject))


def test_inputs_of_the_footprint_enter_beside_the_purchases():
    """(80 x 100 % + 40 x 10 %) / (80 + 40 + 30)."""
    at = book([named("burnt", "lime", 30)])
    for level, subject in (("product", STEEL), ("site", "works"), ("organisation", "maker")):
        one = found("iso_inflow_recycled", at, level, subject)
        assert one.range.value == pytest.approx(100 * 84 / 150)
        assert {each.row for each in one.inputs if each.unit == "t/a"} == {
            "activities: works/purchase/metal.scrap/2024",
            "activities: works/purchase/metal.ore/2024",
            "footprints: burnt",
        }


def test_a_recycled_content_counts_the_class_of_the_product_alone():
    """84 / 120: lime becomes slag, not steel."""
    one = found("recycled_content", book([named("burnt", "lime", 30)]))
    assert one.range.value == pytest.approx(70.0)
    assert "footprints: burnt" not in {each.row for each in one.inputs}


@pytest.mark.parametrize("of", ["metal.scrap", "metal.scrap.turnings"])
def test_what_is_bought_is_not_counted_again_from_the_footprint(of):
    assert found("cti_inflow", book([named("again", of, 80)])).range.value == pytest.approx(70.0)


def test_footprints_of_two_products_may_tell_of_the_same_material():
    rows = [named("a", "lime", 30), named("b", "lime", 10, subject="works/metal.rail"), named("c", "lime", 5)]
    one = found("iso_inflow_recycled", book(rows), "site", "works")
    assert one.range.value == pytest.approx(100 * 84 / 155)  # 30 + 5 of one product, not 10 more of the other


def test_an_input_enters_the_site_of_its_row():
    assert found("cti_inflow", book([named("coke", "lime", 30, site="smelter")])).range.value == pytest.approx(70.0)


def test_energy_and_water_are_no_mass_that_enters_a_share():
    rows = [named("power", "power", 500, unit="MWh/a"), named("rinse", "water", 200)]
    assert found("cti_inflow", book(rows)).range.value == pytest.approx(70.0)


def test_side_streams_leave_beside_the_product():
    """Steel 100 x 50 % x 80 %, slag 20 of which 5 are reused and 3 recycled: (40 + 8) / 120."""
    at = book([named("burnt", "lime", 30)], today=streams(slag={"reuse": 5, "recycling": 3, "recovery": 10, "disposal": 2}))
    values = {name: found(name, at, "site", "works").range.value for name in ("cti_outflow", "iso_outflow_recycled", "iso_outflow_reused")}
    expected = {"cti_outflow": 40.0, "iso_outflow_recycled": 100 * 63 / 120, "iso_outflow_reused": 100 * 25 / 120}
    assert values == pytest.approx(expected)
    # in 150 t, of which 84 are circular; out 120 t, of which 48
    assert found("cti_circularity", at, "site", "works").range.value == pytest.approx(100 * (84 + 48) / 270)
    # recovered: steel 20 reused and 60 recycled, slag 5 and 3
    assert found("cti_recovery_reuse", at, "site", "works").range.value == pytest.approx(100 * 25 / 88)


def test_where_nobody_knows_where_a_side_stream_goes_the_outflow_is_at_least_the_known_part():
    at = book([named("burnt", "lime", 30)], today=streams(unaccounted=20.0, slag={"undecided": 20}))
    one = found("cti_outflow", at, "site", "works")
    assert (one.range.value, one.bound) == (pytest.approx(100 * 40 / 120), "at least")
    assert one.missing == ("where 20 t/a of slag go today",)
    assert isnan(one.range.high)
    assert isnan(found("cti_recovery_reuse", at, "site", "works").range.value)


def test_more_out_than_in_makes_the_inflow_unknown_and_says_why():
    """120 enter, 100 of steel and 30 of slag leave, all known exactly."""
    one = found("iso_inflow_recycled", book(today=streams(slag={"disposal": 30})), "site", "works")
    assert isnan(one.range.value)
    assert "the register names 120 t/a, and 130 t/a leave (products 100, side streams 30 dry); the difference of 10 t/a" in one.missing[0]
    assert "air and water that side streams took up" in one.missing[0]


def test_what_goes_back_into_the_works_does_not_leave_a_gap():
    assert found("iso_inflow_recycled", book(today=streams(slag={"recycling": 30, "back": 15})), "site", "works").range.known


def test_a_difference_within_the_ranges_is_no_gap():
    """10 t more leave; 30 t of slag from 20 to 40 have a standard deviation of 20 / 3.29 = 6.08, and 1.645 of them are 10."""
    near = book(today=streams(spread=10 / 30 + 1e-6, slag={"disposal": 30}))
    far = book(today=streams(spread=10 / 30 - 1e-3, slag={"disposal": 30}))
    assert found("iso_inflow_recycled", near, "site", "works").range.known
    assert not found("iso_inflow_recycled", far, "site", "works").range.known


def test_air_that_is_bought_closes_the_balance_and_is_in_no_share():
    at = book([named("blown", "gas.oxygen", 10)], today=streams(slag={"disposal": 30}))
    assert found("iso_inflow_recycled", at, "site", "works").range.value == pytest.approx(70.0)


def test_an_input_without_an_amount_makes_it_at_most_where_nothing_of_it_is_circular():
    one = found("iso_inflow_recycled", book([named("burnt", "lime", None, unit=None)]))
    assert (one.range.value, one.bound, one.missing) == (pytest.approx(70.0), "at most", ("amount of burnt",))
    assert isnan(one.range.low)


def test_an_input_without_amount_and_material_makes_it_unknown():
    gap = {"entry": "some", "subject": STEEL, "role": "gap", "name": "Alloys", "grade": "B", "source": "s"}
    one = found("iso_inflow_recycled", book([gap]))
    assert isnan(one.range.value)
    assert any("recycled content" in each for each in one.missing)


def test_inputs_of_several_products_are_nobody_s_to_part():
    made = [*BUYS, activity("production", "metal.rail", 5)]
    one = found("cti_inflow", book(activities=made))
    assert isnan(one.range.value)
    assert one.missing == ("what enters each product: 2 leave the site",)
    assert found("cti_inflow", book(activities=made), "site", "works").range.value == pytest.approx(70.0)


def test_what_sites_of_one_owner_send_one_another_is_asked_for():
    sites = [SITES[0], {**SITES[1], "organisation": "maker"}]
    made = [*BUYS, activity("production", "metal.ore", 400, site="smelter")]
    region = builders.region(sites=sites, activities=made, circularity=SHARES, uncertainties=SPREAD, materials=MATERIALS)
    one = found("cti_inflow", Book(region), "organisation", "maker")
    assert "how much metal.ore its own sites send one another" in one.missing


def test_more_recycled_material_than_product_is_all_of_it_and_no_more():
    """90 to 100 t of scrap for 80 to 100 t of steel: 90 to 125 %."""
    made = [activity("purchase", "metal.scrap", 90, high=100), activity("production", "metal.steel", 100, low=80)]
    one = found("recycled_input_rate", book(activities=made))
    assert (one.range.low, one.range.value, one.range.high) == (pytest.approx(90.0), pytest.approx(90.0), pytest.approx(100.0))
    assert "90 to 125 %" in one.note
