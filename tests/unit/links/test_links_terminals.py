"""Trains and ships between terminals, by hand.

By road it is 1 + 200 + 300 km from the works to the town: 0.1 x 501 + 1 = 51.1 EUR/t. A train costs 0.02 EUR/t and km and 8 EUR/t for both
changes. The slag is sent with 20 % of water, 1.25 t a dry tonne.
"""

from __future__ import annotations

import numpy as np
import pytest
from link_rows import amount

from sivuvirta.assess.roads.haulage import roads, transport
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.solve import solve

TRANSPORT, HANDLING, CO2 = EUR_TERMS.index("transport"), EUR_TERMS.index("handling"), CO2_TERMS.index("transport")
SENT = 1.25


@pytest.fixture
def world(make, rows):
    """A region with long roads, a train and some rails or sea lanes."""

    def made(*edges, **changed):
        train = {**rows["modes"][0], "mode": "train", "kind": "rail", "cost": 0.02, "handling": 8, "co2": 0.01, "payload": None}
        ship = {**train, "mode": "ship", "kind": "sea", "cost": 0.01, "handling": 12}
        far = [{**row, "km": km} for row, km in zip(rows["roads"], (200, 300), strict=True)]
        lanes = [
            {"road": f"lane{n}", "from_place": one, "to_place": two, "km": km, "kind": kind, "grade": "B"}
            for n, (one, two, km, kind) in enumerate(edges)
        ]
        return make(**{"roads": [*far, *lanes], "modes": [rows["modes"][0], train, ship], **changed})

    return made


def direct(links):
    (row,) = np.flatnonzero(links.arcs.kind == ArcKind.DIRECT)
    return int(row)


def mode_of(links):
    return links.modes[links.arcs.mode[direct(links)]]


def test_a_truck_brings_to_the_terminal_and_another_from_it(world):
    """1 km to the train, 210 km by rail to the mill, 300 km by road: 0.1 x 301 + 2 + 8 + 0.02 x 210 = 44.3 EUR/t, less than 51.1."""
    links = build(world(("p_works", "p_mill", 210, "rail")))
    arc, arcs = direct(links), links.arcs
    assert (mode_of(links), links.modes[arcs.feeder[arc]], arcs.feeder_legs[arc]) == ("train", "truck", 2)
    assert (arcs.km[arc], arcs.feeder_km[arc]) == (pytest.approx(511), pytest.approx(301))
    assert arcs.eur[arc, TRANSPORT] == pytest.approx(SENT * (0.1 * 301 + 0.02 * 210))
    assert arcs.eur[arc, HANDLING] == pytest.approx(SENT * (8 + 2 * 1))
    assert arcs.co2[arc, CO2] == pytest.approx(SENT * (0.05 * 301 + 0.01 * 210))
    assert arcs.tkm[arc] == pytest.approx(SENT * 511)
    assert arcs.trips[arc] == pytest.approx(2 * SENT / 40)
    assert arcs.loads[arc] == pytest.approx(SENT / 40)
    assert MEASURES["traffic"].arc(links)[arc] == pytest.approx(SENT / 40 * 301)
    assert links.paths.edges(arcs.pair[arc]).tolist() == [2, 1]
    assert "210 km by train and 301 km by truck in 2 legs" in links.notes["terminals"]


def test_where_rails_end_at_a_site_no_truck_is_needed(world):
    """The town stands at its terminal: one leg of 1 km, 0.1 + 1 + 8 + 0.02 x 400 = 17.1 EUR/t."""
    links = build(world(("p_works", "p_town", 400, "rail")))
    arc, arcs = direct(links), links.arcs
    assert (mode_of(links), arcs.feeder_legs[arc], arcs.feeder_km[arc], arcs.km[arc]) == ("train", 1, 1, 401)
    assert arcs.eur[arc, [TRANSPORT, HANDLING]] == pytest.approx([SENT * (0.1 + 8), SENT * 9])


