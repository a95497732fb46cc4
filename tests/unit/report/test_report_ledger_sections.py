"""Sections of the ledger: each shows the figures of its record, nothing else, and says what is not known."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from attrs import evolve
from tests.report_studies import pictures, section, study, tables

import sivuvirta as sv
from sivuvirta.domain.indicators import WHY_OUTSIDE
from sivuvirta.domain.studies import Studies
from sivuvirta.report.studies import sections
from sivuvirta.report.studies.blocks import Table
from sivuvirta.report.studies.circles import _nothing, _states, indicators
from sivuvirta.report.studies.economics import economics
from sivuvirta.report.studies.frames import merged
from sivuvirta.report.studies.ranges import ranges, tornado
from sivuvirta.report.tables import BESIDE
from sivuvirta.report.words import figure

NAMES = ("ranges", "economy", "benefits", "lifecycle", "footprint", "indicators", "metrics", "roads")


def texts(table, key):
    place = [each.key for each in table.columns].index(key)
    return [row[place].text for row in table.rows]


@pytest.mark.parametrize("name", NAMES)
def test_a_section_is_there_if_it_was_asked_for_and_only_then(name):
    found = sections(Studies(**{name: study(name)}))
    assert [each.id for each in found] == [section(name).id]
    assert section(name).blocks
    assert sections(Studies()) == []


def test_ranges_are_those_of_the_record():
    table, record = tables(section("ranges"))["ranges-table"], study("ranges").figures
    assert len(table.rows) == len(record) - 7 * (20 - 1)  # 20 elements are not known for one reason, 7 times over
    known = record[record["mean"].notna()]
    told = [text for text in texts(table, "mean") if text != "not known"]
    assert told == [figure(value, unit).text for value, unit in zip(known["mean"], known["unit"], strict=True)]
    named = " ".join(row[1].text for row in table.rows)
    for label in record["label"][record["mean"].isna()]:
        assert label.rpartition(" ")[2].rstrip(")") in named


def test_the_widest_bar_of_a_tornado_is_the_input_with_most_of_the_variance():
    found = sv.ranges("kemi_tornio", draws=50, sobol=16, of=("benefit",))
    shared = found.measure[(found.measure["figure"] == "benefit") & (found.measure["network"] == found.measure["network"].iloc[-1])]
    drawn = tornado(found, "benefit")
    top = shared.sort_values("total", ascending=False).iloc[0]
    assert drawn.rows[0].label == top["label"][0].upper() + top["label"][1:]
    widths = [sum(part.width for part in row.parts) for row in drawn.rows]
    assert widths == sorted(widths, reverse=True)
    assert widths[1] / widths[0] == pytest.approx(
        math.sqrt(max(shared.sort_values("total", ascending=False)["total"].iloc[1], 0) / top["total"]), abs=0.01
    )


def test_without_sharing_out_there_is_no_tornado():
    assert tornado(sv.ranges("three_sites", draws=50), "benefit") is None


def test_contributions_to_the_life_cycle_sum_to_its_change():
    found = study("lifecycle")
    rows = found.contributions
    for view in ("emitter", "activity"):
        part = rows[(rows["view"] == view) & (rows["network"] == rows["network"].iloc[-1])]
        assert part["score"].sum() == pytest.approx(found.change(part["network"].iloc[0]))
    assert {picture.title.split(", ")[-1] for picture in pictures(section("lifecycle"))} == {
        "by where it is emitted",
        "by the flow or plant that causes it",
    }


def test_what_is_not_known_says_why_and_is_no_zero():
    table = tables(section("indicators"))
    unknown = [
        (value, missing)
        for name, each in table.items()
        if "missing" in [column.key for column in each.columns]
        for value, missing in zip(texts(each, "value"), texts(each, "missing"), strict=True)
        if value == "not known"
    ]
    assert len(unknown) > 5
    assert all(missing for _, missing in unknown)
    assert all("not known" not in texts(each, "value") for name, each in table.items() if f"{name}-missing" in table)


def test_a_stated_value_outside_its_draws_is_marked_where_it_stands_and_says_why():
    """The share stated as 0 % of at most 5 % has draws above 0 alone."""
    found = sv.indicators("kemi_tornio", draws=100)
    outside = [each for each in found.items if each.outside]
    assert {each.name for each in outside} >= {"Outflows actually reused"}
    assert all(not each.low <= each.value <= each.high for each in outside)
    marked = [cell for each in tables(indicators(found)).values() for row in each.rows for cell in row if cell.text.endswith(BESIDE)]
    assert 0 < len(marked) <= len(outside)
    assert all(WHY_OUTSIDE in cell.full and cell.read for cell in marked)
    assert WHY_OUTSIDE in outside[0].card()


def test_states_that_say_the_same_of_an_indicator_are_one_row():
    rows = pd.DataFrame({"name": ["a"] * 3 + ["b"] * 3, "state": ["today", "proven", "potential"] * 2, "value": [1.0, 1, 1, 1, 1, 2]})
    assert _states(rows).to_dict("list") == {
        "name": ["a", "b", "b"],
        "state": ["today and both plans", "today; plan, proven", "plan, with potential"],
        "value": [1.0, 1.0, 2.0],
    }


def test_indicators_have_subjects_by_name_ranges_that_say_what_they_are_and_what_counts():
    found = sv.indicators("kemi_tornio", draws=100)
    shown = tables(indicators(found))
    assert "Indicators of an organisation. Ranges: 5 and 95 % points of 100 draws" in shown["indicators-organisation"].caption
    assert "Outokumpu Stainless Oy" in texts(shown["indicators-organisation"], "of")
    assert any("side streams 376,000 dry" in note for note in texts(shown["indicators-notes"], "note"))
    beside = texts(shown["indicators-published"], "agreement")
    assert len(beside) == sum(len(each.published) for each in found.items)
    assert "within the computed range" in beside


def test_payments_and_effects_are_those_of_the_record():
    shown, record = tables(section("economy")), study("economy")
    assert texts(shown["economy-payments"], "change") == [figure(value, "EUR/a").text for value in record.payments["change"]]
    assert len(shown["economy-effects"].rows) == len(record.effects)


def test_payments_effects_and_returns_mark_what_may_be_none_by_its_range():
    record = study("economy")
    sure, unsure, unknown = record.payments.iloc[:1], record.payments.iloc[:1], record.payments.iloc[:1]
    payments = pd.concat(
        [
            sure.assign(change=10.0, low=5.0, high=15.0),
            unsure.assign(change=10.0, low=-5.0, high=15.0),
            unknown.assign(change=10.0, low=math.nan, high=math.nan),
        ]
    )
    effects = record.effects.iloc[:2].assign(alarm=[True, False])
    ventures = record.ventures.iloc[:1].assign(alarm=True)
    shown = tables(economics(evolve(record, payments=payments, effects=effects, ventures=ventures)))
    assert texts(shown["economy-payments"], "claim") == ["", "no difference can be claimed", ""]
    assert texts(shown["economy-effects"], "alarm") == ["its range includes zero", ""]
    assert texts(shown["economy-ventures"], "alarm") == ["its range includes zero"][: len(ventures)]


def test_every_network_stands_beside_the_others():
    columns = [each.key for each in tables(section("metrics"))["metrics-table"].columns]
    assert columns[2 - 1 :] == list(study("metrics").columns)


def test_parts_of_a_footprint_print_the_years_of_their_figures():
    """Verified emissions of 2018, power of 2022, as table `activities` and `footprints` have them; and a sentence that they differ."""
    parts, frame = tables(section("footprint"))["footprint-parts-0"], study("footprint")[0].contributions()
    years = texts(parts, "year")
    assert [each or "" for each in years][: len(frame)] == frame["year"].tolist()
    assert {"2018", "2022"} <= set(years)
    assert "2017" in texts(parts, "factor_year")
    assert any("for 2024 stand production of 2020" in str(getattr(block, "text", "")) for block in section("footprint").blocks)


def test_what_others_print_has_the_year_of_the_register():
    """Table `footprints` has rows of worldstainless of 2023 and of Outokumpu of 2020; a year is no figure to be rounded."""
    frame = study("footprint")[0].comparisons()
    years = texts(tables(section("footprint"))["footprint-others-0"], "year")
    assert years == [f"{year:.0f}" for year in frame["year"]]
    assert {"2020", "2023"} <= set(years)


def test_what_to_quote_of_a_change_has_a_range_or_no_brackets():
    told = [each for each in texts(tables(section("lifecycle"))["lifecycle-scores"], "quote") if each]
    assert told
    assert not any("()" in each for each in told)


def test_loads_and_footprints_keep_their_grades():
    for table, key in (
        (tables(section("roads"))["traffic-sections"], "grade"),
        (tables(section("footprint"))["footprint-parts-0"], "grade"),
    ):
        assert set(texts(table, key)) <= {"A", "B", "C", "D", ""}
    assert texts(tables(section("footprint"))["footprint-0"], "method")[:3] == study("footprint")[0].to_frame()["method"].tolist()[:3]


def test_exchanges_of_the_benefit_sheets_have_a_name_and_a_unit():
    table = tables(section("benefits"))["benefit-exchanges"]
    assert table.rows
    assert all(texts(table, "label"))
    assert all(row[2 + 1].text != "" for row in table.rows)


def test_what_is_not_known_for_one_reason_of_many_elements_is_one_row_that_names_them():
    found = study("indicators").to_frame()
    blind = found[found["value"].isna() & (found["indicator"] == "critical_recycled") & (found["state"] == "potential")]
    assert (len(blind), blind["missing"].nunique()) == (20, 1)
    row = merged(found, "subject", ("indicator", "state", "missing"))
    row = row[row["value"].isna() & (row["indicator"] == "critical_recycled") & (row["state"] == "potential")]
    assert row["subject"].tolist() == [", ".join(blind["subject"])]
    known = found["value"].notna()
    assert merged(found[known], "subject", ("indicator",)).equals(found[known])


def test_a_range_that_is_not_known_of_many_elements_is_one_row():
    (table,) = [block.sheet for block in ranges(study("ranges")).blocks if isinstance(block, Table)]
    names = [row[1].text for row in table.rows]
    sure = [name for name, row in zip(names, table.rows, strict=True) if row[0].text == "plan, proven" and "," in name]
    (told,) = [name for name in sure if name.startswith("Element sent to recycling")]
    assert told.startswith("Element sent to recycling (region Antimony, Arsenic, Beryllium, Boron, ")
    assert "Worth to the region" in names


def test_the_first_table_of_how_circular_it_is_stands_open_and_the_others_are_folded():
    blocks = [block for block in section("indicators").blocks if isinstance(block, Table)]
    assert [block.open for block in blocks] == [True, *[False] * (len(blocks) - 1)]


def test_subjects_of_which_an_indicator_is_surely_nothing_are_one_row():
    rows = pd.DataFrame({"name": ["a"] * 4, "state": ["today"] * 4, "of": list("wxyz"), "value": [0.0, 0, 0, 1], "low": [0.0, 0, 0, 1]})
    found = _nothing(rows.assign(high=[0.0, 0, 2, 1]))
    assert found[["of", "value"]].to_dict("list") == {"of": ["w, x", "y", "z"], "value": [0.0, 0.0, 1.0]}
