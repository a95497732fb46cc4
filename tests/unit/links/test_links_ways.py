"""Distances, modes and carriage, by hand."""

import numpy as np
import pytest
from link_rows import amount

from builders import region
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind
from sivuvirta.links import build
from sivuvirta.links.distances import distances, great_circle, locations

TRANSPORT, HANDLING = EUR_TERMS.index("transport"), EUR_TERMS.index("handling")


def direct(links):
    (row,) = np.flatnonzero(links.arcs.kind == ArcKind.DIRECT)
    return int(row)


def between(found, *pairs):
    at = locations(found)
    sites = [*found.table("sites")["site"].tolist(), *found.table("zones")["zone"].tolist()]
    start, end = (np.array([sites.index(pair[side]) for pair in pairs]) for side in (0, 1))
    return distances(found, at, start, end)


def test_a_haul_goes_from_the_site_over_the_shortest_roads_to_the_other_site(make):
    found = between(make(), ("works", "town"), ("town", "works"), ("works", "mill"), ("works", "works"))
    assert found.km.tolist() == [51, 51, 23, 0]
    assert [found.paths.edges(pair).tolist() for pair in found.path[:3]] == [[0, 1], [1, 0], [0]]
    assert found.path[3] == -1
    assert [Grade(code).name for code in found.grade] == ["B", "B", "A", "A"]


def test_a_detour_over_two_roads_beats_a_longer_direct_one_and_the_shorter_of_two_parallel_roads_is_taken(make, rows):
    more = [
        {"road": "straight", "from_place": "p_works", "to_place": "p_town", "km": 60, "grade": "A"},
        {"road": "parallel", "from_place": "p_town", "to_place": "p_mill", "km": 25, "grade": "C"},
        {"road": "track", "from_place": "p_works", "to_place": "p_town", "km": 1, "kind": "rail"},
    ]
    found = between(make(roads=[*rows["roads"], *more]), ("works", "town"))
    assert found.km.tolist() == [1 + 20 + 25]
    assert found.paths.edges(found.path[0]).tolist() == [0, 3]
    assert found.grade.tolist() == [Grade.C]


def test_pairs_of_ways_are_read_off_together_and_one_without_a_road_is_empty(make):
    found = between(make(), ("works", "town"), ("works", "mill"))
    ways = found.paths.chosen(np.array([1, -1, 0, 0]))
    assert ways.start.tolist() == [0, 1, 1, 3, 5]
    assert ways.edge.tolist() == [0, 0, 1, 0, 1]
    again = ways.chosen(np.array([2, -1, 0]))
    assert again.start.tolist() == [0, 2, 2, 3]
    assert again.edge.tolist() == [0, 1, 0]


def test_a_degree_of_latitude_is_111_2_km(make):
    found = region(sites=[{"site": "a", "name": "a", "lat": 65, "lon": 24}, {"site": "b", "name": "b", "lat": 66, "lon": 24}])
    at = locations(found)
    assert great_circle(at, np.array([0]), np.array([1])) == pytest.approx([111.195], abs=1e-3)


def test_without_a_road_between_them_a_way_is_a_great_circle_with_a_detour_of_grade_d(make, rows):
    sites = [{**site, "lat": lat, "lon": 24} for site, lat in zip(rows["sites"], (65, 65, 66), strict=True)]
    found = between(make(sites=sites, roads=rows["roads"][:1]), ("works", "town"), ("works", "mill"))
    assert found.km == pytest.approx([1.3 * 111.195, 23], abs=1e-3)
    assert found.circle.tolist() == [True, False]
    assert found.grade.tolist() == [Grade.D, Grade.A]
    assert found.path[0] == -1


def test_a_zone_is_served_at_its_place_with_grade_d(make):
    found = between(make(zones=[{"zone": "area", "name": "Area", "kind": "market", "place": "p_town"}]), ("mill", "area"))
    assert found.km.tolist() == [32]
    assert found.grade.tolist() == [Grade.D]


