"""Indicators of a small region, each with its arithmetic beside it."""

from __future__ import annotations

from math import isnan

import pytest

import builders
import sivuvirta as sv
from sivuvirta.assess.circularity.asked import Asked
from sivuvirta.assess.circularity.beside import published
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.assess.circularity.computing import indicators
from sivuvirta.assess.circularity.definitions import DEFINITIONS
from sivuvirta.domain.indicators import LEVELS
from sivuvirta.errors import OptionError

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


def test_nothing_is_said_of_years_where_all_are_of_the_vintage():
    shares = [{**row, "year": 2024} for row in (*CONTENTS, *CLEAN, *AFTER)]
    made = [*(activity("purchase", *each) for each in BUYS), activity("production", "metal.steel", 100)]
    small = builders.region(sites=SITES, activities=made, circularity=shares, uncertainties=SPREAD)
    assert [each.years for each in indicators(small, None, level="product", only=["recycled_content"]).items] == [""]


def test_recycled_content_names_what_of_its_denominator_is_from_memory_or_assumed():
    buys = [activity("purchase", "metal.scrap", 80), {**activity("purchase", "metal.ore", 40), "grade": "D"}]
    told = found("recycled_content", activities=[*buys, activity("production", "metal.steel", 100)])
    assert told.note.count("From memory or assumed, grade D, stand in its denominator: ") == 1
    sure = found(
        "recycled_content", activities=[buys[0], activity("purchase", "metal.ore", 40), activity("production", "metal.steel", 100)]
    )
    assert "grade D" not in sure.note
