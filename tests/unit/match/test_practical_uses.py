"""The cluster's practical uses are found from data alone: without the row that says so, the route is gone."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from sivuvirta import library
from sivuvirta.domain.grades import Verdict
from sivuvirta.links import build
from sivuvirta.match import checks, match, why
from sivuvirta.match.classes import covers
from sivuvirta.verbs import load

USES = [
    pytest.param("rb_ash", "dust_binder_kemi", "dust_kevitsa", id="S2 dust binder of mine roads from process salt"),
    pytest.param("tall_oil", None, "dust_kemi", id="S2 dust binder of mine roads from tall oil"),
    pytest.param("ss_slag_fines", None, "cover_kittila", id="S3 slag fines as cover on waste rock"),
    pytest.param("sewage_sludge_roi", "cover_mix_kevitsa", "cover_kevitsa", id="S3 mixed cover on waste rock"),
    pytest.param("ss_slag_fines", "geopolymer_kittila", "geopoly_cover_kittila", id="S4 slag geopolymer as cover"),
    pytest.param("biosludge_mf", "growth_kevitsa", "veg_kevitsa", id="S5 growth layer on piles"),
    pytest.param("tovo_fly_ash", "ash_granulation_kemi", "veg_kemi", id="S5 ash granules on piles"),
    pytest.param("pickling_sludge", "crisolteq_return", "fecr_smelting", id="S6 pickling residue back to the furnace"),
]


@pytest.fixture(scope="module")
def region():
    return load("kemi_tornio")


@pytest.fixture(scope="module")
def matches(region):
    return match(build(region))


def _routes(found, stream, plant, need):
    nodes, routes = found.links.nodes, found.routes
    through = np.append(nodes.id[found.links.works.node], [None])[routes.plant]
    same = np.array([name == plant for name in through.tolist()], dtype=bool)
    return np.flatnonzero((nodes.id[routes.stream] == stream) & (nodes.id[routes.need] == need) & same)


def _without(region, table, gone):
    """The region without the rows of a table for which `gone` holds, whether they are its own or the library's."""
    whole = region.table(table)
    keep = np.array([not gone(row) for row in whole.rows()], dtype=bool)
    assert not keep.all(), f"no such row in {table}"
    library = {name: rows for name, rows in region.library.items() if name != table}
    return evolve(region, tables={**region.tables, table: whole.take(keep)}, library=library)


@pytest.mark.parametrize(("stream", "plant", "need"), USES)
def test_the_use_is_found_and_does_not_fail(matches, stream, plant, need):
    found = _routes(matches, stream, plant, need)
    assert len(found)
    assert (matches.routes.verdict[found] < Verdict.FAIL).all()


@pytest.mark.parametrize(("stream", "plant", "need"), USES)
def test_without_its_acceptance_the_use_is_gone(region, matches, stream, plant, need):
    found = _routes(matches, stream, plant, need)
    arc = np.where(matches.routes.arc_out[found] < 0, matches.routes.arc_in[found], matches.routes.arc_out[found])
    table = region.table("acceptances")
    accepted = {table["material"][row] for row in matches.links.arcs.acceptance[arc].tolist()}
    fewer = _without(region, "acceptances", lambda row: row["need"] == need and row["material"] in accepted)
    assert len(_routes(match(build(fewer)), stream, plant, need)) == 0


@pytest.mark.parametrize(("stream", "plant", "need"), [use for use in USES if use.values[1]])
def test_without_its_row_in_the_recipe_the_use_is_gone(region, stream, plant, need):
    """Only what lets this material into the plant goes; the plant stands."""
    plants, streams = region.table("plants"), region.table("streams")
    technology, material = plants["technology"][plants.index[plant]], streams["material"][streams.index[stream]]
    fewer = _without(region, "recipe_inputs", lambda row: row["technology"] == technology and covers(row["material"], material))
    assert len(_routes(match(build(fewer)), stream, plant, need)) == 0


def test_ferrochrome_slag_on_a_road_is_not_failed_by_its_total_chromium(matches):
    """It holds 7 to 10 % of chromium, and is a by-product by a ruling."""
    for stream in ("fecr_slag_gran", "fecr_slag_air"):
        for need in ("aggregate_sealapland", "aggregate_lapland"):
            assert matches.routes.verdict[_routes(matches, stream, None, need)].tolist() == [Verdict.PASS]


def test_stainless_slag_on_a_road_asks_for_a_leaching_test(matches):
    (route,) = _routes(matches, "ss_slag_eaf", None, "aggregate_sealapland").tolist() or (None,)
    assert route is not None
    assert matches.routes.verdict[route] == Verdict.UNKNOWN
    assert "an L/S 10 leaching test" in why(matches, route)


def test_slag_fines_on_a_pile_wait_for_a_leaching_test_with_its_price_and_days(matches):
    (route,) = _routes(matches, "ss_slag_fines", None, "cover_kittila").tolist()
    tests = library.catalogue()["tests"]
    row = tests.index["leaching_batch"]
    price, low, high, lead, soonest, latest = (
        f"{tests[name][row]:.0f}" for name in ("price", "price_low", "price_high", "lead", "lead_low", "lead_high")
    )
    assert (
        f"What is missing: an L/S 10 leaching test (about {price} EUR, {low} to {high}; about {lead} working days, {soonest} to {latest}; "
        f"grade {tests['grade'][row]})"
    ) in why(matches, route)


def test_dregs_in_a_till_seal_tell_the_mix_and_that_results_disagree(matches):
    """5 to 20 % of dregs as sent: 19 to 4 t of till beside each."""
    (route,) = _routes(matches, "gld", "sealing_kittila", "seal_gld").tolist()
    recipe = next(check for check in checks(matches, route) if check.subject == "recipe")
    assert (recipe.low, recipe.high, recipe.unit) == (pytest.approx(5), pytest.approx(20), "%")
    text = why(matches, route)
    assert "It makes up 5 to 20 % of the mix as sent." in text
    assert "Conditions: " in text
    assert "published trials disagree" in text


def test_pickling_residue_is_told_to_be_hazardous(matches):
    for route in _routes(matches, "pickling_sludge", "crisolteq_return", "fecr_smelting").tolist():
        assert "It is hazardous (11 01 09*), which “Drying and briquetting of pickling residue” may take" in why(matches, route)


def test_slag_is_no_fertiliser(matches):
    """Total chromium of slag exceeds every fertiliser limit many times."""
    nodes, routes, materials = matches.links.nodes, matches.routes, matches.links.region.table("streams")
    slags = {key for key, material in zip(materials["stream"], materials["material"], strict=True) if material.startswith("slag.")}
    needs = matches.links.region.table("needs")
    fertilised = {
        key for key, use in zip(needs["need"], needs["use_class"], strict=True) if use in ("liming", "forest_ash", "soil_improver_organic")
    }
    found = np.isin(nodes.id[routes.stream].astype(str), list(slags)) & np.isin(nodes.id[routes.need].astype(str), list(fertilised))
    assert found.any()
    assert (routes.verdict[found] >= Verdict.UNKNOWN).all()
    direct = found & (routes.plant < 0)
    assert (routes.verdict[direct] == Verdict.FAIL).all()


def test_every_answer_reads_as_sentences(matches):
    for route in range(len(matches.routes)):
        text = why(matches, route)
        assert text[0].isupper()
        assert text.endswith(".")
        assert "nan" not in text.split()
        assert "None" not in text


def test_vintage_2018_has_the_uses_of_its_mills(region):
    older = match(build(region.at("2018")))
    assert len(_routes(older, "veits_fly_ash", "ash_granulation_kemi", "veg_kemi"))
