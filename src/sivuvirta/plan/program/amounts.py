"""Amounts: what streams give off and needs take, by node."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Amounts, Floats, Links


def supply_of(links: Links) -> Floats:
    """Supply by node, units a year, 0 for what is no stream or has no amount. Shape (nodes,)."""
    return _by_node(links, links.supply)


def demand_of(links: Links) -> Floats:
    """Demand by node, product units a year, 0 for what is no need or takes nothing. Shape (nodes,)."""
    return _by_node(links, links.demand.amounts)


def _by_node(links: Links, amounts: Amounts) -> Floats:
    values = np.zeros(len(links.nodes.id))
    values[amounts.node] = np.nan_to_num(amounts.value)
    return values
