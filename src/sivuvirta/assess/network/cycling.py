"""Cycling: how much of what flows has been at the same node before (Finn 1976, 1980)."""

from __future__ import annotations

import numpy as np

from sivuvirta.assess.network.flows import imbalance
from sivuvirta.assess.network.structure import cyclic_parts
from sivuvirta.domain.links import Floats
from sivuvirta.domain.networks import FlowNetwork
from sivuvirta.errors import ShapeError

BALANCED = 1e-3
"""Relative gap of a node up to which a network counts as in balance: published tables are rounded."""


def throughflow(network: FlowNetwork) -> float:
    r"""Total system throughflow, what all nodes take in.

    .. math:: TST_f = \sum_j T_j, \qquad T_j = z_j + \sum_i f_{ij}
    """
    return float(network.inflow.sum())


def path_length(network: FlowNetwork) -> float:
    r"""Average path length: how many nodes an imported unit visits (Finn 1976).

    .. math:: APL = TST_f / \sum_i z_i

    NaN where nothing is imported.
    """
    entered = float(network.imports.sum())
    return throughflow(network) / entered if entered > 0 else float("nan")


def finn_cycling_index(network: FlowNetwork) -> float:
    r"""Share of the throughflow that is cycled.

    .. math:: FCI = \frac{1}{TST_f} \sum_j \frac{n_{jj} - 1}{n_{jj}} T_j, \qquad N = (I - G)^{-1}, \quad g_{ij} = f_{ij} / T_i

    At least 0, below 1, and 0 without a cycle. Only nodes on a cycle are in the inverse: elsewhere n_jj is 1.

    Args:
        network: in balance; `flows.closed` makes it so.

    Returns:
        NaN where nothing flows.

    Raises:
        ShapeError: a node is out of balance, or a cycle is closed on itself and nothing enters or leaves it.
    """
    total = throughflow(network)
    if total <= 0:
        return float("nan")
    if imbalance(network).max() > BALANCED:
        worst = network.names[int(imbalance(network).argmax())]
        raise ShapeError(f"Cycling is defined where every node is in balance; '{worst}' is not. Close the network with `flows.closed`.")
    taken = network.inflow
    cycled = sum(_cycled(network.internal[np.ix_(part, part)], taken[part]) for part in cyclic_parts(network.internal > 0))
    return float(cycled) / total


def _cycled(flows: Floats, taken: Floats) -> float:
    """Cycled throughflow of one strongly connected part."""
    inverse = np.eye(len(taken)) - flows / taken[:, None]
    if np.linalg.cond(inverse) > 1 / np.finfo(np.float64).eps:
        raise ShapeError("A cycle is closed on itself: nothing enters or leaves it, so how often a unit goes round is not defined.")
    visits = np.diagonal(np.linalg.inv(inverse))
    return float(((visits - 1) / visits * taken).sum())
