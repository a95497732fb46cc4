"""Traffic on four places in a line, worked out by hand.

Today 100 000 t/a go 35 km from a by b and c to d. The plan stops 36 500 t of them at c. A load is 51 t: 100 000 / 51 / 365 = 5.372 loads a
day today, of which 36 500 / 51 / 365 = 1.961 stop at c in the plan and 63 500 / 51 / 365 = 3.411 go on.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.road_worlds import EMPTY, FULL, PAYLOAD, changed, line, plan

import sivuvirta as sv
from sivuvirta.domain.ledger import NO_REFERENCE
from sivuvirta.errors import OptionError, ShapeError, UnknownNameError

ALL, STOP = 100_000 / PAYLOAD / 365, 36_500 / PAYLOAD / 365
SEASONS = [
    {"season": "winter", "name": "Winter", "months": "11-3", "source": "invented"},
    {"season": "thaw", "name": "Thaw", "months": "4-6", "source": "invented"},
    {"season": "summer", "name": "Summer", "months": "7-10", "source": "invented"},
]


@pytest.fixture(scope="module")
def found():
    return sv.roads(plan(line()))


def rows(frame, state, **also):
    chosen = frame[frame["state"] == state]
    for name, value in also.items():
        chosen = chosen[chosen[name] == value]
    return chosen.set_index("road") if "road" in chosen else chosen


def test_loads_empty_vehicles_and_what_changes(found):
    today, then = (rows(found.sections, state) for state in ("reference", "proven"))
    assert today["loads"].to_dict() == pytest.approx({"a.b": ALL, "b.c": ALL, "c.d": ALL})
    assert then["loads"].to_dict() == pytest.approx({"a.b": ALL, "b.c": ALL, "c.d": ALL - STOP})
    assert (then["empty"] == then["loads"]).all()
    assert then["vehicles"].tolist() == pytest.approx((2 * then["loads"]).tolist())
    assert then["difference"].to_dict() == pytest.approx({"a.b": 0, "b.c": 0, "c.d": -2 * STOP})
    assert then["out"].tolist() == then["loads"].tolist()  # all go from from_place to to_place
    assert (then["back"] == 0).all()
    assert (then["pairable"] == 0).all()


def test_tonne_kilometres_are_those_of_the_ledger(found):
    """36 500 x 30 + 63 500 x 35 = 3 317 500."""
    assert rows(found.sections, "proven")["tkm"].sum() == pytest.approx(3_317_500)
    assert found.emissions.set_index("state").loc["proven", "activity"] == pytest.approx(3_317_500)


def test_emissions_of_full_loads_with_empty_returns(found):
    """3 317 500 / 51 vehicle-kilometres loaded and as many empty; by tonne-kilometre (1.9716 + 1.2487) / 51 = 0.06314 kg."""
    row = found.emissions.set_index("state").loc["proven"]
    assert row["load_factor"] == pytest.approx(1)
    assert row["emission"] == pytest.approx(3_317_500 / 51 * (FULL + EMPTY))
    assert row["intensity"] == pytest.approx(0.0631431, abs=1e-7)
    assert row["counted"] == pytest.approx(3_317_500 * 0.063)
    assert row["difference"] == pytest.approx(-36_500 * 5 / 51 * (FULL + EMPTY))
    assert row["low"] < row["emission"] < row["high"]


def test_light_goods_drive_part_full():
    """0.5 t/m3 in 60 m3 is 30 t a load, 30/51 of the payload: 100 000 x 35 / 30 km at 1.2487 + 0.7229 x 30/51, and back empty."""
    tables = line()
    for row in tables["materials"]:
        row["bulk_density"] = 0.5
    row = sv.roads(plan(tables)).emissions.set_index("state").loc["reference"]
    assert row["load_factor"] == pytest.approx(30 / 51)
    assert row["emission"] == pytest.approx(100_000 * 35 / 30 * (EMPTY + (FULL - EMPTY) * 30 / 51 + EMPTY))


def test_the_share_of_heavy_traffic_and_the_threshold():
    """20 vehicles a day at c-d today, threshold 15: with 2 x 1.961 fewer it is 16.08, still over; at 17 it is not."""
    tables = changed(line(), "c.d", heavy_traffic=20, threshold=15)
    then = rows(sv.roads(plan(tables)).sections, "proven").loc["c.d"]
    assert then["share"] == pytest.approx(2 * (ALL - STOP) / 20)
    assert then["over"] is True
    then = rows(sv.roads(plan(changed(line(), "c.d", heavy_traffic=20, threshold=17))).sections, "proven")
    assert then.loc["c.d", "over"] is False
    assert then.loc["a.b", "over"] is None
    assert "not known: heavy traffic of today; not known: threshold" in then.loc["a.b", "unknown"]


def test_a_threshold_may_be_asked_for_and_is_told_so():
    done = plan(changed(line(), "c.d", heavy_traffic=20))
    then = rows(sv.roads(done, threshold=15).sections, "proven").loc["c.d"]
    assert (then["over"], then["threshold_from"]) == (True, "asked")
    assert any("is in no source" in note for note in sv.roads(done, threshold=15).notes)
    with pytest.raises(OptionError):
        sv.roads(done, threshold=-1)


def test_when_to_begin():
    tables = changed(line(), "c.d", heavy_traffic=20, threshold=15, lead=3)
    need = rows(sv.roads(plan(tables)).need, "proven")
    assert (need.loc["c.d", "first"], need.loc["c.d", "begin_by"]) == ("2024", 2021)
    assert need.loc["a.b", "first"] is None
    assert need.loc["a.b", "unknown"].startswith("not known: whether the threshold is passed")
    tables = changed(line(), "c.d", heavy_traffic=20, threshold=15)
    need = rows(sv.roads(plan(tables)).need, "proven").loc["c.d"]
    assert np.isnan(need["begin_by"])
    assert "how long strengthening takes" in need["unknown"]


def test_seasons_follow_the_need_and_add_up():
    """The need takes in June to August: a third in thaw (91 days), two thirds in summer (123 days), nothing in winter (151 days)."""
    tables = line(seasons=SEASONS)
    tables["needs"][0]["season"] = "6-8"
    then = rows(sv.roads(plan(tables), "season").sections, "proven")
    on = then.loc["c.d"].set_index("period")
    assert on["loads"].to_dict() == pytest.approx(dict.fromkeys(("winter", "thaw", "summer"), ALL - STOP))
    on = then.loc["a.b"].set_index("period")
    stops = {"winter": 0, "thaw": 36_500 / 51 / 3 / 91, "summer": 36_500 / 51 * 2 / 3 / 123}
    assert on["loads"].to_dict() == pytest.approx({name: ALL - STOP + more for name, more in stops.items()})
    assert (on["loads"] * on["days"]).sum() == pytest.approx(365 * ALL)


def test_days_of_operation_of_a_season():
    """Of the year's loads 91 / 365 fall into the thaw; driven on 60 days they are more a day."""
    seasons = [row | ({"days": 60} if row["season"] == "thaw" else {}) for row in SEASONS]
    then = rows(sv.roads(plan(line(seasons=seasons)), "season").sections, "reference", period="thaw")
    assert then.loc["a.b", "loads"] == pytest.approx(100_000 / 51 * 91 / 365 / 60)


