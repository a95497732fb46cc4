"""What goes into a footprint: amounts, factors, boundary, other products, and what nobody tells."""

from __future__ import annotations

import pytest

import footprint_worlds as worlds
import sivuvirta as sv
from footprint_worlds import MILL, PRICED, PULP, activity, price, row
from sivuvirta.assess.footprint.subject import subjects
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS
from sivuvirta.errors import OptionError

COSTED = {"kind": "product", "year": 2024, "biogenic": False, "basis": "dry", **worlds.GRADED}


def factor(key, value, low=None, high=None, unit="kgCO2e/t", subject=None):
    ends = {"low": value if low is None else low, "high": value if high is None else high}
    return {"factor": key, "subject": subject, "name": key, "value": value, **ends, "unit": unit, **COSTED}


def found(activities=MILL, rows=PRICED, product="pulp", **tables):
    return sv.footprint(worlds.region(activities, rows, **tables), product)


def factors(*more):
    own = [{**factor("rock_factor", 5, subject="rock")}, {**factor("fertiliser_factor", 500, subject="fertiliser")}]
    return [*own, *more]


def test_a_row_gives_an_input_its_amount_factor_and_scope():
    """1 000 MWh at 80 and 50 t at 1 000 kg: 130 000 kg more over 10 000 t."""
    rows = [
        row("input", PULP, of="electricity", factor="grid", value=1000, low=900, high=1200, unit="MWh/a"),
        row("input", PULP, of="lime.quick", factor="lime", value=50, unit="t/a", name="Lime"),
    ]
    told = found(rows=rows, factors=factors(factor("grid", 80, 60, 100, "kgCO2e/MWh"), factor("lime", 1000)))
    parts = told.contributions(MASS).set_index("kind").loc["input"].set_index("name")
    assert told.result(MASS).value == pytest.approx(200.5 + 13.0)
    assert parts.loc["Grid electricity, industrial, all in", "scope"] == "2"
    assert parts.loc["Lime", "scope"] == "3"
    assert parts.loc["Grid electricity, industrial, all in", "value"] == pytest.approx(8.0)


def test_the_range_draws_all_and_what_to_measure_next_moves_one_figure_at_a_time():
    """200.5 and 80 000 kg over 10 000: the factor alone reaches 60 and 100 kg, the amount 900 and 1 200. Both are lognormal on each side,
    with medians 80 and 1 000: the whole lies above what one of them reaches and below both together.
    """
    rows = [row("input", PULP, of="electricity", factor="grid", value=1000, low=900, high=1200, unit="MWh/a"), price(PULP, 600)]
    told = found(rows=rows, factors=factors(factor("grid", 80, 60, 100, "kgCO2e/MWh"))).result(MASS)
    assert 202.5 + 8.0 < told.high < 200.5 + 12.0
    assert 200.5 + 5.4 < told.low < 200.5 + 6.0
    assert [each[1:] for each in told.swings] == [pytest.approx((206.5, 210.5)), pytest.approx((207.7, 210.1))]
    assert [each[0] for each in told.swings] == ["factor of factors: grid", f"amount of footprints: {rows[0]['entry']}"]


def test_a_factor_that_is_missing_makes_the_footprint_at_least_what_is_known():
    told = found([*MILL, activity("mill", "purchase", "lime.quick", 50)], factors=factors(factor("quicklime", 1, unit="kgCO2e/m3")))
    result = told.result(MASS)
    assert (result.known, result.bound, result.known_part) == (False, "at least", pytest.approx(200.5))
    assert result.text() == "at least 200.5"
    assert told.contributions(MASS).set_index("name").loc["Quicklime", "missing"]


def test_a_factor_per_another_unit_is_no_factor():
    rows = [row("input", PULP, of="rock", factor="grid", value=10, unit="t/a")]
    told = found(rows=rows, factors=factors(factor("grid", 80, unit="kgCO2e/MWh"))).result(MASS)
    assert told.missing == ("emission factor of Crushed rock of the exercise in kgCO2e/t: the one there is in kgCO2e/MWh",)


def test_a_gap_is_named_and_never_zero():
    told = found(rows=[row("gap", PULP, name="Bleaching chemicals"), price(PULP, 600)]).result(ECONOMIC)
    assert (told.bound, told.missing) == ("at least", ("amount of Bleaching chemicals",))


def test_nothing_emitted_and_nothing_bought_is_nothing_known():
    told = found(MILL[:1]).result(MASS)
    assert told.missing == ("direct emissions of Mill", "what enters: purchases, or rows 'input'")
    assert (told.known_part, told.bound) == (0.0, "at least")


