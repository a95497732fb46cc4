"""Indicators of a small region, each with its arithmetic beside it."""

from __future__ import annotations

from math import isnan

import pytest
from attrs import evolve

import builders
import sivuvirta as sv
from sivuvirta.assess.circularity.asked import Asked
from sivuvirta.assess.circularity.beside import published
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.assess.circularity.computing import indicators
from sivuvirta.assess.circularity.definitions import DEFINITIONS
from sivuvirta.domain.indicators import LEVELS
from sivuvirta.errors import OptionError, UnknownNameError

SITES = [{"site": "works", "name": "Works", "organisation": "maker"}]
SPREAD = [{"evidence": "B", "factor": 1.1, "cv": 10.0, "grade": "C", "source": "s"}]
BUYS = [("metal.scrap", 80), ("metal.ore", 40)]
STEEL = "works/metal.steel"


def activity(kind, product, value, **more):
    row = {"site": "works", "kind": kind, "product": product, "year": 2024, "value": value, "low": value, "high": value, "unit": "t/a"}
    return {**row, "grade": "B", "source": "s", **more}


def told(quantity, value, level="region", subject=None, of=None, unit="%", **more):
    row = {"entry": f"{level}.{subject}.{quantity}.{of}.{len(more)}", "level": level, "subject": subject, "quantity": quantity, "of": of}
    return {**row, "value": value, "low": value, "high": value, "unit": unit, "grade": "B", "source": "s", "role": "input", **more}


CONTENTS = [told("recycled_content", 100, of="metal.scrap"), told("recycled_content", 10, of="metal.ore")]
CLEAN = [told("reused_content", 0, of="metal"), told("renewable_content", 5, of="metal")]
AFTER = [
    told("recycled", 60, "product", STEEL),
    told("reused", 20, "product", STEEL),
    told("composted", 0, "product", STEEL),
    told("energy_recovered", 0, "product", STEEL),
    told("recovery_potential", 50, "product", STEEL),
    told("recycling_efficiency", 80, "product", STEEL),
    told("feedstock_efficiency", 100, "product", STEEL),
    told("lifetime", 30, "product", STEEL, unit="a"),
    told("lifetime_average", 20, "product", STEEL, unit="a"),
]


def region(rows=(), activities=None):
    made = [*(activity("purchase", *each) for each in BUYS), activity("production", "metal.steel", 100)]
    return builders.region(
        sites=SITES,
        activities=made if activities is None else activities,
        circularity=[*CONTENTS, *CLEAN, *AFTER, *rows],
        uncertainties=SPREAD,
    )


def found(indicator, level="product", subject=STEEL, rows=(), activities=None):
    return COMPUTED[indicator](Asked(Book(region(rows, activities)), level, subject))


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("recycled_content", 70.0),  # (80 x 100 + 40 x 10) / 120
        ("iso_inflow_recycled", 70.0),
        ("iso_inflow_reused", 0.0),
        ("iso_inflow_renewable", 5.0),
        ("cti_inflow", (80 * 100 + 40 * 15) / 120),  # scrap is circular at most as a whole: 105 % is 100 %
        ("recycled_input_rate", 84.0),  # (80 + 4) / 100
        ("iso_outflow_recycled", 60.0),
        ("iso_outflow_reused", 20.0),
        ("cti_outflow", 40.0),  # half can be recovered, 80 % of what can is
        ("cti_recovery_reuse", 25.0),  # 20 of 80
        ("cti_recovery_recycling", 75.0),
        ("cti_recovery_biological", 0.0),
        ("cti_circularity", (120 * (80 * 100 + 40 * 15) / 120 + 100 * 40) / 220),
        ("end_of_life_recycling_rate", 60.0),
        ("recyclability", 40.0),  # 50 % x 80 %
        ("iso_lifetime", 1.5),
        ("cti_lifetime", 1.5),
    ],
)
def test_of_a_product_by_hand(indicator, value):
    assert found(indicator).missing == ()
    assert found(indicator).range.value == pytest.approx(value)