def test_two_sites_of_one_place_are_their_access_roads_apart(make, rows):
    found = between(make(sites=[{**site, "place": "p_mill"} for site in rows["sites"]]), ("works", "mill"))
    assert found.km.tolist() == [3]
    assert found.path.tolist() == [-1]
    assert found.grade.tolist() == [Grade.D]


def test_a_place_that_is_not_known_is_not_zero_km_away(make, rows):
    needs = [rows["needs"][0], {**rows["needs"][0], "need": "nowhere", "site": None}]
    acceptances = [{**rows["acceptances"][0], "need": key} for key in ("road", "nowhere")]
    links = build(make(needs=needs, acceptances=acceptances, quantities=[*rows["quantities"], amount("needs", "nowhere", 5)]))
    assert links.nodes.id[links.arcs.destination[direct(links)]] == "road"
    assert links.notes["unknown distances"].startswith("1 possible")


def test_carriage_is_paid_per_tonne_as_sent(make):
    links = build(make())
    arc, arcs = direct(links), links.arcs
    assert arcs.sent[arc] == pytest.approx(1.25)  # 20 % water
    assert arcs.km[arc] == 51
    assert arcs.eur[arc, TRANSPORT] == pytest.approx(0.1 * 51 * 1.25)
    assert arcs.eur[arc, HANDLING] == pytest.approx(1.25)
    assert arcs.co2[arc, CO2_TERMS.index("transport")] == pytest.approx(0.05 * 51 * 1.25)
    assert arcs.tkm[arc] == pytest.approx(51 * 1.25)
    assert arcs.trips[arc] == pytest.approx(1.25 / 40)
    assert links.modes[arcs.mode[arc]] == "truck"
    assert links.paths.edges(arcs.pair[arc]).tolist() == [0, 1]


def test_the_materials_typical_moisture_holds_where_the_stream_says_none(make, rows):
    links = build(make(streams=[{**rows["streams"][0], "moisture": None, "material": "slag"}]))
    assert links.arcs.sent[direct(links)] == pytest.approx(1 / 0.9)


def test_a_load_is_the_smaller_of_mass_and_room(make, rows):
    links = build(make(modes=[{**rows["modes"][0], "volume": 16}]))
    assert links.arcs.trips[direct(links)] == pytest.approx(1.25 / (16 * 2))


def test_the_range_of_a_mode_becomes_a_standard_deviation(make, rows):
    mode = {**rows["modes"][0], "cost_low": 0.1 - 0.0329, "cost_high": 0.1 + 0.0329, "co2_low": 0.05, "co2_high": 0.05 + 0.0329}
    links = build(make(modes=[mode]))
    arc = direct(links)
    assert links.arcs.eur_sd[arc, TRANSPORT] == pytest.approx(0.02 * 51 * 1.25)
    assert links.arcs.eur_sd[arc, HANDLING] == 0
    assert links.arcs.co2_sd[arc, CO2_TERMS.index("transport")] == pytest.approx(0.01 * 51 * 1.25)


def test_the_cheapest_road_mode_over_the_whole_way_is_taken(make, rows):
    slow = {**rows["modes"][0], "mode": "tractor", "cost": 0.3, "handling": 0}
    train = {**rows["modes"][0], "mode": "train", "kind": "rail", "cost": 0.0}
    for km, best in ((4, "tractor"), (6, "truck"), (30, "truck")):
        roads = [{**road, "km": (km - 1) / 2} for road in rows["roads"]]
        links = build(make(modes=[rows["modes"][0], slow, train], roads=roads))
        assert links.modes[links.arcs.mode[direct(links)]] == best  # 0.3 km against 0.1 km + 1: even at 5 km


def test_within_one_place_the_mode_that_would_go_further_for_less_is_taken(make, rows):
    small = {**rows["modes"][0], "mode": "a_small_truck", "cost": 0.2}
    sites = [{**site, "place": "p_town", "access_km": 0} for site in rows["sites"]]
    links = build(make(modes=[small, *rows["modes"]], sites=sites))
    assert links.arcs.km[direct(links)] == 0
    assert links.modes[links.arcs.mode[direct(links)]] == "truck"


