"""Screening: pairs within a radius, words on demand, one stream changed, and what is said of them."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

import sivuvirta as sv
from match_rows import amount, analysis, heap, limit, made, need, stream
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.matches import Cause
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.match import judge, reasons
from sivuvirta.match.market import checks, kernel, kilometres, prepare, ranked, screen, to_frame, why, with_stream

LEAD = [limit("cd", "Cd", 8, use_class="road")]


def placed(**changed):
    """Works at 65 N 25 E; roads 11.1 km and 111 km north of it, and one whose place is not known. One degree of latitude is 111.2 km."""
    towns = {"near": 65.1, "far": 66.0, "lost": None}
    sites = [{"site": key, "name": key, "lat": lat, "lon": None if lat is None else 25.0, "country": "FI"} for key, lat in towns.items()]
    return {
        "sites": [{"site": "works", "name": "Works", "lat": 65.0, "lon": 25.0, "country": "FI"}, *sites],
        "needs": [need(f"road_{key}", site=key, use_class="road", jurisdiction="FI") for key in towns],
        "acceptances": [{"need": f"road_{key}", "material": "slag", "ratio": 1, "grade": "A"} for key in towns],
        "quantities": [amount("streams", "slag", 1000), *(amount("needs", f"road_{key}", 500) for key in towns)],
        "limits": LEAD,
        "analyses": [analysis("slag", "Cd", 6)],
        **changed,
    }


def screened(radius=None, **changed):
    return screen(prepare(made(**placed(**changed)), radius))


def test_a_radius_lets_in_what_lies_within_it():
    assert screened(50.0).needs[screened(50.0).need].tolist() == ["road_near"]
    assert sorted(screened(120.0).needs[screened(120.0).need].tolist()) == ["road_far", "road_near"]
    assert len(screened(None)) == 3


def test_distances_are_great_circles():
    found = screened(120.0)
    km = dict(zip(found.needs[found.need].tolist(), kilometres(found, np.arange(2)).tolist(), strict=True))
    assert km["road_near"] == pytest.approx(11.12, abs=0.01)  # 0.1 degree of 2 pi 6371.0088 km / 360
    assert km["road_far"] == pytest.approx(111.19, abs=0.01)


def test_what_has_no_place_is_named_and_near_its_own_site_alone():
    assert screened(50.0).notes == {
        "needs without a place": "1 have no coordinates, so only ends on the same site are near them: road_lost"
    }
    together = screened(50.0, streams=[stream("slag", "slag", site="lost")])
    assert together.needs[together.need].tolist() == ["road_lost"]
    assert "streams without a place" in together.notes


def test_the_deciding_limit_has_its_value_bound_and_grade():
    found = screened(50.0, analyses=[analysis("slag", "Cd", 12, grade="B")])
    assert (found.verdict[0], found.cause[0], found.grade[0]) == (Verdict.FAIL, Cause.LIMIT, Grade.B)
    assert found.region.table("limits")["limit"][found.limit[0]] == "cd"
    assert (found.value[0], found.bound[0]) == (12.0, 8.0)


def test_of_a_minimum_the_value_is_the_lower_end():
    least = [limit("ca", "Ca", 100, comparator="min")]
    found = screened(50.0, limits=least, analyses=[analysis("slag", "Ca", 80, low=70, high=90)])
    assert (found.value[0], found.bound[0], found.verdict[0]) == (70.0, 100.0, Verdict.FAIL)


def test_a_missing_figure_has_no_value():
    found = screened(50.0, analyses=[])
    assert found.verdict[0] == Verdict.UNKNOWN
    assert np.isnan(found.value[0])
    assert found.bound[0] == 8.0


def test_a_pair_that_a_blend_could_save_is_marked_and_its_words_say_so():
    found = screened(50.0, limits=[limit("cd", "Cd", 8, blending=True)], analyses=[analysis("slag", "Cd", 12)])
    assert (found.verdict[0], found.reach[0], found.blend[0]) == (Verdict.FAIL, Verdict.BLEND, True)
    assert found.counts == {"pass": 0, "likely": 0, "unknown": 0, "fail": 1, "blend could help": 1}
    assert "a blend may meet it, but partners for one were not looked for" in why(found, 0)
    assert to_frame(found).with_blend.tolist() == ["blend"]
    assert not any("at hand" in check.text for check in checks(found, 0))


def test_a_hazardous_stream_enters_no_blend():
    dangerous = [stream("slag", "slag", hazardous="yes")]
    found = screened(50.0, limits=[limit("cd", "Cd", 8, blending=True)], analyses=[analysis("slag", "Cd", 12)], streams=dangerous)
    assert (found.verdict[0], found.reach[0], found.blend[0]) == (Verdict.FAIL, Verdict.FAIL, False)


def test_words_and_checks_are_those_of_match():
    region = sv.load("kemi_tornio")
    found, matches = screen(prepare(region, None)), sv.match(region)
    routes, nodes = matches.routes, matches.links.nodes
    ends = zip(nodes.id[routes.stream].tolist(), nodes.id[routes.need].tolist(), strict=True)
    direct = {pair: at for at, pair in enumerate(ends) if routes.arc_out[at] < 0}
    plain = np.flatnonzero(~found.blend)[::7].tolist()
    assert len(plain) > 9
    for pair in plain:
        route = direct[str(found.stream[found.row[pair]]), str(found.needs[found.need[pair]])]
        assert why(found, pair) == reasons.why(matches, route)
        assert str(checks(found, pair)) == str(reasons.checks(matches, route))


def test_a_changed_stream_is_judged_as_it_is_now_and_the_market_before_stays():
    market = prepare(made(**placed()), 50.0)
    dirty = with_stream(market, "slag", [{"component": "Cd", "kind": "total", "value": 12.0, "grade": "A"}])
    assert screen(dirty, ["slag"]).verdict.tolist() == [Verdict.FAIL]
    assert "12 mg/kg" in why(screen(dirty, ["slag"]), 0)
    moved = with_stream(dirty, "slag", site="far")
    found = screen(moved, ["slag"])
    assert found.needs[found.need].tolist() == ["road_far"]
    assert found.verdict.tolist() == [Verdict.FAIL]  # its analyses stay as they were changed before
    assert screen(moved).verdict.tolist() == [Verdict.FAIL]
    assert screen(market).verdict.tolist() == [Verdict.PASS]


def test_a_stream_may_change_to_what_nobody_takes_and_back():
    market = prepare(made(**placed()), 50.0)
    gone = with_stream(market, "slag", material="gas")
    assert len(screen(gone)) == 0
    assert len(screen(with_stream(gone, "slag", material="slag.fines"))) == 1


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"stream": "slug"}, UnknownNameError, "no stream 'slug'"),
        ({"colour": "grey"}, OptionError, "no column colour"),
        ({"site": "moon"}, OptionError, "no site 'moon'"),
        ({"analyses": [{"component": "Xx", "kind": "total"}]}, OptionError, "no component 'Xx'"),
        ({"analyses": [{"element": "Cd"}]}, OptionError, "no column element"),
    ],
)
def test_a_change_that_cannot_be_is_told(change, error, message):
    market = prepare(made(**placed()), 50.0)
    with pytest.raises(error, match=message):
        with_stream(market, **{"stream": "slag", **change})


def test_names_and_radius_are_checked():
    market = prepare(made(**placed()), 50.0)
    with pytest.raises(UnknownNameError, match="no stream 'slug'"):
        screen(market, ["slug"])
    with pytest.raises(UnknownNameError, match="no need 'moon'"):
        ranked(screen(market), need="moon")
    with pytest.raises(OptionError, match="above 0 km"):
        prepare(market.region, 0.0)


def test_a_frame_ranks_the_best_first_and_narrows():
    both = {
        "streams": [stream("slag", "slag"), stream("ash", "slag", site="near")],
        "fates": [heap("slag"), heap("ash")],
        "analyses": [analysis("slag", "Cd", 6), analysis("ash", "Cd", 12)],
        "quantities": [*placed()["quantities"], amount("streams", "ash", 10)],
    }
    frame = to_frame(screened(120.0, **both))
    assert list(zip(frame.stream, frame.need, frame.verdict, strict=True)) == [
        ("slag", "road_near", "pass"),
        ("slag", "road_far", "pass"),
        ("ash", "road_near", "fail"),
        ("ash", "road_far", "fail"),
    ]
    assert frame.limit.tolist() == [None, None, "cd", "cd"]
    assert to_frame(screened(120.0, **both), stream="ash", need="road_far").km.tolist() == pytest.approx([100.08], abs=0.01)
    assert len(to_frame(screened(120.0, **both), most=1)) == 1


def test_many_streams_are_judged_in_parts_as_one_by_one():
    count = 150
    rng = np.random.default_rng(0)
    names = [f"s{at}" for at in range(count)]
    many = {
        "streams": [stream(name, "slag") for name in names],
        "fates": [heap(name) for name in names],
        "analyses": [analysis(name, "Cd", round(float(rng.uniform(4, 12)), 2)) for name in names],
        "quantities": [*placed()["quantities"][1:], *(amount("streams", name, 10) for name in names)],
    }
    market = prepare(made(**placed(**many)), 120.0)
    whole, parts = screen(market), [screen(market, [name]) for name in names]
    assert len(whole) == 2 * count
    for name in ("verdict", "cause", "grade", "limit", "value"):
        assert np.array_equal(getattr(whole, name), np.concatenate([getattr(part, name) for part in parts]), equal_nan=True)
    assert 0 < (whole.verdict == Verdict.PASS).sum() < len(whole)


def test_a_register_without_streams_or_needs_has_no_pairs():
    assert len(screened(50.0, streams=[], analyses=[], fates=[])) == 0
    assert len(screened(50.0, needs=[], acceptances=[])) == 0
    assert screened(50.0, needs=[], acceptances=[]).counts["pass"] == 0


def test_the_codes_of_the_kernel_are_those_of_the_scales():
    assert tuple(Verdict)[1:] == (kernel.BEST_BLEND, kernel.LIKELY, kernel.UNKNOWN, kernel.FAIL)
    assert (kernel.GOOD, kernel.ASSUMED) == (Grade.B, Grade.D)
    assert len(judge.ORDER) == kernel.RANKS
    assert [judge.ORDER[rank] for rank in (0, *kernel.FITS)] == [Cause.LIMIT, Cause.TEMPERATURE, Cause.MOISTURE, Cause.GRAIN]


def test_records_show_themselves():
    market = prepare(sv.load("three_sites"), 50.0)
    assert repr(market) == "<Market three_sites: 2 streams, 2 needs, 50 km>"
    assert repr(screen(market)) == "<Screening three_sites: 1 pairs within 50 km, 2 streams, 2 needs>"


def test_a_closed_installation_screens_without_a_place_to_keep_what_is_compiled():
    """Numba is told to look for places of a kind that there is none of, as in a folder that nobody may write to."""
    code = (
        "import sivuvirta as sv; from sivuvirta.match.market import kernel; "
        "print(type(kernel.counted._cache).__name__, len(sv.screen('three_sites')))"
    )
    closed = {**os.environ, "NUMBA_CACHE_LOCATOR_CLASSES": "ZipCacheLocator"}
    told = subprocess.run([sys.executable, "-c", code], env=closed, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["NullCache", "1"]
