"""Pipes that have to be laid, worked out by hand.

10 km at 100 000 EUR/km for 10 000 MWh/a, exponent 0.5: 500 000 EUR whatever flows and 50 EUR per MWh/a. 20 years at 5 % are an annuity of
0.0802426, with 1 % of upkeep 0.0902426: 45 121.3 EUR/a, and 4.51213 EUR/MWh. Running costs 0.1 EUR/MWh and km, so 1 EUR/MWh. A MWh is
worth 30 EUR in the town.
"""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from tests.engine.worlds import matched, planned, region
from tests.heat_worlds import PIPE, heated, way

import sivuvirta as sv
from sivuvirta.assess.investment import investment
from sivuvirta.assess.terms import cost
from sivuvirta.domain.links import EUR_TERMS, ArcKind
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import OptionError
from sivuvirta.links import build
from sivuvirta.lp.text import family_text
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import cost_of

RATE = 0.05 / (1 - 1.05**-20) + 0.01
ONCE, GROWN, RUN, WORTH = 500_000.0, 50.0, 1.0, 30.0
EXACT = PlanOptions(gap=1e-9)


def pipe_of(links):
    return int(np.flatnonzero(links.ways.mode >= 0)[0])


def test_an_arc_has_its_part_of_the_pipe_and_a_way_of_its_own():
    links = matched(heated()).links
    arc = int(np.flatnonzero(links.arcs.kind == ArcKind.DIRECT)[0])
    assert pytest.approx(0.0902426, abs=1e-7) == RATE
    assert links.arcs.eur[arc, EUR_TERMS.index("transport")] == pytest.approx(RUN + RATE * GROWN)
    assert links.arcs.capex[arc] == pytest.approx(GROWN)
    assert links.arcs.fixed_group[arc] == pipe_of(links) == 1  # after the one row of `links`
    assert links.ways.fixed[1] == pytest.approx(45_121.3, abs=0.1)
    assert links.ways.capex[1] == pytest.approx(ONCE)
    assert "1 ways have to be laid first (pipe_heat)" in links.notes["new pipes"]


def test_a_plan_pays_the_pipe_once_and_counts_it_as_investment():
    plan = planned(matched(heated()), EXACT)
    network, ledger = plan.proven, plan.proven.ledger
    assert network.benefit == pytest.approx(8_000 * (WORTH - RUN - RATE * GROWN) - RATE * ONCE)
    assert ledger.invested == pytest.approx(ONCE + 8_000 * GROWN)
    assert ledger.operations.ways[1] == pytest.approx(RATE * ONCE)
    assert cost_of(ledger) == pytest.approx(network.objective)
    assert cost(ledger) == pytest.approx(network.objective)
    totals = plan.totals().set_index("figure")
    assert totals.loc["investment", "proven"] == pytest.approx(900_000)


def test_the_tangent_is_close_to_the_curve_it_stands_for():
    network = planned(matched(heated()), EXACT).proven
    curve = 100_000 * 10 * (8_000 / 10_000) ** 0.5
    assert curve <= network.ledger.invested <= 1.01 * curve


def test_a_pipe_that_does_not_earn_its_investment_is_not_laid():
    """1 000 MWh bring 24 488 EUR and the pipe costs 45 121."""
    network = planned(matched(heated(demand=1_000)), EXACT).proven
    assert network.benefit == pytest.approx(0)
    assert network.ledger.invested == 0


@pytest.mark.parametrize(("budget", "flow"), [(950_000, 8_000), (800_000, 6_000), (590_000, 0)])
def test_the_budget_holds_for_pipes(budget, flow):
    """800 000 EUR are 500 000 and 6 000 MWh at 50. For 1 800 MWh, 590 000 EUR, a pipe does not pay."""
    network = planned(matched(heated()), evolve(EXACT, budget=budget)).proven
    arcs = network.ledger.links.arcs
    assert network.ledger.per_arc()[arcs.kind == ArcKind.DIRECT].sum() == pytest.approx(flow)


