"""Units: spellings, factors, and what cannot be turned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sivuvirta.errors import UnitError
from sivuvirta.units.quantities import convert, factor, is_unit, spelling, suggestion


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("t/v", "t/a"),
        ("tonnes per year", "t/a"),
        ("[kt/a]", "kt/a"),
        ("€/t", "EUR/t"),
        ("M€", "MEUR"),
        ("kg CO2-ekv/t", "kgCO2e/t"),
        ("g CO2e/km", "gCO2e/km"),
        ("mg/kg ka", "mg/kg"),
        ("mg/kg_dm", "mg/kg"),
        ("% dry", "%"),
        ("m³/vrk", "m3/d"),
        ("EUR/(t.km)", "EUR/tkm"),
        ("°C", "degC"),
        ("1000 t/a", "1000*t/a"),
        ("ng WHO-TEQ/kg", "ng WHO-TEQ/kg"),
    ],
)
def test_a_unit_has_one_spelling(written, kept):
    assert spelling(written) == kept


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("t/a", "t/a", 1.0),
        ("Mt/a", "t/a", 1e6),
        ("kg/h", "t/a", 8.76),
        ("1000 t/a", "t/a", 1000.0),
        ("GWh/a", "MWh/a", 1000.0),
        ("MW", "MWh/a", 8760.0),
        ("MJ/kg", "MWh/t", 1 / 3.6),
        ("GJ", "MWh", 1 / 3.6),
        ("%", "mg/kg", 10_000.0),
        ("g/kg", "%", 0.1),
        ("ppm", "mg/kg", 1.0),
        ("µg/g", "mg/kg", 1.0),
        ("k€/a", "EUR/a", 1000.0),
        ("snt/kWh", "EUR/MWh", 10.0),
        ("EUR/kg", "EUR/t", 1000.0),
        ("gCO2e/kWh", "kgCO2e/MWh", 1.0),
        ("EUR/tkm", "EUR/t/km", 1.0),
        ("l", "m3", 0.001),
        ("ng WHO-TEQ/kg", "ng WHO-TEQ/kg", 1.0),
    ],
)
def test_a_factor_is_what_one_unit_is_in_another(source, target, expected):
    assert factor(source, target) == pytest.approx(expected, rel=1e-12)


def test_kt_is_a_thousand_tonnes_and_never_a_knot():
    assert factor("kt", "t") == 1000.0
    assert not is_unit("mt")
    assert not is_unit("knot")


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("t/a", "MWh/a", "'t/a' cannot be turned into 'MWh/a'."),
        ("kg/t", "kgCO2e/t", "'kg/t' cannot be turned into 'kgCO2e/t'."),
        ("USD/t", "EUR/t", "'USD/t' cannot be turned into 'EUR/t'."),
        ("m3", "t", "'m3' cannot be turned into 't'."),
        ("kTt/a", "t/a", "'kTt/a' is not a unit that is known. Did you mean 'kt/a'?"),
        ("mwh/a", "MWh/a", "'mwh/a' is not a unit that is known. Did you mean 'MWh/a'?"),
        ("barrel", "m3", "'barrel' is not a unit that is known."),
        ("t dry of slag", "t", "'t dry of slag' is not a unit that is known."),
    ],
)
def test_what_cannot_be_turned_says_why(source, target, message):
    with pytest.raises(UnitError) as raised:
        factor(source, target)
    assert str(raised.value) == message


def test_temperatures_have_an_offset():
    assert convert(300.0, "K", "degC") == pytest.approx(26.85)
    np.testing.assert_allclose(convert(np.array([0.0, 100.0]), "degC", "K"), [273.15, 373.15])
    with pytest.raises(UnitError, match="'degC' cannot be turned into 'K' by a factor"):
        factor("degC", "K")


def test_a_suggestion_is_near_or_nothing():
    assert suggestion("Gwh") == "GWh"
    assert suggestion("quux") == ""


UNITS = st.sampled_from(["kg", "t", "kt", "Mt", "g", "mg", "lb"])


@given(one=UNITS, other=UNITS, amount=st.floats(1e-6, 1e9))
def test_there_and_back_is_the_same(one, other, amount):
    assert convert(convert(amount, one, other), other, one) == pytest.approx(amount, rel=1e-12)
