"""Permits' tonnes and heavy traffic on roads, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import SLAG, accepts, base, fate, matched, planned
from tests.golden.test_golden_families import with_permit, with_roads

from sivuvirta.assess.roads.haulage import roads
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError, OptionError
from sivuvirta.plan.explain.words import requirement
from sivuvirta.plan.program.families import program


def by_hand(**permit):
    """1 000 t dry of wet waste slag to a road of 500 t; its site has a permit of 300 t/a as sent that lists the slag's code."""
    row = {
        "stream": "slag",
        "site": "s0",
        "material": SLAG,
        "amount": 1000,
        "legal_status": "waste",
        "low_code": "10 02 02",
        "moisture": 20,
    }
    return base(
        [row],
        [{"need": "road", "site": "s2", "amount": 500, "price": 60}],
        fates=[fate("slag", "landfill", 40)],
        acceptances=[accepts("road", SLAG)],
        permits=[{"permit": "site", "site": "s2", "low_codes": "10 02 02", "capacity": 300, "source": "invented", **permit}],
    )


def taken(tables):
    return planned(matched(tables)).potential


def test_a_permit_lets_in_its_tonnes_as_sent():
    """300 t as sent at 20 % water are 240 t dry."""
    network = taken(by_hand())
    assert network.route_flow == pytest.approx([240])


def test_the_value_of_a_permit_is_told():
    """One more tonne as sent is 0.8 t dry; each brings what the objective gains by it."""
    network = taken(by_hand())
    (marginal,) = (each for each in network.marginals if each.constraint == "permit")
    wider = taken(by_hand(capacity=301))
    assert marginal.value == pytest.approx(network.objective - wider.objective)
    assert marginal.text.startswith("One more tonne as sent under permit 'site' is worth")
    assert marginal.unit == "EUR/t"


@pytest.mark.parametrize(
    "permit",
    [
        {"capacity": None},  # unknown tonnes bind nothing
        {"low_codes": "10 02 01"},  # another waste
        {"site": "s1"},  # another site
        {"valid_to": "2020-12-31"},  # no longer valid in 2024
        {"capacity": 1250},  # all of the slag as sent
    ],
)
def test_what_a_permit_does_not_bind(permit):
    assert len(program(matched(by_hand(**permit))).lp.family("permit").upper) == 0


def test_a_by_product_needs_no_permit():
    tables = by_hand()
    tables["streams"][0]["legal_status"] = "by_product"
    assert taken(tables).route_flow == pytest.approx([500])


def test_a_plant_takes_what_its_permit_lets_in_from_all_streams_together():
    """The crusher's permit: 500 t as sent; slag at 20 % water counts 1.25 t a tonne, skulls 1."""
    tables = with_permit()
    tables["needs"][0] |= {"price": 200}
    network = planned(matched(tables)).potential
    links, flow = network.ledger.links, network.ledger.per_arc()
    into = links.nodes.id[links.arcs.destination] == "crusher"
    feeds = into & np.isin(links.nodes.id[links.arcs.origin], ["slag", "skulls"])
    assert (flow * links.arcs.sent)[feeds].sum() <= 500 * (1 + 1e-9)
    at = program(matched(tables))
    assert requirement(at, "permit", 0) == "permit 'site' lets in at most 300 t/a as sent"


def test_roads_bind_only_where_it_is_asked_for():
    matches = matched(with_roads())
    assert len(program(matches).lp.family("road").upper) == 0
    assert program(matches, PlanOptions(road_limit=True)).lp.family("road").upper == pytest.approx([5])
    with pytest.raises(OptionError, match="True or False"):
        PlanOptions(road_limit=5)


def test_a_road_takes_so_many_vehicles_a_day():
    """5 vehicles a day both ways are 2.5 loads, 365 days of 51 t: 46 537.5 t a year of the 90 000 that the road would take."""
    tables = with_roads()
    for row in tables["quantities"]:
        row["value"] = {"slag": 100_000, "ash": 0, "road": 90_000}[row["subject"]]
    matches = matched(tables)
    free, bound = (planned(matches, PlanOptions(road_limit=limit)) for limit in (False, True))
    assert free.proven.route_flow.sum() == pytest.approx(100_000)
    assert bound.proven.route_flow.sum() == pytest.approx(2.5 * 365 * 51)
    told = roads(bound.proven.ledger, bound.reference)
    assert told["vehicles"].tolist() == pytest.approx([5])
    assert told["over"].tolist() == [False]
    (marginal,) = (each for each in bound.proven.marginals if each.constraint == "road")
    assert marginal.text.startswith("One more heavy vehicle a day on the road from A to B is worth")
    assert marginal.unit == "EUR/vehicle/d"
    at = program(matches, PlanOptions(road_limit=True))
    assert requirement(at, "road", 0) == "at most 5 heavy vehicles a day of these streams may use the road from A to B"


def test_over_its_threshold_already_a_road_takes_nothing_more():
    tables = with_roads()
    tables["roads"][0]["heavy_traffic"] = 120
    assert planned(matched(tables), PlanOptions(road_limit=True)).proven.route_flow.sum() == 0


def test_a_minimum_and_a_road_may_conflict_in_words():
    tables = with_roads()
    for row in tables["quantities"]:
        row["value"] = {"slag": 100_000, "ash": 0, "road": 90_000}[row["subject"]]
    tables["needs"][0]["minimum"] = 80_000
    with pytest.raises(InfeasibleError, match="heavy vehicles a day of these streams may use the road from A to B"):
        planned(matched(tables), PlanOptions(road_limit=True))
