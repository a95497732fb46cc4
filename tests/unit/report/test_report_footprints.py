"""Footprints and capped indicators on the page are those of the record, and a cap stands in the cell of its figure."""

from __future__ import annotations

import pytest
from tests.report_studies import cells, close, column, section, study, tables

import sivuvirta as sv
from sivuvirta.report.studies.blocks import Bars, Table
from sivuvirta.report.studies.circles import indicators

METHOD = "economic"


def test_figures_means_and_ranges_of_footprints_are_those_of_the_record():
    (of,), shown = study("footprint"), tables(section("footprint"))["footprint-0"]
    results = [each for each in of.results if f"{each.state} {each.method}" in told(shown)]
    assert len(results) == len(shown) >= 3
    for key in ("value", "mean"):
        assert cells(column(shown, key)) == close(getattr(each, key) for each in results)
    assert cells(column(shown, "range")) == pytest.approx([each.low for each in results], rel=1e-6, nan_ok=True)


def told(table):
    return [" ".join(pair) for pair in zip(column(table, "state"), column(table, "method"), strict=True)]


def test_parts_on_the_page_are_of_the_allocation_that_is_named_and_add_up_to_its_footprint():
    (of,), shown = study("footprint"), section("footprint")
    parts = tables(shown)["footprint-parts-0"]
    assert f"{METHOD} allocation" in parts.caption
    assert all(f"{METHOD} allocation" in block.title for block in shown.blocks if isinstance(block, Bars))
    whole = next(each for each in of.results if (each.state, each.method) == ("today", METHOD))
    assert sum(cells(column(parts, "value"))) == pytest.approx(whole.value)


def test_a_figure_at_its_cap_says_so_in_its_cell_and_others_do_not():
    found = sv.indicators("kemi_tornio", draws=0)
    capped = {(each.name, each.of) for each in found.items if each.cap}
    assert capped
    seen = set()
    for block in indicators(found).blocks:
        if isinstance(block, Table) and "value" in (keys := [each.key for each in block.sheet.columns]) and "of" in keys:
            for row in block.sheet.rows:
                name, of, value = (row[keys.index(key)].text for key in ("name", "of", "value"))
                assert ("capped at 100 %" in value) == value.startswith("100") * ((name, of) in capped)
                seen |= {(name, of)} if "capped" in value else set()
    assert seen == capped
