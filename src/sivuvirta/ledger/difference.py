"""What differs between two ledgers, arc by arc."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind
from sivuvirta.errors import ShapeError


def difference(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Flows of both ledgers beside each other, one row an arc that carries something in either.

    Args:
        planned: the ledger after.
        reference: the ledger before, over the same links.

    Returns:
        Columns kind, origin, destination, material, unit (t dry, MWh or m3 a year), reference, planned, difference; in arc order.

    Raises:
        ShapeError: the ledgers stand on different links.
    """
    links = planned.links
    if reference.links is not links:
        raise ShapeError("Two ledgers can be compared only over the same links; compute both from one region at one vintage.")
    before, after = reference.per_arc(), planned.per_arc()
    rows = np.flatnonzero((before != 0) | (after != 0))
    arcs, nodes = links.arcs, links.nodes
    origin, destination = arcs.origin[rows], arcs.destination[rows]
    return pd.DataFrame(
        {
            "kind": [ArcKind(kind).name.lower() for kind in arcs.kind[rows]],
            "origin": [nodes.label(row) for row in origin],
            "destination": [nodes.label(row) for row in destination],
            "material": [links.materials[row] for row in arcs.material[rows]],
            "unit": [f"{unit}/a" for unit in links.units[rows]],
            "reference": before[rows],
            "planned": after[rows],
            "difference": after[rows] - before[rows],
        }
    )
