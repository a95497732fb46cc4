"""Side streams that come back to their own works, and chains of plants."""

from __future__ import annotations

import pandas as pd
import pytest

import footprint_worlds as worlds
from footprint_worlds import activity, price
from sivuvirta.assess.footprint.computing import footprint
from sivuvirta.domain.burdens import EXPANSION, MASS
from sivuvirta.ledger.realised import ledger_of
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build

STEEL = "works/metal.stainless"
WORKS = [
    activity("works", "production", "metal.stainless", 1_000),
    activity("works", "emission", "gas.co2", 100),
    activity("works", "purchase", "rock", 0),
]


def fates(**more):
    kept = {"fate": "slag_back", "stream": "slag", "name": "Back into the furnace", "share": 100, "basis": "dry", "co2": 0.0}
    back = {**kept, "kind": "internal_use", "organisation": "works_ltd", "fee": 0.0, "revenue": 0.0, "product": "rock", "ratio": 1.0}
    ash = {"fate": "ash_landfill", "stream": "ash", "name": "Landfill", "kind": "landfill", "share": 100, "fee": 15, "tax": 25, "co2": 0.0}
    return [{**back, **more, **worlds.GRADED}, {**ash, "basis": "dry", **worlds.GRADED}]


def told(flows, **more):
    links = build(worlds.region(WORKS, [price(STEEL, 1000)], fates=fates(**more)))
    ledger = ledger_of(links, pd.DataFrame(flows, columns=["origin", "destination", "amount"]))
    return footprint(links.region, reference(links), [("planned", ledger)], "stainless steel")


def test_what_comes_back_is_no_coproduct_and_its_loss_is_bought_again():
    """100 t over 1 000 t; today all slag comes back. 4 000 t to the road (4 - 5 kg/t) are bought again as rock at 5 kg/t."""
    found = told([("stream:slag", "fate:slag_back", 6000.0), ("stream:slag", "need:road", 4000.0)])
    assert found.result(EXPANSION).value == pytest.approx(100.0)
    assert found.coproducts()["role"].tolist() == ["product"]
    assert found.result(EXPANSION, "planned").value == pytest.approx((100_000 + 4_000 * 5 + 4_000 * (4 - 5)) / 1_000)


def test_used_by_others_it_is_a_coproduct():
    """Sold to somebody else it shares by mass: 100 000 kg over 1 000 + 10 000 t."""
    found = told([("stream:slag", "fate:slag_back", 10_000.0)], kind="sold", organisation=None, revenue=1.0)
    assert found.result(MASS).value == pytest.approx(100_000 / 11_000)
    assert found.result(EXPANSION).value == pytest.approx((100_000 - 10_000 * 5) / 1_000)


def test_taken_for_a_fee_it_is_waste_and_bears_nothing():
    found = told([("stream:slag", "fate:slag_back", 10_000.0)], kind="recycled", organisation=None, fee=3.0, revenue=None)
    assert found.coproducts()["role"].tolist() == ["product", "waste"]
    assert found.result(MASS).value == pytest.approx(100.0)
    assert found.result(EXPANSION).value == pytest.approx(50.0)


def test_disposal_is_a_burden():
    """10 000 t at 2 kg/t."""
    found = told([("stream:slag", "fate:slag_back", 10_000.0)], kind="landfill", organisation=None, fee=3.0, tax=0.0, product=None, co2=2.0)
    assert found.result(MASS).value == pytest.approx(120.0)
    assert found.contributions(MASS).set_index("kind").loc["residue", "value"] == pytest.approx(20.0)
