"""What arcs cost and earn per unit, in euros and in emissions side by side."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Links
from sivuvirta.links.codes import Mask, spread


@frozen(eq=False)
class Sum:
    """A sum with its variance; column 0 is EUR, column 1 kg CO2e. Shape (rows, 2)."""

    value: Floats
    variance: Floats


@frozen(eq=False)
class Worth:
    """Arcs by what a unit on them costs and is worth. Shape (arcs, 2) unless said."""

    cost: Sum  # all terms of the arc, earnings negative
    replaced: Sum  # the primary product that it replaces at its need, 0 elsewhere
    delivered: Sum  # replaced less cost
    market: Mask  # (arcs,) ends at a market, whose price is in the cost as revenue


def arc_worth(links: Links) -> Worth:
    r"""What a unit on each arc costs, and what it replaces where it ends.

    .. math:: delivered_a = e_a p_j - c_a    (M)

    with p the price of the product that need j would buy, or its emission.
    """
    arcs = links.arcs
    cost = Sum(
        np.stack([arcs.eur.sum(axis=1), arcs.co2.sum(axis=1)], axis=1),
        np.stack([(arcs.eur_sd**2).sum(axis=1), (arcs.co2_sd**2).sum(axis=1)], axis=1),
    )
    bought = _bought(links, cost)
    ends = np.isin(arcs.kind, (ArcKind.DIRECT, ArcKind.DELIVER))
    ratio, ratio_sd = np.where(ends, np.nan_to_num(arcs.ratio), 0.0), _ratio_sd(links)
    price, price_variance = bought.value[arcs.destination], bought.variance[arcs.destination]
    replaced = Sum(ratio[:, None] * price, ratio[:, None] ** 2 * price_variance + ratio_sd[:, None] ** 2 * price**2)
    delivered = Sum(replaced.value - cost.value, replaced.variance + cost.variance)
    return Worth(cost, replaced, delivered, ends & _markets(links)[arcs.destination])


def _bought(links: Links, cost: Sum) -> Sum:
    """What a unit of product costs and emits at each need that buys it. Shape (nodes, 2)."""
    arcs, count = links.arcs, len(links.nodes.id)
    found = Sum(np.zeros((count, 2)), np.zeros((count, 2)))
    buy = np.flatnonzero(arcs.kind == ArcKind.BUY)
    found.value[arcs.destination[buy]], found.variance[arcs.destination[buy]] = cost.value[buy], cost.variance[buy]
    return found


def _markets(links: Links) -> Mask:
    market = np.zeros(len(links.nodes.id), dtype=bool)
    market[links.demand.amounts.node] = links.demand.market
    return market


def _ratio_sd(links: Links) -> Floats:
    """Standard deviation of each arc's substitution ratio, 0 where it has none."""
    table = links.region.table("acceptances")
    sd = np.append(spread(table["ratio_low"], table["ratio_high"]), [0.0])
    return sd[links.arcs.acceptance]
