"""Structure: who is linked with whom, whatever the size of the flow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sivuvirta.domain.links import Floats
from sivuvirta.domain.networks import FlowNetwork

Flags = npt.NDArray[np.bool_]


def adjacency(network: FlowNetwork) -> Flags:
    """Which node gives to which, (n, n)."""
    found: Flags = network.internal > 0
    return found


def links(network: FlowNetwork) -> int:
    """L, internal links; several flows from one node to another are one link, and flows across the border are none."""
    return int(adjacency(network).sum())


def connectance(network: FlowNetwork) -> float:
    r"""Share of possible links that exist, self-links counted as possible.

    .. math:: C = L / S^2

    NaN where there is no node.
    """
    return _ratio(links(network), len(network) ** 2)


def exchange_connectance(network: FlowNetwork) -> float:
    r"""Share of possible links between two different nodes that exist, direction counted.

    .. math:: C_x = L_{i \ne j} / (S (S - 1))

    NaN where there are less than two nodes.
    """
    found = adjacency(network) & ~np.eye(len(network), dtype=bool)
    return _ratio(int(found.sum()), len(network) * (len(network) - 1))


def link_density(network: FlowNetwork) -> float:
    r"""Links per node.

    .. math:: LD = L / S
    """
    return _ratio(links(network), len(network))


def cyclicity(network: FlowNetwork) -> float:
    r"""Rate at which the number of pathways grows with their length: the largest eigenvalue of the adjacency matrix.

    .. math:: \lambda = \max |\operatorname{eig}(A)|

    0 without a cycle, 1 with simple cycles that do not touch, above 1 where cycles share nodes (Borrett, Fath and Patten 2007;
    Layton, Bras and Weissburg 2016). Computed on each strongly connected part, so that a network without cycles gives exactly 0.
    """
    linked = adjacency(network)
    radii = [float(np.abs(np.linalg.eigvals(linked[np.ix_(part, part)].astype(np.float64))).max()) for part in cyclic_parts(linked)]
    return max(radii, default=0.0)


def cyclic_share(network: FlowNetwork) -> float:
    """Share of nodes that lie on a cycle. NaN where there is no node."""
    return _ratio(sum(len(part) for part in cyclic_parts(adjacency(network))), len(network))


def cyclic_parts(linked: Flags) -> list[npt.NDArray[np.int64]]:
    """Strongly connected parts that hold a cycle: of two nodes and more, or of one that gives to itself."""
    if not len(linked):
        return []
    count, label = connected_components(csr_array(linked), directed=True, connection="strong")
    parts = [np.flatnonzero(label == number) for number in range(count)]
    return [part for part in parts if len(part) > 1 or linked[part[0], part[0]]]


def degrees(network: FlowNetwork) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """From how many other nodes each takes, and to how many others it gives. Each of shape (n,)."""
    found = adjacency(network) & ~np.eye(len(network), dtype=bool)
    return found.sum(axis=0), found.sum(axis=1)


def lengths(network: FlowNetwork) -> Floats:
    """Length of each link for ways by flow: the largest flow over the link's own, so that what carries much is short. inf without link."""
    internal = network.internal
    longest: Floats = np.divide(internal.max(initial=0.0), internal, out=np.full(internal.shape, np.inf), where=internal > 0)
    return longest


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