def test_freight_in_money_of_another_year_is_indexed_or_told(make, rows):
    modes = [{**rows["modes"][0], "year": 2020}]
    links = build(make(modes=modes))
    assert links.arcs.eur[direct(links), TRANSPORT] == pytest.approx(0.1 * 51 * 1.25)
    assert "truck" in links.notes["years of freight"]
    indices = [{"index": "freight", "year": year, "value": value} for year, value in ((2020, 100), (2024, 120))]
    links = build(make(modes=modes, indices=indices))
    assert links.arcs.eur[direct(links), TRANSPORT] == pytest.approx(0.12 * 51 * 1.25)
    assert "years of freight" not in links.notes


def test_heat_goes_as_far_as_its_pipe_and_no_further(make, rows):
    streams = [{"stream": "warm", "name": "Warm", "site": "works", "material": "heat"}]
    needs = [{"need": key, "name": key, "site": key, "material": "heat"} for key in ("mill", "town")]
    pipe = {"mode": "pipe", "name": "Pipe", "kind": "pipe", "carriers": ("heat",), "cost": 0.5, "co2": 0, "max_km": 25}
    changed = {
        "streams": streams,
        "needs": needs,
        "acceptances": [{"need": key, "material": "heat", "ratio": 1} for key in ("mill", "town")],
        "quantities": [amount("streams", "warm", 10), amount("needs", "mill", 9), amount("needs", "town", 9)],
        "fates": [],
        "modes": [rows["modes"][0], pipe],
    }
    links = build(make(**changed))
    arc = direct(links)
    assert links.nodes.id[links.arcs.destination[arc]] == "mill"
    assert links.arcs.eur[arc, TRANSPORT] == pytest.approx(0.5 * 23)
    assert (links.arcs.tkm[arc], links.arcs.trips[arc], links.arcs.pair[arc], links.arcs.sent[arc]) == (0, 0, -1, 1)
    assert "no mode" in links.notes


def test_fuel_by_road_weighs_what_its_heating_value_says(make, rows):
    tanker = {"mode": "tanker", "name": "Tanker", "kind": "road", "carriers": ("fuel",), "payload": 20, "cost": 0.01, "co2": 0}
    changed = {
        "streams": [{"stream": "co", "name": "CO", "site": "works", "material": "gas.co"}],
        "acceptances": [{"need": "road", "material": "gas.co", "ratio": 1}],
        "quantities": [amount("streams", "co", 10), amount("needs", "road", 9)],
        "fates": [],
        "modes": [tanker],
    }
    links = build(make(**changed))
    arc = direct(links)
    assert links.arcs.tkm[arc] == pytest.approx(51 / 2)
    assert links.arcs.trips[arc] == pytest.approx(0.5 / 20)


def test_within_one_site_nothing_is_carried(make, rows):
    links = build(make(needs=[{**rows["needs"][0], "site": "works"}]))
    arc = direct(links)
    assert (links.arcs.km[arc], links.arcs.mode[arc], links.arcs.tkm[arc], links.arcs.trips[arc]) == (0, -1, 0, 0)
    assert links.arcs.eur[arc, [TRANSPORT, HANDLING]].tolist() == [0, 0]
    assert links.arcs.grade_km[arc] == Grade.A


def test_the_grade_of_an_arc_is_the_worst_of_what_it_rests_on(make, rows):
    links = build(make())
    assert Grade(links.arcs.grade[direct(links)]).name == "B"
    links = build(make(acceptances=[{**rows["acceptances"][0], "grade": "D"}]))
    assert Grade(links.arcs.grade[direct(links)]).name == "D"
    links = build(make(roads=[{**rows["roads"][0], "grade": "C"}, rows["roads"][1]]))
    assert [Grade(code[direct(links)]).name for code in (links.arcs.grade, links.arcs.grade_km)] == ["C", "C"]
