"""Indicators of the bundled region, and of plans: ranges, reasons, cards, frames."""

from __future__ import annotations

from math import isnan

import pytest
from attrs import evolve

import sivuvirta as sv
from sivuvirta.errors import UnknownNameError


@pytest.fixture(scope="module")
def kemi():
    return sv.indicators("kemi_tornio")


def test_without_draws_the_ends_hold_every_value_and_every_drawn_end(kemi):
    """Ends if every input is at its worse end hold 5 and 95 % points of shares of a few flows; of what is stated at an end, its value."""
    ends = sv.indicators("kemi_tornio", draws=0)
    assert (ends.about, len(ends)) == ("ends if every input is at its worse end at once", len(kemi))
    for each, drawn in zip(ends.items, kemi.items, strict=True):
        assert drawn.value == pytest.approx(each.value, nan_ok=True)
        assert not each.value < each.low
        assert not each.value > each.high
    inflow, wide = kemi.find("cti_inflow", "outokumpu_stainless"), ends.find("cti_inflow", "outokumpu_stainless")
    assert wide.low < inflow.low < inflow.value < inflow.high < wide.high


def test_no_share_has_an_end_beyond_the_whole(kemi):
    shares = [each for each in kemi.items if each.known and each.unit == "%"]
    assert len(shares) > 60
    assert all(0 <= each.low <= each.high <= 100 and 0 <= each.value <= 100 for each in shares)
    rate = kemi.find("recycled_input_rate", "outokumpu_stainless")
    assert rate.high == pytest.approx(100.0)
    assert "No more than all of a product is recycled" in rate.note


def test_a_range_is_that_of_all_draws_however_little_is_asked(kemi):
    one = sv.indicators("kemi_tornio", "site", "cti_outflow").find("cti_outflow")
    other = kemi.find("cti_outflow", "outokumpu_stainless")
    assert (one.low, one.mean, one.high) == (other.low, other.mean, other.high)


def test_every_known_figure_has_inputs_with_source_and_row_and_every_unknown_one_a_reason(kemi):
    for each in kemi.items:
        assert each.formula
        if each.known:
            assert not each.mean < each.low
            assert not each.mean > each.high
            assert each.inputs or each.value == 0
        else:
            assert each.missing
        for one in each.inputs:
            assert one.source
            assert one.grade in "ABCD"
            assert ": " in one.row


def test_the_three_indicators_of_recycling_are_three(kemi):
    """Recycled content of the metals 1000 / (1000 + 200 + 20 + 15 + 10 + 2) kt; end of life 95 %; recyclability 100 % x 95 %."""
    values = {name: kemi.find(name).value for name in ("recycled_content", "end_of_life_recycling_rate", "recyclability")}
    expected = {"recycled_content": 100 * 1000 / 1247, "end_of_life_recycling_rate": 95.0, "recyclability": 95.0}
    assert values == pytest.approx(expected)


@pytest.mark.parametrize("level", ["product", "site", "organisation"])
def test_the_inflow_of_the_works_is_all_that_the_register_names(kemi, level):
    """Scrap 1000 kt of 1000 + ferrochrome 200 + nickel 20 + lime 130 + ferrosilicon 15 + manganese 10 + molybdenum 2 = 1377."""
    for name in ("iso_inflow_recycled", "cti_inflow"):
        found = next(each for each in kemi.items if (each.indicator, each.level) == (name, level) and "stainless" in each.subject)
        assert found.value == pytest.approx(100 * 1000 / 1377)
        assert {"footprints: steel_lime", "footprints: steel_fesi", "footprints: steel_mn"} <= {each.row for each in found.inputs}
        assert "1,377,000 t/a enter by name, 1,376,000 t/a leave: products 1,000,000, side streams 376,000 dry" in found.note
        assert "Electrodes, refractories" in found.note


@pytest.mark.parametrize("level", ["product", "site", "organisation"])
def test_the_outflow_of_the_works_has_their_side_streams(kemi, level):
    """Steel 1000 kt x 95 %; of 376 kt of side streams 21 + 18 + 6 + 23 + 4.5 + 20 = 92.5 kt are recycled, the rest is fill or landfill."""
    for name in ("iso_outflow_recycled", "cti_outflow"):
        found = next(each for each in kemi.items if (each.indicator, each.level) == (name, level) and "stainless" in each.subject)
        assert found.value == pytest.approx(100 * (950 + 92.5) / 1376)