@pytest.mark.parametrize(
    ("row", "benefit"),
    [
        ({"existing": "yes"}, 8_000 * (WORTH - RUN)),
        ({"cost": 2}, 8_000 * (WORTH - 2)),
        ({"fixed_cost": 10_000}, 8_000 * (WORTH - RUN) - 10_000),
    ],
)
def test_what_stands_or_is_paid_otherwise_costs_nothing_new(row, benefit):
    network = planned(matched(heated(links=way(**row))), EXACT).proven
    assert network.benefit == pytest.approx(benefit)
    assert network.ledger.invested == 0


def test_the_investment_is_in_the_assessment():
    network = planned(matched(heated()), EXACT).proven
    (row,) = investment(network.ledger).to_dict("records")
    assert (row["plant"], row["status"], row["unit"], row["activity"]) == ("warm>town", "laid", "MWh/a", pytest.approx(8_000))
    assert row["name"] == "Pipe, Stream warm to Need town, 10.0 km"
    assert row["capex_EUR"] == pytest.approx(900_000)
    assert row["fixed_EUR"] == pytest.approx(RATE * 900_000)


def test_two_streams_of_one_material_share_a_pipe():
    tables = heated(supply=4_000)
    more = {**tables["streams"][0], "stream": "warm2", "name": "Warm too"}
    tables["streams"].append(more)
    tables["quantities"].append({**tables["quantities"][0], "subject": "warm2"})
    tables["fates"].append({**tables["fates"][0], "fate": "lost2", "stream": "warm2"})
    network = planned(matched(tables), EXACT).proven
    assert network.benefit == pytest.approx(8_000 * (WORTH - RUN - RATE * GROWN) - RATE * ONCE)
    assert network.ledger.invested == pytest.approx(900_000)


def test_a_pipe_of_one_size_costs_the_same_whatever_flows():
    network = planned(matched(heated(modes=[{**PIPE, "scale": None}])), EXACT).proven
    assert network.ledger.invested == pytest.approx(1_000_000)
    assert network.benefit == pytest.approx(8_000 * (WORTH - RUN) - RATE * 1_000_000)


def test_an_unknown_lifetime_is_told_and_not_taken_for_nothing():
    links = matched(heated(modes=[{**PIPE, "lifetime": None}])).links
    arc = int(np.flatnonzero(links.arcs.kind == ArcKind.DIRECT)[0])
    assert links.arcs.unknown_eur[arc]
    assert links.arcs.grade_eur[arc] == 3


def test_a_pipe_needs_a_discount_rate():
    found = region(heated())
    vintages = found.table("vintages")
    bare = evolve(vintages, columns={**vintages.columns, "discount_rate": np.array([np.nan])})
    with pytest.raises(OptionError, match="no discount rate"):
        build(evolve(found, tables={**found.tables, "vintages": bare}))


def test_the_rows_of_a_pipe():
    """One row a flow: at most what the town takes, if the pipe is paid."""
    lp = program(matched(heated()), PlanOptions(budget=800_000)).lp
    assert family_text(lp, "way").strip() == "way(warm,town,0): 1 direct(warm,town) - 8000 used(warm,town,pipe_heat) <= 0"
    assert family_text(lp, "budget").strip() == "budget(network): 50 direct(warm,town) + 500000 used(warm,town,pipe_heat) <= 800000"


@pytest.mark.parametrize(("mode", "whole"), [("pipe_heat", 0.6), ("pipe_gas", 0.3), ("pipe_water", 0.03)])
def test_the_librarys_pipes_cost_in_all_what_they_did_at_their_reference(mode, whole):
    """Running cost and annuity over the reference capacity, EUR per unit and km, at 5 %: 0.08 + 0.0650514 x 800 000 / 100 000 = 0.600."""
    table = sv.load("kemi_tornio").table("modes")
    row = table.index[mode]
    annuity = 0.05 / (1 - 1.05 ** -float(table["lifetime"][row]))
    found = table["cost"][row] + annuity * table["capex_per_km"][row] / table["reference_capacity"][row]
    assert found == pytest.approx(whole, rel=0.02)
