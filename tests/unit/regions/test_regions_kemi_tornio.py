"""The reference region: its parts, its honesty, its roads."""

import csv
from collections import defaultdict
from math import isclose
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

import sivuvirta as sv

REGION = sv.load("kemi_tornio")


def rows(table):
    return list(REGION.table(table).rows())


def own(table):
    return list(REGION.tables[table].rows())


def great_circle(one, other):
    """Kilometres between two positions in degrees."""
    (south, west), (north, east) = np.radians(one), np.radians(other)
    half = np.sin((north - south) / 2) ** 2 + np.cos(south) * np.cos(north) * np.sin((east - west) / 2) ** 2
    return 2 * 6371.0 * np.arcsin(np.sqrt(half))


def test_the_region_has_what_the_facts_hold():
    counts = {name: len(REGION.tables[name]) for name in ("sites", "streams", "needs", "analyses")}
    assert counts == {"sites": 29, "streams": 55, "needs": 48, "analyses": 672}
    assert REGION.vintages == ("2018", "2024")
    assert REGION.vintage == "2024"


def test_every_row_with_a_grade_column_has_a_grade_and_a_source():
    bare = [
        (name, row)
        for name, table in REGION.tables.items()
        if {"grade", "source"} <= set(table.columns)
        for row in table.rows()
        if row["grade"] is None or row["source"] is None
    ]
    assert bare == []


def test_no_source_that_was_not_opened_carries_more_than_an_assumption():
    closed = {row["source"] for row in own("sources") if row["opened"] is None}
    assert closed
    better = [
        (name, row["source"], row["grade"])
        for name, table in REGION.tables.items()
        if {"grade", "source"} <= set(table.columns)
        for row in table.rows()
        if row["source"] in closed and row["grade"] != "D"
    ]
    assert better == []


def test_a_source_that_was_not_opened_says_so():
    words = ("from memory", "no public page", "Arithmetic")
    silent = [row["source"] for row in own("sources") if row["opened"] is None and not any(word in str(row) for word in words)]
    assert silent == []


def test_ten_analyses_are_published_and_no_stream_has_a_leaching_test():
    analyses = own("analyses")
    assert sum(row["grade"] == "B" for row in analyses) == 10
    assert {row["grade"] for row in analyses} == {"B", "D"}
    assert {row["kind"] for row in analyses} == {"total", "property"}


@pytest.mark.parametrize("vintage", ["2018", "2024"])
def test_the_outlets_of_every_stream_take_all_of_it(vintage):
    share = defaultdict(float)
    for fate in own("fates"):
        if fate["stream"] and fate["vintage"] in (None, vintage):
            share[fate["stream"]] += fate["share"]
    assert {stream: total for stream, total in share.items() if not isclose(total, 100)} == {}
    assert set(share) == {row["stream"] for row in own("streams")}


def test_ferrochrome_slag_is_a_by_product_by_a_ruling_and_sold():
    streams = REGION.table("streams")
    for stream in ("fecr_slag", "fecr_slag_gran", "fecr_slag_air"):
        row = streams.index[stream]
        assert (streams["legal_status"][row], streams["status_grade"][row], streams["source"][row]) == ("by_product", "B", "kho_2005_90")
        assert streams["grade"][row] == "D"  # moisture and grain are estimates
    sold = [fate for fate in own("fates") if fate["stream"] == "fecr_slag_gran"]
    assert [(fate["kind"], fate["share"], fate["product"]) for fate in sold] == [("sold", 100, "sand_filter")]
    assert sold[0]["revenue"] > 0


def test_gas_that_is_taken_away_must_be_bought_again():
    used = [fate for fate in own("fates") if fate["stream"] == "co_gas" and fate["kind"] != "flared"]
    assert sum(fate["share"] for fate in used) == 98
    prices = {row["subject"]: row["value"] for row in rows("prices") if row["subject"]}
    for fate in used:
        assert fate["ratio"] == 1
        assert fate["revenue"] == pytest.approx(prices[fate["product"]], abs=0.05)


def test_closed_works_give_off_nothing_in_2024_and_the_new_mill_nothing_in_2018():
    amount = {(row["subject"], row["vintage"]): row["value"] for row in own("quantities") if row["table"] == "streams"}
    assert [amount[stream, "2024"] for stream in ("veits_fly_ash", "veits_fibre_clay")] == [0, 0]
    for stream in ("gld", "rb_ash", "bark", "tall_oil", "elec_surplus", "kev_tailings"):
        assert (stream, "2018") not in amount
        assert amount[stream, "2024"] > 0


