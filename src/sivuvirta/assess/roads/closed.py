"""Closed: what a ledger's hauls become where sections of road are closed or weight-limited, each by the shortest way that is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import evolve, frozen

from sivuvirta.assess.roads.steps import by_truck, of_mode, tonnes
from sivuvirta.domain.ledger import sums
from sivuvirta.domain.links import Flags, Floats, Links
from sivuvirta.domain.paths import LANES
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.domain.traffic import Driven
from sivuvirta.errors import UnknownNameError
from sivuvirta.links.codes import Rows, positions
from sivuvirta.links.distances import graph, shortest

CLOSED = [
    *("state", "period", "flows", "tonnes", "loads", "tkm", "tkm_closed", "tkm_more", "emission_more"),
    *("switched_flows", "switched_tonnes", "cut_flows", "cut_tonnes", "unknown"),
]
DETOURS = ["state", "period", "origin", "destination", "material", "tonnes", "loads", "km", "km_closed", "by", "switched", "cut"]
_CUT = "some hauls have no other way by rail or sea, and no road is left between their places either: what they would do is not known"
_NO_FACTOR = "the emission of what drives some of the hauls is not known"
AFTER = ["state", "period", "road", "loads", "loads_closed", "difference"]


@frozen(eq=False)
class Rerouted:
    """Legs over closed sections with what takes their place. A leg is what one vehicle drives between two changes. Shape (legs,)."""

    flow: Rows  # of the ledger
    before: Floats  # km
    after: Floats  # km, inf where no way is left
    truck: Flags
    was: npt.NDArray[np.int16]  # what drives it today, position in `links.modes`
    mode: npt.NDArray[np.int16]  # what drives it then
    loads: Floats  # trips of trucks, of the part of time, NaN where the payload is not known
    switched: Flags  # from rail or sea to road
    old: list[Any]  # sections before, rows of `roads`
    new: list[Any]  # sections after


def closures(years: Sequence[Driven], names: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """What it takes to drive around closed sections, with the flows as they are; see `closed`, `detours` and `after` of `Traffic`.

    Nothing is planned anew: a plan that knew of the closing would do no worse. A leg by rail or sea for which no such way is left goes by
    road, in the trucks that bring its material to a terminal or carry it elsewhere. A haul that no road is left for either is cut: its
    tonnes are told, and what it takes more is not known. Where a row of `links` states
    the length of a haul the detour is added to it. Grows with one shortest-path tree for each place where a changed leg starts.

    Args:
        years: ledgers of a year.
        names: sections.

    Raises:
        UnknownNameError: there is no such section; all of them are named.
    """
    if not names:
        return pd.DataFrame(columns=CLOSED), pd.DataFrame(columns=DETOURS), pd.DataFrame(columns=AFTER)
    parts = [_closed(each, names) for each in years]
    first, second, third = (pd.concat([part[place] for part in parts], ignore_index=True) for place in range(3))
    return first, second, third


def _closed(year: Driven, names: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    links = year.ledger.links
    shut = _rows_of(links.region, names)
    legs = _rerouted(year, shut)
    detours = _detours(year, legs)
    named = {"state": year.state, "period": year.period}
    more, emission = _more(year, legs)
    summary = {
        "flows": len(detours),
        "tonnes": float(detours["tonnes"].sum()),
        "loads": float(detours["loads"].sum()),
        "tkm": float((detours["tonnes"] * detours["km"]).sum()),
        "tkm_closed": float((detours["tonnes"] * detours["km_closed"]).sum(skipna=False)),
        "tkm_more": more,
        "emission_more": emission,
        "switched_flows": int(detours["switched"].sum()),
        "switched_tonnes": float(detours.loc[detours["switched"], "tonnes"].sum()),
        "cut_flows": int(detours["cut"].sum()),
        "cut_tonnes": float(detours.loc[detours["cut"], "tonnes"].sum()),
    }
    reason = _CUT if summary["cut_flows"] else _NO_FACTOR if np.isnan(emission) else ""
    rows = pd.DataFrame([{**named, **summary, "unknown": reason}], columns=CLOSED)
    return rows, detours, _after(year, legs).assign(**named)[AFTER]


def _rows_of(region: Region, names: Sequence[str]) -> Rows:
    table = region.table("roads")
    rows = positions(table["road"], list(names))
    missing = [name for name, row in zip(names, rows.tolist(), strict=True) if row < 0]
    if missing:
        known = ", ".join(map(str, table["road"].tolist()))
        raise UnknownNameError(f"There is no section of road {', '.join(map(repr, missing))} in '{region.name}'. There are: {known}.")
    return rows


def _rerouted(year: Driven, shut: Rows) -> Rerouted:
    """Every leg over a closed section with its shortest way on what is left."""
    links, way = year.ledger.links, year.steps
    table = links.region.table("roads")
    places = links.region.table("places")["place"]
    ends = [positions(places, table[name]) for name in ("from_place", "to_place")]
    lane = np.where(np.isin(table["kind"].astype(str), LANES), table["kind"].astype(str), "road")[way.edge]
    fresh = np.append(True, (way.flow[1:] != way.flow[:-1]) | (lane[1:] != lane[:-1])) if len(way.edge) else np.zeros(0, dtype=bool)
    leg = np.cumsum(fresh) - 1
    hit = np.unique(leg[np.isin(way.edge, shut)])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(leg)) - 1
    begin = np.where(year.forward, ends[0][way.edge], ends[1][way.edge])[first[hit]]
    stop = np.where(year.forward, ends[1][way.edge], ends[0][way.edge])[last[hit]]
    before = sums(leg, table["km"][way.edge], len(first))[hit]
    after, new = np.full(len(hit), np.inf), [np.zeros(0, dtype=np.int32)] * len(hit)
    open_ = _without(links.region, shut)
    for kind in np.unique(lane[first[hit]]).tolist():
        rows = np.flatnonzero(lane[first[hit]] == kind)
        after[rows], found = _shortest(open_, kind, begin[rows], stop[rows])
        for row, edges in zip(rows.tolist(), found, strict=True):
            new[row] = edges
    truck = lane[first[hit]] == "road"
    switched = ~truck & np.isinf(after)
    rows = np.flatnonzero(switched)
    after[rows], found = _shortest(open_, "road", begin[rows], stop[rows])
    for row, edges in zip(rows.tolist(), found, strict=True):
        new[row] = edges
    switched &= np.isfinite(after)
    old = [way.edge[first[row] : last[row] + 1] for row in hit.tolist()]
    return _driven(year, way.flow[first[hit]], (before, after, old, new), (truck, switched))


def _driven(year: Driven, flow: Rows, ways: tuple[Floats, Floats, list[Any], list[Any]], kind: tuple[Flags, Flags]) -> Rerouted:
    """Legs with what drives them: on a new road the truck that takes the material to terminals, or that carries it elsewhere."""
    (before, after, old, new), (truck, switched) = ways, kind
    links, arc = year.ledger.links, year.ledger.arc[flow]
    was = np.where(truck, links.arcs.vehicle[arc], links.arcs.mode[arc]).astype(np.int16)
    mode = np.where(switched, [_truck(links, row) for row in arc.tolist()], was).astype(np.int16)
    own = (year.amount * np.nan_to_num(links.arcs.loads)[year.ledger.arc])[flow]
    loads = np.where(switched, _sent(year, flow) / of_mode(links, "payload", mode), own)
    return Rerouted(flow, before, after, truck, was, mode, loads, switched, old, new)


def _truck(links: Links, arc: int) -> int:
    """Truck of an arc by rail or sea if it went by road: that of its terminals, else the most usual one for its material or any; -1."""
    arcs, table = links.arcs, links.region.table("modes")
    kinds = dict(zip(table["mode"].tolist(), table["kind"].astype(str).tolist(), strict=True))
    road = np.array([*(kinds.get(name) == "road" for name in links.modes), False])
    if road[arcs.feeder[arc]]:
        return int(arcs.feeder[arc])
    driven = road[arcs.mode]
    alike = driven & (arcs.material == arcs.material[arc])
    used = arcs.mode[alike if alike.any() else driven]
    return int(np.bincount(used).argmax()) if len(used) else -1


def _without(region: Region, shut: Rows) -> Region:
    """The region with sections taken off the graph: their length is not known, so nothing leads over them."""
    table = region.table("roads")
    km = table["km"].copy()
    km[shut] = np.nan
    return evolve(region, tables={**region.tables, "roads": Table("roads", table.key, {**table.columns, "km": km})})


def _shortest(region: Region, kind: str, begin: Rows, stop: Rows) -> tuple[Floats, list[Any]]:
    net = graph(region, kind)
    pair, way = pd.factorize(net.rank[begin] * len(net.rank) + net.rank[stop])
    length, trees = shortest(net, np.asarray(way, dtype=np.int64))
    paths = trees.chosen(np.arange(len(way), dtype=np.int32))
    return length[pair], [paths.edges(row) for row in pair.tolist()]


def _sent(year: Driven, flow: Rows) -> Floats:
    """T as sent of flows."""
    return year.amount[flow] * tonnes(year.ledger.links)[year.ledger.arc[flow]]


def _more(year: Driven, legs: Rerouted) -> tuple[float, float]:
    """Tonne-kilometres and kg CO2e that the legs take more, each by what drives it; NaN where one is cut or its emission not known."""
    if np.isinf(legs.after).any():
        return np.nan, np.nan
    tkm = _sent(year, legs.flow) * (legs.after - legs.before)
    links, sent = year.ledger.links, _sent(year, legs.flow)
    emission = sent * (legs.after * of_mode(links, "co2", legs.mode) - legs.before * of_mode(links, "co2", legs.was))
    return float(tkm.sum()), float(emission.sum())


def _detours(year: Driven, legs: Rerouted) -> pd.DataFrame:
    links, ledger = year.ledger.links, year.ledger
    flow, owner = np.unique(legs.flow, return_inverse=True)
    more = sums(owner, np.where(np.isinf(legs.after), 0.0, legs.after - legs.before), len(flow))
    cut = sums(owner, np.isinf(legs.after).astype(float), len(flow)) > 0
    arc = ledger.arc[flow]
    by: list[list[str]] = [[] for _ in flow]
    for leg, row in enumerate(owner.tolist()):
        by[row] += [str(links.region.table("roads")["road"][edge]) for edge in legs.new[leg]]
    return pd.DataFrame(
        {
            "state": year.state,
            "period": year.period,
            "origin": links.nodes.name[links.arcs.origin[arc]],
            "destination": links.nodes.name[links.arcs.destination[arc]],
            "material": [links.materials[row] for row in links.arcs.material[arc]],
            "tonnes": _sent(year, flow),
            "loads": year.amount[flow] * np.nan_to_num(links.arcs.trips)[arc],
            "km": links.arcs.km[arc],
            "km_closed": np.where(cut, np.nan, links.arcs.km[arc] + more),
            "by": [", ".join(names) for names in by],
            "switched": ~cut & (sums(owner, legs.switched.astype(float), len(flow)) > 0),
            "cut": cut,
        },
        columns=DETOURS,
    )


def _after(year: Driven, legs: Rerouted) -> pd.DataFrame:
    """Loads a day on the sections whose traffic changes; a leg that is cut drives nowhere, one that leaves the rails drives anew."""
    links, way = year.ledger.links, year.steps
    count = len(links.region.table("roads"))
    loads = year.amount * np.nan_to_num(links.arcs.loads)[year.ledger.arc] / year.days
    truck = by_truck(links, way.edge)
    now = sums(way.edge[truck], loads[way.flow[truck]], count)
    then = now.copy()
    for leg in np.flatnonzero(legs.truck).tolist():
        np.subtract.at(then, legs.old[leg], loads[legs.flow[leg]])
    for leg in np.flatnonzero(legs.truck | legs.switched).tolist():
        np.add.at(then, legs.new[leg], legs.loads[leg] / year.days)
    then = np.where(np.abs(then) < 1e-9 * np.maximum(now, 1.0), 0.0, then)
    rows = np.flatnonzero(np.abs(then - now) > 1e-9 * np.maximum(now, then))
    names = links.region.table("roads")["road"][rows]
    return pd.DataFrame({"road": names, "loads": now[rows], "loads_closed": then[rows], "difference": then[rows] - now[rows]})
