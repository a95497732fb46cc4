"""The input-output table of Kemi-Tornio: figures as its source prints them."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv
from sivuvirta.assess.inputoutput.leontief import Solved
from sivuvirta.assess.inputoutput.tables import input_output, spending_terms


@pytest.fixture(scope="module")
def region():
    return sv.load("kemi_tornio")


def test_what_a_sector_makes_is_what_it_buys_and_adds(region):
    """Purchases within Lapland and value added stay below output: the rest is bought elsewhere, or tax."""
    table = input_output(region)
    assert (table.flows.sum(axis=0) + table.accounts["value_added"] <= table.output * (1 + 1e-9)).all()
    metals = table.sectors.index("s24_25")
    assert table.output[metals] == pytest.approx(2604.0 + 410.1, abs=0.1)  # intermediate use at purchasers' prices, and value added
    assert table.accounts["income"].sum() == pytest.approx(2934.5, abs=0.1)
    assert table.household_income == 302 + 241 + 2299 + 534 + 294 + 1500 + 76


def test_persons_per_euro_of_wages_are_those_of_the_country(region):
    """149 000 persons of transport in the country on 5 691 million EUR of wages; 151.2 million EUR are paid in Lapland."""
    table = input_output(region)
    haul = table.sectors.index("s49_53")
    assert table.accounts["jobs"][haul] == pytest.approx(149_000 * 151.203 / 5691, rel=1e-3)


def test_households_spend_less_within_lapland_than_they_take_in(region):
    table = input_output(region)
    assert table.households.sum() == pytest.approx(1682.8, abs=0.1)
    assert table.households.sum() < table.household_income


def test_multipliers_grow_from_direct_to_type_two(region):
    solved = Solved.of(input_output(region))
    for name in ("jobs", "value_added", "income"):
        found = solved.multipliers(name)
        assert (found.direct <= found.type1 + 1e-12).all()
        assert (found.type1 <= found.type2 + 1e-12).all()
    assert np.all(solved.multipliers("value_added").type1 <= 1.0 + 1e-9)  # a euro spent once cannot add more than a euro


def test_every_term_falls_on_a_sector_of_the_table_and_no_more_than_all_of_it(region):
    terms = spending_terms(region)
    assert set(terms["sector"]) - {""} <= set(input_output(region).sectors)
    assert terms.groupby(["term", "subject"])["share"].sum().max() <= 100


def test_nothing_that_changes_in_the_plan_is_left_without_a_sector():
    found = sv.economy(sv.plan("kemi_tornio"))
    assert (found.spending["missing"] == "").all()
    year = found.effects[(found.effects["when"] == "a year") & (found.effects["kind"] == "type2")]
    assert year["net"].notna().all()