def test_another_product_of_the_site_shares_the_burden():
    """5 000 t of fertiliser at 300 EUR/t beside 10 000 t of pulp at 600: 15 000 t, and 6 of 7.5 million EUR; 500 kg/t saved."""
    told = found([*MILL, activity("mill", "production", "fertiliser", 5_000)])
    assert told.result(MASS).value == pytest.approx(2_005_000 / 15_000)
    assert told.result(ECONOMIC).value == pytest.approx(2_005_000 * 6 / 7.5 / 10_000)
    assert told.result(EXPANSION).value == pytest.approx((2_005_000 - 5_000 * 500) / 10_000)
    assert told.coproducts()["mass_share"].sum() == pytest.approx(1.0)


def test_a_product_of_a_process_of_its_own_takes_its_footprint_away():
    """4 000 t of 5 000 t of fertiliser leave at 500 kg/t; what the mill takes itself is inside, so nothing is bought of it."""
    more = [activity("mill", "production", "fertiliser", 5_000), activity("mill", "purchase", "fertiliser", 1_000)]
    told = found([*MILL, *more], [row("separate", PULP, of="fertiliser"), price(PULP, 600)])
    assert told.result(MASS).value == pytest.approx((2_005_000 - 4_000 * 500) / 10_000)
    assert "Forest fertiliser of the exercise" in told.contributions(MASS).set_index("kind").loc["separate", "name"]


def test_what_a_separate_product_leaves_of_the_side_streams_is_the_products():
    """One in five tonnes of fertiliser stays, and with it one in five tonnes of ash."""
    more = [activity("mill", "production", "fertiliser", 5_000), activity("mill", "purchase", "fertiliser", 1_000)]
    plan = sv.plan(worlds.region([*MILL, *more], [row("separate", PULP, of="fertiliser"), price(PULP, 600)]))
    amounts = sv.footprint(plan, "pulp").coproducts("proven").set_index("role")["amount"]
    assert (amounts["waste"], amounts["coproduct"]) == (pytest.approx(400.0), pytest.approx(600.0))


def test_an_unknown_price_leaves_value_unknown_and_the_rest_known():
    told = found([*MILL, activity("mill", "production", "metal.nickel", 1_000)], prices=worlds.region().tables["prices"].to_frame())
    assert told.result(MASS).known
    result = told.result(EXPANSION)
    assert (result.known, result.bound) == (True, "")  # the library knows what nickel takes
    lone = found([*MILL, activity("mill", "production", "metal.stainless", 1_000)])
    assert (lone.result(ECONOMIC).bound, lone.result(ECONOMIC).missing) == ("at most", ("price of Stainless steel",))
    assert lone.result(EXPANSION).missing == ("emission factor of Stainless steel",)


def test_no_price_of_the_product_leaves_value_unknown():
    told = found([*MILL, activity("mill", "production", "fertiliser", 5_000)], rows=())
    assert not told.result(ECONOMIC).known
    assert told.result(ECONOMIC).text() == "unknown"
    assert told.result(MASS).known


def test_the_nearest_year_counts():
    older = {**activity("mill", "emission", "gas.co2", 9_000), "year": 2014}
    assert found([*MILL, older]).result(MASS).value == pytest.approx(200.5)


def test_sites_inside_the_boundary_bring_their_emissions():
    more = [activity("works", "emission", "gas.co2", 1_000)]
    told = found([*MILL, *more], [row("site", PULP, of="works"), price(PULP, 600)])
    assert told.boundary == ("Mill", "Works")
    assert told.contributions(MASS).set_index("name").loc["Direct emissions, Works", "emission"] == 1_000_000
    assert told.result(ECONOMIC).value == pytest.approx(300.5)


def test_a_gas_that_is_not_carbon_dioxide_needs_a_factor():
    told = found([*MILL, activity("mill", "emission", "gas.natural", 1)])
    assert "Natural gas" in told.result(MASS).missing[0]


def test_others_stand_beside_and_never_enter():
    """The footprint is 200.5 kg/t, so one of 1 002.5 is five times that."""
    rows = [
        price(PULP, 600),
        row("alternative", PULP, name="Another mill", value=1002.5, low=802, high=1203, unit="kgCO2e/t"),
        row("statement", PULP, name="as printed", value=150, unit="kgCO2e/t"),
        row("statement", PULP, name="nobody", value=7, unit="1"),
    ]
    told = found(rows=rows)
    other, own, times = told.compared
    assert (other.computed, other.computed_low, other.computed_high) == (pytest.approx(5), pytest.approx(4), pytest.approx(6))
    assert own.agreement == "50.5 kgCO2e/t below the computed range"
    assert times.agreement == "1 times above the computed range"
    assert told.result(MASS).value == found().result(MASS).value
    assert told.comparisons()["kind"].tolist() == ["alternative", "statement", "statement"]


