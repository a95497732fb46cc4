"""The ledger of the teaching region: its reference, its closure, and differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from sivuvirta import regions
from sivuvirta.domain.ledger import Operations, sums
from sivuvirta.domain.links import ArcKind
from sivuvirta.errors import ShapeError
from sivuvirta.ledger.difference import difference
from sivuvirta.ledger.gaps import gaps
from sivuvirta.ledger.reference import idle, reference
from sivuvirta.links import build
from sivuvirta.tables import load, load_library

LIBRARY = Path(regions.__file__).parents[1] / "library" / "data"


@pytest.fixture(scope="module")
def links():
    return build(load(regions.path("three_sites"), load_library(LIBRARY)))


@pytest.fixture(scope="module")
def today(links):
    return reference(links)


@pytest.fixture(scope="module")
def planned(links, today):
    """The plan of the region's README: 3 000 t of ash to granules, 2 000 t of ash and 4 000 t of slag to the road."""
    amounts = {
        ("stream:slag", "need:road"): 4000,
        ("stream:ash", "need:road"): 2000,
        ("stream:ash", "plant:granulator"): 3000,
        ("plant:granulator", "need:forest"): 3000,
        ("stream:slag", "fate:slag_heap"): 6000,
        ("stream:ash", "fate:ash_landfill"): 1000,
        ("product:fertiliser", "need:forest"): 250,
    }
    ends = [(links.nodes.label(a), links.nodes.label(b)) for a, b in zip(links.arcs.origin, links.arcs.destination, strict=True)]
    arc = np.array([ends.index(key) for key in amounts], dtype=np.int32)
    operations = Operations(np.array([3000.0]), np.array([3000.0]), np.array([True]), np.zeros(1), np.array([60_000.0]))
    return evolve(
        today,
        name="planned",
        status="planned",
        arc=arc,
        amount=np.array(list(amounts.values()), dtype=float),
        verdict=np.full(len(arc), -1, dtype=np.int8),
        grade=np.zeros(len(arc), dtype=np.int8),
        operations=operations,
    )


def test_the_reference_sends_every_stream_to_its_outlets_and_buys_every_need(today, links):
    flows = today.to_frame().set_index(["origin", "destination"])["amount"].to_dict()
    assert flows == {
        ("stream:slag", "fate:slag_heap"): 10_000,
        ("stream:ash", "fate:ash_landfill"): 6000,
        ("product:rock", "need:road"): 6000,
        ("product:fertiliser", "need:forest"): 1000,
    }
    assert today.status == "reference"
    assert (today.verdict == -1).all()
    assert not today.operations.built.any()
    assert len(idle(links).activity) == len(links.works)


def test_the_grade_of_a_flow_is_the_worse_of_its_amount_and_its_coefficients(links):
    doubtful = evolve(links, supply=evolve(links.supply, grade=np.array([3, 0], dtype=np.int8)))
    frame = reference(doubtful).to_frame().set_index("origin")["grade"]
    assert (frame["stream:slag"], frame["stream:ash"]) == ("D", "A")


def test_every_node_closes(today, planned):
    for ledger in (today, planned):
        table = gaps(ledger)
        assert table["relative"].abs().max() <= 1e-12
        assert set(table["kind"]) == {"stream", "plant", "need"}
    forest = gaps(planned).set_index("node").loc["need:forest"]
    assert forest["enters"] == 0.25 * 3000 + 250  # in tonnes of fertiliser


@pytest.mark.parametrize(
    ("kind", "node", "relative"),
    [
        (ArcKind.FATE, "stream:slag", 300 / 10_000),
        (ArcKind.DELIVER, "plant:granulator", 300 / 3000),
        (ArcKind.BUY, "need:forest", 250 / 1000),
    ],
)
def test_a_gap_is_told_relative_to_the_nodes_own_throughput(planned, kind, node, relative):
    row = int(np.flatnonzero(planned.links.arcs.kind[planned.arc] == kind)[0])
    amount = planned.amount.copy()
    amount[row] -= min(300, amount[row])
    table = gaps(evolve(planned, amount=amount)).set_index("node")
    assert abs(table.loc[node, "relative"]) == pytest.approx(relative)


def test_a_market_may_take_less_but_not_more(links, planned):
    market = evolve(links, demand=evolve(links.demand, market=np.array([True, True])))
    short = evolve(planned, links=market, amount=np.where(planned.amount == 250, 0, planned.amount))
    assert gaps(short).set_index("node").loc["need:forest", "gap"] == 0
    much = evolve(planned, links=market, amount=np.where(planned.amount == 250, 1000, planned.amount))
    assert gaps(much).set_index("node").loc["need:forest", "gap"] == 750


def test_the_difference_lists_every_arc_that_carries_something_in_either(planned, today):
    table = difference(planned, today).set_index(["origin", "destination"])
    assert len(table) == 8
    assert table.loc[("stream:slag", "fate:slag_heap"), "difference"] == -4000
    assert table.loc[("product:rock", "need:road"), ["reference", "planned"]].tolist() == [6000, 0]
    assert table.loc[("stream:ash", "plant:granulator"), "unit"] == "t/a"
    assert difference(today, today)["difference"].abs().sum() == 0


def test_ledgers_of_different_links_have_no_difference(planned, today, links):
    with pytest.raises(ShapeError, match="same links"):
        difference(planned, evolve(today, links=evolve(links)))


def test_amounts_per_arc_and_sums_by_group(planned, links):
    dense = planned.per_arc()
    assert dense.shape == (len(links.arcs),)
    assert dense[planned.arc].tolist() == planned.amount.tolist()
    assert dense.sum() == planned.amount.sum()
    assert sums(np.array([0, 2, 2]), np.array([1.0, 2, 3]), 4).tolist() == [1, 0, 5, 0]
