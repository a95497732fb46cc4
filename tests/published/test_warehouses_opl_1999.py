"""CSPLib 034, the example of the OPL book: five warehouses of limited capacity at 30 each, ten stores, least cost 383."""

import pytest

import sivuvirta as sv
from sivuvirta import cases

ANSWER = cases.answer("warehouses_opl_1999")
PLAN = sv.plan(sv.load("warehouses_opl_1999"))


def test_least_cost_of_the_warehouses():
    assert ANSWER["value"] == 383
    assert PLAN.proven.status == "optimal"
    assert PLAN.cost == pytest.approx(ANSWER["value"], abs=ANSWER["tolerance"])


def test_the_printed_stores_are_supplied_by_the_printed_warehouses():
    frame = PLAN.ledger.to_frame()
    deliveries = frame[frame["kind"] == "deliver"]
    stores = {plant: set() for plant in deliveries["origin"]}
    for row in deliveries.itertuples():
        stores[row.origin].add(int(row.destination.rpartition("_")[2]))
    assert stores == {
        "plant:warehouse_bonn": {3},
        "plant:warehouse_bordeaux": {8, 6, 5, 1},
        "plant:warehouse_london": {9, 7},
        "plant:warehouse_rome": {4, 2, 0},
    }


def test_paris_is_not_opened():
    works = PLAN.links.works
    open_ = {PLAN.links.nodes.id[node] for node, built in zip(works.node, PLAN.ledger.operations.built, strict=True) if built}
    assert open_ == {"warehouse_bonn", "warehouse_bordeaux", "warehouse_london", "warehouse_rome"}
