"""Primary products: what is bought in both ledgers, and what outlets replace outside the region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Floats, Links

_ROLES = {"bought": ArcKind.BUY, "reagent": ArcKind.REAGENT}


def products(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Primary products by role: bought by needs, bought by plants as reagents, or displaced outside the region by what is sold today.

    Returns:
        Columns product, name, role, unit, reference, planned, saved. Saved is bought less in the plan, or
        displaced more; it may be negative.
    """
    links = planned.links
    parts = [_bought(links, role, reference.per_arc(), planned.per_arc()) for role in _ROLES]
    table = pd.concat([*parts, _displaced(links, reference.per_arc(), planned.per_arc())], ignore_index=True)
    table = table[(table["reference"] != 0) | (table["planned"] != 0)].reset_index(drop=True)
    sign = np.where(table["role"] == "displaced", -1.0, 1.0)
    return table.assign(saved=sign * change(table["planned"], table["reference"]) + 0.0)


def _bought(links: Links, role: str, before: Floats, after: Floats) -> pd.DataFrame:
    rows = links.arcs.kind == _ROLES[role]
    origin = links.arcs.origin[rows]
    count = len(links.nodes.id)
    node = np.unique(origin)
    unit = np.where(links.nodes.unit == "", "t", links.nodes.unit)
    return pd.DataFrame(
        {
            "product": links.nodes.id[node],
            "name": links.nodes.name[node],
            "role": role,
            "unit": [f"{each}/a" for each in unit[node]],
            "reference": sums(origin, before[rows], count)[node],
            "planned": sums(origin, after[rows], count)[node],
        }
    )


def _displaced(links: Links, before: Floats, after: Floats) -> pd.DataFrame:
    fates, table = links.region.table("fates"), links.region.table("products")
    rows = np.flatnonzero(np.isin(links.arcs.kind, (ArcKind.FATE, ArcKind.RESIDUE)) & ((before != 0) | (after != 0)))
    parts = []
    for row in rows:
        at = fates.index.get(links.nodes.id[links.arcs.destination[row]])
        if at is None or fates["product"][at] is None or np.isnan(fates["ratio"][at]):
            continue
        product = fates["product"][at]
        known, ratio = table.index[product], float(fates["ratio"][at])
        parts.append((product, table["name"][known], "displaced", f"{table['unit'][known]}/a", ratio * before[row], ratio * after[row]))
    frame = pd.DataFrame(parts, columns=["product", "name", "role", "unit", "reference", "planned"]).astype(
        {"reference": float, "planned": float}
    )
    return frame.groupby(["product", "name", "role", "unit"], as_index=False, sort=False)[["reference", "planned"]].sum()
