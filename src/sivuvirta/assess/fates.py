"""Where the tonnes end: by fate, what is diverted from disposal and stock, and what is used."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sivuvirta.assess.changes import change
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind, Texts

GROUPS = {
    "need": "exchanged",
    "plant": "exchanged",
    **dict.fromkeys(("sold", "internal_use", "recycled", "recovered", "energy", "structure", "backfill"), "used"),
    **dict.fromkeys(("landfill", "hazardous_landfill", "flared", "discharged", "unused"), "disposed"),
    "stored": "stocked",
    "treated": "treated",
    "emission": "released",
    "unaccounted": "unknown",
}
"""What a fate means. Disposed and stocked is what can be diverted; treatment is neither a use nor a disposal."""

_IDLE = ("disposed", "stocked")
_EXTRACTIVE = "01"  # List of Waste, chapter 01: wastes from mining and treating of minerals


def fates(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Amounts by fate. Rows of `streams` add up to what streams give off, in both ledgers.

    Rows of `plants` are what plants give off to outlets.

    Returns:
        Columns origin (streams | plants), fate, group, extractive, unit, reference, planned, difference. A fate `need` is a stream that
        goes straight to a need, `plant` one that goes into a plant. Amounts in t dry, MWh or m3 a year.
    """
    links = planned.links
    rows = _leaving(links)
    kind = np.asarray(links.arcs.kind[rows])
    frame = pd.DataFrame(
        {
            "origin": np.where(kind == ArcKind.RESIDUE, "plants", "streams"),
            "fate": fate_of_arc(links)[rows],
            "extractive": extractive(links)[links.arcs.origin[rows]],
            "unit": [f"{unit}/a" for unit in links.units[rows]],
            "reference": reference.per_arc()[rows],
            "planned": planned.per_arc()[rows],
        }
    )
    keys = ["origin", "fate", "extractive", "unit"]
    table = frame.groupby(keys, as_index=False, sort=False)[["reference", "planned"]].sum()
    table = table[(table["reference"] != 0) | (table["planned"] != 0)].reset_index(drop=True)
    table.insert(2, "group", table["fate"].map(GROUPS))
    return table.assign(difference=change(table["reference"], table["planned"]))


def diverted(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What no longer goes to disposal or stock, stream by stream; extractive waste is told apart.

    Counts only what the reference disposes of or stocks. What plants dispose of in the plan is taken away again in a row of its own.

    Returns:
        Columns stream, name, extractive, unit, reference, planned (to disposal and stock), diverted; largest first.
    """
    links = planned.links
    rows = np.flatnonzero(idle(links))
    origin = links.arcs.origin[rows]
    is_stream = links.nodes.kind[origin] == NodeKind.STREAM
    frame = pd.DataFrame(
        {
            "stream": np.where(is_stream, links.nodes.id[origin], ""),
            "name": np.where(is_stream, links.nodes.name[origin], "Residues of plants"),
            "extractive": extractive(links)[origin],
            "unit": [f"{unit}/a" for unit in links.units[rows]],
            "reference": reference.per_arc()[rows],
            "planned": planned.per_arc()[rows],
        }
    )
    table = frame.groupby(["stream", "name", "extractive", "unit"], as_index=False, sort=False)[["reference", "planned"]].sum()
    table["diverted"] = change(table["planned"], table["reference"])
    table = table[(table["reference"] != 0) | (table["planned"] != 0)]
    return table.sort_values("diverted", ascending=False, kind="stable").reset_index(drop=True)


def used_weight(links: Links) -> Floats:
    """Share of each arc's flow that counts as used, so that sum(weight x flow) is what the region uses, t dry a year. Shape (arcs,).

    1 for a stream's way to a need, a plant or an outlet that uses it; -1 for a plant's residue that is disposed of or stocked; 0 else.
    Extractive waste, energy and water are left out: they would hide everything else.
    """
    kind, group = links.arcs.kind, group_of_arc(links)
    weight = np.where(np.isin(group, ("exchanged", "used")) & (kind != ArcKind.RESIDUE), 1.0, 0.0)
    weight[(kind == ArcKind.RESIDUE) & idle(links)] = -1.0
    solid = (links.units == "t") & ~extractive(links)[links.arcs.origin]
    return np.where(solid, weight, 0.0)


def idle(links: Links) -> npt.NDArray[np.bool_]:
    """Arcs that end in disposal or stock. Shape (arcs,)."""
    return np.isin(group_of_arc(links), _IDLE)


def group_of_arc(links: Links) -> Texts:
    """What each arc's fate means, "" for arcs that do not end a stream or residue. Shape (arcs,)."""
    return np.array([GROUPS.get(fate, "") for fate in fate_of_arc(links)], dtype=object)


def fate_of_arc(links: Links) -> Texts:
    """Fate of what flows on each arc: the outlet's kind, `need`, `plant`, or "" for purchases and deliveries. Shape (arcs,)."""
    out = np.full(len(links.arcs), "", dtype=object)
    out[links.arcs.kind == ArcKind.DIRECT] = "need"
    out[links.arcs.kind == ArcKind.FEED] = "plant"
    table, outputs = links.region.table("fates"), links.works.outputs
    kinds = dict(zip(table["fate"].tolist(), table["kind"].tolist(), strict=True))
    for row in np.flatnonzero(np.isin(links.arcs.kind, (ArcKind.FATE, ArcKind.RESIDUE))):
        # outlets that links adds by itself have no row in `fates`: those of a plant's emissions, and of what nobody accounts for
        emitted = links.arcs.output[row] >= 0 and outputs.kind[links.arcs.output[row]] == "emission"
        out[row] = kinds.get(links.nodes.id[links.arcs.destination[row]], "emission" if emitted else "unaccounted")
    return out


def extractive(links: Links) -> npt.NDArray[np.bool_]:
    """Nodes that are streams of extractive waste (List of Waste, chapter 01). Shape (nodes,)."""
    table = links.region.table("streams")
    codes = dict(zip(table["stream"].tolist(), table["low_code"].tolist(), strict=True))
    stream = links.nodes.kind == NodeKind.STREAM
    return np.array(
        [
            bool(is_stream) and str(codes.get(key) or "").startswith(_EXTRACTIVE)
            for is_stream, key in zip(stream, links.nodes.id, strict=True)
        ]
    )


def _leaving(links: Links) -> npt.NDArray[np.int64]:
    return np.flatnonzero(np.isin(links.arcs.kind, (ArcKind.DIRECT, ArcKind.FEED, ArcKind.FATE, ArcKind.RESIDUE)))
