"""How a year's amounts spread over its months."""

from __future__ import annotations

import pytest
from tests.builders import region
from tests.engine.worlds import SLAG, accepts, base, costs, fate
from tests.engine.worlds import region as world

from sivuvirta.links import build
from sivuvirta.links.seasons import calendar, part_of_year, profiles
from sivuvirta.units.months import ALL_YEAR, is_season, months

STREAMS = [
    {"stream": "ash", "season": "11-2"},
    {"stream": "slag"},
    {"stream": "bark", "season": "5-8"},
    {"stream": "sludge"},
]


def amount(stream: str, value: float, period: str | None = None, vintage: str = "now") -> dict[str, object]:
    return {"table": "streams", "subject": stream, "vintage": vintage, "period": period, "value": value}


def test_months_of_a_season():
    assert months(None) == ALL_YEAR == 4095
    assert calendar("11-2").tolist() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert calendar("3,9-10").nonzero()[0].tolist() == [2, 8, 9]


@pytest.mark.parametrize(("text", "good"), [("5-9", True), ("5; 9-10", True), ("summer", False), ("13", False), ("", False)])
def test_what_is_a_season(text, good):
    assert is_season(text) is good


def test_a_year_spreads_over_its_season_or_its_parts():
    given = region(
        streams=STREAMS,
        quantities=[
            amount("ash", 120),
            amount("bark", 30, "5-6"),  # 15 in each of May and June
            amount("bark", 90, "7"),
            amount("sludge", 70, "summer"),  # names no months: over all twelve
            amount("slag", 10, "1", vintage="then"),  # another vintage says nothing
        ],
    )
    share = profiles(given, "streams")
    assert share.sum(axis=1) == pytest.approx([1.0] * 4)
    assert share[0] == pytest.approx(calendar("11-2") / 4)
    assert share[1] == pytest.approx([1 / 12] * 12)
    assert share[2, 4:8] == pytest.approx([0.125, 0.125, 0.75, 0.0])
    assert share[3] == pytest.approx([1 / 12] * 12)


def test_a_whole_year_goes_before_its_parts():
    given = region(streams=STREAMS[1:2], quantities=[amount("slag", 12), amount("slag", 90, "7")])
    assert profiles(given, "streams")[0] == pytest.approx([1 / 12] * 12)


def test_the_parts_of_a_year_add_up_to_it():
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1200}]
    needs = [{"need": "road", "site": "s1", "amount": 500, "price": 20, "season": "5-9"}]
    links = build(world(base(streams, needs, fates=[fate("slag")], acceptances=[accepts("road", SLAG)], links=costs())))
    summer, winter = part_of_year(links, calendar("5-9")), part_of_year(links, calendar("10-4"))
    assert summer.supply.value.tolist() == pytest.approx([1200 * 5 / 12])
    assert summer.demand.amounts.value.tolist() == pytest.approx([500])
    assert winter.demand.amounts.value.tolist() == [0]
    assert (summer.arcs.today + winter.arcs.today).tolist() == pytest.approx(links.arcs.today.tolist())
    assert winter.arcs.today.sum() == pytest.approx(1200 * 7 / 12)
    assert (summer.arcs.eur == links.arcs.eur).all()
