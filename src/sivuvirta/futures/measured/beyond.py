"""Beyond: in how many draws flows in proportion are more than a need takes or a plant can."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.links import Floats
from sivuvirta.futures.measured.flows import Flows
from sivuvirta.futures.measured.network import Networks

_SAME = 1e-6  # relative: what is no more than the limit
_COLUMNS = ["network", "limit", "node", "name", "share"]


class Beyond:
    """Counts draws, network by network."""

    def __init__(self, over: Networks) -> None:
        self.over, self.done = over, 0
        self.counts: dict[tuple[str, str], Floats] = {}

    def add(self, flows: dict[str, Flows]) -> None:
        """Some more draws."""
        works = self.over.at.links.works
        demand = np.nan_to_num(self.over.found.demand.base, posinf=0.0)
        for name in self.over.planned:
            found = flows[name]
            room = np.where(np.isfinite(works.capacity), works.capacity, np.inf) + found.ledger.operations.size
            ran = found.ledger.operations.activity
            room = np.maximum(room, ran)  # what the ledger itself does is not judged here
            counted = {"demand": found.beyond > _SAME * np.maximum(demand, 1.0), "capacity": found.activity > (1.0 + _SAME) * room}
            for limit, more in counted.items():
                self.counts[name, limit] = self.counts.get((name, limit), np.zeros(more.shape[1])) + more.sum(axis=0)
        self.done += len(next(iter(flows.values())).amount)

    def frame(self) -> pd.DataFrame:
        """Columns network, limit (demand | capacity), node, name, share (of the draws); the largest share first, none of 0."""
        links, rows = self.over.at.links, []
        for (name, limit), counts in self.counts.items():
            node = links.demand.amounts.node if limit == "demand" else links.works.node
            rows += [
                (name, limit, str(links.nodes.id[node[at]]), str(links.nodes.name[node[at]]), float(counts[at]) / self.done)
                for at in np.flatnonzero(counts).tolist()
            ]
        table = pd.DataFrame(rows, columns=_COLUMNS)
        return table.sort_values(["network", "share"], ascending=[True, False], kind="stable", ignore_index=True)
