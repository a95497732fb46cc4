"""What side streams are credited with adds up to what the assessment tells of the whole region, chains of plants included."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv
from sivuvirta.assess.footprint.chains import Chain, displaced_by
from sivuvirta.assess.terms import emissions
from sivuvirta.domain.links import ArcKind


def credited(ledger):
    """Kg CO2e a year of all that leaves streams: carriage, outlets, what they and the plants behind them do and replace."""
    links, arcs, chain = ledger.links, ledger.links.arcs, Chain(ledger, np.zeros(len(ledger.links.nodes.id), dtype=bool))
    total = 0.0
    for arc, amount in zip(ledger.arc.tolist(), ledger.amount.tolist(), strict=True):
        if arcs.kind[arc] in (ArcKind.FATE, ArcKind.DIRECT, ArcKind.FEED):
            beyond = {ArcKind.DIRECT: displaced_by, ArcKind.FEED: lambda _, row: chain.per_unit(row)}.get(ArcKind(arcs.kind[arc]))
            total += amount * (arcs.co2[arc].sum() + (beyond(links, arc)[0] if beyond else 0.0))
    return total


def onward(ledger):
    """Flows from plant to plant."""
    return int((ledger.links.arcs.kind[ledger.arc] == ArcKind.PASS).sum())


@pytest.fixture(scope="module", params=["three_sites", "kemi_tornio", "steps"])
def plan(request):
    if request.param == "steps":
        found = sv.plan("kemi_tornio", steps=3, objective="co2")
        assert onward(found.potential.ledger) > 0  # plants behind plants are in it
        return found
    return sv.plan(request.param)


def test_credits_of_all_streams_are_the_change_of_the_region(plan):
    for network in (plan.proven, plan.potential):
        told = credited(network.ledger) - credited(plan.reference)
        assert told == pytest.approx(emissions(network.ledger) - emissions(plan.reference), rel=1e-6, abs=1.0)
