"""Multipliers and effects of a table of two sectors, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from tests.builders import region
from tests.engine.worlds import matched
from tests.engine.worlds import planned as made
from tests.heat_worlds import heated, way

from sivuvirta.assess.inputoutput.effects import demand, effects, unknown_effects
from sivuvirta.assess.inputoutput.leontief import Solved, inverse
from sivuvirta.assess.inputoutput.measured import measured, relative_sd
from sivuvirta.assess.inputoutput.spending import spending
from sivuvirta.assess.inputoutput.tables import input_output, spending_terms
from sivuvirta.domain.economies import INDICATORS
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import ShapeError

SOURCED = {"grade": "B", "source": "s"}
SECTORS = [
    {
        "sector": "rock",
        "name": "Rock",
        "kind": "industry",
        "year": 2024,
        "output": 100,
        "value_added": 100,
        "income": 40,
        "jobs": 10,
        **SOURCED,
    },
    {
        "sector": "haul",
        "name": "Haul",
        "kind": "industry",
        "year": 2024,
        "output": 100,
        "value_added": 50,
        "income": 30,
        "jobs": 20,
        **SOURCED,
    },
    {"sector": "home", "name": "Home", "kind": "households", "year": 2024, "output": 140, **SOURCED},
]
FLOWS = [
    {"origin": "rock", "destination": "haul", "value": 50},
    {"origin": "rock", "destination": "home", "value": 28},
    {"origin": "home", "destination": "rock", "value": 40},
]
TERMS = [
    {"term": "transport", "sector": "haul", "share": 100, **SOURCED},
    {"term": "fee", "sector": "rock", "share": 50, **SOURCED},
    {"term": "purchase", "subject": "gravel", "sector": "rock", "share": 100, **SOURCED},
    {"term": "purchase", "sector": None, "share": 0, **SOURCED},
]
# a unit of haulage takes half a unit of rock; of 140 taken in, households spend 28 on rock, and get 0.4 and 0.3 of each output


@pytest.fixture(scope="module")
def told():
    return region(io_sectors=SECTORS, io_flows=FLOWS, io_terms=TERMS)


@pytest.fixture(scope="module")
def solved(told):
    return Solved.of(input_output(told))


def test_multipliers_of_two_sectors(solved):
    assert solved.open.tolist() == [[1.0, 0.5], [0.0, 1.0]]
    jobs = solved.multipliers("jobs")
    assert jobs.direct.tolist() == [0.1, 0.2]
    assert jobs.type1 == pytest.approx([0.1, 0.2 + 0.5 * 0.1])
    # one of haulage: rock r = 0.5 + 0.2 h, wages h = 0.4 r + 0.3, so r = 0.56 / 0.92
    assert jobs.type2[1] == pytest.approx(0.2 + 0.1 * 0.56 / 0.92)
    assert jobs.type2[0] == pytest.approx(0.1 / 0.92)  # r = 1 + 0.2 x 0.4 r


def test_spending_is_told_by_term_subject_and_sign(planned, today, told):
    table = spending(planned, today, spending_terms(told))
    fee = table[table["term"] == "fee"]
    # the heap 90 t less at 5, half of it; the sludge 10 t at 8, half of it
    assert (fee["gross"].sum(), fee["displaced"].sum()) == pytest.approx((40, 225))
    gravel = table[table["subject"] == "gravel"].iloc[0]
    assert (gravel["displaced"], gravel["net"], gravel["sector"]) == (480, -480, "rock")
    assert table[(table["term"] == "purchase") & (table["subject"] == "soda")].iloc[0]["gross"] == 0  # falls elsewhere
    opex = table[table["term"] == "opex"].iloc[0]
    assert (opex["gross"], opex["sector"]) == (300, "")
    assert "`io_terms`" in opex["missing"]
    assert table[table["when"] == "once"]["gross"].tolist() == [1000]


@pytest.fixture
def dated(planned, today, links):
    """Both ledgers, with a year of prices and an index."""
    index = [{"index": "general", "year": year, "value": value, "source": "s"} for year, value in ((2014, 80), (2024, 100))]
    more = region(indices=index)
    tables = {**links.region.tables, "vintages": more.table("vintages"), "indices": more.table("indices")}
    world = evolve(links, region=evolve(links.region, tables=tables))
    return evolve(planned, links=world), evolve(today, links=world)


def test_money_is_turned_into_that_of_the_table_and_back(dated, told, solved):
    old = Solved.of(evolve(solved.table, year=2014.0))
    now, then = (measured(*dated, each, spending_terms(told), "")[1].set_index(["when", "indicator", "kind"]) for each in (solved, old))
    jobs, value = ("a year", "jobs", "type1"), ("a year", "value_added", "type1")
    assert then.loc[jobs, "gross"] == pytest.approx(0.8 * now.loc[jobs, "gross"])  # 100 of 2024 buy what 80 of 2014 did
    assert then.loc[value, "gross"] == pytest.approx(now.loc[value, "gross"])
    blind = Solved.of(evolve(solved.table, year=1990.0))
    assert "No price index covers 1990 and 2024" in measured(*dated, blind, spending_terms(told), "")[1]["missing"].iloc[1]


def test_effects_gross_displaced_and_net(dated, told, solved):
    _, found, where = measured(*dated, solved, spending_terms(told), "nothing")
    rows = found[found["when"] == "a year"].set_index(["indicator", "kind"])
    # rock: 40 more, 225 + 480 less; haulage: 160 + 135 more
    first = rows.loc[("jobs", "type1")]
    assert (first["gross"], first["displaced"]) == pytest.approx(((0.1 * 40 + 0.25 * 295) / 1e6, 0.1 * 705 / 1e6))
    assert first["net"] == pytest.approx((0.1 * 40 + 0.25 * 295 - 0.1 * 705) / 1e6)
    assert rows.loc[("value_added", "direct"), "net"] == pytest.approx(40 + 0.5 * 295 - 705)
    assert rows.loc[("value_added", "type1"), "net"] == pytest.approx(40 + 1.0 * 295 - 705)
    assert "the sector that 'opex'" in first["missing"]
    assert first["grade"] == "D"
    assert rows.loc[("jobs", "plants"), "gross"] == pytest.approx(0.04 * 50)
    assert where.loc[where["indicator"] == "jobs", "net"].sum() == pytest.approx(rows.loc[("jobs", "type2"), "net"])


@pytest.mark.parametrize(
    ("row", "yearly", "once"),
    [
        ({}, 8_000 * 1 + 0.01 * 900_000, [900_000]),  # 0.1 EUR per MWh and km over 10 km, and 1 % of upkeep; no annuity
        ({"fixed_cost": 10_000}, 8_000 * 1 + 10_000, []),  # whoever is paid it does the work of the year
        ({"existing": "yes"}, 8_000 * 1, []),
    ],
)
def test_a_pipe_is_spent_once_and_its_annuity_is_no_spending_of_a_year(row, yearly, once):
    """10 km at 100 000 EUR/km for 10 000 MWh/a, exponent 0.5: 500 000 EUR whatever flows and 50 EUR for each of 8 000 MWh/a."""
    plan = made(matched(heated(links=way(**row))), PlanOptions(gap=1e-9))
    table = spending(plan.proven.ledger, plan.reference, spending_terms(region()))
    assert table[table["term"] == "transport"]["gross"].sum() == pytest.approx(yearly)
    assert table[table["when"] == "once"]["gross"].tolist() == pytest.approx(once)
    back = spending(plan.reference, plan.proven.ledger, spending_terms(region()))
    assert back[back["term"] == "transport"]["displaced"].sum() == pytest.approx(yearly)


def test_a_plan_that_changes_nothing_has_no_effect_and_that_is_known(dated, told, solved):
    today = dated[1]
    spent, found, _ = measured(today, today, solved, spending_terms(told), "")
    assert len(spent) == 0
    assert (found[["gross", "displaced", "net"]] == 0).all(axis=None)


def test_a_range_joins_that_of_prices_and_that_of_the_table(solved):
    spent = pd.DataFrame([{"sector": "rock", "gross": 100.0, "displaced": 40.0, "sd": 5.0, "when": "a year", "grade": "A", "missing": ""}])
    found, _ = effects(solved, demand(spent, solved.table, "a year", 1.0), dict.fromkeys(INDICATORS, 0.2))
    row = found.set_index(["indicator", "kind"]).loc[("value_added", "direct")]
    assert row["high"] - row["net"] == pytest.approx(1.645 * np.hypot(5.0, 0.2 * np.hypot(100, 40)))
    assert row["grade"] == "B"  # of the table


def test_jobs_that_are_worse_known_have_a_grade_and_a_range_of_their_own(told):
    """Grade D varies by 20 % and B by 10 %, gross and displaced apart."""
    less = region(io_sectors=[{**row, "jobs_grade": "D"} if row["kind"] == "industry" else row for row in SECTORS], io_flows=FLOWS)
    table = input_output(less)
    assert (table.grade, table.graded("jobs"), table.graded("value_added")) == ("B", "D", "B")
    spread = [{"evidence": grade, "factor": 1.5, "cv": cv, **SOURCED} for grade, cv in (("A", 1.0), ("B", 10.0), ("C", 15.0), ("D", 20.0))]
    spent = pd.DataFrame([{"sector": "rock", "gross": 100.0, "displaced": 40.0, "sd": 0.0, "when": "a year", "grade": "A", "missing": ""}])
    width = {name: relative_sd(region(uncertainties=spread), table.graded(name)) for name in INDICATORS}
    found, _ = effects(Solved.of(table), demand(spent, table, "a year", 1.0), width)
    rows = found.set_index(["indicator", "kind"])
    jobs, value = rows.loc[("jobs", "direct")], rows.loc[("value_added", "direct")]
    assert (jobs["grade"], value["grade"]) == ("D", "B")
    assert jobs["high"] - jobs["net"] == pytest.approx(1.645 * 0.2 * 0.1e-6 * np.hypot(100, 40))
    assert value["high"] - value["net"] == pytest.approx(1.645 * 0.1 * np.hypot(100, 40))
    assert input_output(told).graded("jobs") == "B"  # nothing is said of the jobs


def test_a_sector_that_the_table_has_not_is_told(solved):
    spent = pd.DataFrame([{"sector": "moon", "gross": 1.0, "displaced": 0.0, "sd": 0.0, "when": "a year", "grade": "A", "missing": ""}])
    assert "sector 'moon'" in demand(spent, solved.table, "a year", 1.0).missing


def test_without_households_the_induced_are_unknown_and_the_rest_stands(told):
    open_table = input_output(region(io_sectors=SECTORS[:2], io_flows=FLOWS[:1]))
    found, _ = effects(Solved.of(open_table), demand(_spent(), open_table, "a year", 1.0), dict.fromkeys(INDICATORS, 0.0))
    rows = found.set_index(["indicator", "kind"])
    assert rows.loc[("jobs", "type1"), "gross"] == pytest.approx(0.1e-6)
    assert np.isnan(rows.loc[("jobs", "induced"), "gross"])
    assert rows.loc[("jobs", "induced"), "missing"].startswith("the households of the table")


def _spent():
    return pd.DataFrame([{"sector": "rock", "gross": 1.0, "displaced": 0.0, "sd": 0.0, "when": "a year", "grade": "A", "missing": ""}])


def test_jobs_that_a_table_does_not_count_are_unknown_never_none(told):
    blind = evolve(input_output(told), accounts={**input_output(told).accounts, "jobs": np.full(2, np.nan)})
    found, _ = effects(Solved.of(blind), demand(_spent(), blind, "a year", 1.0), dict.fromkeys(INDICATORS, 0.0))
    rows = found.set_index(["indicator", "kind"])
    assert np.isnan(rows.loc[("jobs", "direct"), "net"])
    assert rows.loc[("jobs", "direct"), "missing"] == "`jobs` of every sector of the input-output table"
    assert rows.loc[("value_added", "direct"), "net"] == 1.0


def test_a_region_without_a_table_and_a_plan_without_a_reference(planned, today, told, solved):
    assert input_output(region()) is None
    terms = spending_terms(told)
    _, found, _ = measured(planned, today, None, terms, "a table")
    assert found.loc[found["kind"] != "plants", ["gross", "displaced", "net"]].isna().all(axis=None)
    assert set(found.loc[found["kind"] != "plants", "missing"]) == {"a table"}
    _, found, _ = measured(planned, None, solved, terms, "a table")
    assert found[["gross", "displaced", "net", "low", "high"]].isna().all(axis=None)
    assert len(unknown_effects("x")) == 20


def test_a_table_that_needs_more_than_it_makes_is_refused():
    with pytest.raises(ShapeError, match="needs more than it makes"):
        inverse(np.array([[0.5, 0.6], [0.9, 0.1]]))


def test_a_table_with_gaps_is_refused_and_every_gap_is_named(told):
    table = input_output(told)
    flows = table.flows.copy()
    flows[0, 1] = np.nan
    with pytest.raises(ShapeError, match=r"flow from rock to haul; output of haul"):
        Solved.of(evolve(table, flows=flows, output=np.array([100.0, np.nan])))


def test_households_that_take_nothing_in_cannot_close_a_table(told):
    with pytest.raises(ShapeError, match="household_income"):
        Solved.of(evolve(input_output(told), household_income=0.0))
    assert np.isnan(Solved.of(evolve(input_output(told), household_income=float("nan"))).closed).all()
