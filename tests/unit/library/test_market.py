"""Products, prices, factors and modes: one figure a product, plausible order, euros alone."""

from __future__ import annotations

from collections import Counter

import pytest

from sivuvirta.library import tables


def rows(table: str) -> list[dict]:
    return list(tables()[table].rows())


PRODUCTS = {row["product"]: row for row in rows("products")}
MATERIALS = {row["material"]: row for row in rows("materials")}


@pytest.mark.parametrize(("table", "unit"), [("prices", "EUR"), ("factors", "kgCO2e")])
def test_each_product_has_one_figure_in_its_own_unit(table, unit):
    with_subject = [row for row in rows(table) if row["subject"]]
    assert Counter(row["subject"] for row in with_subject) == dict.fromkeys(PRODUCTS, 1)
    assert [row["subject"] for row in with_subject if row["unit"] != f"{unit}/{PRODUCTS[row['subject']]['unit']}"] == []


@pytest.mark.parametrize("table", ["prices", "factors", "modes", "multipliers"])
def test_the_central_value_lies_in_its_range(table):
    value = "cost" if table == "modes" else "value"
    for row in rows(table):
        low, high = row[f"{value}_low" if table == "modes" else "low"], row[f"{value}_high" if table == "modes" else "high"]
        assert low is None or low <= row[value], row
        assert high is None or row[value] <= high, row


def test_money_is_in_euros():
    assert [row["price"] for row in rows("prices") if not row["unit"].startswith("EUR/")] == []


def test_dollars_say_at_which_rate_they_were_turned():
    turned = [row for row in rows("prices") if "USD" in (row["note"] or "")]
    assert len(turned) >= 3
    assert all("0.92 EUR/USD" in row["note"] for row in turned)


def test_a_product_is_priced_in_the_unit_of_its_material():
    other = {product for product, row in PRODUCTS.items() if row["unit"] != MATERIALS[row["material"]]["unit"]}
    assert other == {"diesel"}, "diesel is bought by the litre"


def test_what_technologies_use_is_a_product():
    assert {"electricity", "process_heat", "diesel", "process_water"} <= set(PRODUCTS)


def test_a_carrier_has_a_mode():
    carried = {carrier for row in rows("modes") for carrier in row["carriers"]}
    assert carried >= {row["carrier"] for row in rows("materials")}


def test_pipes_and_grid_end_somewhere():
    longest = {row["mode"]: row["max_km"] for row in rows("modes") if row["kind"] in ("pipe", "grid")}
    assert longest == {"pipe_gas": 10, "pipe_heat": 30, "grid": 1000, "pipe_water": 20}


def test_index_series_covers_both_vintages_and_the_years_of_prices():
    years = {row["year"] for row in rows("indices") if row["index"] == "general"}
    asked = {row["year"] for row in rows("prices") if row["subject"]} | {2018, 2024}
    assert asked <= years