def test_months_and_what_has_no_seasons():
    done = plan(line())
    assert set(sv.roads(done, "month").sections["period"]) == {str(month) for month in range(1, 13)}
    with pytest.raises(OptionError, match="has no seasons"):
        sv.roads(done, "season")
    with pytest.raises(OptionError, match="not by 'week'"):
        sv.roads(done, "week")


def test_weight_limits_hold_in_their_months():
    """The truck weighs 76 t: every load of the thaw is too heavy for 12 t, none of the summer; without a limit it is not known."""
    tables = changed(line(seasons=SEASONS), "b.c", weight_limit=12, limit_months="4-6")
    then = rows(sv.roads(plan(tables), "season").sections, "reference")
    on = then.loc["b.c"].set_index("period")["too_heavy"]
    assert on.to_dict() == pytest.approx({"winter": 0, "thaw": ALL, "summer": 0})
    assert then.loc["a.b", "too_heavy"].isna().all()


def test_a_closed_section_is_driven_round():
    """Without b-c all 100 000 t go 40 instead of 30 km to c: 1 000 000 tkm more, x 0.063 kg in the plan's own carbon."""
    found = sv.roads(plan(line()), closed=["b.c"])
    row = found.closed.set_index("state").loc["proven"]
    assert (row["flows"], row["cut_flows"]) == (2, 0)
    assert row["tkm_closed"] - row["tkm"] == pytest.approx(1_000_000)
    assert row["tkm_more"] == pytest.approx(1_000_000)
    assert row["emission_more"] == pytest.approx(63_000)
    assert row["loads"] == pytest.approx(365 * ALL)
    after = rows(found.after, "proven")
    assert after["loads_closed"].to_dict() == pytest.approx({"a.b": 0, "b.c": 0, "a.c": ALL})
    assert set(found.detours["by"]) == {"a.c", "a.c, c.d"}


