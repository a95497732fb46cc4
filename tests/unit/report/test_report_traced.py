"""What a click on a figure tells, and the annex on paper."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

import sivuvirta as sv
from sivuvirta.report.following.packed import unpacked
from sivuvirta.report.following.traced import annex, head, panel, told
from sivuvirta.report.html import html
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
        for line in figure_.get("lines", []):
            if not isinstance(line[0], str):
                rows = unpacked(found["drivers"][line[0]][4]) + unpacked(found["coefficients"][line[1]][3])
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
            assert "<button" not in row  # the page makes buttons of its numbers
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
    found = panel(traces, ["headline/benefit"], {}, sv.load("three_sites"))
    assert {"headline/benefit", "money/fee", "money/purchase"} <= set(found["figures"])
    fee = traces.find("money/fee")
    assert found["figures"]["money/fee"]["values"][-1] == figure(fee.amounts[2], "EUR/a").text
    assert head(fee) == "Money: fees of outlets"


def test_the_annex_sums_to_its_figures():
    traces = assessed("kemi_tornio")[1].traces
    entries = {each.head: each for each in annex(traces)}
    fees, whole = entries["Money: fees of outlets"], traces.find("money/fee").amounts
    assert [sum(part.values[state] for part in fees.parts) for state in range(3)] == pytest.approx(list(whole))
    assert len(fees.parts) == 4
    assert fees.parts[-1].name == f"{len([line for line in traces.find('money/fee').lines if any(traces.value(line))]) - 3} smaller parts"
    assert fees.text.endswith(figure(whole[2], "EUR/a").text)


def test_the_annex_names_each_source_of_a_figure_once_and_counts_the_rest():
    plan, found = assessed("kemi_tornio")
    ids = set(plan.links.region.table("sources").index)
    for each, key in zip(annex(found.traces), _printed(found.traces), strict=True):
        named, _, rest = each.sources.partition(" and ")
        names = [name for name in named.split(", ") if name]
        behind = {row.source for row in found.traces.rows(key) if row.source}
        assert len(names) == len(set(names)) == min(len(behind), 6)
        assert set(names) <= ids
        assert rest == (f"{len(behind) - 6} more" if len(behind) > 6 else "")


def _printed(traces):
    """Figures that are not nothing, in the order of the annex."""
    return [key for group in ("headline", "money", "carbon", "transport") for key in traces.groups[group] if any(traces.find(key).amounts)]


def test_the_report_stays_small_enough_to_send():
    assert len(page("kemi_tornio").encode()) < 4_000_000
