"""What must hold of every allocation: nothing is lost, equal prices are masses, no credit is no difference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sivuvirta.assess.footprint.allocation import System, shares
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS, METHODS

positive = st.floats(0.01, 1e4)
some = st.integers(1, 5)


@st.composite
def systems(draw, *, waste=True):
    parts, leaving = draw(some), draw(some)
    column = lambda count, values: np.array(draw(st.lists(values, min_size=count, max_size=count)))  # noqa: E731
    return System(
        amount=column(parts, positive),
        factor=column(parts, st.floats(-100, 1000)),
        counts={method: np.ones(parts, dtype=bool) for method in METHODS},
        product=draw(positive),
        price=draw(positive),
        leaving=column(leaving, positive),
        leaving_price=column(leaving, positive),
        credit=column(leaving, st.floats(-1000, 100)),
        coproduct=column(leaving, st.booleans()) if waste else np.ones(leaving, dtype=bool),
        weighed=np.ones(leaving, dtype=bool),
    )


def changed(system, **fields):
    told = {name: getattr(system, name) for name in System.__annotations__}
    return System(**{**told, **fields})


def each_in_turn(system, method):
    """Footprint per unit of the product and of every co-product, each taken as the product once."""
    amounts, prices = np.append(system.product, system.leaving), np.append(system.price, system.leaving_price)
    found = []
    for row in range(len(amounts)):
        others = np.arange(len(amounts)) != row
        turned = changed(
            system,
            product=amounts[row],
            price=prices[row],
            leaving=amounts[others],
            leaving_price=prices[others],
            credit=np.zeros(others.sum()),
        )
        found.append(turned.footprint(method))
    return amounts, np.array(found)


@given(systems(waste=False), st.sampled_from([MASS, ECONOMIC]))
def test_what_products_bear_adds_up_to_the_burden(system, method):
    amounts, footprints = each_in_turn(system, method)
    size = np.abs(system.amount * system.factor).sum()
    assert float(amounts @ footprints) == pytest.approx(system.burden(method), abs=1e-9 * size)


@given(st.lists(positive, min_size=1, max_size=6))
def test_shares_add_up_to_1(weights):
    assert shares(np.array(weights)).sum() == pytest.approx(1.0)


@given(systems(), positive)
def test_with_equal_prices_value_is_mass(system, price):
    equal = changed(system, price=price, leaving_price=np.full(len(system.leaving), price))
    assert equal.footprint(ECONOMIC) == pytest.approx(equal.footprint(MASS))


@given(systems())
def test_without_a_credit_system_expansion_leaves_all_burden_with_the_product(system):
    bare = changed(system, credit=np.zeros(len(system.leaving)))
    assert bare.footprint(EXPANSION) == pytest.approx(bare.burden(EXPANSION) / bare.product)


@given(systems(), st.sampled_from([MASS, ECONOMIC]))
def test_a_coproduct_never_raises_what_the_product_bears(system, method):
    alone = changed(system, coproduct=np.zeros(len(system.leaving), dtype=bool))
    assert system.share(method) <= alone.share(method) == 1.0


@given(systems(), st.floats(0.1, 10), st.sampled_from(METHODS))
def test_a_works_of_another_size_has_the_same_footprint(system, times, method):
    larger = changed(system, amount=system.amount * times, product=system.product * times, leaving=system.leaving * times)
    assert larger.footprint(method) == pytest.approx(system.footprint(method), rel=1e-6, abs=1e-6)
