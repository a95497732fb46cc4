"""Where the tonnes end: by fate, what is diverted from disposal and stock, and what is used."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, Ints, Links, NodeKind, Texts

Rows = npt.NDArray[np.int64]

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

_EXTRACTIVE = "01"  # List of Waste, chapter 01: wastes from mining and treating of minerals


def fates(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Amounts by fate. Rows of `streams` add up to what streams give off, in both ledgers.

    Rows of `plants` are what plants give off to outlets.

    Returns:
        Columns origin (streams | plants), fate, group, extractive, unit, reference, planned, difference. A fate `need` is a stream that
        goes straight to a need, `plant` one that goes into a plant. Amounts in t dry, MWh or m3 a year.
    """
    links = planned.links
    rows = _flowing(planned, reference, (ArcKind.DIRECT, ArcKind.FEED, ArcKind.FATE, ArcKind.RESIDUE))
    frame = pd.DataFrame(
        {
            "origin": np.where(links.arcs.kind[rows] == ArcKind.RESIDUE, "plants", "streams"),
            "fate": fate_kinds(links, rows),
            "extractive": extractive(links)[links.arcs.origin[rows]],
            "unit": [f"{unit}/a" for unit in links.units[rows]],
            "reference": reference.per_arc()[rows],
            "planned": planned.per_arc()[rows],
        }
    )
    keys = ["origin", "fate", "extractive", "unit"]
    table = frame.groupby(keys, as_index=False, sort=False)[["reference", "planned"]].sum()
    table.insert(2, "group", table["fate"].map(GROUPS))
    return table.assign(difference=change(table["reference"], table["planned"]))


def diverted(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What no longer goes to disposal or stock, stream by stream; extractive waste is told apart.

    Counts only what the reference disposes of or stocks. What plants dispose of in the plan is taken away again in a row of its own.

    Returns:
        Columns stream, name, extractive, unit, reference, planned (to disposal and stock), diverted; largest first.
    """
    links = planned.links
    rows = _flowing(planned, reference, (ArcKind.FATE, ArcKind.RESIDUE))
    rows = rows[np.isin(outlet_groups(links, rows), ("disposed", "stocked"))]
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
    return table.sort_values("diverted", ascending=False, kind="stable").reset_index(drop=True)


def used_weight(links: Links) -> Floats:
    """Share of each arc's flow that counts as used, so that sum(weight x flow) is what the region uses, t dry a year. Shape (arcs,).

    1 for a stream's way to a need, a plant or an outlet that uses it; -1 for a plant's residue that is disposed of or stocked; 0 else.
    Extractive waste, energy and water are left out: they would hide everything else.
    """
    kind = links.arcs.kind
    ends = np.flatnonzero(np.isin(kind, (ArcKind.FATE, ArcKind.RESIDUE)))
    group, residue = outlet_groups(links, ends), kind[ends] == ArcKind.RESIDUE
    weight = np.where((kind == ArcKind.DIRECT) | (kind == ArcKind.FEED), 1.0, 0.0)
    weight[ends[(group == "used") & ~residue]] = 1.0
    weight[ends[np.isin(group, ("disposed", "stocked")) & residue]] = -1.0
    solid = (links.units == "t") & ~extractive(links)[links.arcs.origin]
    return np.where(solid, weight, 0.0)


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


def _flowing(planned: Ledger, reference: Ledger, kinds: tuple[ArcKind, ...]) -> Rows:
    """Arcs of some kinds that carry something in either ledger."""
    flows = (planned.per_arc() != 0) | (reference.per_arc() != 0)
    return np.flatnonzero(flows & np.isin(planned.links.arcs.kind, kinds))


def outlet_groups(links: Links, rows: Rows) -> Texts:
    """What the fates of some arcs mean, as in `GROUPS`. Shape of the rows.

    Args:
        links: the arcs.
        rows: rows of arcs that leave streams or plants.
    """
    return np.array([GROUPS[fate] for fate in fate_kinds(links, rows)], dtype=object)


def fate_kinds(links: Links, rows: Rows | Ints) -> Texts:
    """Fate of what flows on some arcs of a stream or residue: the outlet's kind, `need` or `plant`. Shape of the rows."""
    table, arcs, outputs = links.region.table("fates"), links.arcs, links.works.outputs
    kinds = dict(zip(table["fate"].tolist(), table["kind"].tolist(), strict=True))
    found = np.full(len(rows), "", dtype=object)
    found[arcs.kind[rows] == ArcKind.DIRECT] = "need"
    found[arcs.kind[rows] == ArcKind.FEED] = "plant"
    for at in np.flatnonzero(found == ""):
        # outlets that links adds by itself have no row in `fates`: those of a plant's emissions, and of what nobody accounts for
        output = arcs.output[rows[at]]
        emitted = output >= 0 and outputs.kind[output] == "emission"
        found[at] = kinds.get(links.nodes.id[arcs.destination[rows[at]]], "emission" if emitted else "unaccounted")
    return found
