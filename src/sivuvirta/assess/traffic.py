"""Haulage: tonne-kilometres and trips by mode, and loads a day by road section. Only what leaves a site."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import Floats, Links

DAYS = 365
"""Days of a year: loads are a mean over all days, as traffic counts are."""

_MEASURES = ("as sent", "tonne-kilometres", "loaded trips on roads")
_UNITS = ("t/a", "tkm/a", "1/a")


def transport(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Tonnes as sent, tonne-kilometres and loaded road trips a year by mode.

    Purchased products arrive at their delivered price and are not in it.

    Returns:
        Columns mode, measure, unit, reference, planned, difference.
    """
    before, after = _by_mode(reference), _by_mode(planned)
    modes = planned.links.modes
    rows = [
        (modes[mode], measure, unit, before[mode, column], after[mode, column])
        for mode in np.flatnonzero((before + after).any(axis=1))
        for column, (measure, unit) in enumerate(zip(_MEASURES, _UNITS, strict=True))
    ]
    table = pd.DataFrame(rows, columns=["mode", "measure", "unit", "reference", "planned"])
    return table.assign(difference=table["planned"] - table["reference"])


def roads(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Loaded trips a day on each road section, mean over 365 days, both directions together.

    `vehicles` counts the empty way back too where the mode returns empty. `share` is the plan's vehicles over the heavy traffic of today;
    `over` tells whether today's heavy traffic with the change passes the section's threshold, empty where either is unknown. Trips of
    ways that are not on the road graph are in a last row of their own, so that none is lost.

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
    frame["difference"] = frame["planned"] - frame["reference"]
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
    return np.where(links.arcs.km > 0, links.arcs.trips, 0.0) / DAYS


def _by_mode(ledger: Ledger) -> npt.NDArray[np.float64]:
    arcs = ledger.links.arcs
    hauled = (arcs.mode[ledger.arc] >= 0) & (arcs.km[ledger.arc] > 0)
    arc, amount = ledger.arc[hauled], ledger.amount[hauled]
    count = len(ledger.links.modes)
    return np.column_stack([sums(arcs.mode[arc], amount * per_unit[arc], count) for per_unit in (arcs.sent, arcs.tkm, arcs.trips)])


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
        "number": "not on the road graph",
        "unit": "loads/d",
        "reference": before,
        "planned": after,
        "difference": after - before,
    }
    return pd.DataFrame([{**row, "vehicles": vehicles, "over": None, "grade": Grade.D.name}])
