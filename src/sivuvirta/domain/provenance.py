"""Provenance: the range of each flow of a ledger, and the sources of the rows that made it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.links import Amounts, Floats, Ints, Links, NodeKind


def ranges(links: Links, arc: Ints, amount: Floats) -> tuple[Floats, Floats]:
    r"""Low and high of each flow.

    .. math:: low_a = x_a \frac{low_n}{value_n}

    with n the stream that the flow leaves, or the need that buys it: the flow as a share of an amount that is itself only known
    within a range. NaN for what leaves a plant, which depends on everything that enters.

    Args:
        links: the arcs.
        arc: rows of arcs, shape (flows,).
        amount: units a year, shape (flows,).
    """
    low, high = (np.full(len(links.nodes.id), np.nan) for _ in range(2))
    for amounts in (links.supply, links.demand.amounts):
        low[amounts.node], high[amounts.node] = _relative(amounts, amounts.low), _relative(amounts, amounts.high)
    origin, destination = links.arcs.origin[arc], links.arcs.destination[arc]
    node = np.where(links.nodes.kind[origin] == NodeKind.PRODUCT, destination, origin)
    return amount * low[node], amount * high[node]


def sources(links: Links, arc: Ints) -> list[str]:
    """Ids of the sources behind each flow, parted by "; ": of its amount, of its outlet, acceptance or price, of its plant.

    Args:
        links: the arcs.
        arc: rows of arcs, shape (flows,).
    """
    region, arcs, nodes = links.region, links.arcs, links.nodes
    quantities = region.table("quantities")
    now = quantities["vintage"] == region.vintage
    amount = dict(zip(quantities["subject"][now].tolist(), quantities["source"][now].tolist(), strict=True))
    by_kind: dict[int, dict[Any, Any]] = {
        NodeKind.STREAM: amount,
        NodeKind.NEED: amount,
        NodeKind.FATE: _by(region.table("fates"), "fate"),
        NodeKind.PLANT: _by(region.table("plants"), "plant"),
        NodeKind.PRODUCT: _by(region.table("prices"), "subject"),
    }
    of_node = [by_kind[int(kind)].get(key) for kind, key in zip(nodes.kind.tolist(), nodes.id.tolist(), strict=True)]
    acceptances = region.table("acceptances")["source"].tolist()
    found = []
    for row in arc.tolist():
        names = [of_node[arcs.origin[row]], of_node[arcs.destination[row]]]
        if arcs.acceptance[row] >= 0:
            names.insert(1, acceptances[arcs.acceptance[row]])
        found.append("; ".join(dict.fromkeys(str(name) for name in names if name)))
    return found


def _relative(amounts: Amounts, end: Floats) -> Floats:
    share: Floats = np.divide(end, amounts.value, out=np.full(len(end), np.nan), where=amounts.value > 0)
    return share


def _by(table: Any, column: str) -> dict[Any, Any]:
    return dict(zip(table[column].tolist(), table["source"].tolist(), strict=True))
