"""Six capacitated warehouse location problems of OR-Library with the optima that it prints, to the last of three decimals."""

import pytest

import sivuvirta as sv
from sivuvirta import cases

PRINTED = {
    "cap41_1988": (1_040_444.375, 16, 50, 5_000, 7_500),
    "cap62_1988": (977_799.400, 16, 50, 15_000, 12_500),
    "cap64_1988": (1_045_650.250, 16, 50, 15_000, 25_000),
    "cap92_1988": (855_733.500, 25, 50, 15_000, 12_500),
    "cap94_1988": (946_051.325, 25, 50, 15_000, 25_000),
    "cap124_1988": (946_051.325, 50, 50, 15_000, 25_000),
}  # optimum, warehouses, customers, capacity and cost of each warehouse


@pytest.mark.parametrize("name", PRINTED)
def test_the_least_cost_is_the_printed_one_and_proven(name):
    answer = cases.answer(name)
    assert (answer["value"], answer["tolerance"]) == (PRINTED[name][0], 0.0005)
    plan = sv.plan(name, gap=0.0)
    assert plan.proven.status == "optimal"
    assert plan.cost == pytest.approx(answer["value"], abs=answer["tolerance"])
    assert plan.proven.bound == pytest.approx(answer["value"], abs=answer["tolerance"])


@pytest.mark.parametrize("name", PRINTED)
def test_the_problem_is_the_one_of_the_file(name):
    _, warehouses, customers, capacity, fixed = PRINTED[name]
    region = sv.load(name)
    plants = region.table("plants").to_frame()
    assert len(plants) == warehouses
    assert set(plants["capacity_max"]) == {capacity}
    assert sorted(plants["fixed_cost"]) == [0, *[fixed] * (warehouses - 1)]  # one stands already
    assert len(region.table("needs")) == customers
    assert region.table("needs")["minimum"].sum() == 58_268
    assert len(region.table("links")) == warehouses * (customers + 1)


def test_the_first_customer_of_cap41_costs_what_the_file_says():
    links = sv.load("cap41_1988").table("links").to_frame()
    unit = links.loc[(links["origin"] == "warehouse_01") & (links["destination"] == "demand_01"), "cost"].item()
    assert unit * 146 == pytest.approx(6739.725)  # 146 units of demand, all of it from the first warehouse