def test_the_material_circularity_of_the_product_by_hand():
    """V = 1 - 0.7 - 0.05 = 0.25; W0 = 0.2; WC = 0.2 x 0.6 = 0.12; WF = 0; W = 0.26; LFI = 0.51 / (2 - 0.06) = 0.262887; X = 1.5."""
    assert found("linear_flow_index").range.value == pytest.approx(0.51 / 1.94)
    assert found("mci").range.value == pytest.approx(1 - 0.6 * 0.51 / 1.94)
    assert found("mci_portfolio", "organisation", "maker").range.value == pytest.approx(1 - 0.6 * 0.51 / 1.94)


def test_the_ends_by_hand():
    """Scrap 80 to 100, ore 40: least 0.7, most (100 x 1 + 40 x 0.1) / 140."""
    buys = [activity("purchase", "metal.scrap", 80, high=100), activity("purchase", "metal.ore", 40)]
    ends = found("recycled_content", activities=[*buys, activity("production", "metal.steel", 100)]).range
    assert (ends.low, ends.high) == (pytest.approx(70.0), pytest.approx(100 * 104 / 140))


def test_a_figure_without_a_range_has_the_one_of_its_grade():
    """Grade B varies by 10 % here: 50 less and more 1.645 x 5."""
    rows = [
        told("energy", 100, "site", "works", unit="MWh/a"),
        told("renewable_energy", 50, "site", "works", unit="MWh/a", low=None, high=None),
    ]
    ends = found("iso_energy_renewable", "site", "works", rows).range
    assert (ends.low, ends.value, ends.high) == (pytest.approx(41.775), pytest.approx(50.0), pytest.approx(58.225))


def test_water_and_productivity_of_an_organisation_by_hand():
    water = {"water_withdrawn": 200, "water_circular_in": 50, "water_discharged": 100, "water_circular_out": 75, "water_recirculated": 600}
    rows = [told(name, value, "organisation", "maker", unit="m3/a") for name, value in water.items()]
    rows.append(told("revenue", 1000, "organisation", "maker", unit="EUR/a"))
    values = {
        name: found(name, "organisation", "maker", rows).range.value for name in ("cti_water", "cti_water_onsite", "cti_productivity")
    }
    # (25 % + 75 %) / 2; 600 / 200; linear inflow 40 x (1 - 0.15) = 34 t
    assert values == {
        "cti_water": pytest.approx(50.0),
        "cti_water_onsite": pytest.approx(3.0),
        "cti_productivity": pytest.approx(1000 / 34),
    }


def test_the_circular_material_use_rate_by_hand():
    """U = 1000 - 300 + 200 = 900; 900 / (8000 + 900) = 10.112 %."""
    amounts = {"recycled_waste": 1000, "imported_for_recycling": 300, "exported_for_recycling": 200, "material_consumption": 8000}
    rows = [told(name, value, unit="t/a") for name, value in amounts.items()]
    assert found("circular_material_use", "region", "", rows).range.value == pytest.approx(100 * 900 / 8900)
    without = found("circular_material_use", "region", "", rows[:3])
    assert isnan(without.range.value)
    assert without.missing == ("material consumption",)


def test_more_out_than_in_says_that_inflows_are_missing():
    less = [activity("purchase", "metal.scrap", 80), activity("production", "metal.steel", 100)]
    short = found("recycled_content", activities=less)
    assert isnan(short.range.value)
    assert short.missing == ("inflows: the register names 80 t/a, and 100 t/a of products leave",)


def test_what_nobody_tells_is_missing_and_named():
    missing = found("cti_critical")
    assert isnan(missing.range.value)
    assert missing.missing == ("critical content of metal.scrap", "critical content of metal.ore")


def test_a_figure_of_the_subject_goes_before_that_of_the_region_and_a_class_speaks_for_what_is_below_it():
    book = Book(region([told("recycled_content", 30, "site", "works", of="metal.ore")]))
    assert book.figure("product", STEEL, "recycled_content", "metal.ore").value == 30
    assert book.figure("region", "", "recycled_content", "metal.ore").value == 10
    assert book.figure("region", "", "reused_content", "metal.ore").value == 0
    assert book.figure("region", "", "reused_content", "metallic") is None


def test_the_nearest_year_is_taken():
    old = [activity("production", "metal.steel", 10, year=2012), activity("production", "metal.steel", 100, year=2020)]
    flows = Book(region(activities=old)).flows("product", STEEL, "outflow")
    assert [flow.amount.value for flow in flows] == [100]


