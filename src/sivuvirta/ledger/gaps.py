"""How well a ledger closes: mass and energy, node by node."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Floats


def gaps(ledger: Ledger) -> pd.DataFrame:
    """Closure of every node, relative to its own throughput.

    - stream (P1): supply less what leaves it;
    - plant (P5), a row for each output: sum of eta x over what enters, less what leaves as that output;
    - need (P2): demand less what is delivered (in product units) and bought; a market may take less, so only an excess counts.

    Args:
        ledger: flows over its links.

    Returns:
        Columns kind, node, output, enters, leaves, gap, relative; amounts in the node's unit a year. Relative is gap over the larger of
        enters and leaves, 0 where both are 0.
    """
    rows = pd.concat([_streams(ledger), _plants(ledger), _needs(ledger)], ignore_index=True)
    size = rows[["enters", "leaves"]].abs().max(axis=1).to_numpy()
    rows["relative"] = np.divide(rows["gap"].to_numpy(), size, out=np.zeros(len(rows)), where=size > 0)
    return rows


def _streams(ledger: Ledger) -> pd.DataFrame:
    links, flow = ledger.links, ledger.per_arc()
    leaves = sums(links.arcs.origin, flow, len(links.nodes.id))[links.supply.node]
    return _frame("stream", ledger, links.supply.node, links.supply.value, leaves)


def _needs(ledger: Ledger) -> pd.DataFrame:
    links, demand = ledger.links, ledger.links.demand
    served = np.nan_to_num(links.arcs.ratio) * ledger.per_arc()
    enters = sums(links.arcs.destination, served, len(links.nodes.id))[demand.amounts.node]
    leaves = np.where(demand.market, np.minimum(enters, demand.amounts.value), demand.amounts.value)
    return _frame("need", ledger, demand.amounts.node, enters, leaves)


def _plants(ledger: Ledger) -> pd.DataFrame:
    links, works, flow = ledger.links, ledger.links.works, ledger.per_arc()
    count = len(works.outputs.plant)
    enters = sums(works.yields.output, works.yields.eta * flow[works.yields.arc], count)
    out = np.isin(links.arcs.kind, (ArcKind.DELIVER, ArcKind.RESIDUE, ArcKind.PASS))
    leaves = sums(links.arcs.output[out], flow[out], count)
    return _frame("plant", ledger, works.node[works.outputs.plant], enters, leaves).assign(output=works.outputs.name)


def _frame(kind: str, ledger: Ledger, node: npt.NDArray[np.int32], enters: Floats, leaves: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": kind,
            "node": [ledger.links.nodes.label(row) for row in node],
            "output": "",
            "enters": enters,
            "leaves": leaves,
            "gap": enters - leaves,
        }
    )
