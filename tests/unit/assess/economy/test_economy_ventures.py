"""Returns, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from tests.engine.worlds import matched
from tests.engine.worlds import planned as by_pipe
from tests.heat_worlds import heated

import sivuvirta as sv
from sivuvirta.assess.economy.discounting import annuity_value, flows, irr, npv, payback
from sivuvirta.assess.economy.ventures import Asked, _measured, ventures
from sivuvirta.assess.inputoutput.spending import ONCE, changes
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.domain.links import EUR_TERMS
from sivuvirta.domain.table import Table


def test_present_value_rate_and_payback_of_plain_flows():
    assert npv(np.array([-1000.0, 500, 500, 500]), 0.1) == pytest.approx(-1000 + 500 / 1.1 + 500 / 1.21 + 500 / 1.331)
    assert irr(np.array([-100.0, 110.0])) == pytest.approx(0.1)
    assert annuity_value(0.05, 2) == pytest.approx(1 / 1.05 + 1 / 1.05**2)
    assert (payback(1000, 250), np.isnan(payback(1000, -1)), np.isnan(payback(0, 5))) == (4, True, True)


def test_what_wears_out_is_bought_again_and_what_is_left_at_the_end_counts():
    # 60 for 2 years and 90 for 3: the first is bought again in year 2, and is half worn out in year 3
    assert flows([(60.0, 2), (90.0, 3)], 100.0).tolist() == [-150.0, 100.0, 40.0, 130.0]


@pytest.mark.parametrize("flow", [[-100.0, 10.0], [100.0, -10.0], [-100.0, 300.0, -210.0], [0.0, 5.0]])
def test_a_rate_is_told_only_where_there_is_one(flow):
    assert np.isnan(irr(np.array(flow)))


@pytest.fixture
def paying(links, planned, today):
    """The mill sells at 60 EUR/t and lasts 10 years."""
    eur = links.arcs.eur.copy()
    eur[5, EUR_TERMS.index("revenue")] = -60
    tables = dict(links.region.tables)
    tables["technologies"] = Table("technologies", ("technology",), {**tables["technologies"].columns, "lifetime": np.array([10.0])})
    world = evolve(links, arcs=evolve(links.arcs, eur=eur), region=evolve(links.region, tables=tables))
    return evolve(planned, links=world), evolve(today, links=world)


def test_a_plant_its_owner_and_the_region(paying):
    table = ventures(*paying, 0.05).set_index(["kind", "venture"])
    mill = table.loc[("plant", "mill")]
    # 45 x 60 less haulage 135, soda 1000, residue 180, opex and energy 350, upkeep 30
    assert (mill["invested"], mill["yearly"]) == pytest.approx((1000, 1005))
    assert (mill["payback"], mill["years"], mill["rate"]) == pytest.approx((1000 / 1005, 10, 5))
    assert mill["npv"] == pytest.approx(-1000 + 1005 * (1 - 1.05**-10) / 0.05)
    assert np.isnan([mill["npv_low"], mill["npv_high"]]).all()  # nothing is drawn
    assert 1005 * (1 - (1 + mill["irr"] / 100) ** -10) / (mill["irr"] / 100) == pytest.approx(1000)
    assert "the price that it pays for what it takes in" in mill["missing"]
    assert table.loc[("organisation", "investor"), "yearly"] == pytest.approx(1005)
    # the region: 245 as saved at 30 EUR/t, 45 x 30 more, and its capital of 100
    assert table.loc[("region", "paper"), "yearly"] == pytest.approx(245 + 1350 + 100)


def test_a_plant_that_earns_nothing_is_never_paid_back(planned, today):
    mill = ventures(planned, today, 0.05).set_index("kind").loc["plant"]
    assert mill["yearly"] == pytest.approx(-345)
    assert np.isnan(mill["payback"])
    assert mill["missing"] == "the life of what is built"


def test_without_a_reference_no_return_is_known(paying):
    table = ventures(paying[0], None, 0.05)
    assert table[["yearly", "payback", "npv", "npv_low", "npv_high", "irr"]].isna().all(axis=None)
    assert set(table["missing"]) == {NO_REFERENCE}


def test_an_investment_that_nobody_states_is_not_known(paying):
    planned, today = paying
    free = evolve(planned, operations=evolve(planned.operations, capex=np.zeros(1)))
    mill = ventures(free, today, 0.05).set_index("kind").loc["plant"]
    assert np.isnan(mill["invested"])
    assert np.isnan(mill["npv"])
    assert mill["missing"].startswith("what is invested")


def test_what_stands_today_is_not_invested_again(paying):
    """Against itself a plan invests nothing. A mill that stands with 400 EUR and is enlarged to 1 000 costs 600."""
    planned = paying[0]
    assert len(ventures(planned, planned, 0.05)) == 0
    small = evolve(planned.operations, capex=np.array([400.0]))
    table = ventures(planned, evolve(planned, operations=small), 0.05).set_index("kind")
    assert table["invested"].to_dict() == pytest.approx({"plant": 600, "organisation": 600, "region": 600})


def pipes(*lives):
    """An organisation that earns nothing and lays pipes of 1 000 EUR and of 1 EUR."""
    rows = pd.DataFrame(
        {"row": [0], "term": "fee", "of": "fee", "sign": 1.0, "planned": 0.0, "reference": 0.0, "sd": 0.0, "grade": 0, "unknown": False}
    )
    assets = pd.DataFrame({"party": "x", "plant": -1, "arc": 0, "invested": [1000.0, 1.0], "life": lives, "grade": 0})
    return _measured(Asked("organisation", "x", "X", rows, assets), 0.05, known=True)


def test_the_annuity_of_each_pipe_is_of_its_own_life():
    """Back comes what the year pays lenders: 1 000 EUR over 10 years at 5 % is 129.50, 1 EUR over 2 years 0.5378."""
    assert pipes(10.0, 2.0)["yearly"] == pytest.approx(1000 * 0.05 / (1 - 1.05**-10) + 0.05 / (1 - 1.05**-2))
    found = pipes(np.nan, 2.0)
    assert np.isnan([found["yearly"], found["payback"], found["npv"]]).all()
    assert found["missing"] == "the life of what is built"


def test_a_pipe_by_hand_from_what_it_costs_to_what_it_brings():
    """500 000 EUR and 50 for each of 8 000 MWh are 900 000. Saved are 8 000 x 30 EUR; running costs 0.1 x 10 km x 8 000 and 1 % of 900 000.

    So 223 000 a year before capital; the account bears the annuity of 20 years at 5 % too.
    """
    found = sv.economy(by_pipe(matched(heated())))
    annuity = 0.05 / (1 - 1.05**-20)
    for row in found.ventures.query("network == 'potential'").to_dict("records"):
        assert (row["invested"], row["yearly"], row["payback"]) == pytest.approx((900_000, 223_000, 900 / 223))
        assert row["npv_low"] == row["npv"] == row["npv_high"] == pytest.approx(223_000 / annuity - 900_000)
        assert row["missing"] == "no range is stated for what its pipes, cables and belts cost: low and high leave it out"
    firm = found.accounts.query("network == 'potential' and party == 'firm'").iloc[0]
    assert firm["saving"] == pytest.approx(223_000 - 900_000 * annuity)
    assert "No range is stated for what its pipes" in firm["unknown"]
    spent = found.spending.query("network == 'potential'").set_index("term")["net"]
    assert spent["investment"] == pytest.approx(900_000)


def test_spending_on_plants_is_what_the_reference_has_not_yet(planned):
    """1 000 EUR less the 400 that stand already."""
    before = evolve(planned, operations=evolve(planned.operations, capex=np.array([400.0])))
    once = [part.change.sum() for part in changes(planned, before) if part.term == ONCE]
    assert sum(once) == pytest.approx(600)
