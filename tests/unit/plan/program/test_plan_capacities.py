"""A capacity belongs to the thing that has it, however many arcs lead there."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.linopy_model import optimum
from tests.engine.linopy_world import PROVEN
from tests.engine.worlds import ASH, DUST, ROCK, SLAG, accepts, base, costs, fate, matched, planned, plant, technology

from sivuvirta.domain.links import ArcKind
from sivuvirta.errors import InfeasibleError
from sivuvirta.plan.program.families import program


def two_crushers(heap: float, fee: float = 60):
    """Two crushers, each with slag of its own; what is not rock goes to one heap, whose fee is far below that of the slag's."""
    made = technology("crushing", {"feed": (SLAG, 1, 1, None)}, {"rock": (ROCK, "product", 0.5), "dust": (DUST, "residue", 0.5)}, capex=100)
    streams = [{"stream": f"slag{n}", "site": f"s{n}", "material": SLAG, "amount": 700} for n in (0, 1)]
    heaped = {"fate": "dust", "technology": "crushing", "output": "dust", "name": "Dust heap", "kind": "stored", "fee": 1, "basis": "dry"}
    outlets = [*(fate(f"slag{n}", "landfill", fee) for n in (0, 1)), {**heaped, "capacity": heap, "grade": "A", "source": "invented"}]
    plants = [plant(f"crusher{n}", "crushing", f"s{n}", capacity_min=10, capacity_max=800) for n in (0, 1)]
    needs = [{"need": "road", "site": "s2", "amount": 5000, "price": 20}]
    return base(streams, needs, fates=outlets, acceptances=[accepts("road", ROCK)], links=costs(), plants=plants, **made)


def on_the_heap(network) -> float:
    ledger = network.ledger
    return float(ledger.amount[ledger.links.arcs.kind[ledger.arc] == ArcKind.RESIDUE].sum())


def test_two_plants_fill_one_heap():
    assert on_the_heap(planned(matched(two_crushers(2000))).proven) == pytest.approx(700)
    matches = matched(two_crushers(500))
    network = planned(matches).proven
    assert on_the_heap(network) == pytest.approx(500)
    (told,) = [marginal for marginal in network.marginals if marginal.label == "capacity(outlet,dust)"]
    assert told.text.startswith("One more tonne of capacity at 'Dust heap' a year is worth ")
    assert network.objective == pytest.approx(optimum(matches, PROVEN), rel=1e-6)


def one_way(capacity: float, **more):
    """Slag and ash stand on one site and the road on another; one row of links speaks of the way between the sites."""
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000},
        {"stream": "ash", "site": "s0", "material": ASH, "amount": 1000},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 5000, "price": 20, **more.pop("need", {})}]
    ways = [dict(row, capacity=capacity) if (row["origin"], row["destination"]) == ("s0", "s2") else row for row in costs()]
    outlets = [fate("slag", "stored", 5), fate("ash", "landfill", 40)]
    return matched(base(streams, needs, fates=outlets, acceptances=[accepts("road", SLAG), accepts("road", ASH)], links=ways))


def test_two_streams_share_the_capacity_of_one_row_of_links():
    matches = one_way(1500)
    assert matches.links.arcs.capacity_group[matches.links.arcs.kind == ArcKind.DIRECT].tolist() == [1, 1]
    network = planned(matches).proven
    assert network.route_flow.tolist() == pytest.approx([500, 1000])
    (told,) = [marginal for marginal in network.marginals if marginal.label == "capacity(way,s0,s2)"]
    assert told.value == pytest.approx(20 + 5 - 3)
    assert told.text == "One more tonne of capacity at the way from 's0' to 's2' a year is worth 22 EUR."
    assert network.objective == pytest.approx(optimum(matches, PROVEN), rel=1e-6)


def test_a_way_that_all_its_streams_do_not_fill_has_no_row():
    assert program(one_way(1500)).lp.family("capacity").count == 1
    assert program(one_way(2000)).lp.family("capacity").count == 0


def test_a_full_way_is_named_where_it_is_at_fault():
    with pytest.raises(InfeasibleError) as caught:
        planned(one_way(1500, need={"minimum": 1800}))
    assert "at most 1,500 t/a fit into the way from 's0' to 's2'" in caught.value.conflicts


def test_a_row_without_capacity_groups_nothing():
    arcs = matched(two_crushers(500)).links.arcs
    assert (arcs.capacity_group == -1).all()
    assert np.isinf(arcs.capacity[arcs.kind == ArcKind.DELIVER]).all()