def test_what_has_no_other_way_is_cut_and_told():
    found = sv.roads(plan(line()), closed=["c.d"])
    row = found.closed.set_index("state").loc["proven"]
    assert (row["flows"], row["cut_flows"]) == (1, 1)
    assert row["cut_tonnes"] == pytest.approx(63_500)
    assert np.isnan([row["tkm_closed"], row["tkm_more"], row["emission_more"]]).all()
    assert "not known" in row["unknown"]
    with pytest.raises(UnknownNameError, match=r"no section of road 'x.y'.* There are: a.b"):
        sv.roads(plan(line()), closed=["x.y"])


def test_ground_that_a_landfill_takes():
    """63 500 t at 2 t/m3 are 31 750 m3; 10 m high they cover 3 175 m2."""
    tables = line()
    for row in tables["materials"]:
        row["bulk_density"] = 2
    taken = sv.roads(plan(tables)).taken
    taken = taken[taken["state"] == "proven"].set_index("measure")
    assert taken.loc["landfill_tonnes", "value"] == pytest.approx(63_500)
    assert taken.loc["landfill_volume", "value"] == pytest.approx(31_750)
    assert taken.loc["landfill_area", "value"] == pytest.approx(3_175)
    assert taken.loc["landfill_area", "difference"] == pytest.approx(-1_825)


def test_ground_is_unknown_without_density_or_height():
    tables = line()
    tables["fates"][0]["height"] = None
    taken = sv.roads(plan(tables)).taken.query("state == 'proven'").set_index("measure")
    assert taken.loc["landfill_area"].isna()["value"]
    assert taken.loc["landfill_volume", "unknown"] == "not known: bulk density of world.slag"
    assert "height of fill of Landfill of slag" in taken.loc["landfill_area", "unknown"]
    assert (taken.loc["water_moved", "unknown"], np.isnan(taken.loc["water_moved", "value"])) == ("the register holds no water", True)


def test_without_a_reference_every_difference_is_unknown():
    done = plan(changed(line(), "c.d", heavy_traffic=20, threshold=15))
    alone = sv.roads(done.proven.ledger)
    for frame in (alone.sections, alone.emissions, alone.taken):
        assert frame["difference"].isna().all()
        assert frame["unknown"].str.contains(NO_REFERENCE, regex=False).all()
    assert alone.sections["over"].tolist() == [None, None, None]
    assert alone.sections["loads"].tolist() == pytest.approx([ALL, ALL, ALL - STOP])
    beside = sv.roads(done.proven.ledger, reference=done.reference)
    assert rows(beside.sections, "proven").loc["c.d", "over"] is True
    with pytest.raises(ShapeError):
        sv.roads(done.proven.ledger, reference=plan(line()).reference)


def test_traffic_waits_for_nothing_where_all_is_proven(found):
    assert set(found.pipeline["waits_for"]) == {"nothing"}
    assert found.pipeline.query("state == 'proven'").set_index("road")["loads"].to_dict() == pytest.approx(
        {"a.b": ALL, "b.c": ALL, "c.d": ALL - STOP}
    )


def test_a_section_leads_to_the_rows_that_made_it(found):
    flows = found.over("a.b", "proven")
    assert flows["loads"].tolist() == pytest.approx([ALL - STOP, STOP])
    assert set(flows["sources"]) == {"invented"}
    with pytest.raises(UnknownNameError, match=r"There are: a\.b, b\.c, a\.c, c\.d"):
        found.over("x.y")
    with pytest.raises(UnknownNameError, match="There are: reference, proven, potential"):
        found.over("a.b", "best")


def test_geojson_of_the_sections(found):
    shapes = found.to_geojson("proven")
    first = shapes["features"][0]
    assert first["geometry"] == {"type": "LineString", "coordinates": [[24.0, 65.0], [24.1, 65.1]]}
    assert first["properties"]["road"] == "a.b"
    assert first["properties"]["heavy_traffic"] is None
    assert len(shapes["features"]) == 3