def test_the_indicators_count_the_same_inputs(kemi):
    """MCI: F = 1000/1377, C = 0.95, E_C = E_F = 0.95, W0 = 0.05, WC = 0.0475, WF = 0.05/0.95 F."""
    recycled = 1000 / 1377
    wc, wf = 0.05 * 0.95, 0.05 * recycled / 0.95
    linear = (1 - recycled + 0.05 + (wf + wc) / 2) / (2 + (wf - wc) / 2)
    assert kemi.find("linear_flow_index").value == pytest.approx(linear)
    assert kemi.find("mci").value == pytest.approx(1 - 0.9 * linear)
    both = (1000 + 1042.5) / (1377 + 1376)
    assert kemi.find("cti_circularity", "outokumpu_stainless").value == pytest.approx(100 * both)


def test_the_group_names_less_than_it_makes_so_its_circular_inflow_is_unknown(kemi):
    assert not kemi.find("cti_inflow", "outokumpu").known
    assert "2,445,532 t/a" in kemi.find("cti_inflow", "outokumpu").missing[0]


def test_a_card_tells_everything(kemi):
    card = kemi.find("recycled_content").card()
    for part in ("80.19 % (mean ", "[D]", "formula: R / (R + P)", "outokumpu_tornio_2021; activities:", "published: at least 87 %"):
        assert part in card
    assert "unknown" in kemi.find("circular_material_use").card()
    assert kemi.find("mci").card() in kemi.cards()


def test_an_inherited_figure_is_named_by_the_class_of_its_row_and_not_by_what_asked_for_it(kemi):
    names = {each.row: each.name for each in kemi.find("mci").inputs}
    assert names["circularity: scrap_not_reused"] == "reused content of Metal"
    assert names["circularity: lime_is_primary"] == "recycled content of Quicklime"
    assert names["circularity: molybdenum_recycled"] == "recycled content of Molybdenum"
    assert names["circularity: steel_life"] == "lifetime of Stainless steel"


def test_a_card_says_which_years_its_figures_are_of(kemi):
    """Scrap, ferrochrome and nickel are of 2021 and four amounts of no year; of 18 shares one is dated, the steel recycled in 2019."""
    words = "for 2024 stand amounts of 2021, shares and other ratios of 2019; no year is said of 4 of 7 amounts and 17 of 18 shares"
    found = kemi.find("mci")
    assert words in found.years
    assert found.card().endswith(found.years)
    assert set(kemi.to_frame()["years"]) >= {found.years, ""}


def test_frames_and_names(kemi):
    frame = kemi.to_frame()
    assert len(frame) == len(kemi)
    assert {"value", "low", "high", "grade", "formula", "missing", "published", "agreement"} <= set(frame.columns)
    assert set(kemi.inputs()["indicator"]) <= set(frame["indicator"])
    assert "<table" in kemi._repr_html_()
    assert "known of" in repr(kemi)
    with pytest.raises(UnknownNameError, match="There are: "):
        kemi.find("fame")


def test_regions_beside_each_other():
    side = sv.indicators(["kemi_tornio", "three_sites"], "region").side_by_side()
    row = side.set_index("indicator").loc["hierarchy_disposal"]
    assert row["three_sites"] == pytest.approx(37.5)  # ash, 6 000 of 16 000 t
    assert 0 < row["kemi_tornio_low"] < row["kemi_tornio"] < row["kemi_tornio_high"] < 100
    assert isnan(side.set_index("indicator").loc["circular_material_use", "kemi_tornio"])


def test_a_plan_and_its_assessment_tell_the_same():
    plan = sv.plan("three_sites")
    one, other = (sv.indicators(each, "region", draws=0).to_frame() for each in (plan, sv.assess(plan)))
    assert one["value"].tolist() == pytest.approx(other["value"].tolist(), nan_ok=True)
    assert set(one["state"]) == {"today", "proven", "potential"}


def test_what_is_diverted_is_what_the_assessment_says():
    plan = sv.plan("kemi_tornio")
    told_by = sv.assess(plan).potential.diverted
    tonnes = told_by[(told_by["unit"] == "t/a") & (told_by["stream"] != "")]
    both = sv.indicators(plan, "region", ["diverted", "diverted_extractive"], draws=0)
    for name, extractive in (("diverted", False), ("diverted_extractive", True)):
        expected = tonnes.loc[tonnes["extractive"] == extractive, "diverted"].sum()
        assert both.find(name, state="potential").value == pytest.approx(expected)


def test_an_indicator_is_a_frozen_record(kemi):
    with pytest.raises(AttributeError):
        kemi.items[0].value = 1.0
    assert evolve(kemi.items[0], value=1.0).value == 1.0
