"""The AMPL book's multicommodity transportation with fixed charges: three mills, seven customers, 21 lanes, least cost 229 850."""

from collections import defaultdict

import pytest

import sivuvirta as sv
from sivuvirta import cases

ANSWER = cases.answer("multmip1_2003")
PLAN = sv.plan("multmip1_2003", gap=0.0)
USED = {
    "clev": {"det", "fra", "lan", "stl", "win", "laf"},
    "gary": {"fre", "lan", "stl"},
    "pitt": {"det", "fra", "fre", "laf", "stl"},
}  # lanes of the printed optimum


def carried():
    """Tons that enter each lane."""
    frame = PLAN.ledger.to_frame()
    total = defaultdict(float)
    for row in frame[frame["kind"] == "feed"].itertuples():
        total[row.destination.removeprefix("plant:lane_")] += row.amount
    return total


def test_least_cost_of_the_lanes():
    assert ANSWER["value"] == 229_850
    assert PLAN.proven.status == "optimal"
    assert PLAN.cost == pytest.approx(ANSWER["value"], abs=1e-6 * ANSWER["value"])


def test_the_printed_lanes_are_used_and_no_other():
    works = PLAN.links.works
    used = {PLAN.links.nodes.id[node] for node, built in zip(works.node, PLAN.ledger.operations.built, strict=True) if built}
    assert used == {f"lane_{mill}_{customer}" for mill, customers in USED.items() for customer in customers}


def test_no_lane_carries_more_than_625_tons_of_all_products():
    total = carried()
    assert max(total.values()) == pytest.approx(625)
    assert sum(total.values()) == pytest.approx(400 + 700 + 800 + 800 + 1600 + 1800 + 200 + 300 + 300)
