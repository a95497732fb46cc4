"""Sections of studies: each figure that they print or draw is that of the record."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attrs import evolve
from tests.report_studies import cells, close, column, columns, known, lengths, pictures, section, small, study, tables, texts

import sivuvirta as sv
from sivuvirta.domain.studies import STUDIES, Studies
from sivuvirta.errors import OptionError
from sivuvirta.report.studies import sections
from sivuvirta.report.studies.blocks import Amount, bars
from sivuvirta.report.studies.choices import SIGNS
from sivuvirta.report.studies.comparison import spoken
from sivuvirta.report.studies.told import against, percent


def test_every_study_has_its_section_in_the_order_of_the_record():
    found = sections(Studies(**{name: study(name) for name in STUDIES}))
    assert len(found) == len(STUDIES) == 16
    assert len({each.id for each in found}) == len(STUDIES)
    plans = ["Vintages", "Scenarios", "Shocks", "Trade-offs", "Alternatives", "Structures", "Futures", "Years"]
    ledgers = ["Ranges", "Economy", "Benefits", "Life cycle", "Footprints", "Indicators", "Network", "Traffic"]
    assert [each.nav for each in found] == [*plans, *ledgers]
    assert sections(None) == sections(Studies()) == []


def test_bars_are_in_proportion_from_one_zero():
    picture = bars("t", [Amount("a", "", 100.0, 50.0, (80.0, 200.0)), Amount("b", "", -50.0), Amount("c", "", 0.0)])
    assert picture.zero == 20  # from -50 to 200
    assert lengths(picture) == [40, 20, 0]
    assert lengths(picture, "open") == [20, 0, 0]
    assert picture.rows[0].spread == (52, 100)
    assert picture.rows[1].parts[0].left == 0


class TestScenarios:
    """357 000 EUR/a as registered; without slag the 138 000 EUR/a that slag and the ash beside it bring are gone."""

    def test_bars_are_the_headline_of_each_scenario(self):
        used, worth, carbon, trucks = pictures(section("compare"))
        first, second = lengths(worth)
        assert (first, second) == (100, pytest.approx(100 * 219 / 357, abs=0.01))
        assert [row.label for row in worth.rows] == ["As registered", "No slag"]
        assert [row.text.replace("\u202f", " ") for row in worth.rows] == ["357 k€/a", "219 k€/a"]
        assert lengths(used) == [100, pytest.approx(100 * 3000 / 9000, abs=0.01)]
        assert lengths(carbon) == [100, pytest.approx(100 * 327 / 329, abs=0.01)]
        assert lengths(trucks)[0] == 100
        assert all("evidence A" in row.note for row in worth.rows)

    def test_the_table_is_the_record(self):
        table, record = tables(section("compare"))["scenarios-table"], study("compare")
        frame = record.figures[(record.figures["figure"] != "used_today") | (record.figures["evidence"] == "total")]
        frame = frame[frame["evidence"] != "today"]
        assert columns(table, *record.names) == known(frame, *record.names)
        assert len(table) == len(frame)

    def test_what_changes_is_told_in_words(self):
        told = texts(section("compare"))
        assert "No slag: what changes" in told
        assert "219,000 €/a instead of 357,000 (\u2212138,000)" in told
        assert "Slag to Base layer of a road: 4,000 t/a stop." in told

    def test_ranges_and_potential_are_drawn(self):
        """The range of the total and what potential adds are those of `assess` on each plan."""
        region = sv.load("kemi_tornio", "2018")
        found = sv.compare(region, ["veitsiluoto_closes"])
        heads = [sv.assess(plan).headline.set_index("figure") for plan in found.plans]
        shown = sections(Studies(compare=found))[0]
        worth = pictures(shown)[1]
        high = max(head["total_high"]["benefit"] for head in heads)
        for row, head in zip(worth.rows, heads, strict=True):
            ends = [100 * head[end]["benefit"] / high for end in ("total_low", "total_high")]
            assert list(row.spread) == pytest.approx(ends, abs=0.01)
        assert lengths(worth, "open") == pytest.approx([100 * head["potential"]["benefit"] / high for head in heads], abs=0.01)
        assert "its pulp and paper mills stop" in texts(shown)
        changes = tables(shown)["changes-1"]
        assert len(changes) == (found.changes["scenario"] == "veitsiluoto_closes").sum()

    def test_names_are_spoken(self):
        assert spoken("mine_expansion") == "Mine expansion"
        assert spoken("") == ""


class TestShocks:
    """Without the ash for the road 66 000 EUR/a are lost, 90 000 before repair; without the town 417 000."""

    def test_bars_are_losses_and_what_repair_wins_back(self):
        parties, nodes, links, _ = pictures(section("shock"))
        assert parties.rows[0].text.replace("\u202f", " ") == "417 k€/a"
        assert lengths(parties)[0] == 100
        last = links.rows[-1]
        assert last.label == "Fly ash to Base layer of a road"
        assert lengths(links)[-1] == pytest.approx(100 * 66 / 279, abs=0.01)
        assert lengths(links, "won")[-1] == pytest.approx(100 * 24 / 279, abs=0.01)
        assert "90 k€/a before repair" in last.note.replace("\u202f", " ")
        assert nodes.rows[0].label == "Fly ash"
        assert lengths(nodes)[0] + lengths(nodes, "won")[0] == pytest.approx(100, abs=0.02)

    def test_the_table_is_the_record(self):
        frame = study("shock").to_frame()
        frame = frame[frame["used"]]
        table = tables(section("shock"))["shocks-table"]
        assert columns(table, "loss", "alone", "carbon", "streams_back", "needs_back", "plants_idle", "keep_month") == known(
            frame, "loss", "alone", "carbon", "streams_back", "needs_back", "plants_idle", "keep_month"
        )
        assert cells(column(table, "percent")) == close(100 * frame["share"])

    def test_cascade_repair_and_storage_are_the_record(self):
        found, shown = study("shock"), tables(section("shock"))
        assert columns(shown["cascades-table"], "before", "after") == known(found.cascades(), "before", "after")
        storage = found.storage().sort_values("month", ascending=False, kind="stable")
        assert columns(shown["storage-table"], "month", "after_repair", "capacity") == known(storage, "month", "after_repair", "capacity")
        assert set(column(shown["storage-table"], "side")) == {"to keep", "to draw from a store"}

    def test_what_has_to_be_kept_is_drawn(self):
        picture = pictures(section("shock"))[-1]
        assert [row.label for row in picture.rows] == ["Fly ash", "Slag"]  # 5 000 and 4 000 t a year
        assert lengths(picture) == [100, pytest.approx(80, abs=0.01)]

    def test_counts_and_the_worst_are_told(self):
        told = texts(section("shock"))
        assert "15 tests on the network on potential evidence" in told
        assert "15 cost something" in told
        assert "Town (site): 417 k€/a" in told

    def test_a_promise_that_cannot_be_kept_has_no_sum(self):
        first, *others = study("shock").shocks
        broken = evolve(study("shock"), shocks=(evolve(first, loss=math.nan, alone=math.nan), *others))
        shown = sections(Studies(shock=broken))[0]
        assert tables(shown)["shocks-table"].rows[0][2].text == "no plan"
        assert (first.name, first.subject) == ("Town", "site")
        assert ("Town", "site") not in [(row.label, row.note) for row in pictures(shown)[0].rows]


class TestFront:
    """From 357 000 EUR/a and 329 t saved to 291 000 EUR/a and 333 t."""

    def test_points_lie_where_their_gains_are(self):
        plot = pictures(section("pareto"))[0]
        dots = [mark for mark in plot.marks if mark.shape == "dot"]
        assert len(dots) == len(study("pareto"))
        across, up = ([float(tick[1].replace(",", "")) for tick in ticks] for ticks in (plot.ticks_across, plot.ticks_up))
        x, y = ([tick[0] for tick in ticks] for ticks in (plot.ticks_across, plot.ticks_up))
        for dot, point in zip(dots, study("pareto").points, strict=True):
            ((left, top),) = dot.points
            assert left == pytest.approx(np.interp(point.gains[1] / 1000, across, x), abs=0.1)
            assert top == pytest.approx(np.interp(point.gains[0] / 1000, up, y), abs=0.1)
        assert plot.across == "Emissions saved, t CO₂e/a"
        assert plot.up == "Benefit, k€/a"
        assert "357\u202fk€/a" in dots[0].title
        assert "333\u202ft CO₂e/a" in dots[-1].title
        line = next(mark for mark in plot.marks if mark.shape == "line")
        assert line.points == tuple(dot.points[0] for dot in dots)

    def test_tables_are_the_record(self):
        found, shown = study("pareto"), tables(section("pareto"))
        assert columns(shown["front-table"], "point", "value", "co2", "capex") == known(found.to_frame(), "point", "value", "co2", "capex")
        assert column(shown["front-table"], "note")[0] == "best in benefit"
        assert column(shown["front-table"], "note")[-1] == "best in emissions saved"
        assert column(shown["front-table"], "against")[0] == "Granulator at the mill"
        assert columns(shown["front-changes"], "amount") == known(found.table(), "amount")
        assert column(shown["front-changes"], "step")[0] == "0 to 1"

    def test_a_knee_is_shown_and_told(self):
        found = study("pareto")
        points = tuple(evolve(point, knee=number == 3) for number, point in enumerate(found.points))
        shown = sections(Studies(pareto=evolve(found, points=points)))[0]
        knees = [mark for mark in pictures(shown)[0].marks if mark.look == "knee"]
        assert [mark.label for mark in knees] == ["3 knee"]
        assert "The knee is point 3: benefit 335 k€/a" in texts(shown)

    def test_a_third_objective_is_the_size_of_a_point(self):
        found = sv.pareto("three_sites", ("value", "co2", "traffic"), 4)
        dots = [mark for mark in pictures(sections(Studies(pareto=found))[0])[0].marks if mark.shape == "dot"]
        third = [point.gains[2] for point in found.points]
        assert len(dots) == len(third)
        most, least = int(np.argmax(third)), int(np.argmin(third))
        assert third[most] > third[least]
        assert (dots[most].radius, dots[least].radius) == (11, 4)


class TestAlternatives:
    """All must-have within 2 %; the slag costs 138 000 EUR/a to forbid, a refusal of the town all 357 000."""

    def test_bars_are_the_price_of_doing_without(self):
        without, refusals = pictures(section("alternatives"))
        assert lengths(without) == [100, 100, 100, pytest.approx(100 * 138 / 219, abs=0.01), pytest.approx(100 * 66 / 219, abs=0.01)]
        assert {row.sign for row in without.rows} == {SIGNS["must-have"]}
        assert [row.label for row in refusals.rows] == ["Town", "Mill Ltd", "candidates without owner", "Works Ltd"]
        assert lengths(refusals) == pytest.approx([100 * cost / 357 for cost in (357, 285, 219, 138)], abs=0.01)
        assert refusals.rows[1].note == "closes 2 links"

    def test_tables_are_the_record(self):
        found, shown = study("alternatives"), tables(section("alternatives"))
        assert columns(shown["choices-table"], "amount", "without", "asked", "forced") == known(
            found.to_frame(), "amount", "without", "asked", "forced"
        )
        assert column(shown["choices-table"], "role") == [f"{SIGNS[each.role]} {each.role}" for each in found.choices]
        assert columns(shown["refusals-table"], "cost", "links", "plants") == known(found.refusals_frame(), "cost", "links", "plants")
        spans = [row[4].full for row in shown["choices-table"].rows]
        assert spans[0] == "2,923 t/a to 3,000 t/a".replace(" t/a", "\u202ft/a")

    def test_roles_are_counted(self):
        told = texts(section("alternatives"))
        assert "● must-have, 5 links and plants" in told
        assert "○ never, no links and plants" in told
        assert "at most 7,140 €/a worse than the best (2 %" in told  # 2 % of 357 000

    def test_no_plan_is_no_sum(self):
        first, *others = study("alternatives").choices
        shown = sections(Studies(alternatives=evolve(study("alternatives"), choices=(evolve(first, without=math.inf), *others))))[0]
        row = tables(shown)["choices-table"].rows[0]
        assert row[5].text == "no plan"
        assert len(pictures(shown)[0].rows) == 4

    def test_what_is_not_proven_says_so(self):
        found = study("alternatives")
        first, *others = found.choices
        rough = evolve(found, choices=(evolve(first, proven=False), *(evolve(each, proven=True) for each in others)))
        shown = sections(Studies(alternatives=rough))[0]
        assert column(tables(shown)["choices-table"], "proven").count("no") == 1
        assert f"1 of {len(found.choices)} role rests on the networks that were found" in texts(shown)
        proven = evolve(rough, choices=tuple(evolve(each, proven=True) for each in rough.choices))
        assert "on the networks that were found" not in texts(sections(Studies(alternatives=proven))[0])


def test_structures_are_in_order_with_what_they_lack():
    """With the granulator 357 000 EUR/a, without 138 000."""
    found, shown = study("best"), section("best")
    picture, table = pictures(shown)[0], tables(shown)["structures-table"]
    assert columns(table, "rank", "benefit", "loss", "capex", "plants") == known(
        found.to_frame(), "rank", "benefit", "loss", "capex", "plants"
    )
    assert column(table, "built") == ["Granulator at the mill", "without Granulator at the mill"]
    assert lengths(picture) == [0, 100]
    assert [row.text.replace("\u202f", " ") for row in picture.rows] == ["the best", "219 k€/a"]
    assert "these are all there are" in shown.lead


def test_what_differs_between_sets_of_plants_is_told():
    assert against(["a", "b"], None) == "a, b"
    assert against([], None) == "none"
    assert against(["a", "c"], ["a", "b"]) == "with c, without b"
    assert against(["a"], ["a"]) == "the same"
    assert percent(1e-12) == 0
    assert percent(0.0123) == 1.23


def test_all_asks_what_the_region_can_answer():
    found = sv.study(small(), ["best", "shock"], processes=1)
    assert found.names == ("shock", "best")
    with pytest.raises(OptionError, match="no study 'x'"):
        sv.study(small(), "x")
    with pytest.raises(OptionError, match="no scenario that speaks of 2024"):
        sv.study(small(), "compare")
    with pytest.raises(OptionError, match="It has none; add rows to its table 'periods'"):
        sv.study(small(), "pathway")


def test_the_scenarios_of_the_year_shown_are_compared():
    region = sv.load("kemi_tornio", "2018").under("waste_tax_up")
    heard = []
    found = sv.study(sv.plan(region, carbon_price=10.0), "compare", tell=heard.append).compare
    assert found.names[0] == "waste_tax_up"
    assert [name.removeprefix("waste_tax_up + ") for name in found.names[1:]] == [
        "dregs_tax_2027",
        "veitsiluoto_closes",
        "kemi_mill_opens",
        "chromium_price_low",
    ]
    assert {plan.options.carbon_price for plan in found.plans} == {10.0}
    assert heard == ["Planning each scenario"]
