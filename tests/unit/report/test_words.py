"""Figures as people read them."""

from __future__ import annotations

import math

import pytest

from sivuvirta.report.words import MINUS, SPACE, count, figure, listed, number, pretty, sentence, span


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_639_000, "t/a", "1.64 Mt/a"),
        (90_000, "t/a", "90 kt/a"),
        (6_083, "t/a", "6,080 t/a"),
        (357_000, "EUR/a", "357 k€/a"),
        (26.04, "EUR/t", "26 €/t"),
        (-329_000, "kg CO2e/a", f"{MINUS}329 t CO₂e/a"),
        (12_400, "t CO2e/a", "12.4 kt CO₂e/a"),
        (1_050_000, "MWh/a", "1.05 TWh/a"),
        (0.3975, "loads/d", "0.398 loads/day"),
        (0, "t/a", "0 t/a"),
        (-12.345, "EUR/t", f"{MINUS}12.3 €/t"),
        (50_000, "EUR/t", "50,000 €/t"),  # a price is never scaled
    ],
)
def test_a_figure_has_three_digits_and_a_fitting_unit(value, unit, text):
    assert figure(value, unit).text == text.replace(" ", SPACE, 1)


def test_the_full_figure_stands_behind_the_rounded_one():
    assert figure(1_638_912.4, "t/a").full == f"1,638,912{SPACE}t/a"


@pytest.mark.parametrize("value", [None, math.nan])
def test_unknown_is_a_word_and_never_zero(value):
    shown = figure(value, "t/a")
    assert shown.text == "not known"
    assert not shown.known


def test_a_range_has_one_unit_for_both_ends():
    assert span(280_000, 400_000, "t/a") == f"280 to 400{SPACE}kt/a"
    assert span(900_000, 1_300_000, "EUR/a") == f"0.9 to 1.3{SPACE}M€/a"
    assert span(-5, 5, "EUR/t") == f"{MINUS}5 to 5{SPACE}€/t"
    assert span(5, 5, "EUR/t") == ""
    assert span(None, 5, "EUR/t") == ""


def test_rounding_carries_over_a_power_of_ten():
    assert number(999.6) == "1,000"
    assert number(0.09996) == "0.1"
    assert figure(999_600, "t/a").text == f"1{SPACE}Mt/a"


def test_a_plus_is_written_where_it_is_asked_for():
    assert figure(3, "EUR/t", sign=True).text == f"+3{SPACE}€/t"
    assert figure(-3, "EUR/t", sign=True).text == f"{MINUS}3{SPACE}€/t"


def test_units_and_phrases():
    assert pretty("kgCO2e/t") == "kg CO₂e/t"
    assert pretty("EUR/m3") == "€/m³"
    assert count(0, "stream") == "no streams"
    assert count(1, "stream") == "1 stream"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert listed(["a", "b"]) == "a and b"
    assert listed([]) == ""
    assert sentence("it does not pay") == "It does not pay."


def test_the_rounding_of_sums_is_no_figure():
    """A person hears 0 where 3.6 - 3.6 leaves 4e-16, and no range where both ends are rounding."""
    assert span(4.4e-16, 7.2, "posts") == f"0 to 7.2{SPACE}posts"
    assert span(-727_040.8, 9.3e-10, "EUR/a") == f"{MINUS}727 to 0{SPACE}k€/a"
    assert span(0.0, 4.66e-10, "t bit/a") == ""
    assert figure(1.8e-11, "EUR/a", sign=True).text == f"0{SPACE}€/a"
    assert figure(1.2e-8, "t/a").text == f"0.000000012{SPACE}t/a"  # 12 mg is a figure
