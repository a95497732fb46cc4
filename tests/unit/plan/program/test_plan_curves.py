"""A plant whose investment is not known is not built, and never for nothing."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from tests.engine.worlds import ROCK, SLAG, accepts, base, costs, fate, matched, planned, plant, technology

from sivuvirta.errors import ShapeError


def crusher(**more: object):
    """Crushing makes rock of slag, which saves 20 EUR a tonne; the plant states its sizes, the technology its investment."""
    return matched(
        base(
            [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000}],
            [{"need": "road", "site": "s2", "amount": 900, "price": 20}],
            fates=[fate("slag", "stored", 5)],
            acceptances=[accepts("road", ROCK)],
            links=costs(),
            plants=[plant("crusher", "crushing", "s0", capacity_min=50, capacity_max=800)],
            **technology("crushing", {"feed": (SLAG, 1, 1, None)}, {"rock": (ROCK, "product", 1.0)}, **{"capex": 3000, **more}),
        )
    )


def test_a_plant_of_known_investment_is_built_where_it_pays():
    assert planned(crusher()).proven.ledger.operations.size.tolist() == [800]


@pytest.mark.parametrize("missing", ["reference_capacity", "capex", "lifetime"])
def test_a_plant_whose_investment_is_not_known_is_never_built(missing):
    plan = planned(crusher(**{missing: None}))
    for network in (plan.proven, plan.potential):
        assert network.ledger.operations.size.tolist() == [0]
        assert network.benefit == 0
    assert "crusher" in plan.links.notes["plants without investment"]


def test_a_curve_with_a_hole_is_refused():
    matches = crusher()
    works = matches.links.works
    holed = np.where(np.arange(works.curve_capex.shape[1]) == 1, np.nan, works.curve_capex)
    links = evolve(matches.links, works=evolve(works, curve_capex=holed))
    with pytest.raises(ShapeError, match="'crushing' may be built"):
        planned(evolve(matches, links=links))
