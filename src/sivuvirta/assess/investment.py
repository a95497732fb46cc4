"""Plants of a ledger, and pipes that are laid: what is built, what it costs, how far it is used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.units.ranges import HALF_WIDTH


def investment(planned: Ledger) -> pd.DataFrame:
    """Plants that run or are built in the plan, then pipes, cables and belts that have to be laid for it.

    Returns:
        Columns plant, name, organisation, status, unit (of capacity and activity), capacity (existing and new; unknown where the register
        does not say), built (new capacity), activity, utilisation (share of capacity), capex_EUR with low and high (5 and 95 %), fixed_EUR
        (a year: annuity and fixed cost), staff (posts). A pipe has its mode and ends for a name, status "laid" and what flows for
        activity; the range of its investment is not known.
    """
    links, works, operations = planned.links, planned.links.works, planned.operations
    rows = np.flatnonzero((operations.activity > 0) | operations.built)
    technologies = links.region.table("technologies")
    capacity = (np.where(np.isinf(works.capacity), np.nan, works.capacity) + operations.size)[rows]
    half = HALF_WIDTH * np.nan_to_num(works.capex_sd[rows]) * operations.capex[rows]
    activity = operations.activity[rows]
    unit = [technologies["activity_unit"][technologies.index[key]] for key in works.technology[rows]]
    table = pd.DataFrame(
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
    laid = _laid(planned)
    return pd.concat([table, laid], ignore_index=True) if len(laid) else table


def _laid(planned: Ledger) -> pd.DataFrame:
    """Pipes, cables and belts in use that are not there yet."""
    links, invested = planned.links, planned.way_capex()
    arcs, ways, nodes = links.arcs, links.ways, links.nodes
    rows = np.flatnonzero(invested > 0)
    group = arcs.fixed_group[planned.arc]
    flow = sums(group + 1, planned.amount, len(ways) + 1)[1:]
    grown = sums(group + 1, planned.amount * arcs.capex[planned.arc], len(ways) + 1)[1:]
    per_year = np.divide(ways.fixed, ways.capex, out=np.zeros(len(ways)), where=ways.capex > 0)
    modes = links.region.table("modes")
    shown = [int(planned.arc[np.flatnonzero(group == row)[0]]) for row in rows.tolist()]
    kinds = [str(modes["name"][modes.index[links.modes[mode]]]) for mode in ways.mode[rows].tolist()]
    ends = [f"{nodes.name[arcs.origin[arc]]} to {nodes.name[arcs.destination[arc]]}" for arc in shown]
    return pd.DataFrame(
        {
            "plant": [f"{origin}>{end}" for origin, end in zip(ways.origin[rows], ways.destination[rows], strict=True)],
            "name": [f"{kind}, {way}, {km:.1f} km" for kind, way, km in zip(kinds, ends, ways.km[rows].tolist(), strict=True)],
            "organisation": "",
            "status": "laid",
            "unit": [f"{links.units[arc]}/a" for arc in shown],
            "capacity": np.nan,
            "built": np.nan,
            "activity": flow[rows],
            "utilisation": np.nan,
            "capex_EUR": invested[rows],
            "capex_low_EUR": np.nan,
            "capex_high_EUR": np.nan,
            "fixed_EUR": planned.operations.ways[rows] + per_year[rows] * grown[rows],
            "staff": 0.0,
        }
    )
