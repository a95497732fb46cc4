"""Sections of studies over draws and years: each figure that they print or draw is that of the record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from tests.report_studies import YEARS, cells, close, column, columns, known, lengths, pictures, section, study, tables, texts

import sivuvirta as sv
from sivuvirta.assess.yearly import years
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.studies import Studies
from sivuvirta.report.studies import sections
from sivuvirta.report.studies.blocks import Plot
from sivuvirta.report.studies.futures import counted
from sivuvirta.report.studies.pathway import levels, pathway
from sivuvirta.report.studies.steps import yearly


class TestFutures:
    def test_the_histogram_holds_every_draw_and_its_lines_are_the_quantiles(self):
        found = study("futures")
        for plot, one in zip(pictures(section("futures"))[:2], (found.proven, found.potential), strict=True):
            boxes = [mark for mark in plot.marks if mark.shape == "box"]
            assert sum(int(box.title.split()[0]) for box in boxes) == one.draws["feasible"].sum() == 100
            told = one.figures.set_index("figure").loc["benefit"]
            ticks = [(place, float(text.replace(",", "").replace("\u2212", "-"))) for place, text in plot.ticks_across]
            places, values = zip(*ticks, strict=True)
            factor = {"M€/a": 1e6, "k€/a": 1e3, "€/a": 1.0}[plot.across.removeprefix("Benefit, ")]
            lines = [mark.points[0][0] for mark in plot.marks if mark.shape == "line"]
            expected = [np.interp(told[name] / factor, values, places) for name in ("p5", "p50", "p95", "plan")]
            assert lines == pytest.approx(expected, abs=0.1)

    def test_heights_are_counts(self):
        heights, edges = counted(np.array([0.0, 1.0, 1.1, 24.0, np.nan]), 0.0, 24.0)
        assert heights.sum() == 4
        assert (heights[0], heights[1], heights[-1]) == (1, 2, 1)
        assert len(edges) == 25

    def test_the_table_of_figures_is_the_record(self):
        found, table = study("futures"), tables(section("futures"))["futures-table"]
        rows = pd.concat([one.figures for one in found.networks.values()]).sort_values("figure", kind="stable")
        for key in ("plan", "mean", "p5", "p50", "p95", "value_at_risk", "tail_mean"):
            assert cells(column(table, key)) == close(rows[key])

    def test_how_often_and_what_is_worth_knowing_are_the_record(self):
        found, shown = study("futures"), section("futures")
        plants = next(each for each in pictures(shown) if each.title.startswith("Plants"))
        used = found.potential.plants.loc[found.potential.plants["used"] > 0, "used"]
        assert lengths(plants) == pytest.approx([100 * part for part in used], abs=0.01)
        links = tables(shown)["sure-table"]
        assert cells(column(links, "percent")) == close(100 * found.potential.links["probability"])
        moves = found.potential.inputs.reindex(
            found.potential.inputs["correlation"].abs().sort_values(ascending=False, kind="stable").index
        )
        for key in ("correlation", "knowing"):
            assert cells(column(tables(shown)["knowing-table"], key)) == close(moves[key])
        regret = tables(shown)["regret-table"]
        for key in ("mean", "tail_mean", "regret_mean", "regret_most"):
            assert cells(column(regret, key)) == close(found.potential.structures[key])
        assert "Knowing everything before building would be worth" in texts(shown)

    def test_what_chance_explains_is_in_the_table_and_not_drawn(self):
        """Of three figures one is beyond a noise of 0.3."""
        found = study("futures")
        rows = [("fee", 0.1), ("amount of slag", -0.5), ("price", 0.2)]
        known = {"low": 1.0, "high": 3.0, "relative": 0.25, "knowing": 0.0, "knowing_error": 0.0, "unit": "EUR/t"}
        keys = (("fee", "ash_landfill"), ("amount", "slag"), ("transport", "truck60"))
        drawn_from = tuple(Input(kind, key, key, "normal", 1.0, 0.1) for kind, key in keys)
        names = [{"input": one.name, "label": label, "correlation": value} for one, (label, value) in zip(drawn_from, rows, strict=True)]
        inputs = pd.DataFrame([{**each, **known} for each in names])
        told = evolve(found, inputs=drawn_from, potential=evolve(found.potential, inputs=inputs, noise=0.3))
        shown = sections(Studies(futures=told))[0]
        drawn = next(each for each in pictures(shown) if each.title.startswith("What the benefit hangs on"))
        assert [(row.label, row.text) for row in drawn.rows] == [("Amount of slag", "-0.50")]
        assert "100 draws cannot tell a correlation below \u00b10.30 from chance" in texts(shown)
        assert column(tables(shown)["knowing-table"], "chance") == ["yes", "no", "no"]

    def test_links_and_limits_have_names(self):
        shown = tables(section("futures"))
        assert "Slag to Base layer of a road" in column(shown["sure-table"], "name")
        assert column(shown["kept-table"], "limit") == ["Cadmium, at most 8 mg/kg"]
        assert column(shown["kept-table"], "need") == ["Base layer of a road"]

    def test_draws_without_a_network_are_told(self):
        found = study("futures")
        draws = found.potential.draws.assign(feasible=[False, False, *([True] * 98)])
        shown = sections(Studies(futures=evolve(found, potential=evolve(found.potential, draws=draws))))[0]
        assert "In 2 draws no network with potential keeps all promises" in texts(shown)

    def test_held_builds_do_not_claim_that_knowing_is_worth_nothing(self):
        found = study("futures")
        held = evolve(found, options=evolve(found.options, builds="fixed"))
        assert "knowing more beforehand changes nothing here" in texts(sections(Studies(futures=held))[0])


class TestPathway:
    """Three years of 357 000 EUR/a, discounted at 5 %."""

    def test_each_year_holds_for_those_that_it_stands_for(self):
        plot = pictures(section("pathway"))[0]
        proven, potential = (mark for mark in plot.marks if mark.look in ("curve", "dashed"))
        assert proven.points == potential.points
        assert len(proven.points) == 2 * len(YEARS)
        dots = [mark for mark in plot.marks if mark.shape == "dot"]
        assert [dot.title.split(":")[0] for dot in dots] == [f"{year}, {name}" for name in ("proven", "with potential") for year in YEARS]
        assert all("357\u202fk€/a" in dot.title for dot in dots)
        scale = {text: place for place, text in plot.ticks_up}
        assert proven.points[0][1] == pytest.approx(scale["0"] + (scale["400"] - scale["0"]) * 357 / 400, abs=0.1)

    def test_a_change_between_years_is_a_step(self):
        found = study("pathway")
        money = found.potential.money.assign(benefit=[0.0, 100.0, 400.0], years=[1.0, 1.0, 5.0])
        changed = evolve(found, potential=evolve(found.potential, money=money))
        plot = yearly(changed, years(changed), "benefit")
        first, _, _, after, third, end = next(mark for mark in plot.marks if mark.look == "dashed").points
        assert third[0] == after[0]
        assert (end[0] - third[0]) == pytest.approx(5 * (third[0] - first[0]) / 2, abs=0.3)

    def test_a_band_holds_the_range_and_a_dot_leads_to_sources(self):
        found = study("pathway")
        told = years(found).assign(low=lambda rows: rows["value"] - 57_000, high=lambda rows: rows["value"] + 43_000)
        plot = yearly(found, told, "benefit")
        scale = {text: place for place, text in plot.ticks_up}
        (band,) = (mark for mark in plot.marks if mark.look == "band")
        heights = sorted({place[1] for place in band.points})
        assert heights == pytest.approx([scale["400"], scale["300"]], abs=0.1)  # 357 + 43 and 357 - 57 k EUR
        assert ("band", "5 to 95 % with potential, the flows held") in plot.keys
        dots = [mark for mark in plot.marks if mark.shape == "dot"]
        assert {dot.basis.sources for dot in dots} == {("invented",)}
        assert "5 to 95 %: 300 to 400" in dots[0].title

    def test_the_table_is_the_record(self):
        found, table = study("pathway"), tables(section("pathway"))["years-table"]
        for name in ("benefit", "carbon", "invested"):
            assert cells(column(table, f"{name}_proven")) == close(found.proven.money[name])
            assert cells(column(table, f"{name}_potential")) == close(found.potential.money[name] - found.proven.money[name])
        assert cells(column(table, "cost")) == close(found.potential.money["cost"])
        assert column(table, "year") == [str(year) for year in YEARS]
        assert "1.02 M€ proven" in texts(section("pathway"))  # 357 000 (1 + 1/1.05 + 1/1.05^2) = 1 020 810

    def test_builds_stand_from_and_until_their_years(self):
        found = study("pathway")
        late = found.potential.builds.assign(decided=2024, **{"from": 2025, "until": 2026})
        shown = pathway(evolve(found, potential=evolve(found.potential, builds=late)))
        picture = pictures(shown)[-1]
        assert [(part.left, part.width, part.look) for part in picture.rows[0].parts] == [(0, 33.33, "rest"), (33.33, 66.67, "solid")]
        assert picture.rows[0].text == "2025 to 2026"
        assert columns(tables(shown)["builds-table"], "size", "capex", "yearly") == known(late, "size", "capex", "yearly")

    def test_a_plant_stands_as_long_as_its_last_year_stands_for(self):
        """The years 2024, 2025 and 2026 stand for 1, 4 and 5; what stands in 2025 at last stands for half of the ten years."""
        found = study("pathway")
        course = evolve(
            found.potential,
            money=found.potential.money.assign(years=[1.0, 4.0, 5.0], year=[2024, 2025, 2029]),
            builds=found.potential.builds.assign(until=2025),
        )
        picture = pictures(pathway(evolve(found, potential=course, proven=course)))[-1]
        assert [(part.left, part.width, part.look) for part in picture.rows[0].parts] == [(0, 50, "solid")]

    def test_what_limits_are_worth_is_the_record(self):
        found, shown = study("pathway"), section("pathway")
        table = tables(shown)["pathway-worth-table"]
        assert cells(column(table, "value")) == close([one.value for one in found.potential.marginals])
        said = [one.text.replace("'", "") for one in found.potential.marginals if one.constraint != "supply"]
        assert len(found.potential.marginals) > 0
        assert all(text.replace("\u202f", " ").rstrip(".") in texts(shown) for text in said)

    def test_investment_is_drawn_where_it_is_begun(self):
        found = study("pathway")
        money = found.potential.money.assign(invested=[30_000.0, 0.0, 10_000.0])
        shown = pathway(evolve(found, potential=evolve(found.potential, money=money)))
        plot = next(each for each in pictures(shown) if isinstance(each, Plot) and each.title == "Investment begun")
        boxes = [mark for mark in plot.marks if mark.shape == "box"]
        assert [box.points[1][1] for box in boxes] == [pytest.approx(3 * boxes[1].points[1][1], abs=0.3), boxes[1].points[1][1]]
        assert boxes[0].title.replace("\u202f", " ") == "2024, with potential: 30 k€"

    def test_levels_of_stocks_by_period_are_the_record(self):
        """250 t of the ash of the winter lie in the store until the summer."""
        found = sv.pathway("two_seasons", "one_year")
        shown = pathway(found)
        plot = levels(found, "ash_store")
        winter, summer = plot.marks
        assert winter.title.replace("\u202f", " ") == "2024.winter: 250 t"
        assert winter.points[1][1] == pytest.approx(plot.frame[3] - plot.frame[1], abs=0.1)  # the axis ends at 250 t
        assert summer.points[1][1] == 0
        assert columns(tables(shown)["stocks-table"], "before", "in", "out", "lost", "level", "cost") == known(
            found.potential.stocks, "before", "in", "out", "lost", "level", "cost"
        )
        assert column(tables(shown)["stocks-table"], "stream") == ["Fly ash", "Fly ash"]
