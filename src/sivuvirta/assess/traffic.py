"""Haulage: tonne-kilometres and trips by mode, and loads a day by road section. Only what leaves a site."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.assess.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import Floats, Links

DAYS = 365
"""Days of a year: loads are a mean over all days, as traffic counts are."""


def transport(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What moves between sites, tonne-kilometres, and loaded road trips a year, by mode.

    Purchased products arrive at their delivered price and are not in it.

    Returns:
        Columns mode, measure (moved | tonne-kilometres | loaded trips), unit, reference, planned, difference. What moves is in t as
        sent, or in MWh or m3 for what flows in pipes and wires, which has neither tonne-kilometres nor trips.
    """
    before, after = _by_mode(reference), _by_mode(planned)
    table = pd.DataFrame({"reference": before, "planned": after}).fillna(0.0)
    table = table[(table["reference"] != 0) | (table["planned"] != 0)].reset_index(names=["mode", "order", "measure", "unit"])
    table["mode"] = [planned.links.modes[mode] for mode in table["mode"]]
    return table.drop(columns="order").assign(difference=change(table["reference"], table["planned"]))


def roads(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Loaded trips a day on each road section, mean over 365 days, both directions together.

    `vehicles` counts the empty way back too where the mode returns empty. `share` is the plan's vehicles over the heavy traffic of today;
    `over` tells whether today's heavy traffic with the change passes the section's threshold, empty where either is unknown. Trips
    within one place, and of ways that are not on the road graph, are in a last row of their own, so that none is lost.

    Returns:
        Columns road, number, from_place, to_place, km, unit (loads/d), reference, planned, difference, vehicles (1/d), heavy_traffic
        (1/d), share, threshold (1/d), over, grade. Sections without loads in either ledger are left out.
    """
    table = planned.links.region.table("roads")
    (before, before_all), (after, after_all) = _on_roads(reference), _on_roads(planned)
    rows = np.flatnonzero((before[:-1] != 0) | (after[:-1] != 0))
    frame = pd.DataFrame({name: table[name][rows] for name in ("road", "number", "from_place", "to_place", "km")})
    frame["unit"] = "loads/d"
    frame["reference"], frame["planned"] = before[rows], after[rows]
    frame["difference"] = change(before[rows], after[rows])
    frame["vehicles"] = after_all[rows]
    frame["heavy_traffic"] = table["heavy_traffic"][rows]
    frame["share"] = frame["vehicles"] / frame["heavy_traffic"]
    frame["threshold"] = table["threshold"][rows]
    loaded = frame["heavy_traffic"] + after_all[rows] - before_all[rows]
    known = loaded.notna() & frame["threshold"].notna()
    frame["over"] = pd.Series(
        [bool(more) if sure else None for more, sure in zip(loaded > frame["threshold"], known, strict=True)], dtype=object
    )
    frame["grade"] = [grade or Grade.D.name for grade in table["grade"][rows]]
    return pd.concat([frame, _off_graph(before[-1], after[-1], after_all[-1])], ignore_index=True) if before[-1] or after[-1] else frame


def loads(links: Links) -> Floats:
    """Loaded trips a day per unit of each arc that leaves a site. Shape (arcs,)."""
    return np.nan_to_num(links.arcs.trips) / DAYS


def _by_mode(ledger: Ledger) -> pd.Series[float]:
    arcs, hauled = ledger.links.arcs, ledger.links.arcs.mode[ledger.arc] >= 0
    arc, amount = ledger.arc[hauled], ledger.amount[hauled]
    moved = [f"{unit}/a" for unit in ledger.links.units[arc]]
    measures = (("moved", moved, arcs.sent), ("tonne-kilometres", "tkm/a", arcs.tkm), ("loaded trips", "1/a", arcs.trips))
    parts = [
        pd.DataFrame(
            {"mode": arcs.mode[arc], "order": order, "measure": name, "unit": unit, "value": amount * np.nan_to_num(per_unit[arc])}
        )
        for order, (name, unit, per_unit) in enumerate(measures)
    ]
    return pd.concat(parts, ignore_index=True).groupby(["mode", "order", "measure", "unit"])["value"].sum()


def _on_roads(ledger: Ledger) -> tuple[Floats, Floats]:
    """Loaded trips, and vehicles with empty returns, a day on each road; the last place holds what is on no road. Shape (roads + 1,)."""
    links, arcs = ledger.links, ledger.links.arcs
    count = len(links.region.table("roads"))
    trips = ledger.amount * loads(links)[ledger.arc]
    both_ways = trips * _ways(links)[ledger.arc]
    moved = trips != 0
    pair, trips, both_ways = arcs.pair[ledger.arc][moved], trips[moved], both_ways[moved]
    ways = links.paths.chosen(pair)
    length = np.diff(ways.start)
    on_road = [sums(ways.edge, np.repeat(values, length), count + 1) for values in (trips, both_ways)]
    for total, values in zip(on_road, (trips, both_ways), strict=True):
        total[-1] = values[pair < 0].sum()
    return on_road[0], on_road[1]


def _ways(links: Links) -> Floats:
    """2 where the mode of an arc comes back empty, else 1. Shape (arcs,)."""
    table = links.region.table("modes")
    empty = dict(zip(table["mode"].tolist(), table["empty_return"].tolist(), strict=True))
    ways = np.array([*(1.0 if empty.get(mode) is False else 2.0 for mode in links.modes), 1.0])
    return ways[links.arcs.mode]


def _off_graph(before: float, after: float, vehicles: float) -> pd.DataFrame:
    row = {
        "road": "",
        "number": "within one place, or off the road graph",
        "unit": "loads/d",
        "reference": before,
        "planned": after,
        "difference": after - before,
    }
    return pd.DataFrame([{**row, "vehicles": vehicles, "over": None, "grade": Grade.D.name}])