def test_beside_an_unknown_footprint_no_ratio_is_known():
    rows = [row("gap", PULP, name="Chips"), row("statement", PULP, value=5, unit="1")]
    assert found(rows=rows).compared[0].agreement == "cannot be told, the computed figure is unknown"


@pytest.mark.parametrize("name", ["pulp", "Pulp", "pulp.pulp", "sellu", "PULP"])
def test_a_product_by_any_of_its_names(name):
    assert found(product=name).product == "pulp.pulp"


def test_a_product_that_nobody_makes_or_several_do():
    assert [each.key for each in subjects(worlds.region())] == [PULP]
    with pytest.raises(OptionError, match=r"No production of 'gold' is in table 'activities'.*pulp.pulp at mill"):
        found(product="gold")
    with pytest.raises(OptionError, match="at site 'works'"):
        sv.footprint(worlds.region(), "pulp", "works")
    both = worlds.region([*MILL, activity("works", "production", "pulp.pulp", 1)])
    with pytest.raises(OptionError, match="made by several sites: mill, works"):
        sv.footprint(both, "pulp")
    assert sv.footprint(both, "pulp", "mill").site == "mill"


@pytest.mark.parametrize(("amount", "priced"), [("t/a", "EUR/kg"), ("t/a", "EUR/MWh"), ("MWh/a", "EUR/t")])
def test_a_price_per_another_unit_is_no_price(amount, priced):
    """5 000 of a co-product; its price is never taken for one per unit of it."""
    worth = row("price", PULP, of="construction.block", value=5, low=5, high=5, unit=priced)
    told = found([*MILL, activity("mill", "production", "construction.block", 5_000, amount)], [price(PULP, 600), worth])
    result, per = told.result(ECONOMIC), amount.removesuffix("/a")
    assert (result.known, result.bound) == (False, "at most")
    assert result.missing == (f"price of Concrete block in EUR/{per}: the one there is in {priced}",)
    assert told.coproducts()["economic_share"].isna().all()


def test_a_price_of_the_product_per_another_unit_is_no_price():
    own = row("price", PULP, of="pulp.pulp", value=600, low=600, high=600, unit="EUR/kg")
    told = found([*MILL, activity("mill", "production", "fertiliser", 5_000)], [own])
    assert told.result(ECONOMIC).missing[0].endswith("in EUR/t: the one there is in EUR/kg")


def test_a_credit_per_another_unit_is_no_credit():
    """500 kg/t says nothing of 5 000 MWh; with 5 000 t the credit is 2 500 000 kg."""
    told = found([*MILL, activity("mill", "production", "fertiliser", 5_000, "MWh/a")]).result(EXPANSION)
    assert (told.bound, told.known_part) == ("at most", pytest.approx(200.5))
    assert told.missing[0].endswith("in kgCO2e/MWh: the one there is in kgCO2e/t")


def test_prices_are_in_money_of_one_year():
    """600 EUR/t of 2024 beside 200 EUR/t of 2020, when prices stood at 80 of 100: 250. Value 6 000 000 of 6 000 000 + 5 000 x 250."""
    worth = row("price", PULP, of="construction.block", value=200, low=200, high=200, unit="EUR/t", year=2020)
    levels = [{"index": "general", "year": year, "value": value, "source": "invented"} for year, value in ((2020, 80.0), (2024, 100.0))]
    activities = [*MILL, activity("mill", "production", "construction.block", 5_000)]
    rows = [row("price", PULP, of="pulp.pulp", value=600, low=600, high=600, unit="EUR/t", year=2024), worth]
    assert found(activities, rows, indices=levels).result(ECONOMIC).share == pytest.approx(6 / 7.25)


def test_prices_of_the_table_are_turned_too():
    """Fertiliser at 300 EUR/t of 2020, prices from 80 to 100: 375. 6 000 000 of 6 000 000 + 5 000 x 375 EUR."""
    prices = worlds.region().tables["prices"].to_frame()
    prices.loc[prices["subject"] == "fertiliser", ["value", "low", "high", "year"]] = [300, 300, 300, 2020]
    levels = [{"index": "general", "year": year, "value": value, "source": "invented"} for year, value in ((2020, 80.0), (2024, 100.0))]
    told = found([*MILL, activity("mill", "production", "fertiliser", 5_000)], prices=prices, indices=levels)
    assert told.result(ECONOMIC).share == pytest.approx(6 / 7.875)


def test_a_price_of_another_year_that_no_index_turns_is_weak():
    own = row("price", PULP, of="pulp.pulp", value=600, low=600, high=600, unit="EUR/t", year=1950)
    assert (found(rows=[own]).price.value, found(rows=[own]).price.grade) == (600.0, "D")
