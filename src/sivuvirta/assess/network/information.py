"""Organisation of flows by information theory (Rutledge et al. 1976; Ulanowicz 1986; Ulanowicz et al. 2009). Logarithms to base 2: bits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.domain.networks import FlowNetwork

Rows = npt.NDArray[np.int64]


@frozen
class Organisation:
    """Growth and development of a network; NaN where nothing flows."""

    throughput: float  # T.., the flow's unit
    mutual_information: float  # AMI, bits
    diversity: float  # H, bits
    ascendency: float  # A, unit x bits
    capacity: float  # C, unit x bits
    overhead: float  # C - A, unit x bits
    overhead_imports: float
    redundancy: float  # overhead of internal flows: parallel ways
    overhead_exports: float
    overhead_dissipation: float

    @property
    def relative_ascendency(self) -> float:
        """Degree of order a = A / C, 0 to 1; NaN where C is 0."""
        return self.ascendency / self.capacity if self.capacity > 0 else float("nan")

    @property
    def robustness(self) -> float:
        """R of the degree of order."""
        return robustness(self.relative_ascendency)


def organisation(network: FlowNetwork) -> Organisation:
    r"""Ascendency, capacity and overhead over all flows, those across the border too.

    .. math::

        A = \sum_{ij} T_{ij} \log_2 \frac{T_{ij} T_{..}}{T_{i.} T_{.j}}, \quad
        C = -\sum_{ij} T_{ij} \log_2 \frac{T_{ij}}{T_{..}}, \quad
        \Phi = C - A = -\sum_{ij} T_{ij} \log_2 \frac{T_{ij}^2}{T_{i.} T_{.j}}

    with one row for imports and a column each for exports and dissipation. AMI = A / T.. and H = C / T... The network need not be in
    balance.
    """
    origins, ends, flow, border = _flows(network)
    total = float(flow.sum())
    if total <= 0:
        return Organisation(*([0.0] + [float("nan")] * 9))
    gives = np.bincount(origins, weights=flow)[origins]
    takes = np.bincount(ends, weights=flow)[ends]
    order = flow * (np.log2(flow / gives) + np.log2(total / takes))
    spare = -flow * (np.log2(flow / gives) + np.log2(flow / takes))
    ascendency, overhead = max(0.0, float(order.sum())), max(0.0, float(spare.sum()))
    parts = [float(spare[border == code].sum()) for code in range(4)]
    capacity = float(-(flow * np.log2(flow / total)).sum())
    return Organisation(total, ascendency / total, capacity / total, ascendency, capacity, overhead, *parts)


def robustness(degree: float) -> float:
    r"""Robustness of a degree of order, natural logarithm.

    .. math:: R = -a \ln a

    0 at a = 0 and a = 1, largest at a = 1/e, where it is 1/e (Ulanowicz et al. 2009, with beta = 1).

    >>> round(robustness(0.5), 4)
    0.3466
    """
    if np.isnan(degree):
        return degree
    return float(-degree * np.log(degree)) if degree > 0 else 0.0


def fitness(degree: float, beta: float = 1.288) -> float:
    r"""Fitness for change of a degree of order.

    .. math:: F = -e \, a^\beta \ln a^\beta

    At most 1; with beta = 1.288, which Ulanowicz et al. 2009 take from ecosystems, it is largest at a = 0.460.

    >>> round(fitness(0.46), 4)
    1.0
    """
    return float(np.exp(1.0)) * robustness(degree**beta)


def _flows(network: FlowNetwork) -> tuple[Rows, Rows, Floats, Rows]:
    """Origin, end, amount and kind (0 import, 1 internal, 2 export, 3 dissipation) of every flow above 0."""
    n = len(network)
    row, column = np.nonzero(network.internal)
    entering, leaving, lost = (np.flatnonzero(each) for each in (network.imports, network.exports, network.dissipation))
    origins: Rows = np.concatenate([np.full(len(entering), n), row, leaving, lost])
    ends: Rows = np.concatenate([entering, column, np.full(len(leaving), n), np.full(len(lost), n + 1)])
    flow: Floats = np.concatenate(
        [network.imports[entering], network.internal[row, column], network.exports[leaving], network.dissipation[lost]]
    )
    border: Rows = np.repeat(np.arange(4), [len(entering), len(row), len(leaving), len(lost)])
    return origins, ends, flow, border
