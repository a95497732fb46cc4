"""Plants behind plants, and what they replace: numbers small enough to follow by hand, arcs in whatever order they stand."""

from __future__ import annotations

from itertools import permutations
from types import SimpleNamespace

import numpy as np
import pytest

from sivuvirta.assess.footprint.chains import Chain
from sivuvirta.domain.links import CO2_TERMS, ArcKind
from sivuvirta.domain.unknowns import Unknown

PURCHASE = CO2_TERMS.index("purchase")
NAMES = ["stream", "p1", "p2", "p3", "need", "market", "lime"]  # nodes 0 to 6
STREAM, P1, P2, P3, NEED, MARKET, LIME = range(7)


def chain(arcs, plants, own=()):
    """Arcs as (origin, destination, kind, flow, more), plants as (node, activity, kg per activity, its sd, unknown)."""
    rows = len(arcs)
    table = SimpleNamespace(
        origin=np.array([each[0] for each in arcs]),
        destination=np.array([each[1] for each in arcs]),
        kind=np.array([each[2] for each in arcs]),
        co2=np.zeros((rows, len(CO2_TERMS))),
        co2_sd=np.zeros((rows, len(CO2_TERMS))),
        unknown_co2=np.zeros(rows, dtype=bool),
        unknown_displaced=np.zeros(rows, dtype=bool),
        ratio=np.ones(rows),
    )
    for row, each in enumerate(arcs):
        more = each[4] if len(each) > 4 else {}
        table.co2[row, PURCHASE], table.co2_sd[row, PURCHASE] = more.get("co2", 0.0), more.get("sd", 0.0)
        table.unknown_co2[row], table.ratio[row] = more.get("unknown", False), more.get("ratio", 1.0)
    works = SimpleNamespace(
        node=np.array([each[0] for each in plants]),
        co2=np.array([[each[2], 0.0] for each in plants]),
        co2_sd=np.array([[each[3], 0.0] for each in plants]),
        unknown_co2=np.array([each[4] for each in plants]),
    )
    links = SimpleNamespace(arcs=table, works=works, nodes=SimpleNamespace(id=np.arange(len(NAMES)), name=np.array(NAMES)))
    flow, activity = np.array([float(each[3]) for each in arcs]), np.array([float(each[1]) for each in plants])
    ledger = SimpleNamespace(links=links, per_arc=lambda: flow, operations=SimpleNamespace(activity=activity))
    return Chain(ledger, np.isin(np.arange(len(NAMES)), own))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_of_three_in_any_order_of_its_arcs(order):
    """10 t through three plants of 1, 2 and 3 kg/t: 6 kg/t; 5 kg/t of deviation at the last, (10 x 5)^2 / 10^2 = 25; its doubt is told."""
    steps = [(STREAM, P1, ArcKind.FEED, 10), (P1, P2, ArcKind.PASS, 10), (P2, P3, ArcKind.PASS, 10)]
    found = chain([steps[each] for each in order], [(P1, 10, 1, 0, False), (P2, 10, 2, 0, False), (P3, 10, 3, 5, True)])
    assert found.per_unit(order.index(0)) == (pytest.approx(6.0), pytest.approx(25.0), (Unknown("emissions of p3", adds=True),))


def test_half_that_goes_on_brings_a_quarter_of_the_variance():
    """20 t in, 10 t on to a plant of 3 kg/t, deviation 4: 10 x 3 / 20 = 1.5 kg/t, 10^2 x 16 / 20^2 = 4."""
    found = chain([(P1, P3, ArcKind.PASS, 10), (STREAM, P1, ArcKind.FEED, 20)], [(P1, 20, 0, 0, False), (P3, 10, 3, 4, False)])
    assert found.per_unit(1) == (pytest.approx(1.5), pytest.approx(4.0), ())


def replacing(own=(), **bought):
    """10 t in, 10 t out to a need that buys at 500 kg, of which a tonne replaces a quarter."""
    arcs = [
        (STREAM, P1, ArcKind.FEED, 10),
        (P1, NEED, ArcKind.DELIVER, 10, {"ratio": 0.25}),
        (MARKET, NEED, ArcKind.BUY, 0, {"co2": 500.0, "sd": 40.0, **bought}),
    ]
    return chain(arcs, [(P1, 10, 1, 0, False)], own).per_unit(0)


def test_what_is_replaced_brings_its_value_and_its_variance():
    """1 - 0.25 x 500 = -124 kg/t, and (0.25 x 40)^2 = 100."""
    assert replacing() == (pytest.approx(-124.0), pytest.approx(100.0), ())


def test_a_need_of_the_system_itself_is_no_credit():
    """What it buys less is in its purchases already, so the plant's 1 kg/t is all."""
    assert replacing(own=(NEED,)) == (pytest.approx(1.0), 0.0, ())


def test_what_is_replaced_at_an_unknown_factor_is_named():
    assert replacing(unknown=True)[2] == (Unknown("emission factor of market", adds=False),)


def test_a_need_that_buys_nothing_is_named():
    found = chain([(STREAM, P1, ArcKind.FEED, 10), (P1, NEED, ArcKind.DELIVER, 10)], [(P1, 10, 1, 0, False)])
    assert found.per_unit(0) == (pytest.approx(1.0), 0.0, (Unknown("what need would use instead", adds=False),))


@pytest.mark.parametrize(
    ("plant", "reagent", "missing"),
    [(False, False, []), (True, True, ["emissions of p1", "emission of lime"]), (False, True, ["emission of lime"])],
)
def test_what_recovered_material_brings_along(plant, reagent, missing):
    """10 x 3 + 2 x 50 = 130 kg over 5 t out: 26 kg/t; (10 x 0.5)^2 + (2 x 6)^2 = 169 over 25."""
    lime = (LIME, P1, ArcKind.REAGENT, 2, {"co2": 50.0, "sd": 6.0, "unknown": reagent})
    arcs = [(STREAM, P1, ArcKind.FEED, 10), lime, (P1, NEED, ArcKind.DELIVER, 5)]
    found = chain(arcs, [(P1, 10, 3, 0.5, plant)]).own_per_output(2)
    assert found == (pytest.approx(26.0), pytest.approx(169 / 25), tuple(Unknown(each, adds=True) for each in missing))
