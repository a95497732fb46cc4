"""Circularity by what is published: ends that the methods give, tonnages and shares that pages print.

No page with inputs and result of a Material Circularity Indicator or of Circular Transition Indicators could be opened, so these are
tested at the values that the methodology gives for its ends, and by hand elsewhere.
"""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.assess.circularity.mci import Product, linear_flow_index, mci
from sivuvirta.library import tables


def test_the_linear_end():
    """All virgin, all wasted, as useful as the mean: LFI = (1 + 1) / 2 = 1, MCI = 1 - 0.9 = 0.1."""
    assert linear_flow_index(Product()) == 1.0
    assert mci(Product()) == pytest.approx(0.1)


@pytest.mark.parametrize(
    "product", [Product(reused=1.0, to_reuse=1.0), Product(recycled=1.0, to_recycling=1.0), Product(biological=1.0, to_compost=1.0)]
)
def test_the_circular_end(product):
    """Nothing virgin, nothing wasted: LFI = 0, MCI = 1, however useful."""
    assert (linear_flow_index(product), mci(product)) == (0.0, 1.0)


def test_a_linear_product_of_less_use_than_nine_tenths_of_the_mean_has_0():
    assert mci(Product(utility=0.9)) == pytest.approx(0.0, abs=1e-12)
    assert mci(Product(utility=0.5)) == 0.0


def test_the_tonnages_that_outokumpu_prints_give_less_than_the_share_beside_them():
    """2 445 532 t of recycled steel for 2 930 995 t of stainless in 2016 are 83.44 %; the page says up to 87 %, with recovered waste."""
    found = sv.indicators("kemi_tornio", "organisation", "recycled_input_rate").find("recycled_input_rate", "outokumpu")
    assert found.value == pytest.approx(100 * 2445532 / 2930995)
    assert round(found.value, 2) == 83.44
    printed = next(each for each in found.published if each.year == 2016)
    assert (printed.value, printed.agreement) == (87.0, "3.56 percentage points above the computed range")


def test_the_parts_of_the_recycling_rate_add_up_as_printed():
    """95 % of stainless steel is recycled, 70 % into stainless and 25 % into carbon steel."""
    found = sv.indicators("kemi_tornio", "product", ["end_of_life_recycling_rate", "end_of_life_functional"], draws=0)
    rate, functional = (found.find(name).value for name in ("end_of_life_recycling_rate", "end_of_life_functional"))
    assert (rate, functional) == (pytest.approx(95.0), pytest.approx(70.0))
    assert rate - functional == pytest.approx(25.0)


def test_chromium_is_followed_but_is_not_among_the_34_listed_materials():
    listed = {row["component"]: row["listing"] for row in tables()["critical_materials"].rows()}
    assert listed["Cr_total"] == "not_listed"
    assert {listed[name] for name in ("Co", "Ni", "Cu", "Mn")} == {"critical_and_strategic"}
    assert {listed[name] for name in ("P", "V", "Sb", "As")} == {"critical"}


def test_a_figure_that_is_cut_at_100_says_so_in_its_own_words():
    found = {each.level: each for each in sv.indicators("kemi_tornio").items if each.name == "Recycled input per product" and each.cap}
    assert found["product"].words == "100 %, capped at 100 %"
