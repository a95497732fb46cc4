"""Allocation between co-products, each figure with its arithmetic beside it."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from sivuvirta.assess.footprint.allocation import System, shares
from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS, METHODS


def system(credit=-2.0, price=300.0, **more):
    """1 000 kg CO2e a year; 10 t of product at 600 EUR/t; 5 t of slag at `price`, 4 MWh of gas at 10; 2 t of waste."""
    told = {
        "amount": np.array([100.0, 50.0]),
        "factor": np.array([8.0, 4.0]),  # 800 + 200
        "counts": {method: np.array([True, True]) for method in METHODS},
        "product": 10.0,
        "price": 600.0,
        "leaving": np.array([5.0, 4.0, 2.0]),
        "leaving_price": np.array([price, 10.0, -70.0]),
        "credit": np.array([credit, -20.0, -30.0]),
        "coproduct": np.array([True, True, False]),
        "weighed": np.array([True, False, True]),
    }
    return System(**{**told, **more})


def test_mass_counts_tonnes_and_neither_energy_nor_waste():
    """1 000 kg over 10 + 5 t."""
    assert system().share(MASS) == pytest.approx(10 / 15)
    assert system().footprint(MASS) == pytest.approx(1000 / 15)


def test_value_counts_what_is_sold_and_not_what_is_paid_for_to_be_rid_of():
    """6 000 of 6 000 + 1 500 + 40 EUR."""
    assert system().share(ECONOMIC) == pytest.approx(6000 / 7540)
    assert system().footprint(ECONOMIC) == pytest.approx(1000 * 6000 / 7540 / 10)


def test_system_expansion_counts_every_credit():
    """1 000 - 5 x 2 - 4 x 20 - 2 x 30 = 850 kg over 10 t."""
    assert system().share(EXPANSION) == 1.0
    assert system().footprint(EXPANSION) == pytest.approx(85.0)


def test_a_part_counts_only_in_the_methods_it_is_of():
    counts = {EXPANSION: np.array([True, False]), MASS: np.array([True, True]), ECONOMIC: np.array([True, True])}
    assert (system(counts=counts).burden(EXPANSION), system(counts=counts).burden(MASS)) == (800.0, 1000.0)


def test_other_figures_in_the_same_order_make_another_system():
    first = system()
    doubled = first.moved(first.vector() * np.r_[np.full(2, 2.0), np.ones(len(first.vector()) - 2)])
    assert doubled.burden(MASS) == 2000.0
    assert doubled.moved(first.vector()).footprint(EXPANSION) == first.footprint(EXPANSION)


def test_nothing_to_share_by_is_unknown():
    assert np.isnan(shares(np.zeros(3))).all()
    assert np.isnan(system(price=0.0, leaving_price=np.zeros(3), product=0.0).share(ECONOMIC))


def test_alone_the_product_bears_all():
    """Waste beside it bears nothing, so its price need not be known: 1 000 kg over 10 t."""
    alone = evolve(system(coproduct=np.zeros(3, dtype=bool)), price=np.nan)
    assert [alone.share(method) for method in METHODS] == [1.0, 1.0, 1.0]
    assert alone.footprint(ECONOMIC) == pytest.approx(100.0)


def test_nothing_made_has_no_footprint():
    assert system(product=0.0, coproduct=np.zeros(3, dtype=bool)).footprint(MASS) == np.inf
    assert system(product=0.0, credit=-1e6).footprint(EXPANSION) == -np.inf
    assert np.isnan(system(product=0.0).footprint(MASS))  # the slag bears all
