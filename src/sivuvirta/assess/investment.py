"""Plants of a ledger: what is built, what it costs, how far it is used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.ledger import Ledger
from sivuvirta.units.ranges import HALF_WIDTH


def investment(planned: Ledger) -> pd.DataFrame:
    """Plants that run or are built in the plan.

    Returns:
        Columns plant, name, organisation, status, unit (of capacity and activity), capacity (existing and new; unknown where the register
        does not say), built (new capacity), activity, utilisation (share of capacity), capex_EUR with low and high (5 and 95 %), fixed_EUR
        (a year: annuity and fixed cost), staff (posts).
    """
    links, works, operations = planned.links, planned.links.works, planned.operations
    rows = np.flatnonzero((operations.activity > 0) | operations.built)
    technologies = links.region.table("technologies")
    capacity = (np.where(np.isinf(works.capacity), np.nan, works.capacity) + operations.size)[rows]
    half = HALF_WIDTH * np.nan_to_num(works.capex_sd[rows]) * operations.capex[rows]
    activity = operations.activity[rows]
    unit = [technologies["activity_unit"][technologies.index[key]] for key in works.technology[rows]]
    return pd.DataFrame(
        {
            "plant": links.nodes.id[works.node[rows]],
            "name": links.nodes.name[works.node[rows]],
            "organisation": [key or "" for key in links.nodes.organisation[works.node[rows]]],
            "status": np.where(works.candidate[rows], "candidate", "existing"),
            "unit": [f"{each}/a" for each in unit],
            "capacity": capacity,
            "built": operations.size[rows],
            "activity": activity,
            "utilisation": np.divide(activity, capacity, out=np.full(len(rows), np.nan), where=capacity > 0),
            "capex_EUR": operations.capex[rows],
            "capex_low_EUR": operations.capex[rows] - half,
            "capex_high_EUR": operations.capex[rows] + half,
            "fixed_EUR": operations.fixed[rows],
            "staff": np.nan_to_num(works.staff[rows]) * activity,
        }
    )
