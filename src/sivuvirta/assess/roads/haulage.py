"""Haulage: tonne-kilometres and trips by mode, and loads a day by road section. Only what leaves a site."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sivuvirta.assess.roads.steps import by_truck, empty_ways, steps
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import Floats, Links, NodeKind

DAYS = 365
"""Days of a year: loads are a mean over all days, as traffic counts are."""


_MOVED = {"t": "hauled, as sent", "MWh": "energy moved", "m3": "water and gas moved"}
_LOST = "heat lost on the way"
_UNPLACED = "sold, way not known"


def transport(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """What moves between sites, tonne-kilometres, and loaded road trips a year, by mode.

    Purchased products arrive at their delivered price and are not in it. What is sold to somewhere that the register does not name has no
    way, so no trips are counted for it: a row of its own says how many tonnes.

    Returns:
        Columns mode ("" where not known), measure, unit, reference, planned, difference. A measure has one unit: t/a as sent, MWh/a, m3/a,
        tkm/a or 1/a.
    """
    before, after = _by_mode(reference), _by_mode(planned)
    table = pd.DataFrame({"reference": before, "planned": after}).fillna(0.0)
    table = table[(table["reference"] != 0) | (table["planned"] != 0)].reset_index(names=["mode", "order", "measure", "unit"])
    table["mode"] = np.array([*planned.links.modes, ""], dtype=object)[table["mode"]]
    return table.drop(columns="order").assign(difference=change(table["reference"], table["planned"]))


def roads(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """Loaded trips a day on each road section, mean over 365 days, both directions together.

    `vehicles` counts the empty way back too where the mode returns empty, `added` is its difference with the reference. `share` is the
    plan's vehicles over the heavy traffic of today; `over` tells whether today's heavy traffic with the change passes the section's
    threshold, empty where either is unknown. Trips within one place, and of ways that are not on the road graph, are in a last row of
    their own, so that none is lost.

    Returns:
        Columns road, number, from_place, to_place, km, unit (loads/d), reference, planned, difference, vehicles and added (1/d),
        heavy_traffic (1/d), share, threshold (1/d), over, grade. Sections without loads in either ledger are left out.
    """
    table = planned.links.region.table("roads")
    (before, before_all), (after, after_all) = _on_roads(reference), _on_roads(planned)
    rows = np.flatnonzero((before[:-1] != 0) | (after[:-1] != 0))
    frame = pd.DataFrame({name: table[name][rows] for name in ("road", "number", "from_place", "to_place", "km")})
    frame["unit"] = "loads/d"
    frame["reference"], frame["planned"] = before[rows], after[rows]
    frame["difference"] = change(before[rows], after[rows])
    frame["vehicles"] = after_all[rows]
    frame["added"] = change(before_all[rows], after_all[rows])
    frame["heavy_traffic"] = table["heavy_traffic"][rows]
    frame["share"] = frame["vehicles"] / frame["heavy_traffic"]
    frame["threshold"] = table["threshold"][rows]
    loaded = frame["heavy_traffic"] + after_all[rows] - before_all[rows]
    known = loaded.notna() & frame["threshold"].notna()
    frame["over"] = pd.Series(
        [bool(more) if sure else None for more, sure in zip(loaded > frame["threshold"], known, strict=True)], dtype=object
    )
    frame["grade"] = [grade or Grade.D.name for grade in table["grade"][rows]]
    return (
        pd.concat([frame, _off_graph((before[-1], after[-1]), (before_all[-1], after_all[-1]))], ignore_index=True)
        if before[-1] or after[-1]
        else frame
    )


def loads(links: Links) -> Floats:
    """Loaded trips a day per unit of each arc that leaves a site. Shape (arcs,)."""
    return np.nan_to_num(links.arcs.loads) / DAYS


def measures(links: Links) -> list[tuple[npt.NDArray[Any], str, str, Floats]]:
    """Mode, measure, its unit and its amount per unit of each arc, in the order in which they are told; mode -1 carries nothing.

    The mode after the last one is that of tonnes that are sold to where the register does not say. Shape (arcs,) each.
    """
    arcs = links.arcs
    share = np.divide(arcs.feeder_km, arcs.km, out=np.zeros(len(arcs)), where=arcs.feeder_legs > 0)
    carried, main = arcs.mode >= 0, arcs.mode
    truck = np.where(carried, arcs.vehicle, -1)
    moved = [(main, name, f"{unit}/a", np.where(carried & (links.units == unit), arcs.sent, 0.0)) for unit, name in _MOVED.items()]
    lost = _unplaced(links)
    return [
        *moved,
        (main, "tonne-kilometres", "tkm/a", arcs.tkm * (1.0 - share)),
        (truck, "tonne-kilometres", "tkm/a", arcs.tkm * share),
        (truck, "loaded trips", "1/a", arcs.trips),
        (main, _LOST, "MWh/a", 1.0 - arcs.arriving),
        (np.where(lost, len(links.modes), -1), _UNPLACED, "t/a", np.where(lost, arcs.sent, 0.0)),
    ]


def _by_mode(ledger: Ledger) -> pd.Series[float]:
    parts, order = [], {name: at for at, name in enumerate(dict.fromkeys(name for _, name, _, _ in measures(ledger.links)))}
    for mode, name, unit, per_unit in measures(ledger.links):
        here = mode[ledger.arc] >= 0
        arc, amount = ledger.arc[here], ledger.amount[here]
        parts.append(_part(mode[arc], order[name], name, unit, amount * per_unit[arc]))
    return pd.concat(parts, ignore_index=True).groupby(["mode", "order", "measure", "unit"])["value"].sum()


def _part(mode: npt.NDArray[Any], order: int, measure: str, unit: str, value: Floats) -> pd.DataFrame:
    return pd.DataFrame({"mode": mode.astype(np.int64), "order": order, "measure": measure, "unit": unit, "value": np.nan_to_num(value)})


def _unplaced(links: Links) -> npt.NDArray[np.bool_]:
    """Arcs on which tonnes are sold to where the register does not say. Shape (arcs,)."""
    table = links.region.table("fates")
    sold = (table["kind"] == "sold") & pd.isna(table["site"]) & pd.isna(table["zone"])
    node: npt.NDArray[np.bool_] = (links.nodes.kind == NodeKind.FATE) & np.isin(links.nodes.id.astype(str), table["fate"][sold].astype(str))
    return np.asarray(node[links.arcs.destination] & (links.units == "t") & (links.arcs.mode < 0), dtype=bool)


def _on_roads(ledger: Ledger) -> tuple[Floats, Floats]:
    """Loaded trips, and vehicles with empty returns, a day on each road; the last place holds what is on no road. Shape (roads + 1,)."""
    links, way = ledger.links, steps(ledger)
    count = len(links.region.table("roads"))
    trips = ledger.amount * loads(links)[ledger.arc]
    both_ways = trips * (1.0 + empty_ways(links)[ledger.arc])
    truck = by_truck(links, way.edge)
    edge, flow = way.edge[truck], way.flow[truck]
    on_road = [sums(edge, values[flow], count + 1) for values in (trips, both_ways)]
    for total, values in zip(on_road, (trips, both_ways), strict=True):
        total[-1] = values[links.arcs.pair[ledger.arc] < 0].sum()
    return on_road[0], on_road[1]


def _off_graph(loaded: tuple[float, float], vehicles: tuple[float, float]) -> pd.DataFrame:
    (before, after), (before_all, after_all) = loaded, vehicles
    row = {
        "road": "",
        "number": "within one place, or off the road graph",
        "unit": "loads/d",
        "reference": before,
        "planned": after,
        "difference": after - before,
    }
    added = float(change(before_all, after_all))
    return pd.DataFrame([{**row, "vehicles": after_all, "added": added, "over": None, "grade": Grade.D.name}])
