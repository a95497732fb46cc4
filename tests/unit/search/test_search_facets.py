"""Kind, material, distance, quantity and verdict: filters, and counts by hand."""

from __future__ import annotations

import pytest

import match_rows
from builders import region
from search_rows import catalogue, made
from sivuvirta.domain.search import Query
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.links import build
from sivuvirta.links.distances import DETOUR, EARTH_RADIUS
from sivuvirta.match import match
from sivuvirta.search import search
from sivuvirta.search.index import indexed

REGISTER, INDEX = made()


def ask(text="", **filters):
    return search(REGISTER, INDEX, Query(text=text, k=50, **filters))


def keys(text="", **filters):
    return sorted(hit.key for hit in ask(text, **filters))


def test_facets_are_counted_by_hand():
    facets = ask(kinds=["streams", "needs"], of="works").facets
    assert facets["kind"] == {"streams": 4, "needs": 2}
    assert facets["material"] == {"dregs": 3, "aggregate": 1, "ash": 1, "slag": 1}
    assert facets["class"] == {"dregs": 3, "aggregate": 1, "ash": 1, "slag.ferrochrome": 1}
    # at the works: slag, 0 km. At the mill: dregs, ash, lime, 1 + 18 + 1 = 20 km. In the town, 1 degree north: mud and road
    assert facets["distance"] == {"up to 10 km": 1, "10 to 25 km": 3, "100 to 250 km": 2}
    assert facets["quantity"] == {"100 to 1 000 t/a": 2, "10 000 to 100 000 t/a": 2, "unknown": 2}
    assert facets["verdict"] == {"not asked": 6}


def test_facets_count_all_hits_and_not_only_those_shown():
    hits = search(REGISTER, INDEX, Query(kinds="streams", k=1))
    assert (len(hits), hits.total, hits.facets["kind"]) == (1, 4, {"streams": 4})


def test_a_material_takes_in_the_classes_below_it_and_every_material_of_a_practice():
    assert keys(material="slag") == ["road_2010", "slag", "slag", "slag.ferrochrome"]
    assert keys(material="aggregate") == ["aggregate", "road", "road_2010"]
    with pytest.raises(UnknownNameError, match=r"Near it are: slag\.ferrochrome"):
        ask(material="ferro")


def test_distances_are_by_road_where_one_is_known_and_else_estimated():
    hits = {hit.key: hit for hit in ask(kinds=["streams", "practices", "organisations"], of="works")}
    assert (hits["ash"].km, hits["ash"].way) == (pytest.approx(20), "road")
    one_degree = EARTH_RADIUS * 3.141592653589793 / 180  # 111.195 km
    assert hits["mud"].km == pytest.approx(DETOUR * one_degree, rel=1e-6)
    assert hits["mud"].way == "estimate"
    assert hits["road_2010"].way == "estimate"
    assert (hits["sewage"].way, hits["sewage"].km != hits["sewage"].km) == ("", True)
    assert (hits["pulp"].km, hits["steel"].km) == (pytest.approx(20), 0)


@pytest.mark.parametrize("place", ["works", "sites:works", "slag", "streams:slag", "p_works", (65.80, 24.10), "65.80,24.10"])
def test_a_place_is_an_id_or_degrees(place):
    hits = {hit.key: hit.km for hit in ask(kinds="streams", of=place)}
    assert hits["slag"] == pytest.approx(1 if place == "p_works" else 0, abs=1e-6)
    assert hits["mud"] == pytest.approx(144.5, abs=0.1)


def test_within_km_leaves_out_what_is_further_and_tells_what_is_unknown():
    hits = ask(kinds=["streams", "practices"], of="works", within_km=20)
    assert sorted(hit.key for hit in hits) == ["ash", "dregs", "road_2010", "slag"]
    assert hits.notes == ("1 more has no known distance, and is left out.",)


def test_an_unknown_quantity_is_no_small_one():
    hits = ask(kinds="streams", at_most=1000)
    assert sorted(hit.key for hit in hits) == ["ash", "dregs"]
    assert hits.notes == ("1 more has no known quantity, and is left out.",)
    assert keys(kinds="streams", at_least=1000) == ["dregs", "slag"]


def test_what_cannot_be_asked_is_told_all_at_once():
    with pytest.raises(OptionError) as caught:
        Query(kinds=["strems"], verdict="good", within_km=-1, since="tomorrow", k=0, language="de")
    for part in ("kind 'strems'", "verdict 'good'", "from somewhere", "below 0", "no date", "'k'", "language 'de'"):
        assert part in str(caught.value)
    with pytest.raises(OptionError, match="no 'kind'"):
        Query().with_(kind="streams")
    with pytest.raises(UnknownNameError, match="'nowhere' is no site"):
        ask(of="nowhere")
    with pytest.raises(UnknownNameError, match="latitude first"):
        ask(of=(165.0, 24.0))


def test_no_place_asked_is_no_unknown_distance():
    assert ask(kinds="streams").facets["distance"] == {"not asked": 4}
    assert all(hit.way == "" for hit in ask(kinds="streams"))


def judged(**changes):
    register = region(**{**match_rows.tables(), **changes})
    return register, indexed(register, catalogue()), match(build(register))


def test_verdicts_come_from_matches_and_are_the_best_of_all_routes():
    register, index, matches = judged()
    hits = {hit.key: hit.verdict for hit in search(register, index, Query(kinds="streams"), matches)}
    best = dict.fromkeys(hits, "no route")
    for row in sorted(range(len(matches.routes)), key=lambda row: -matches.routes.verdict[row]):
        name = matches.links.nodes.id[matches.routes.stream[row]]
        best[name] = ("pass", "blend", "likely", "unknown", "fail")[matches.routes.verdict[row]]
    assert hits == best
    assert set(best.values()) - {"no route"}


def test_a_verdict_facet_filters_and_adds_up():
    register, index, matches = judged()
    everything = search(register, index, Query(kinds=["streams", "needs"]), matches)
    for word, count in everything.facets["verdict"].items():
        assert search(register, index, Query(kinds=["streams", "needs"], verdict=word), matches).total == count
    assert sum(everything.facets["verdict"].values()) == everything.total


def test_verdicts_toward_one_need_are_of_routes_into_it():
    register, index, matches = judged(
        needs=[match_rows.need("road", use_class="road"), {**match_rows.need("other", use_class="road"), "material": "till"}]
    )
    toward = {hit.key: hit.verdict for hit in search(register, index, Query(kinds="streams", of="needs:other"), matches)}
    anything = {hit.key: hit.verdict for hit in search(register, index, Query(kinds="streams"), matches)}
    assert toward["slag"] == "no route"
    assert anything["slag"] != "no route"
