"""Published loads, trains, years, tests that wait, ties, and the size that traffic bears."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from tests.builders import region as by_rows
from tests.engine.worlds import ASH, SLAG, SOURCED, at_most, base, fate, matched
from tests.road_worlds import EMPTY, FULL, line, places, plan, section

import sivuvirta as sv
from sivuvirta.assess.roads.published import published
from sivuvirta.assess.roads.rise import passed
from sivuvirta.assess.roads.rise import stated as stated_rise
from sivuvirta.assess.roads.steps import directions, node_places, steps
from sivuvirta.domain.benefits import SCOPE
from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError, ShapeError

TRUCK = {"mode": "lorry", "name": "Lorry", "kind": "road", "carriers": ("solid",), "payload": 40.0, "cost": 1.0, "co2": 0.1, "grade": "C"}


def stated(**values):
    rows = [
        {"area": "Town", "indicator": f"ash_{name}", "year": 2020, "value": value, "grade": "B", "source": "page"}
        for name, value in values.items()
    ]
    return published(by_rows(demography=rows, modes=[{**TRUCK, "source": "page"}])).to_dict("records")


def test_the_published_loads_of_the_region_are_arithmetic():
    """1 700 000 t on 365 days in 120 loads a day are 38.8 t a load; with 39.5 t, the truck of 60 t, it is 117.9, rounded 120."""
    told = published(sv.load("kemi_tornio"))
    first = told[(told["year"] == 2018) & (told["implied"] == "payload")].iloc[0]
    assert (first["tonnes"], first["days"], first["loads"]) == (1_700_000, 365, 120)
    assert first["payload"] == pytest.approx(38.8128, abs=1e-4)
    assert first["source"] == "yle_loads_2018"
    assert set(told["label"]) == {"arithmetic of a published statement, not a count"}
    truck = told[(told["year"] == 2018) & (told["payload"] == 39.5)].iloc[0]
    assert (truck["implied"], truck["loads"]) == ("loads", pytest.approx(117.912, abs=1e-3))


@pytest.mark.parametrize(
    ("given", "implied", "value"),
    [
        ({"tonnes": 36_500, "days": 365, "loads": 5}, "payload", 20),
        ({"days": 365, "loads": 5, "payload": 20}, "tonnes", 36_500),
        ({"tonnes": 36_500, "loads": 5, "payload": 20}, "days", 365),
    ],
)
def test_what_a_statement_implies(given, implied, value):
    first = stated(**given)[0]
    assert (first["implied"], first[implied]) == (implied, pytest.approx(value))


def test_a_statement_with_too_little_says_so_and_one_without_loads_is_none():
    assert stated(loads=5)[0]["implied"] == "more than one figure is missing"
    assert stated(tonnes=5, days=365) == []
    assert stated(tonnes=36_500, days=365, loads=5)[1]["loads"] == pytest.approx(36_500 / 365 / 40)
    assert stated(tonnes=36_500, days=365, loads=5, payload=20)[0]["implied"] == "none"


def by_rail():
    """10 km by truck to b, 1 000 km by rail to c, 5 km by truck to d; a second road from a to b is 30 km long."""
    roads = [section("a", "b", 10), {**section("a", "b", 30), "road": "round"}, section("c", "d", 5)]
    lane = {**section("b", "c", 1000, kind="rail"), "road": "rails"}
    tables = base(
        [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 51_000}],
        [],
        fates=[fate("slag", "landfill", 40, site="s3")],
        roads=[*roads, lane, {**section("b", "c", 1000), "road": "road"}],
        places=places("abcd"),
    )
    for row, place in zip(tables["sites"], "abcd", strict=True):
        row |= {"place": place, "access_km": 0}
    return tables


def test_trains_have_their_tonne_kilometres_and_trucks_their_legs():
    """51 000 t are 1 000 loads: 15 km loaded and empty each by truck, 1 000 km by rail at 0.0347 kg/tkm."""
    found = sv.roads(plan(by_rail()))
    told = found.emissions.query("state == 'reference'").set_index("mode")
    assert told["activity"].to_dict() == pytest.approx({"truck76": 51_000 * 15, "rail": 51_000_000})
    assert told["loaded_km"].to_dict() == pytest.approx({"truck76": 15_000, "rail": 0})  # trains have no kilometres on roads
    assert told.loc["rail", "emission"] == pytest.approx(51_000_000 * 0.0347)
    assert told.loc["truck76", "emission"] == pytest.approx(15_000 * (FULL + EMPTY))
    rows = found.sections.query("state == 'reference'").set_index("road")
    assert rows["loads"].to_dict() == pytest.approx({"a.b": 1000 / 365, "c.d": 1000 / 365})
    assert rows["tkm"].sum() == pytest.approx(51_000 * 15)


def test_a_closed_leg_to_a_terminal_is_driven_round():
    row = sv.roads(plan(by_rail()), closed=["a.b"]).closed.set_index("state").loc["reference"]
    assert row["tkm_more"] == pytest.approx(51_000 * 20)


def test_what_closed_rails_carried_goes_by_the_road_beside_them():
    """51 000 t on 1 000 km of road instead of 1 000 km of rail: no tkm more, 51 000 000 tkm x (0.063 - 0.0347) kg = 1 443 300 kg."""
    found = sv.roads(plan(by_rail()), closed=["rails"])
    row = found.closed.set_index("state").loc["reference"]
    assert (row["cut_flows"], row["switched_flows"], row["switched_tonnes"]) == (0, 1, 51_000)
    assert (row["tkm_more"], row["emission_more"]) == pytest.approx((0, 1_443_300))
    after = found.after.query("state == 'reference'").set_index("road")
    assert after["loads_closed"].to_dict() == pytest.approx({"road": 1000 / 365})


def test_closed_rails_without_a_road_cut_the_haul_and_say_so():
    found = sv.roads(plan(by_rail()), closed=["rails", "road"])
    row = found.closed.set_index("state").loc["reference"]
    assert (row["cut_flows"], row["switched_flows"]) == (1, 0)
    assert np.isnan(row["tkm_more"])
    assert "no road is left between their places" in row["unknown"]
    assert len(found.after) == 0


def test_a_longer_way_by_rail_emits_what_trains_emit():
    """51 000 t go 1 200 km of other rails, 200 km more: 10 200 000 tkm x 0.0347 kg = 353 940 kg, not the 0.063 kg of a truck."""
    tables = by_rail()
    tables["roads"].append({**section("b", "c", 1200, kind="rail"), "road": "more_rails"})
    row = sv.roads(plan(tables), closed=["rails"]).closed.set_index("state").loc["reference"]
    assert (row["tkm_more"], row["emission_more"]) == pytest.approx((10_200_000, 353_940))
    row = sv.roads(plan(tables), closed=["a.b"]).closed.set_index("state").loc["reference"]
    assert row["emission_more"] == pytest.approx(51_000 * 20 * 0.063)


def test_of_two_ways_of_one_length_always_the_same_is_driven():
    def used(order):
        tables = line()
        tables["roads"] = [tables["roads"][n] for n in order]
        for row in tables["roads"]:
            row["km"] = {"a.b": 20, "b.c": 20, "a.c": 40, "c.d": 5}[row["road"]]
        told = sv.roads(plan(tables)).sections.query("state == 'reference'")
        return sorted(told["road"])

    assert used([0, 1, 2, 3]) == used([3, 2, 1, 0]) == used([2, 0, 3, 1])


def test_ways_end_where_they_should():
    done = sv.plan("kemi_tornio")
    ledger = done.potential.ledger
    way = steps(ledger)
    forward = directions(ledger, way)
    roads, place = done.links.region.table("roads"), done.links.region.table("places")["place"]
    last = np.append(way.flow[1:] != way.flow[:-1], True)
    end = np.where(forward, roads["to_place"][way.edge], roads["from_place"][way.edge])[last]
    destination = done.links.arcs.destination[ledger.arc[way.flow[last]]]
    assert end.tolist() == place[node_places(done.links)[destination]].tolist()


def test_years_and_seasons_of_a_plan_over_years():
    """What moves in a year moves in its seasons; each year's traffic is compared with that year's reference."""
    course = sv.pathway("two_seasons", "three_years")
    yearly, seasonal = sv.roads(course), sv.roads(course, "season")
    assert yearly.states == ("reference", "proven", "potential")
    assert set(yearly.sections["period"]) == {"2024", "2025", "2026"}
    for state in ("proven", "potential"):
        year, season = (each.sections[each.sections["state"] == state].groupby("year")["tonnes"].sum() for each in (yearly, seasonal))
        assert season.to_dict() == pytest.approx(year.to_dict())
    assert not yearly.sections["difference"].isna().any()
    with pytest.raises(OptionError, match="knows no months"):
        sv.roads(course, "month")


def test_ground_that_stocks_take():
    """250 t dry lie over each winter at ratio m; at 1 t/m3 and 5 m high that is m x 250 m3 on m x 50 m2."""
    region = sv.load("two_seasons")
    stocks, materials = region.table("stocks"), region.table("materials")
    told = sv.roads(sv.pathway(region, "three_years")).taken
    assert "not known: height of the heap" in told.query("measure == 'stock_area:ash_store'")["unknown"].iloc[0]
    ash = region.table("streams").index["ash"]
    of = materials["material"] == region.table("streams")["material"][ash]
    tables = {
        **region.tables,
        "stocks": Table("stocks", stocks.key, {**stocks.columns, "height": np.array([5.0])}),
        "materials": Table("materials", materials.key, {**materials.columns, "bulk_density": np.where(of, 1.0, materials["bulk_density"])}),
    }
    course = sv.pathway(evolve(region, tables=tables), "three_years")
    rows = sv.roads(course).taken.query("state == 'potential' and period == '2024.winter'").set_index("measure")["value"]
    arcs, nodes = course.references[0].links.arcs, course.references[0].links.nodes
    sent = arcs.sent[np.flatnonzero(nodes.id[arcs.origin] == "ash")[0]]
    assert rows["stock_tonnes:ash_store"] == pytest.approx(250 * sent)
    assert rows["stock_volume:ash_store"] == pytest.approx(250 * sent)
    assert rows["stock_area:ash_store"] == pytest.approx(50 * sent)


def test_potential_alone_is_told_where_it_alone_was_planned():
    done = sv.plan("three_sites", evidence="potential")
    assert sv.roads(done).states == ("reference", "potential")


def test_missing_tests_bring_traffic_at_most():
    """A leaching test opens the road at c, 30 km by a-b and b-c: no more than the 36 500 t that it takes, 1.961 loads a day."""
    tables = line(limits=[at_most("road", 5)])
    matches = matched(tables)
    orders = sv.unknowns(matches)
    found = sv.roads(sv.plan(matches), orders=orders)
    assert len(set(found.prospects["question"])) == 1
    assert found.prospects.set_index("road")["loads_at_most"].to_dict() == pytest.approx(dict.fromkeys(("a.b", "b.c"), 36_500 / 51 / 365))
    waiting = found.pipeline.query("state == 'potential' and road == 'b.c'").set_index("waits_for")["loads"]
    assert waiting.to_dict() == pytest.approx({"nothing": 63_500 / 51 / 365, "unknown": 36_500 / 51 / 365})
    with pytest.raises(ShapeError, match="same matches"):
        sv.roads(plan(line()), orders=orders)


def test_a_limit_between_the_load_and_the_unknown_weight_of_a_truck_may_be_broken():
    """A load of 51 t is too heavy for 50 t whatever the truck weighs; under 60 t it depends on the truck, which nobody states."""
    for limit, known in ((50, True), (60, False)):
        tables = line()
        cart = {"mode": "truck76", "name": "Cart", "kind": "road", "carriers": "solid", "payload": 51, "cost": 0.05, "co2": 0.05}
        tables["modes"] = [{**SOURCED, **cart}]
        tables["roads"] = [{**row, "weight_limit": limit} if row["road"] == "b.c" else row for row in tables["roads"]]
        rows = sv.roads(plan(tables)).sections.query("state == 'reference' and road == 'b.c'").iloc[0]
        expected = 100_000 / 51 / 365 if known else np.nan
        assert rows["too_heavy"] == pytest.approx(expected, nan_ok=True)


def test_source_of_emissions_is_unknown_where_no_mode_says():
    tables = line()
    tables["modes"] = [
        {**SOURCED, "mode": "truck76", "name": "Cart", "kind": "road", "carriers": "solid", "payload": 51, "cost": 0.05, "co2": 0.05}
    ]
    row = sv.roads(plan(tables)).emissions.set_index("state").loc["reference"]
    assert row["method"] == "one intensity per tonne-kilometre"
    assert row["emission"] == pytest.approx(100_000 * 35 * 0.05)
    assert np.isnan(row["low"])


def test_amounts_reach_each_for_itself_on_a_section():
    """60 000 t of slag (30 000 to 72 000) and 40 000 t of ash (24 000 to 45 000) by truck of 51 t over b-c today.

    Below: the root of 30 000 and 16 000 squared is 34 000, so 66 000 t; above: of 12 000 and 5 000 it is 13 000, so 113 000 t.
    """
    tables = line()
    tables["streams"] += [{**tables["streams"][0], "stream": "ash", "material": ASH, "name": "Ash"}]
    tables["fates"] += [fate("ash", "landfill", 40, site="s3", height=10)]
    of_slag = next(row for row in tables["quantities"] if row["subject"] == "slag")
    of_slag |= {"value": 60_000, "low": 30_000, "high": 72_000}
    tables["quantities"] += [{**of_slag, "subject": "ash", "value": 40_000, "low": 24_000, "high": 45_000}]
    row = sv.roads(plan(tables).compared).sections.query("state == 'reference' and road == 'b.c'").iloc[0]
    assert [row["low"], row["loads"], row["high"]] == pytest.approx([tonnes / 51 / 365 for tonnes in (66_000, 100_000, 113_000)])


def test_a_plan_has_mean_cause_and_a_difference_drawn_together_with_today():
    """60 000 t of slag (30 000 to 72 000), 51 t a load: 5 and 95 % at 30 000 and 72 000 / 51 / 365 loads a day; nothing else varies.

    What is hauled today and in the plan alike differs by nothing in every draw.
    """
    tables = line()
    of_slag = next(row for row in tables["quantities"] if row["subject"] == "slag")
    of_slag |= {"value": 60_000, "low": 30_000, "high": 72_000}
    told = sv.roads(plan(tables)).sections.query("road == 'b.c'").set_index("state")
    today = told.loc["reference"]
    assert [today["low"], today["high"]] == pytest.approx([30_000 / 51 / 365, 72_000 / 51 / 365], rel=0.03)
    assert today["low"] < today["mean"] < today["high"]
    assert today["cause"].endswith(", 30,000 to 72,000: 100% of the variance")
    same = told[(told.index != "reference") & (told["difference"] == 0)]
    assert same[["difference_mean", "difference_low", "difference_high"]].to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert len(same)
    region = sv.roads(sv.plan("kemi_tornio")).sections.set_index(["state", "road"])
    assert "Sawmill by-products" in region.loc[("potential", "kemi.veitsiluoto"), "cause"]
    assert region.loc[("potential", "kemi.veitsiluoto"), "difference_high"] == pytest.approx(0, abs=1e-9)
    rise = region.loc[("potential", "keminmaa.roytta_junction")]
    assert 0 < rise["difference_low"] < rise["difference"] < rise["difference_high"]  # though the ranges of both overlap widely


def test_months_and_years_of_a_plan_have_the_ranges_of_the_same_draws():
    """What arises evenly is as much a day in every month: 30,000 to 72,000 t a year are 30,000 / 51 / 365 to 72,000 / 51 / 365 loads."""
    tables = line()
    of_slag = next(row for row in tables["quantities"] if row["subject"] == "slag")
    of_slag |= {"value": 60_000, "low": 30_000, "high": 72_000}
    done = plan(tables)
    whole = sv.roads(done).sections.query("road == 'b.c'").set_index("state")
    months = sv.roads(done, "month").sections.query("road == 'b.c'")
    assert len(months) == 12 * len(whole)
    for row in months.to_dict("records"):
        told = ["mean", "low", "high", "difference_mean", "difference_low", "difference_high"]
        assert [row[name] for name in told] == pytest.approx(whole.loc[row["state"], told].tolist(), nan_ok=True)
    over = sv.roads(sv.pathway(done.links.region, [sv.Period(year=2024), sv.Period(year=2025)])).sections.query("road == 'b.c'")
    today = over[over["state"] == "reference"]
    assert today["low"].tolist() == pytest.approx([30_000 / 51 / 365] * 2, rel=0.03)
    assert today["cause"].str.endswith(", 30,000 to 72,000: 100% of the variance").all()


def test_each_command_says_how_its_tonnes_differ_from_those_of_the_others():
    """Dry in ranges and benefits, as sent on roads; landfill alone or all disposal and stock; purchases alone or less lost sales."""
    planned = plan(line())
    on_roads, drawn = " ".join(sv.roads(planned).notes), " ".join(sv.ranges(planned, draws=2).notes)
    assert "as sent, with their water" in on_roads
    assert "sivuvirta benefits and sivuvirta ranges count them dry" in on_roads
    assert "counts purchases within the region alone" in drawn
    assert "sivuvirta roads counts what goes to landfills as sent" in drawn
    assert "of the ranges counts purchases alone" in SCOPE


def test_every_section_of_the_bundled_region_has_a_range():
    told = sv.roads(sv.plan("kemi_tornio")).sections
    assert (told["low"] <= told["loads"]).all()
    assert (told["loads"] <= told["high"]).all()
    assert len(told) > 20


def test_a_rise_is_flagged_above_the_stated_part_and_unknown_without_a_count():
    """20 % of 50 vehicles a day are 10: 12 more (24 %) are flagged, 10 (20 %) are not, and without a count nothing is known."""
    row = {"area": "Land", "indicator": "heavy_traffic_rise", "year": 2009, "value": 20.0, "unit": "%", "grade": "C", "source": "page"}
    limit = stated_rise(by_rows(demography=[row]))
    assert (limit.most, limit.source, limit.grade) == (0.2, "page", "C")
    assert passed(np.array([12 / 50, 10 / 50, np.nan]), limit.most).tolist() == [True, False, None]
    assert passed(np.array([0.9]), stated_rise(by_rows()).most).tolist() == [None]


def test_the_bundled_region_states_a_rise_and_judges_only_sections_with_a_count():
    told = sv.roads(sv.plan("kemi_tornio")).sections
    assert set(told["rise_threshold"]) == {0.2}
    judged = told["rise_over"].notna()
    assert judged.sum() > 0
    assert not (judged & told["heavy_traffic"].isna()).any()
    assert (told["rise_over"][judged] == (told["added"][judged] > 0.2)).all()
