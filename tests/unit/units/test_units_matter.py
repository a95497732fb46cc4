"""Moisture, carriers, compositions and ranges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sivuvirta.units import carriers
from sivuvirta.units.composition import conversions
from sivuvirta.units.moisture import dry_amount, sent_amount, sent_per_dry
from sivuvirta.units.ranges import combined_sd, range_of_sd, sd_of_range

NAN = float("nan")
TABLE = conversions(
    [
        ("Cr_total", "element", None, NAN),
        ("Cr2O3", "oxide", "Cr_total", 0.68421),
        ("CrO3", "oxide", "Cr_VI", 0.52),
        ("Cr_VI", "ion", "Cr_total", 1.0),
        ("Fe", "element", None, NAN),
        ("FeO", "oxide", "Fe", 0.77731),
        ("Fe2O3", "oxide", "Fe", 0.69943),
        ("Ca", "element", None, NAN),
        ("CaO", "oxide", "Ca", 0.7147),
        ("CaO_free", "oxide", "Ca", 0.7147),
        ("CaCO3", "oxide", "Ca", 0.40044),
    ]
)


def test_an_oxide_states_its_element_and_back():
    assert TABLE.factor("Cr2O3", "Cr_total") == 0.68421
    assert TABLE.factor("Cr_total", "Cr2O3") == pytest.approx(1 / 0.68421)
    assert TABLE.factor("FeO", "Fe2O3") == pytest.approx(0.77731 / 0.69943)
    assert TABLE.factor("pH", "pH") == 1.0


@pytest.mark.parametrize("target", ["Cr_VI", "CrO3"])
@pytest.mark.parametrize("source", ["Cr_total", "Cr2O3", "Fe"])
def test_hexavalent_chromium_is_never_derived(source, target):
    assert TABLE.factor(source, target) is None
    assert TABLE.factor(target, source) is None


@pytest.mark.parametrize(("source", "target"), [("CaO_free", "Ca"), ("Ca", "CaO_free"), ("CaCO3", "CaO"), ("CaO", "CaCO3"), ("Fe", "Ca")])
def test_a_part_or_a_phase_stands_for_nothing_else(source, target):
    assert TABLE.factor(source, target) is None


def test_the_family_of_a_component_is_what_it_follows_from():
    assert TABLE.related("Fe") == ("Fe", "FeO", "Fe2O3")
    assert TABLE.related("Fe2O3") == ("Fe2O3", "Fe", "FeO")
    assert TABLE.related("Cr_VI") == ("Cr_VI",)


@given(dry=st.floats(0, 1e9), moisture=st.floats(0, 99))
def test_dry_as_sent_and_back_is_the_same(dry, moisture):
    assert dry_amount(sent_amount(dry, moisture), moisture) == pytest.approx(dry, rel=1e-12)


def test_moisture_is_per_cent_of_what_is_sent():
    assert sent_per_dry(0.0) == 1.0
    np.testing.assert_allclose(sent_per_dry(np.array([20.0, 50.0])), [1.25, 2.0])
    assert dry_amount(1000.0, 8.0) == pytest.approx(920.0)


def test_a_carrier_is_counted_in_its_units():
    assert carriers.fits("gas", "MWh")
    assert not carriers.fits("solid", "m3")
    assert not carriers.fits("nothing", "t")


def test_a_range_is_the_5_and_95_per_cent_points():
    sd = sd_of_range(83.55, 116.45)
    assert sd == pytest.approx(10.0)
    assert range_of_sd(100.0, sd) == pytest.approx((83.55, 116.45))
    assert combined_sd(3.0, 4.0) == pytest.approx(5.0)
    np.testing.assert_allclose(combined_sd(np.array([3.0, 0.0]), np.array([4.0, 2.0])), [5.0, 2.0])
