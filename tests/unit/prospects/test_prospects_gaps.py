"""Absent technologies: what is deleted is found again, at the same worth."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

import sivuvirta as sv
from match_rows import amount, heap, made, plant, stream, tables
from sivuvirta import prospects
from sivuvirta.domain.region import Region
from sivuvirta.errors import OptionError
from sivuvirta.prospects.overlay import Place, absent, extended, with_plants, with_zone_sites
from sivuvirta.prospects.standing import uses_elsewhere


def stripped(region: Region) -> Region:
    """The region whose plants say nothing of their own size and cost."""
    table = region.tables["plants"]
    names = ("capacity_min", "capacity_max", "fixed_cost", "capacity_cost", "variable_cost")
    columns = {**table.columns, **{name: np.full(len(table), np.nan) for name in names}}
    return evolve(region, tables={**region.tables, "plants": evolve(table, columns=columns)})


def without_plants(region: Region) -> Region:
    table = region.tables["plants"]
    return evolve(region, tables={**region.tables, "plants": table.take(np.zeros(len(table), dtype=bool))})


@pytest.fixture(scope="module")
def mixer():
    """Slag may go on the road only as a mix with four parts of bought till, made in the town: 5 t of mix replace rock at 12 EUR/t.

    A tonne of slag: 60 of rock, less 2 for the way, 4 x 3 for till and 5 x 1 to run the mixer, and 4 of the heap saved: 45 EUR. Its 1 000 t
    need 5 000 t of mixing, which is the road's demand.
    """
    rows = {
        **plant(),
        "plants": [{**plant()["plants"][0], "site": "town"}],
        "acceptances": [{"need": "road", "material": "mix", "ratio": 1, "grade": "A"}],
    }
    return made(**rows)


def test_a_deleted_plant_is_found_again_at_the_same_worth(mixer):
    whole, less = sv.plan(sv.match(sv.links(mixer))), without_plants(mixer)
    found = prospects.gaps(less)
    assert [gap.technology for gap in found.found] == ["mixing"]
    gap = found.found[0]
    assert found.potential == 0
    assert gap.site == "town"
    assert gap.potential == pytest.approx(whole.potential.benefit, rel=1e-6)


def test_its_figures_are_those_of_the_hand(mixer):
    """1 000 t of slag make 5 000 t of mix; see the fixture.

    Investment: 10 000 EUR for 1 000 t/a of mix, to the power of 0.6, from 100 to 10 000 t/a in four chords. 5 000 t/a lie on that from
    3 162 t/a (19 953 EUR) to 10 000 t/a (39 811 EUR): 19 953 + 1 838/6 838 x 19 858 = 25 290 EUR. Over 10 years at 5 % that is
    25 290 x 0.1295 = 3 275 EUR/a.
    """
    gap = prospects.gaps(without_plants(mixer)).found[0]
    assert gap.potential == pytest.approx(45_000 - 3_275, abs=1)
    assert gap.likely == pytest.approx(gap.potential)
    assert gap.tonnes == pytest.approx(1000)
    assert gap.size == pytest.approx(5000)
    assert gap.capex == pytest.approx(25_290, abs=1)
    assert gap.streams == (("slag", "Slag", pytest.approx(1000), "t"),)
    assert gap.needs == (("road", "Road", pytest.approx(5000), "t"),)
    assert gap.at_most >= gap.potential
    assert gap.stands == ()


def test_a_candidate_that_is_there_is_no_gap_at_its_site(mixer):
    assert Place("mixing", "town") not in absent(mixer)
    assert Place("mixing", "works") in absent(mixer)


def test_a_technology_without_an_investment_cannot_be_built(mixer):
    table = mixer.tables["technologies"]
    costless = evolve(table, columns={**table.columns, "capex": np.full(len(table), np.nan)})
    region = evolve(without_plants(mixer), tables={**without_plants(mixer).tables, "technologies": costless})
    assert absent(region) == []
    assert len(prospects.gaps(region)) == 0


def test_an_added_plant_has_its_technology_s_reference(mixer):
    region = with_plants(without_plants(mixer), [Place("mixing", "works")])
    assert region.table("plants")["status"].tolist() == ["candidate"]
    links = sv.links(region)
    assert (links.works.size_min[0], links.works.size_max[0]) == (100, 10_000)


def test_a_zone_without_a_site_at_its_place_gets_one():
    region = made(
        places=[*tables()["places"], {"place": "p_far", "name": "Far", "country": "SE"}],
        zones=[{"zone": "z", "name": "Z", "place": "p_far"}],
    )
    sites = with_zone_sites(region).table("sites")
    assert sites["site"].tolist() == ["works", "town", "place.p_far"]
    assert sites["country"].tolist()[-1] == "SE"
    assert with_zone_sites(made()).table("sites")["site"].tolist() == ["works", "town"]


def test_a_stream_that_nothing_takes_is_a_gap_without_figures():
    rows = {
        "streams": [stream("slag", "slag"), stream("ash", "ash")],
        "fates": [heap("slag"), heap("ash")],
        "quantities": [amount("streams", "slag", 1000), amount("streams", "ash", 700), amount("needs", "road", 5000)],
    }
    found = prospects.gaps(made(**rows))
    assert [(one.kind, one.key, one.amount, one.unit) for one in found.missing] == [("stream", "ash", 700, "t")]
    assert len(found) == 0


def test_a_need_that_nothing_reaches_is_a_gap_without_figures():
    found = prospects.gaps(made(acceptances=[], streams=[stream("slag", "slag")]))
    assert {(one.kind, one.key) for one in found.missing} == {("stream", "slag"), ("need", "road")}


def test_rankings():
    found = sv.gaps(stripped(sv.load("three_sites")))
    for by, key in (("eur", "potential"), ("tonnes", "tonnes")):
        values = found.to_frame(by)[key].tolist()
        assert values == sorted(values, reverse=True)
    carbon = found.to_frame("co2")["carbon"].tolist()
    assert carbon == sorted(carbon)
    with pytest.raises(OptionError, match="eur, tonnes, co2"):
        found.ranked("beauty")


def test_three_sites_finds_its_granulator_again():
    """Without the granulator the ash is buried; the gap at the mill is worth what the region with it has more."""
    whole = stripped(sv.load("three_sites"))
    found = sv.gaps(without_plants(whole), sites=10)
    gap = next(gap for gap in found.found if gap.technology == "granulating")
    at_mill = dict([(gap.site, gap.potential), *gap.others])["mill"]
    assert at_mill == pytest.approx(sv.plan(whole).potential.benefit - found.potential, rel=1e-5)


def test_rows_that_are_added_are_unknown_where_they_say_nothing(mixer):
    table = extended(mixer.tables["plants"], [{"plant": "x"}])
    assert table["plant"].tolist() == ["mixer", "x"]
    assert table["technology"].tolist() == ["mixing", None]
    assert np.isnan(table["capacity"][1])


def test_from_what_stands_today_a_candidate_of_the_register_is_found_like_any_other():
    """Three sites plan two candidates; without them the finder builds the same, and nothing is left that the plan would gain."""
    region = sv.load("three_sites")
    beside, today = sv.gaps(region), sv.gaps(region, today=True)
    assert today.potential < sv.plan(region).potential.benefit
    assert beside.potential == pytest.approx(sv.plan(region).potential.benefit)
    planned = set(region.table("plants")["technology"][region.table("plants")["status"] == "candidate"].tolist())
    assert planned & {gap.technology for gap in today.found}


def test_a_stream_that_nothing_takes_here_is_told_what_others_do_with_it():
    told = uses_elsewhere("mineral.gypsum.board")
    assert 1 <= len(told) <= 3
    assert any("(23.62)" in use for use in told)  # plasterboard
    assert uses_elsewhere("no.such.class") == ()
