"""What can be done with a network of flows before it is measured: closing it, merging nodes, changing order and scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sivuvirta.domain.links import Floats
from sivuvirta.domain.networks import FlowNetwork
from sivuvirta.errors import ShapeError

KINDS = ("internal", "import", "export", "dissipation")


def from_table(flows: pd.DataFrame) -> FlowNetwork:
    """A network from a table with a row for each flow; several rows of one kind between two nodes are added.

    Args:
        flows: columns from, to, kind (internal, import, export, dissipation), flow; `from` is not read for imports, nor `to` for
            exports and dissipation. Nodes are in the order in which they appear.

    Raises:
        ShapeError: a kind is none of the four, or a flow is negative or no number.
    """
    wrong = sorted(set(flows["kind"]) - set(KINDS))
    if wrong:
        raise ShapeError(f"A flow is one of {', '.join(KINDS)}, not {', '.join(wrong)}.")
    ends = [row["from"] if end == 0 else row["to"] for row in flows.to_dict("records") for end in _ends(row["kind"])]
    names = tuple(dict.fromkeys(str(name) for name in ends))
    at = {name: row for row, name in enumerate(names)}
    internal, borders = np.zeros((len(names), len(names))), {kind: np.zeros(len(names)) for kind in KINDS[1:]}
    for row in flows.to_dict("records"):
        if row["kind"] == "internal":
            internal[at[str(row["from"])], at[str(row["to"])]] += float(row["flow"])
        else:
            borders[row["kind"]][at[str(row["to"] if row["kind"] == "import" else row["from"])]] += float(row["flow"])
    return FlowNetwork(names, internal, borders["import"], borders["export"], borders["dissipation"])


def _ends(kind: str) -> tuple[int, ...]:
    """Which ends of a flow are nodes: 0 where it comes from, 1 where it goes to."""
    return {"internal": (0, 1), "import": (1,)}.get(kind, (0,))


def closed(network: FlowNetwork) -> FlowNetwork:
    r"""The same network with every node in balance.

    .. math:: z_i \mathrel{+}= \max(0, out_i - in_i), \qquad r_i \mathrel{+}= \max(0, in_i - out_i)

    What a node gives beyond what it takes was made there of what is not recorded: an import. What it takes beyond what it gives stays
    or goes into products that are not recorded: dissipation.
    """
    gap = network.outflow - network.inflow
    return FlowNetwork(
        network.names,
        network.internal,
        network.imports + np.maximum(gap, 0.0),
        network.exports,
        network.dissipation + np.maximum(-gap, 0.0),
    )


def imbalance(network: FlowNetwork) -> Floats:
    """How far each node is from balance, relative to the larger of what it takes and gives. Shape (n,)."""
    inflow, outflow = network.inflow, network.outflow
    larger = np.maximum(inflow, outflow)
    relative: Floats = np.divide(np.abs(inflow - outflow), larger, out=np.zeros(len(network)), where=larger > 0)
    return relative


def merged(network: FlowNetwork, groups: Sequence[str], *, keep_within: bool = False) -> FlowNetwork:
    """The network of groups of nodes, in the order in which they appear.

    Args:
        network: the flows.
        groups: group of each node, as many as nodes.
        keep_within: whether flows within a group stay, on the diagonal; else they are no flows any more and leave the throughput.

    Raises:
        ShapeError: there are not as many groups as nodes.
    """
    if len(groups) != len(network):
        raise ShapeError(f"Each of the {len(network)} nodes needs a group; there are {len(groups)}.")
    names = tuple(dict.fromkeys(groups))
    member = np.zeros((len(network), len(names)))
    member[np.arange(len(network)), [names.index(group) for group in groups]] = 1.0
    internal = member.T @ network.internal @ member
    if not keep_within:
        np.fill_diagonal(internal, 0.0)
    return FlowNetwork(names, internal, network.imports @ member, network.exports @ member, network.dissipation @ member)


def ordered(network: FlowNetwork, order: Sequence[int]) -> FlowNetwork:
    """The same nodes in another order."""
    rows = np.asarray(order, dtype=np.int64)
    names = tuple(network.names[row] for row in rows)
    return FlowNetwork(names, network.internal[np.ix_(rows, rows)], network.imports[rows], network.exports[rows], network.dissipation[rows])


def scaled(network: FlowNetwork, factor: float) -> FlowNetwork:
    """All flows times a factor, for example in another unit."""
    return FlowNetwork(
        network.names, network.internal * factor, network.imports * factor, network.exports * factor, network.dissipation * factor
    )
