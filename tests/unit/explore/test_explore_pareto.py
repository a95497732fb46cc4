"""Fronts: ends, what changes along them, the picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from tests.engine.worlds import ASH, SLAG, accepts, base, costs, fate, matched

import sivuvirta as sv
from sivuvirta.errors import OptionError
from sivuvirta.explore.asking import Asked, Asking
from sivuvirta.explore.pareto import _Ranges, _Search
from sivuvirta.explore.pictures import _Axis


@pytest.fixture(scope="module")
def front():
    return sv.pareto("three_sites", points=4)


def test_the_ends_are_the_best_of_each(front):
    """Slag or ash for the road: both are in its limit only as a blend; the best for money has 357 000 EUR/a, as printed of the region."""
    first, last = front.points[0], front.points[-1]
    assert first.end_of == "value"
    assert last.end_of == "co2"
    assert first.gains[0] == pytest.approx(357_000)
    assert first.network.benefit == pytest.approx(357_000)
    assert last.gains[1] == pytest.approx(-sv.plan("three_sites", objective="co2").potential.carbon)


def test_limits_are_equally_spaced(front):
    saved = [point.gains[1] for point in front.points]
    assert len(front) == 4
    steps = [after - before for before, after in pairwise(saved)]
    assert steps == pytest.approx([steps[0]] * 3)


def test_what_changes_is_told_between_neighbours(front):
    table = front.table()
    assert table["text"].tolist()[0].startswith("more: 'Slag' to 'Base layer of a road' (+")
    assert set(table["what"]) <= {"built", "dropped", "opened", "closed", "more", "less"}
    last = table[table["after"] == 3]
    assert "closed: 'Fly ash' to 'Base layer of a road'" in last["text"].str.replace(r" \(.*", "", regex=True).tolist()


def test_a_straight_front_has_no_knee(front):
    assert front.knee is None
    assert not front.to_frame()["knee"].any()


def test_the_picture_is_svg_with_each_point(front):
    drawn = ET.fromstring(front.picture)  # noqa: S314 - our own text
    circles = drawn.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 4
    assert "best of value" in circles[0][0].text
    assert front.picture in front._repr_html_()


def test_investment_is_an_objective_too():
    """Nothing built: without the granulator, which brings 219 000 EUR/a and has no investment here, both ends are one network."""
    found = sv.pareto("three_sites", ("value", "investment"))
    assert [point.gains for point in found.points] == [pytest.approx((357_000, 0))]


@pytest.mark.parametrize(
    ("objectives", "points", "part"),
    [
        (("value",), 5, "two or three"),
        (("value", "value"), 5, "two or three"),
        (("value", "fame"), 5, "'fame'"),
        (("value", "co2"), 1, "two points"),
    ],
)
def test_what_is_no_front_is_refused(objectives, points, part):
    with pytest.raises(OptionError, match=part):
        sv.pareto("three_sites", objectives, points)


def test_only_two_kinds_of_evidence():
    with pytest.raises(OptionError, match="proven, potential"):
        sv.pareto("three_sites", evidence="guessed")


def test_progress_is_told():
    heard = []
    sv.pareto("three_sites", points=3, tell=heard.append)
    assert heard[0] == "end of value"
    assert "point 1 of 1" in heard


def test_the_picture_tells_investment_as_what_is_spent():
    """0 and -10 MEUR of gain are 0 and 10 MEUR spent; a benefit keeps its sign."""
    spent = _Axis(np.array([-10e6, -20e6]), "EUR", "investment (less is better)")
    assert spent.printed(-10.0) == "10"
    assert spent.told(-20e6).endswith("M€ 20")
    assert _Axis(np.array([-10e6, 0.0]), "EUR", "benefit").printed(-10.0) == "-10"


def test_each_point_is_solved_for_every_objective_in_order(front):
    """Two ends and two points between them, each for two objectives."""
    assert front.solved == 8


def test_of_networks_that_are_as_good_the_one_that_saves_more_is_a_point():
    """Ash and slag both bring 20 + 5 - 3 = 22 EUR/t to 500 t of road; the heap of ash alone gives off 7 kg/t CO2e, so ash is used."""
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000},
        {"stream": "ash", "site": "s1", "material": ASH, "amount": 1000},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    fates = [fate("slag", "stored", 5), fate("ash", "stored", 5, co2=7)]
    acceptances = [accepts("road", SLAG), accepts("road", ASH)]
    plan = sv.plan(matched(base(streams, needs, fates=fates, acceptances=acceptances, links=costs())))
    search = _Search(Asking(Asked(plan.matches, plan.reference, plan.options)), ("value", "co2"))
    loose = np.array([1e6, 1e6])
    answer = search._within((1e6,), _Ranges(-loose, loose), search.asking.optimum().x)
    value, carbon = search.values(answer.x)
    today = [goal.today for goal in search.goals]
    assert today[0] - value == pytest.approx(11_000)
    assert carbon == pytest.approx(search.ends()[1].values[1])
    assert search.asking.open.model.cuts == 0
