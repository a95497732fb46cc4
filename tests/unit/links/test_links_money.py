"""Prices and emission factors: each on its own basis."""

import numpy as np
import pytest

from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind
from sivuvirta.links import build

PRICE, FACTOR = EUR_TERMS.index("purchase"), CO2_TERMS.index("purchase")


@pytest.fixture
def bought(make, rows):
    """EUR and kg CO2e of a dry tonne of rock that holds 20 % water, with its price and factor changed."""

    def buy(price=(), factor=(), priced=True):
        materials = [{**row, "moisture": 20} if row["material"] == "aggregate" else row for row in rows["materials"]]
        prices = [{**row, **(dict(price) if row["subject"] == "rock" else {})} for row in rows["prices"]]
        links = build(
            make(
                materials=materials,
                prices=[row for row in prices if priced or row["subject"] != "rock"],
                factors=[{**row, **(dict(factor) if row["subject"] == "rock" else {})} for row in rows["factors"]],
            )
        )
        (arc,) = np.flatnonzero(links.arcs.kind == ArcKind.BUY)
        return float(links.arcs.eur[arc, PRICE]), float(links.arcs.co2[arc, FACTOR])

    return buy


def test_a_price_is_as_sent_and_a_factor_dry_unless_they_say_otherwise(bought):
    assert bought() == pytest.approx((15, 6))
    assert bought(price={"basis": "dry"}) == pytest.approx((12, 6))
    assert bought(factor={"basis": "as_sent"}) == pytest.approx((15, 7.5))


@pytest.mark.parametrize("basis", ["dry", "as_sent"])
def test_a_price_says_nothing_of_the_emission(bought, basis):
    factor = {"basis": basis}
    emission = bought(factor=factor)[1]
    assert bought(factor=factor, price={"basis": "dry"})[1] == emission
    assert bought(factor=factor, priced=False) == (0, emission)
