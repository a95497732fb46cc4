"""Scenarios: cells replaced by name or by file, typed by the schema, checked as a region is checked, every problem at its row."""

from __future__ import annotations

import pandas as pd
import pytest
import registers
from attrs import evolve

from sivuvirta import tables
from sivuvirta.errors import CheckError, ReadError, SivuvirtaError, UnknownNameError

ROWS = """scenario,table,key,column,value
more,quantities,streams/steel_slag/2024/,value,150000
more,prices,rock_price,value,*2
less,quantities,streams/steel_slag/2024/,value,*0.5
"""


@pytest.fixture
def region(tmp_path, library):
    return tables.load(registers.region(tmp_path / "mill", scenarios=ROWS), library)


def amount(region, subject="steel_slag"):
    table = region.table("quantities")
    return {row["subject"]: row["value"] for row in table.rows() if row["vintage"] == "2024"}[subject]


def write(tmp_path, text, name="crisis.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_region_under_a_scenario_has_its_cells_and_knows_it(region):
    found = region.under("more")
    assert amount(found) == 150_000
    assert amount(region) == 100_000  # the region itself stays as it was
    assert (found.scenario, found.scenarios) == ("more", ("more",))
    assert found.title == f"{region.title or region.name}, under more"
    assert region.scenario is None
    assert "under more" in repr(found)


def test_scenarios_are_applied_in_order_at_once_or_one_after_the_other(region):
    both = region.under("more", "less")
    assert amount(both) == 75_000  # half of 150 000
    assert amount(region.under("less", "more")) == 150_000
    assert amount(region.under("more").under("less")) == 75_000
    assert region.under("more").under("less").title == both.title == f"{region.title or region.name}, under more + less"


def test_a_row_of_the_library_is_taken_over_and_the_library_stays(region):
    found = region.under("more")
    prices = found.table("prices")
    assert prices["value"][prices.index["rock_price"]] == 22.0  # 2 x 11 EUR/t
    assert prices["name"][prices.index["rock_price"]] == "Crushed rock"
    before = region.table("prices")
    assert before["value"][before.index["rock_price"]] == 11.0
    assert len(before) == len(prices)


def test_vintage_and_day_stay(region):
    found = region.at("2018").dated("2017-06-30").under("more")
    assert (found.vintage, found.on) == ("2018", "2017-06-30")


def test_an_unknown_scenario_is_told_with_those_that_there_are(region):
    with pytest.raises(UnknownNameError, match=r"no scenario 'mor'\. Did you mean 'more'\? It has: more, less\."):
        region.under("mor")


def test_a_region_made_by_hand_cannot_be_changed(region):
    with pytest.raises(SivuvirtaError, match="no scenario can be applied"):
        evolve(region, overlay=None).under("more")


def test_a_file_is_a_scenario_of_its_name(region, tmp_path):
    path = write(tmp_path, "table;key;column;value\nquantities;streams/steel_slag/2024/;value;80000,5\n")
    found = tables.scenario_from_file(region, path)
    assert amount(found) == 80_000.5
    assert found.scenario == "crisis"


def test_a_frame_is_a_scenario(region):
    frame = pd.DataFrame([{"table": "quantities", "key": "streams/steel_slag/2024/", "column": "value", "value": 50_000}])
    assert amount(tables.scenario_from_frame(region, frame, "little")) == 50_000.0


def test_a_file_of_several_scenarios_is_refused(region, tmp_path):
    with pytest.raises(CheckError, match="The file holds 2 scenarios: more, less"):
        tables.scenario_from_file(region, write(tmp_path, ROWS))
    with pytest.raises(ReadError, match="There is no file"):
        tables.scenario_from_file(region, tmp_path / "nothing.csv")


def test_a_new_row_needs_every_column_that_such_a_row_must_have(region, tmp_path):
    head = "table,key,column,value\n"
    whole = "sites,harbour,name,Harbour\nstreams,ash,name,Ash\nstreams,ash,site,harbour\nstreams,ash,material,ash\n"
    found = tables.scenario_from_file(region, write(tmp_path, head + whole))
    assert found.table("streams")["name"][found.table("streams").index["ash"]] == "Ash"
    assert found.table("streams")["hazardous"][found.table("streams").index["ash"]] == "unknown"  # the default of the schema
    with pytest.raises(CheckError) as error:
        tables.scenario_from_file(region, write(tmp_path, head + "streams,new_stream_of_slag,name,Ash\n"))
    (problem,) = error.value.problems
    assert (problem.file, problem.row, problem.column) == ("crisis.csv", 2, "key")
    assert "a new row needs site, material too" in problem.repair


def test_a_reported_figure_and_the_amount_that_follows_from_it_are_one(region, tmp_path):
    head = "table,key,column,value\n"
    rows = "".join(
        f"quantities,streams/steel_slag/2024/,{column},{value}\n"
        for column, value in (("reported_value", 200), ("reported_unit", "kt/a"), ("reported_basis", "as_sent"))
    )
    found = tables.scenario_from_file(region, write(tmp_path, head + rows))
    assert amount(found) == pytest.approx(184_000)  # 200 kt as sent at 8 % water
    again = tables.scenario_from_file(found, write(tmp_path, head + "quantities,streams/steel_slag/2024/,value,90000\n", "next.csv"))
    row = next(row for row in again.table("quantities").rows() if row["subject"] == "steel_slag" and row["vintage"] == "2024")
    assert (row["value"], row["reported_value"]) == (90_000, None)


def test_all_problems_at_once_each_at_its_row(region, tmp_path):
    text = """table,key,column,value
quantities,streams/steel_slag/2024/,value,-5
stremas,steel_slag,name,x
typologies,sewage,value,1
streams,steel_slg,name,x
streams,steel_slag,colour,red
streams,steel_slag,moisture,much
streams,steel_slag,hazardous,perhaps
streams,steel_slag,stream,other
streams,steel_slag,gate_price,*2
"""
    with pytest.raises(CheckError) as error:
        tables.scenario_from_file(region, write(tmp_path, text))
    found = sorted((problem.row, problem.rule) for problem in error.value.problems)
    assert {problem.file for problem in error.value.problems} == {"crisis.csv"}
    assert found == [
        (2, "below_bound"),
        (3, "no_table"),
        (4, "no_table"),
        (5, "dangling_key"),
        (6, "dangling_key"),
        (7, "text_in_number"),
        (8, "choice"),
        (9, "key_column"),
        (10, "nothing_to_scale"),
    ]


def test_a_rule_that_joins_tables_is_told_where_it_breaks(region, tmp_path):
    text = "table,key,column,value\nquantities,streams/steel_slag/2024/,low,200000\n"
    with pytest.raises(CheckError) as error:
        tables.scenario_from_file(region, write(tmp_path, text))
    assert [(problem.file, problem.row) for problem in error.value.problems] == [("crisis.csv", 2)]


def test_a_saved_region_is_as_it_is_under_the_scenario(region, tmp_path, library):
    again = tables.load(region.under("more").save(tmp_path / "saved"), library)
    assert amount(again) == 150_000
    assert again.title.endswith("under more")