def test_with_a_siding_at_both_ends_the_train_goes_alone(world, rows):
    sites = [{**row, "access_km": 0} for row in rows["sites"]]
    links = build(world(("p_works", "p_town", 400, "rail"), sites=sites))
    arc, arcs = direct(links), links.arcs
    assert (mode_of(links), arcs.feeder[arc], arcs.feeder_legs[arc], arcs.trips[arc]) == ("train", -1, 0, 0)
    assert arcs.eur[arc, [TRANSPORT, HANDLING]] == pytest.approx([SENT * 8, SENT * 8])
    assert arcs.tkm[arc] == pytest.approx(SENT * 400)


@pytest.mark.parametrize(("rail", "sea", "best"), [(400, 400, "train"), (2000, 400, "ship"), (2200, 4000, "truck"), (2000, 4000, "train")])
def test_the_cheapest_whole_way_is_taken(world, rail, sea, best):
    """With one leg of 1.1 EUR: train 8 + 0.02 km, ship 12 + 0.01 km, truck 51.1 in all. Train and ship at 400 km: 17.1 and 17.1."""
    if (rail, sea) == (400, 400):
        sea = 500
    links = build(world(("p_works", "p_town", rail, "rail"), ("p_works", "p_town", sea, "sea")))
    assert mode_of(links) == best


def test_what_links_says_of_a_way_holds(world):
    edge = ("p_works", "p_town", 400, "rail")
    row = {"origin": "works", "destination": "town", "grade": "A"}
    assert mode_of(build(world(edge, links=[{**row, "km": 30}]))) == "truck"
    assert mode_of(build(world(edge, links=[{**row, "mode": "train", "banned": True}]))) == "truck"
    assert mode_of(build(world(edge))) == "train"


def test_rails_alone_join_what_no_road_joins(world, rows):
    """Without roads and coordinates nothing is known of the way by truck."""
    lane = {"road": "lane", "from_place": "p_works", "to_place": "p_town", "km": 400, "kind": "rail", "grade": "B"}
    assert mode_of(build(world(roads=[lane]))) == "train"
    assert (build(world(roads=[])).arcs.kind != ArcKind.DIRECT).all()


def test_lanes_that_lead_elsewhere_change_nothing(world):
    one, other = build(world()), build(world(("p_mill", "p_town", 5000, "rail")))
    assert other.arcs.eur.tolist() == one.arcs.eur.tolist()
    assert other.arcs.pair.tolist() == one.arcs.pair.tolist()
    assert "terminals" not in other.notes


def test_traffic_is_split_by_mode_and_rails_carry_no_trucks(world, rows):
    matches = match(build(world(("p_works", "p_mill", 210, "rail"), fates=[{**rows["fates"][0], "fee": 100}])))
    plan = solve(matches, reference(matches.links), None)
    ledger = plan.potential.ledger
    flow = ledger.per_arc()[direct(matches.links)]
    assert flow == pytest.approx(600 / 0.9)
    table = transport(ledger, plan.reference).set_index(["mode", "measure"])["planned"]
    assert table["train", "tonne-kilometres"] == pytest.approx(flow * SENT * 210)
    assert table["truck", "tonne-kilometres"] == pytest.approx(flow * SENT * 301)
    assert table["truck", "loaded trips"] == pytest.approx(2 * flow * SENT / 40)
    assert table["train", "hauled, as sent"] == pytest.approx(flow * SENT)
    assert ("train", "loaded trips") not in table.index
    sections = roads(ledger, plan.reference)
    assert sections["road"].tolist() == ["r2"]
    assert sections["planned"].tolist() == pytest.approx([flow * SENT / 40 / 365])


def test_ways_over_terminals_and_others_are_read_off_together(world, rows):
    needs = [rows["needs"][0], {**rows["needs"][0], "need": "yard", "site": "mill"}]
    accepted = [{**rows["acceptances"][0], "need": key} for key in ("road", "yard")]
    links = build(
        world(
            ("p_works", "p_town", 400, "rail"),
            needs=needs,
            acceptances=accepted,
            quantities=[*rows["quantities"], amount("needs", "yard", 5)],
        )
    )
    rows_ = np.flatnonzero(links.arcs.kind == ArcKind.DIRECT)
    pairs = np.concatenate([links.arcs.pair[rows_], [-1]]).astype(np.int32)
    ways = links.paths.chosen(pairs)
    assert [ways.edge[a:b].tolist() for a, b in zip(ways.start[:-1], ways.start[1:], strict=True)] == [[2], [0], []]
