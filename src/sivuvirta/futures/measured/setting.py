"""Setting: the arcs that some ledgers use, with the flows of each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, Ints, Links


@frozen(eq=False)
class Setting:
    """Ledgers over the same links, cut to the arcs that one of them uses. Shape (used,) for arcs."""

    links: Links
    arc: Ints  # rows of links.arcs, ascending
    ledgers: Mapping[str, Ledger]
    flow: Mapping[str, Floats]  # (used,) by ledger

    def of(self, values: Any) -> Any:
        """Values of all arcs, for the used ones."""
        return values[self.arc]

    def kind(self, *kinds: ArcKind) -> Any:
        """Whether each used arc is of one of some kinds."""
        return np.isin(self.links.arcs.kind[self.arc], kinds)


def setting(links: Links, ledgers: Mapping[str, Ledger]) -> Setting:
    """The arcs that are used by a ledger, and those by which needs that are supplied may buy what is missing."""
    arcs = links.arcs
    used = np.zeros(len(arcs), dtype=bool)
    for ledger in ledgers.values():
        used[ledger.arc] = True
    supplied = np.unique(arcs.destination[used & np.isin(arcs.kind, (ArcKind.DIRECT, ArcKind.DELIVER))])
    used |= (arcs.kind == ArcKind.BUY) & np.isin(arcs.destination, supplied)
    arc = np.flatnonzero(used).astype(np.int32)
    return Setting(links, arc, dict(ledgers), {name: ledger.per_arc()[arc] for name, ledger in ledgers.items()})


def gathered(group: Any, count: int, weight: Any = 1.0) -> Any:
    """Matrix by which values of rows are summed by group, times a weight; rows of group -1 are left out. Sparse, (rows, groups)."""
    group = np.asarray(group, dtype=np.int64)
    row = np.flatnonzero(group >= 0)
    return csr_array((np.broadcast_to(np.asarray(weight, dtype=float), group.shape)[row], (row, group[row])), shape=(len(group), count))


def times(values: Floats, matrix: Any) -> Floats:
    """Values of rows, summed by group. (draws, rows) x (rows, groups) -> (draws, groups)."""
    return np.ascontiguousarray((matrix.T @ values.T).T)