def test_today_s_disposal_does_not_count_the_waste_tax_twice():
    tax = {fate["fate"]: (fate["fee"], fate["tax"]) for fate in own("fates") if fate["tax"]}
    assert tax["cdw_mixed.landfill"] == (105, 80)  # the price of 185 EUR/t includes the tax
    assert {value for _, value in tax.values()} == {80}
    exempt = [fate for fate in own("fates") if fate["kind"] == "hazardous_landfill" or "tailings" in (fate["stream"] or "")]
    assert [fate["fate"] for fate in exempt if fate["tax"]] == []
    assert next(fate for fate in own("fates") if fate["fate"] == "gld.landfill")["tax"] == 0  # dregs are taxed from 2027 only


def test_parts_do_not_exceed_their_whole():
    streams = {row["stream"]: row for row in own("streams")}
    for vintage in REGION.vintages:
        amount = {row["subject"]: row["value"] for row in own("quantities") if row["table"] == "streams" and row["vintage"] == vintage}
        for kind, same in (("split", True), ("subset", False)):
            total = defaultdict(float)
            for stream, row in streams.items():
                if row["part"] == kind and stream in amount:
                    total[row["parent"]] += amount[stream]
            for parent, whole in total.items():
                assert whole == pytest.approx(amount[parent]) if same else whole <= amount[parent]


def test_shortest_ways_reproduce_every_listed_distance():
    places = [row["place"] for row in own("places")]
    at = {place: number for number, place in enumerate(places)}
    roads = own("roads")
    ends = np.array([[at[road["from_place"]], at[road["to_place"]]] for road in roads])
    graph = csr_array(([road["km"] for road in roads], (ends[:, 0], ends[:, 1])), shape=(len(places), len(places)))
    km = shortest_path(graph, directed=False)
    with (Path(__file__).parent / "listed_distances.csv").open(encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == 53
    outside = {
        (row["from_place"], row["to_place"]): km[at[row["from_place"]], at[row["to_place"]]]
        for row in listed
        if not float(row["km_low"]) <= km[at[row["from_place"]], at[row["to_place"]]] <= float(row["km_high"])
    }
    assert outside == {}


def test_no_road_is_shorter_than_the_straight_line():
    places = {row["place"]: (row["lat"], row["lon"]) for row in own("places")}
    straight = {row["road"]: great_circle(places[row["from_place"]], places[row["to_place"]]) for row in own("roads")}
    assert {row["road"]: straight[row["road"]] for row in own("roads") if row["km"] < straight[row["road"]]} == {}


def test_zones_stand_at_their_places():
    places = {row["place"]: (row["lat"], row["lon"]) for row in own("places")}
    assert [row["zone"] for row in own("zones") if (row["lat"], row["lon"]) != places[row["place"]]] == []


def test_main_roads_carry_their_numbers_and_today_s_lorries():
    numbers = {row["road"]: row["number"] for row in own("roads")}
    assert numbers["kemi.oulu"] == "4 (E75, E8)"
    assert numbers["keminmaa.roytta_junction"] == "29 (E8)"
    assert numbers["tornio.kolari"] == "21 (E8)"
    heavy = {row["road"]: row["heavy_traffic"] for row in own("roads") if row["heavy_traffic"]}
    assert heavy == {"keminmaa.roytta_junction": 1000, "roytta_junction.tornio": 1000, "keminmaa.rovaniemi": 500}


def test_scenarios_change_cells_that_exist():
    def joined(key):
        return "/".join("" if part is None else str(part) for part in (key if isinstance(key, tuple) else (key,)))

    keys = {name: {joined(key) for key in table.row_keys()} for name, table in REGION.tables.items()}
    assert {row["scenario"] for row in own("scenarios")} == {
        "kiln_restart",
        "mine_expansion",
        "dregs_tax_2027",
        "veitsiluoto_closes",
        "kemi_mill_opens",
        "ferrochrome_at_55_percent",
        "carbon_price_75",
        "carbon_price_160",
        "waste_tax_up",
        "chromium_price_low",
    }
    missing = {(row["scenario"], row["table"]) for row in own("scenarios") if row["key"] not in keys[row["table"]]}
    assert missing == {("kemi_mill_opens", "quantities"), ("chromium_price_low", "prices")}  # new rows, and prices of the library
    for name in {row["scenario"] for row in own("scenarios")}:
        assert REGION.under(name).scenario == name
