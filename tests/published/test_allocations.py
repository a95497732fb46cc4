"""Allocation between co-products as pages print it: soy oil and soy meal, shared by mass, value and energy."""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta import cases
from sivuvirta.assess.footprint.allocation import System
from sivuvirta.domain.burdens import ECONOMIC, MASS
from sivuvirta.errors import UnknownNameError


def computed(tables, burden):
    """Share in per cent and footprint per unit, by product and method; energy takes the place of the price in a share by energy."""
    products = tables["products"]
    amount = products["amount"].to_numpy(dtype=float)
    found = {}
    for method in set(tables["printed"]["method"]):
        worth = products["price" if method in ("mass", "economic") else method].to_numpy(dtype=float)
        by = MASS if method == "mass" else ECONOMIC
        for row, product in enumerate(products["product"]):
            others = np.arange(len(amount)) != row
            count = int(others.sum())
            system = System(
                amount=np.array([burden]),
                factor=np.ones(1),
                counts={by: np.ones(1, dtype=bool)},
                product=amount[row],
                price=worth[row],
                leaving=amount[others],
                leaving_price=worth[others],
                credit=np.zeros(count),
                coproduct=np.ones(count, dtype=bool),
                weighed=np.ones(count, dtype=bool),
            )
            found[product, method] = {"share": 100 * system.share(by), "footprint": system.footprint(by)}
    return found


def test_there_are_two_and_each_names_what_was_opened():
    assert cases.allocations() == ("soy_crush_2019", "soy_press_2024")
    for name in cases.allocations():
        _, said = cases.allocation(name)
        for part in ("title", "citation", "page", "url", "opened", "quote", "note"):
            assert said[part], part
    with pytest.raises(UnknownNameError, match="There are: soy_crush_2019"):
        cases.allocation("nothing")


@pytest.mark.parametrize("name", cases.allocations())
def test_every_printed_figure_is_met_to_its_last_digit(name):
    tables, said = cases.allocation(name)
    found = computed(tables, said["burden"])
    assert len(tables["printed"]) >= 4
    for row in tables["printed"].itertuples():
        digits = len(row.value.partition(".")[2])
        value = found[row.product, row.method][row.quantity]
        cut = f"{int(value * 10**digits) / 10**digits:.{digits}f}"  # one page cuts a figure off, as its note says
        assert row.value in ({f"{value:.{digits}f}"} | ({cut} if "cut off" in said["note"] else set())), (row.product, row.method)


def test_of_each_way_to_share_the_parts_make_the_whole():
    for name in cases.allocations():
        tables, said = cases.allocation(name)
        amounts = tables["products"].set_index("product")["amount"]
        whole = {}
        for (product, method), each in computed(tables, said["burden"]).items():
            whole[method] = whole.get(method, 0.0) + each["footprint"] * amounts[product]
        assert whole == pytest.approx(dict.fromkeys(whole, said["burden"]))
