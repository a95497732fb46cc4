"""What table `links` changes, by hand."""

import numpy as np
import pytest

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind
from sivuvirta.links import build

TRANSPORT, HANDLING = EUR_TERMS.index("transport"), EUR_TERMS.index("handling")
COMPUTED = 0.1 * 51 * 1.25  # EUR of transport per dry tonne without any row


def direct(links):
    (row,) = np.flatnonzero(links.arcs.kind == ArcKind.DIRECT)
    return int(row)


def link(origin, destination, **more):
    return {"origin": origin, "destination": destination, "grade": "B", **more}


def transport(make, *links):
    found = build(make(links=list(links)))
    return found.arcs.eur[direct(found), TRANSPORT]


def test_a_cost_replaces_all_carriage(make):
    links = build(make(links=[link("works", "town", cost=3, co2=7, grade="C")]))
    arc = direct(links)
    assert links.arcs.eur[arc, [TRANSPORT, HANDLING]].tolist() == [3, 0]
    assert links.arcs.co2[arc, CO2_TERMS.index("transport")] == 7
    assert links.arcs.km[arc] == 51  # the way itself is still there: its trucks drive
    assert links.arcs.trips[arc] > 0
    assert Grade(links.arcs.grade[arc]).name == "C"


def test_a_distance_replaces_the_computed_one(make):
    links = build(make(links=[link("works", "town", km=100, grade="A")]))
    arc = direct(links)
    assert links.arcs.km[arc] == 100
    assert links.arcs.eur[arc, TRANSPORT] == pytest.approx(0.1 * 100 * 1.25)
    assert links.arcs.tkm[arc] == pytest.approx(125)
    assert links.arcs.grade_km[arc] == Grade.A


def test_a_capacity_limits_the_flow(make):
    links = build(make(links=[link("works", "town", capacity=70)]))
    assert links.arcs.capacity[direct(links)] == 70


def test_a_ban_removes_the_arc_and_no_other(make):
    links = build(make(links=[link("slag", "road", banned=True)]))
    assert [ArcKind(kind).name for kind in links.arcs.kind] == ["FATE", "BUY"]
    assert "1 possible" in links.notes["bans"]


def test_the_most_specific_ends_win_whatever_their_order(make):
    ladder = [link("p_works", "p_town", cost=1), link("works", "p_town", cost=2), link("works", "town", cost=3)]
    ladder += [link("works", "road", cost=4), link("slag", "road", cost=5)]
    for count in range(1, len(ladder) + 1):
        assert transport(make, *ladder[:count]) == count
        assert transport(make, *reversed(ladder[:count])) == count


def test_between_equally_specific_ends_the_origin_decides(make):
    assert transport(make, link("works", "road", cost=1), link("slag", "town", cost=2)) == 2


def test_rows_of_other_ends_change_nothing(make):
    assert transport(make, link("town", "works", cost=1), link("mill", "town", cost=2)) == pytest.approx(COMPUTED)


def test_an_offered_mode_is_taken_only_where_it_is_cheaper(make, rows):
    train = {**rows["modes"][0], "mode": "train", "kind": "rail", "cost": 0.02, "handling": 3}
    modes = [rows["modes"][0], train]
    for km, mode, cost in ((60, "train", 0.02 * 60 * 1.25), (600, "truck", COMPUTED)):
        links = build(make(modes=modes, links=[link("works", "town", mode="train", km=km)]))
        arc = direct(links)
        assert links.modes[links.arcs.mode[arc]] == mode
        assert links.arcs.eur[arc, TRANSPORT] == pytest.approx(cost)
    assert links.arcs.pair[arc] >= 0


def test_goods_on_rails_are_on_no_road(make, rows):
    train = {**rows["modes"][0], "mode": "train", "kind": "rail", "cost": 0}
    links = build(make(modes=[rows["modes"][0], train], links=[link("works", "town", mode="train")]))
    arc = direct(links)
    assert (links.arcs.pair[arc], links.arcs.trips[arc]) == (-1, 0)
    assert links.arcs.tkm[arc] == pytest.approx(51 * 1.25)


def test_a_mode_may_be_banned_while_others_remain(make, rows):
    other = {**rows["modes"][0], "mode": "tractor", "cost": 0.2}
    links = build(make(modes=[rows["modes"][0], other], links=[link("works", "town", mode="truck", banned=True)]))
    assert links.modes[links.arcs.mode[direct(links)]] == "tractor"
    links = build(make(links=[link("works", "town", mode="truck", banned=True)]))
    assert ArcKind.DIRECT not in links.arcs.kind


def test_an_offer_with_a_cost_beside_the_computed_way(make, rows):
    modes = [*rows["modes"], {"mode": "belt", "name": "Belt", "kind": "conveyor", "carriers": ("solid",), "cost": 0, "co2": 0}]
    for cost, expected in ((2, 2), (20, COMPUTED)):
        links = build(make(modes=modes, links=[link("works", "town", mode="belt", cost=cost)]))
        assert links.arcs.eur[direct(links), TRANSPORT] == pytest.approx(expected)


def test_a_stated_cost_makes_an_arc_possible_where_nothing_else_does(make, rows):
    roads, modes = rows["roads"][:1], []
    assert ArcKind.DIRECT not in build(make(roads=roads, modes=modes)).arcs.kind
    links = build(make(roads=roads, modes=modes, links=[link("slag", "road", cost=9)]))
    arc = direct(links)
    assert links.arcs.eur[arc, TRANSPORT] == 9
    assert (links.arcs.km[arc], links.arcs.mode[arc], links.arcs.tkm[arc]) == (0, -1, 0)


def test_a_cost_within_one_site_counts_too(make, rows):
    links = build(make(needs=[{**rows["needs"][0], "site": "works"}], links=[link("slag", "road", cost=4)]))
    assert links.arcs.eur[direct(links), TRANSPORT] == 4


def test_an_outlet_may_be_named_and_a_fixed_cost_is_told(make, rows):
    fates = [{**rows["fates"][0], "site": "mill"}]
    links = build(make(fates=fates, links=[link("slag", "heap", cost=2), link("mill", "town", fixed_cost=100)]))
    (fate,) = np.flatnonzero(links.arcs.kind == ArcKind.FATE)
    assert links.arcs.eur[fate, TRANSPORT] == 2
    assert links.notes["fixed costs of links"].startswith("1 rows")
