"""What needs take."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Amounts, Demands, Ints
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Mask, known
from sivuvirta.links.quantities import quantities


@frozen(eq=False)
class Demand:
    """What needs take, and which of them take nothing and why. Shape (needs,)."""

    demands: Demands
    shut: Mask  # planned or closed
    unstated: Mask  # the vintage has no amount


def demand(region: Region, node: Ints) -> Demand:
    """D of each need, in product units a year; a need that is planned or closed, or has no amount at the vintage, takes nothing.

    Args:
        region: the region at its vintage.
        node: rows of the needs' nodes, shape (needs,).
    """
    stated, table = quantities(region, "needs"), region.table("needs")
    shut = np.isin(table["status"].astype(str), ["planned", "closed"])
    takes = ~shut & stated.stated
    value, low, high = (np.where(takes, known(part, 0.0), 0.0) for part in (stated.value, stated.low, stated.high))
    demands = Demands(
        amounts=Amounts(node, value, low, high, stated.grade),
        minimum=np.where(value > 0, known(table["minimum"], 0.0), 0.0),
        market=np.asarray(table["kind"] == "market", dtype=bool),
        product=table["product"],
    )
    return Demand(demands, shut, ~stated.stated)
