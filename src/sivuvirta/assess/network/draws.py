"""Draws of a ledger's amounts from the ranges of its streams and needs, the same for every ledger over the same links."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import Amounts, ArcKind, Floats, Ints, NodeKind
from sivuvirta.units.ranges import HALF_WIDTH

_SEED = 1976


def factors(ledger: Ledger, count: int) -> Floats:
    """By what each flow is multiplied in each draw; NaN where the range of what it comes from is not known.

    A stream's amount, and a need's that buys, is one draw that scales all that leaves it: a normal distribution on each side of the value
    whose 5 and 95 % points are the low and high of the register, at least 0. What leaves a plant varies as the mean of what enters it.

    Args:
        ledger: the flows.
        count: how many draws.

    Returns:
        Shape (draws, flows).
    """
    links = ledger.links
    seed = [_SEED, crc32(f"{links.region.name} {links.region.vintage}".encode())]
    normal = np.random.default_rng(seed).standard_normal((count, len(links.nodes.id)))
    nodes = np.full((count, len(links.nodes.id)), np.nan)
    for amounts in (links.supply, links.demand.amounts):
        nodes[:, amounts.node] = _scaled(amounts, normal[:, amounts.node])
    arcs = links.arcs
    origin, destination = arcs.origin[ledger.arc], arcs.destination[ledger.arc]
    for _ in range(max(1, int((arcs.kind[ledger.arc] == ArcKind.PASS).sum()) + 1)):
        _through_plants(ledger, nodes, origin, destination)
    bought = links.nodes.kind[origin] == NodeKind.PRODUCT
    return nodes[:, np.where(bought, destination, origin)]


def _scaled(amounts: Amounts, normal: Floats) -> Floats:
    width = np.where(normal < 0, amounts.value - amounts.low, amounts.high - amounts.value)
    relative = np.divide(width, amounts.value, out=np.zeros_like(width), where=amounts.value > 0)
    return np.maximum(0.0, 1.0 + normal * relative / HALF_WIDTH)


def _through_plants(ledger: Ledger, nodes: Floats, origin: Ints, destination: Ints) -> None:
    """Sets what leaves each plant to the mean of what enters it, weighted by amount; reagents follow the feed."""
    kind = ledger.links.arcs.kind[ledger.arc]
    fed = np.flatnonzero(np.isin(kind, (ArcKind.FEED, ArcKind.PASS)))
    size = nodes.shape[1]
    enters = sums(destination[fed], ledger.amount[fed], size)
    for row in nodes:
        weighted = sums(destination[fed], ledger.amount[fed] * row[origin[fed]], size)
        row[enters > 0] = weighted[enters > 0] / enters[enters > 0]
