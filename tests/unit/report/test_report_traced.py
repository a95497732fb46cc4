"""What a click on a figure tells, and the annex on paper."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

import sivuvirta as sv
from sivuvirta.report.html import html
from sivuvirta.report.traced import annex, head, panel, told
from sivuvirta.report.words import figure

REGIONS = ("three_sites", "kemi_tornio")


@cache
def assessed(name):
    plan = sv.plan(name)
    return plan, sv.assess(plan)


@cache
def page(name):
    return html(*assessed(name))


def data(name):
    return json.loads(re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', page(name), re.DOTALL).group(1))["traces"]


@pytest.mark.parametrize("name", REGIONS)
def test_every_figure_that_can_be_clicked_is_told(name):
    asked = set(re.findall(r'data-trace="([^"]+)"', page(name)))
    assert len(asked) > 15
    assert asked <= set(data(name)["figures"])


@pytest.mark.parametrize("name", REGIONS)
def test_every_number_of_the_panel_leads_to_a_row_and_a_citation(name):
    found = data(name)
    for figure_ in found["figures"].values():
        for line in figure_["lines"]:
            if not isinstance(line[0], str):
                rows = found["drivers"][line[0]][4] + found["coefficients"][line[1]][3]
                assert rows
                assert all(0 <= row < len(found["origins"]) for row in rows)
    assert all(source < len(found["sources"]) for *_, source in found["origins"])
    assert all(citation and opened is not None for citation, _, _, opened in found["sources"])


def test_every_headline_and_every_row_of_money_carbon_products_roads_has_a_click():
    text = page("kemi_tornio")
    for table in ("money", "carbon", "products", "roads", "organisations", "plants", "needs"):
        part = re.search(rf'<table id="{table}".*?</table>', text, re.DOTALL).group(0)
        rows = re.findall(r"<tr[ >].*?</tr>", part.split("<tbody>")[1], re.DOTALL)
        assert rows
        for row in rows:
            assert ('class="trace' in row) == ("data-trace" in row)
            assert "data-trace" in row or 'class="n"' not in row
    assert text.count('<li class="card" data-trace="headline/') == 5


def test_small_lines_are_told_as_one_and_the_whole_is_kept():
    traces = assessed("kemi_tornio")[1].traces
    shown = told(traces, "money/transport", most=3)
    assert len(shown.lines) == 3
    whole = [sum(traces.value(line)[state] for line in shown.lines) + shown.others[state] for state in range(3)]
    assert whole == pytest.approx(list(traces.find("money/transport").amounts))
    assert told(traces, "money/transport", most=1000).count == 0


def test_the_panel_has_the_figures_that_a_figure_is_made_of():
    traces = assessed("three_sites")[1].traces
    found = panel(traces, ["headline/benefit"])
    assert {"headline/benefit", "money/fee", "money/purchase"} <= set(found["figures"])
    fee = traces.find("money/fee")
    assert found["figures"]["money/fee"]["values"][-1] == figure(fee.amounts[2], "EUR/a").text
    assert head(fee) == "Money: fees of outlets"


def test_the_annex_sums_to_its_figures():
    traces = assessed("kemi_tornio")[1].traces
    sheets = {each.caption: each for each in annex(traces)}
    sheet = sheets["Money: fees of outlets"]
    potential = [row[5].sort for row in sheet.rows]
    assert sum(potential) == pytest.approx(traces.find("money/fee").amounts[2])
    assert sheet.foot[5].sort == pytest.approx(sum(potential))
    assert all(row[6].text for row in sheet.rows[:-1])
    ids = set(assessed("kemi_tornio")[0].links.region.table("sources").index)
    assert {name for row in sheet.rows for name in row[6].text.split(", ") if name} <= ids


def test_the_report_stays_small_enough_to_send():
    assert len(page("kemi_tornio").encode()) < 4_000_000
