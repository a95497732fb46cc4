"""Vintages: each dot is the figure of that vintage's own plan, each band its range, and each dot leads to sources."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.report_studies import pictures, section, study, tables

import sivuvirta as sv
from sivuvirta.domain.studies import Studies
from sivuvirta.report.studies import sections
from sivuvirta.report.studies.dated import picture
from sivuvirta.verbs.studying import asked

NAMES = {"proven": "proven", "potential": "total"}


@cache
def done(vintage):
    plan = sv.plan(sv.load("kemi_tornio", vintage))
    return plan, sv.assess(plan)


@cache
def found():
    return sv.study(done("2024")[0], "vintages").vintages


@pytest.mark.parametrize("vintage", ["2018", "2024"])
@pytest.mark.parametrize("figure", ["could_be_used", "benefit", "carbon", "trucks"])
def test_figures_are_those_of_the_vintages_own_plan(vintage, figure):
    row = done(vintage)[1].headline.set_index("figure").loc[figure]
    for network, name in NAMES.items():
        one = found().of(figure, network).set_index("vintage").loc[vintage]
        assert (one["value"], one["low"], one["high"]) == pytest.approx((row[name], row[f"{name}_low"], row[f"{name}_high"]))
        assert (one["grade"], one["unit"]) == (row["grade"], row["unit"])


def scaled(plot, places):
    """Values of places on the upward axis, read off its ticks."""
    ticks = sorted((place, float(text.replace(",", "").replace("\u2212", "-"))) for place, text in plot.ticks_up)
    return np.interp(places, *zip(*ticks, strict=True))


def test_dots_and_bands_stand_where_the_axis_says():
    """24.3 and 32.8 M EUR/a are the upper ends; the axis is in M EUR/a."""
    plot, told = picture(found(), "benefit"), found().of("benefit")
    assert plot.up == "Worth to the region, M€/a"
    dots = [mark for mark in plot.marks if mark.shape == "dot"]
    assert len(dots) == 4  # two vintages, proven and with potential
    assert scaled(plot, [mark.points[0][1] for mark in dots[2:]]) == pytest.approx(told["value"] / 1e6, abs=0.05)
    band = next(mark for mark in plot.marks if mark.look == "band")
    ends = [*told["low"], *reversed(told["high"].tolist())]
    assert scaled(plot, [place[1] for place in band.points]) == pytest.approx(np.array(ends) / 1e6, abs=0.05)
    assert plot.ticks_across[0][1] == "2018"
    assert "2018 to 2024: the plan proven and with potential" in plot.title


def test_each_dot_leads_to_the_sources_of_its_figure():
    traces, table = done("2018")[1].traces, done("2018")[0].links.region.table("sources")
    dot = next(mark for mark in picture(found(), "trucks").marks if mark.shape == "dot" and mark.title.startswith("2018, plan, with"))
    named = {one.source for one in traces.rows("headline/trucks")}
    assert set(dot.basis.sources) <= named
    assert set(dot.basis.sources) <= set(table.index)
    assert len(dot.basis.sources) == 6
    assert "Grade D; planned on the register of 2018." in dot.basis.how


def test_a_dot_is_a_button_of_the_page(tmp_path):
    plan, assessment = done("2024")
    text = sv.report(plan, tmp_path / "r.html", assessment, studies=Studies(vintages=found())).read_text(encoding="utf-8")
    dot = next(mark for mark in picture(found(), "trucks").marks if mark.basis is not None)
    assert f'data-trace="{dot.basis.key}"' in text
    assert f'"{dot.basis.key}":{{' in text


def test_a_region_of_one_vintage_has_a_table_alone_and_is_not_asked_unless_named():
    shown = section("vintages")
    assert pictures(shown) == []
    assert len(tables(shown)["vintages-table"]) == len(study("vintages").figures) == 11
    plan = study("vintages") and sv.plan("three_sites")
    assert "vintages" not in asked(plan, ["all"])
    assert asked(plan, ["vintages"]) == ("vintages",)
    assert "vintages" in asked(done("2024")[0], ["all"])


def test_a_figure_that_no_vintage_knows_is_not_drawn():
    one = found()
    blank = type(one)(region=one.region, names=one.names, figures=one.figures.assign(value=np.nan))
    assert picture(blank, "benefit") is None
    assert pictures(sections(Studies(vintages=blank))[0]) == []
