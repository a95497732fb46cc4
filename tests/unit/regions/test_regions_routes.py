"""The four practical uses (S2 to S5) and the way of pickling residue back to the furnace (S6) are found from data alone."""

from functools import cache

import numpy as np
import pytest
from attrs import evolve

import sivuvirta as sv
from sivuvirta.domain.grades import Verdict

ROUTES = {
    "S2 dust binder for mine roads": ("rb_ash", "dust_binder_kemi", "dust_kevitsa", "salt.dust_suppressant", "dust_binder"),
    "S3 side streams as cover on waste rock": (
        "sewage_sludge",
        "cover_mix_kevitsa",
        "cover_kevitsa",
        "soil.cover.side_stream",
        "topsoil_cover",
    ),
    "S3 dregs in a sealing layer": ("gld", "sealing_kittila", "seal_gld", "soil.sealing.dregs_till", "gld_sealing"),
    "S4 geopolymer of slag as cover": (
        "ss_slag_fines",
        "geopolymer_kittila",
        "geopoly_cover_kittila",
        "binder.geopolymer.cover",
        "geopolymer_cover",
    ),
    "S5 growth on waste-rock piles": ("sewage_sludge", "growth_kevitsa", "veg_kevitsa", "soil.growth_layer.side_stream", "growth_layer"),
    "S6 pickling residue back to the furnace": (
        "pickling_sludge",
        "crisolteq_return",
        "fecr_smelting",
        "metres.pickling_briquette",
        "pickling_briquetting",
    ),
}


@cache
def region():
    return sv.load("kemi_tornio", "2024")


def found(matches, stream, plant, need):
    nodes, works, routes = matches.links.nodes, matches.links.works, matches.routes
    return [
        row
        for row in range(len(routes))
        if nodes.id[routes.stream[row]] == stream
        and nodes.id[routes.need[row]] == need
        and (nodes.id[works.node[routes.plant[row]]] if routes.plant[row] >= 0 else None) == plant
    ]


def without(region, name, **row):
    """The region without the rows of a table, its own and the library's, that have these values."""

    def kept(table):
        return table.take(np.array([any(values[column] != value for column, value in row.items()) for values in table.rows()], dtype=bool))

    tables, library = dict(region.tables), dict(region.library)
    for holder in (tables, library):
        if name in holder and len(holder[name]):
            holder[name] = kept(holder[name])
    return evolve(region, tables=tables, library=library)


@pytest.mark.parametrize("route", ROUTES)
def test_the_route_is_found_and_may_be_used_or_tested(route):
    stream, plant, need, _, _ = ROUTES[route]
    matches = sv.match(region())
    rows = found(matches, stream, plant, need)
    assert len(rows) == 1
    assert matches.routes.verdict[rows[0]] < Verdict.FAIL


@pytest.mark.parametrize("route", ROUTES)
def test_without_its_acceptance_the_route_is_gone(route):
    stream, plant, need, material, _ = ROUTES[route]
    assert found(sv.match(without(region(), "acceptances", need=need, material=material)), stream, plant, need) == []


@pytest.mark.parametrize("route", ROUTES)
def test_without_its_recipe_the_route_is_gone(route):
    stream, plant, need, _, technology = ROUTES[route]
    assert found(sv.match(without(region(), "recipe_inputs", technology=technology)), stream, plant, need) == []


def test_the_figures_speak_against_the_geopolymer_cover_so_far():
    stream, plant, need, _, _ = ROUTES["S4 geopolymer of slag as cover"]
    matches = sv.match(region())
    (row,) = found(matches, stream, plant, need)
    assert matches.routes.gain_high[row] < 0
    assert matches.routes.carbon_low[row] > 0


def test_the_way_back_to_the_furnace_gains():
    stream, plant, need, _, _ = ROUTES["S6 pickling residue back to the furnace"]
    matches = sv.match(region())
    (row,) = found(matches, stream, plant, need)
    assert matches.routes.gain_low[row] > 0
    assert matches.routes.carbon[row] < 0
    assert matches.routes.verdict[row] == Verdict.UNKNOWN  # a permit for hazardous waste is needed


def test_wet_residue_is_refused_by_the_furnace_and_by_a_press_without_dryer():
    matches = sv.match(region())
    for plant in (None, "briquetting_tornio"):
        assert [Verdict(matches.routes.verdict[row]) for row in found(matches, "pickling_sludge", plant, "fecr_smelting")] == [Verdict.FAIL]


def test_dregs_carry_too_much_cadmium_and_zinc_for_fields():
    matches = sv.match(region())
    (row,) = found(matches, "gld", None, "agri_lime")
    assert matches.routes.verdict[row] == Verdict.FAIL
    assert region().table("limits")["component"][matches.routes.limit[row]] in {"Cd", "Zn"}


@pytest.mark.parametrize("vintage", ["2018", "2024"])
def test_the_fines_find_a_better_place_than_the_landfill(vintage):
    plan = sv.plan(region().at(vintage))
    frame = plan.potential.ledger.to_frame()
    fines = frame[frame["origin"] == "stream:ss_slag_fines"]
    assert fines["amount"].sum() == pytest.approx(90000)
    landfill = fines.loc[fines["destination"] == "fate:ss_slag_fines.landfill", "amount"].sum()
    assert landfill < 0.3 * 90000  # today's share
    assert "plant:geopolymer_kittila" not in set(frame["destination"])


def test_nothing_that_is_sold_today_moves_for_a_few_cents():
    frame = sv.plan(region()).proven.ledger.to_frame()
    slag = frame[frame["origin"].isin(["stream:fecr_slag_gran", "stream:fecr_slag_air"])]
    assert set(slag["kind"]) == {"fate"}
    assert slag["amount"].sum() == pytest.approx(459000)
