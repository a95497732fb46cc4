"""Every flow through a plant says on which evidence it rests, also where all of it ends at an outlet."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.worlds import DUST, ROCK, SLAG, accepts, at_most, base, cadmium, costs, fate, matched, planned, plant, technology

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind


def sold(grade: str):
    """Crushed slag is worth 60 EUR/t at an outlet and 1 EUR/t at the road: all of it is sold, none reaches the need."""
    made = technology(
        "crushing",
        {"feed": (SLAG, 1, 1, None)},
        {"rock": (ROCK, "product", 0.9), "dust": (DUST, "residue", 0.1)},
        capex=10_000,
    )
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 700}]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 1}]
    outlets = [
        {
            "fate": name,
            "technology": "crushing",
            "output": name,
            "name": name,
            "kind": kind,
            "fee": fee,
            "basis": "dry",
            "grade": "A",
            "source": "invented",
        }
        for name, kind, fee in (("rock", "sold", -60), ("dust", "stored", 1))
    ]
    return matched(
        base(
            streams,
            needs,
            fates=[fate("slag", "stored", 5), *outlets],
            acceptances=[accepts("road", ROCK)],
            analyses=[cadmium("slag", 2, grade=grade)],
            limits=[at_most("road", 8)],
            links=costs(),
            plants=[plant("crusher", "crushing", "s0", capacity_min=50, capacity_max=800)],
            **made,
        )
    )


@pytest.mark.parametrize(("grade", "verdict"), [("A", Verdict.PASS), ("D", Verdict.LIKELY)])
def test_a_feed_whose_product_is_sold_rests_on_the_best_route_that_lets_it_in(grade, verdict):
    network = planned(sold(grade)).potential
    assert network.route_flow.sum() == 0
    ledger = network.ledger
    kind = ledger.links.arcs.kind[ledger.arc]
    through = np.isin(kind, (ArcKind.FEED, ArcKind.RESIDUE))
    assert through.sum() == 3
    assert ledger.verdict[through].tolist() == [verdict] * 3
    assert ledger.evidence[through].tolist() == [Grade.A if grade == "A" else Grade.D] * 3
    assert (ledger.verdict[~through] == -1).all()


def test_what_is_likely_feeds_no_plant_on_proven_evidence():
    plan = planned(sold("D"))
    assert ArcKind.FEED not in plan.links.arcs.kind[plan.proven.ledger.arc]
    assert plan.proven.benefit < plan.potential.benefit