def test_published_figures_never_enter_and_their_agreement_is_told():
    rows = [
        told("recycled_content", value, "product", STEEL, role="published", definition="scrap", year=year, note=str(year))
        for value, year in ((70, 2020), (85, 2021), (60, 2022))
    ]
    rows = [evolve_row(row, entry=f"p{number}") for number, row in enumerate(rows)]
    book = Book(region(rows))
    computed = COMPUTED["recycled_content"](Asked(book, "product", STEEL)).range
    assert computed.value == pytest.approx(70.0)
    texts = [each.agreement for each in published(book.region, ("product", STEEL, "recycled_content"), computed)]
    assert texts == [
        "within the computed range",
        "15 percentage points above the computed range",
        "10 percentage points below the computed range",
    ]


def test_a_published_figure_says_whose_it_is_and_whether_it_is_comparable():
    row = told("recycled_content", 85, "product", STEEL, role="published", year=2021, definition="scrap")
    rows = [
        {**row, "whose": "Europe", "comparable": "no", "why": "other works"},
        {**row, "entry": "bare", "year": None, "definition": None},
    ]
    book = Book(region(rows))
    computed = COMPUTED["recycled_content"](Asked(book, "product", STEEL)).range
    one, bare = published(book.region, ("product", STEEL, "recycled_content"), computed)
    assert one.words == "85 %, of Europe, 2021, counts: scrap; not comparable (other works)"
    assert bare.words == "85 %, of whom is not said, year not said, counts: not said; whether it is comparable is not said"


def test_every_published_figure_of_the_bundled_region_says_whose_it_is_and_whether_it_is_comparable():
    loaded = sv.load("kemi_tornio")
    rows = [row for row in loaded.table("circularity").rows() if row["role"] == "published"]
    rows += [row for row in loaded.table("footprints").rows() if row["role"] in ("alternative", "statement")]
    assert len(rows) >= 13
    assert all(row["whose"] and row["comparable"] in ("yes", "no") and row["why"] and row["definition"] for row in rows)


def evolve_row(row, **changes):
    return {**row, **changes}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_indicator_is_computed_at_its_levels_and_refused_elsewhere_with_the_reason(name):
    definition = DEFINITIONS[name]
    assert set(definition.levels) <= set(LEVELS)
    for level in set(LEVELS) - set(definition.levels):
        with pytest.raises(OptionError) as caught:
            sv.indicators("three_sites", level, name)
        assert definition.why in str(caught.value)
        assert f"not defined for a {level}" in str(caught.value)


def test_a_regional_mci_is_refused_before_anything_is_loaded():
    with pytest.raises(OptionError, match="no lifetime and no use"):
        sv.indicators("nowhere/at/all", "region", "mci")


def test_all_faults_of_a_question_are_told_at_once():
    with pytest.raises(OptionError) as caught:
        sv.indicators("three_sites", "county", ["mci", "recycled_contents"])
    assert "no level 'county'" in str(caught.value)
    assert "Did you mean 'recycled_content'" in str(caught.value)


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


def test_nothing_is_said_of_years_where_all_are_of_the_vintage():
    shares = [{**row, "year": 2024} for row in (*CONTENTS, *CLEAN, *AFTER)]
    made = [*(activity("purchase", *each) for each in BUYS), activity("production", "metal.steel", 100)]
    small = builders.region(sites=SITES, activities=made, circularity=shares, uncertainties=SPREAD)
    assert [each.years for each in indicators(small, None, level="product", only=["recycled_content"]).items] == [""]


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


def test_recycled_content_names_what_of_its_denominator_is_from_memory_or_assumed():
    buys = [activity("purchase", "metal.scrap", 80), {**activity("purchase", "metal.ore", 40), "grade": "D"}]
    told = found("recycled_content", activities=[*buys, activity("production", "metal.steel", 100)])
    assert told.note.count("From memory or assumed, grade D, stand in its denominator: ") == 1
    sure = found(
        "recycled_content", activities=[buys[0], activity("purchase", "metal.ore", 40), activity("production", "metal.steel", 100)]
    )
    assert "grade D" not in sure.note
