"""Material Circularity Indicator by hand."""

from __future__ import annotations

from math import isnan, nan

import pytest

from sivuvirta.assess.circularity.mci import Product, linear_flow_index, mci, portfolio


def test_a_product_by_hand():
    """A quarter recycled in, 40 % recycled and 10 % reused after use, both recyclings 90 % efficient.

    V = 0.75; W0 = 1 - 0.4 - 0.1 = 0.5; WC = 0.1 x 0.4 = 0.04; WF = 0.1 x 0.25 / 0.9 = 0.027778; W = 0.5 + 0.067778 / 2 = 0.533889;
    LFI = 1.283889 / (2 - 0.012222 / 2) = 1.283889 / 1.993889 = 0.643912; MCI = 1 - 0.9 x 0.643912 = 0.420479; X = 1.5: 1 - 0.6 x LFI.
    """
    product = {"recycled": 0.25, "to_recycling": 0.4, "to_reuse": 0.1, "after_use": 0.9, "feedstock": 0.9}
    assert linear_flow_index(Product(**product)) == pytest.approx(0.643912, abs=5e-7)
    assert mci(Product(**product)) == pytest.approx(0.420479, abs=5e-7)
    assert mci(Product(**product, utility=1.5)) == pytest.approx(1 - 0.6 * 0.643912, abs=5e-7)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"recycled": 1.2}, "'recycled' is 1.2"),
        ({"recycled": 0.7, "reused": 0.4}, "add up to 1.1 before"),
        ({"to_recycling": 0.7, "to_energy": 0.4}, "and 1.1 after use"),
        ({"utility": 0.0}, "'utility' is 0.0"),
        ({"feedstock": 0.0}, "'feedstock' is 0.0"),
        ({"recycled": nan}, "'recycled' is nan"),
    ],
)
def test_what_is_no_product_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Product(**wrong)


def test_a_portfolio_weighs_its_products():
    assert portfolio([0.1, 1.0], [300.0, 100.0]) == pytest.approx((0.1 * 300 + 100) / 400)
    assert isnan(portfolio([0.1, nan], [1.0, 1.0]))
    assert isnan(portfolio([], []))
