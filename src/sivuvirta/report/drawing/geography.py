"""What the map draws: places with what stands there, and the ways between them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.report.drawing.basemap import CREDIT, Box, basemap, box
from sivuvirta.report.drawing.flows import FATES, Flow, fate_kind, made_of
from sivuvirta.report.words import count, figure, listed

_NEAR = 3  # decimals of a degree within which sites share a marker, some 100 m
_BESIDE = 0.03  # degrees of latitude within which a place has the marker's name
_MOST = 8  # flows listed in a popup
_LINES = 300  # lines drawn of a state and unit: more hide each other
_TOLD = 300  # markers whose popup lists flows
_BROAD = 2.6  # width of the widest window over its height
_CORE = 4.0  # the map opens on the dense part where the whole is this many times wider

_MEASURED = {"t": "tonnes", "MWh": "energy", "m3": "water and gas"}

Spot = tuple[float, float]
"""Latitude and longitude, rounded to what one marker covers."""


@frozen
class _Line:
    """Flows between two markers that are drawn as one."""

    start: Spot
    end: Spot
    amount: float
    flows: list[Flow]


@frozen
class Map:
    """All that the map needs."""

    points: list[dict[str, Any]]
    ways: dict[str, dict[str, list[dict[str, Any]]]]  # by state, by unit
    towns: list[dict[str, Any]]
    base: dict[str, list[list[tuple[float, float]]]]
    whole: list[float] | None  # west, south, east, north of everything
    core: list[float] | None  # of the part where most flows are; None where it is the whole
    limits: list[float] | None  # beyond which nothing is drawn
    credit: str
    lines: dict[str, dict[str, int]]  # how many there are, drawn or not, by state, by unit


def geography(links: Links, states: Mapping[str, list[Flow]]) -> Map:
    """Markers, ways, town names and the base map of a plan.

    Args:
        links: of the plan.
        states: flows by state.

    Returns:
        The map; without known positions it is empty.
    """
    spots = _spots(links)
    lines = {state: _lines(rows, spots) for state, rows in states.items()}
    ways = {state: _ways(links, by_unit) for state, by_unit in lines.items()}
    points = _points(links, states, spots)
    whole = box((point["lon"], point["lat"]) for point in points)
    limits = _frame(whole) if whole else None
    return Map(
        points=points,
        ways=ways,
        towns=_towns(links, limits, points),
        base=basemap(limits) if limits else {},
        whole=_corners(whole.wider(0.05, 0.03)) if whole else None,
        core=_core(points, whole),
        limits=_corners(limits) if limits else None,
        credit=CREDIT,
        lines={state: {unit: len(found) for unit, found in by_unit.items()} for state, by_unit in lines.items()},
    )


def undrawn(found: Map) -> str:
    """How many lines of the plan with potential the map leaves out; empty where it has all."""
    units = found.lines.get("potential", {})
    drawn = {unit: len(found.ways["potential"][unit]) for unit in units}
    parts = [f"{drawn[unit]} widest of {count(units[unit], 'line')} for {_MEASURED[unit]}" for unit in units if drawn[unit] < units[unit]]
    return f"Drawn are the {listed(parts)}; the others are too thin to be told apart." if parts else ""


def width_key(ways: Mapping[str, Mapping[str, list[dict[str, Any]]]], unit: str) -> dict[str, Any]:
    """What the widths of lines mean: the widest amount of a unit over all states, and three round amounts to compare with."""
    most = max((float(way["amount"]) for by_unit in ways.values() for way in by_unit.get(unit, [])), default=0.0)
    if most <= 0:
        return {"most": 1.0, "steps": []}
    power = 10.0 ** math.floor(math.log10(most))
    first = max(step for step in (1, 2, 5) if step * power <= most) * power
    steps = [{"amount": amount, "text": figure(amount, f"{unit}/a").text} for amount in (first, first / 10, first / 100)]
    return {"most": most, "steps": steps}


def _spots(links: Links) -> dict[int, Spot]:
    """Marker of each node whose position is known."""
    nodes = links.nodes
    known = np.flatnonzero(~(np.isnan(nodes.lat) | np.isnan(nodes.lon)))
    return {int(node): (round(float(nodes.lat[node]), _NEAR), round(float(nodes.lon[node]), _NEAR)) for node in known}


def _lines(rows: list[Flow], spots: Mapping[int, Spot]) -> dict[str, list[_Line]]:
    """Flows between two markers by unit, those of one colour and kind as one line, the widest first."""
    joined: dict[tuple[str, Spot, Spot, str, bool, str], list[Flow]] = defaultdict(list)
    for flow in rows:
        start, end = spots.get(flow.origin), spots.get(flow.destination)
        if start and end and start != end:
            joined[flow.unit, start, end, flow.family, flow.new, flow.evidence].append(flow)
    lines: dict[str, list[_Line]] = defaultdict(list)
    for (unit, start, end, *_), flows in joined.items():
        lines[unit].append(_Line(start, end, sum(flow.amount for flow in flows), flows))
    return {unit: sorted(found, key=lambda line: -line.amount) for unit, found in lines.items()}


def _ways(links: Links, lines: Mapping[str, list[_Line]]) -> dict[str, list[dict[str, Any]]]:
    """The widest lines as they are drawn."""
    return {
        unit: [
            {
                "from": line.start,
                "to": line.end,
                "family": line.flows[0].family,
                "new": line.flows[0].new,
                "evidence": line.flows[0].evidence,
                "amount": line.amount,
                "text": figure(line.amount, f"{unit}/a").text,
                "flows": [phrase(links, flow) for flow in line.flows[:_MOST]],
            }
            for line in found[:_LINES]
        ]
        for unit, found in lines.items()
    }


def phrase(links: Links, flow: Flow) -> str:
    """A flow in words: what, where to, how much, how far."""
    far = f", {figure(flow.km, 'km').text}" if flow.km > 0 else ""
    names, made = links.nodes.name, made_of(flow)
    amount = figure(flow.amount, f"{flow.unit}/a").text
    return f"{names[flow.origin]} → {_end(links, flow.destination)}: {amount}{far}{f', {made}' if made else ''}"


def _end(links: Links, node: int) -> str:
    name = str(links.nodes.name[node])
    if links.nodes.kind[node] == NodeKind.FATE:
        kind = FATES[fate_kind(links, node)]
        return name if name.lower().startswith(kind.lower()) else f"{kind}: {name[0].lower()}{name[1:]}"
    return name


def _points(links: Links, states: Mapping[str, list[Flow]], spots: Mapping[int, Spot]) -> list[dict[str, Any]]:
    """Markers with the names that stand there, the busiest first, and the flows that start or end there."""
    at, busy = _standing(links, spots), _busy(links, states)
    lists: dict[Spot, dict[str, list[Flow]]] = defaultdict(lambda: {state: [] for state in states})
    for state, rows in states.items():
        for flow in rows:
            for spot in {spots[node] for node in (flow.origin, flow.destination) if node in spots}:
                lists[spot][state].append(flow)
    amount = {spot: sum(busy.get(site, 0.0) for site in sites.values()) for spot, sites in at.items()}
    points = []
    for rank, (spot, sites) in enumerate(sorted(at.items(), key=lambda item: -amount[item[0]])):
        names, most = sorted(sites, key=lambda name: -busy.get(sites[name], 0.0)), _MOST if rank < _TOLD else 0
        points.append(
            {
                "lat": spot[0],
                "lon": spot[1],
                "names": names,
                "short": _short(names),
                "amount": amount[spot],
                "flows": {state: [phrase(links, flow) for flow in flows[:most]] for state, flows in lists[spot].items()},
                "more": {state: max(0, len(flows) - most) for state, flows in lists[spot].items()},
            }
        )
    return points


def _standing(links: Links, spots: Mapping[int, Spot]) -> dict[Spot, dict[str, str]]:
    """Sites and used areas by marker: their names with their ids."""
    places = links.region.table("places")
    at: dict[Spot, dict[str, str]] = defaultdict(dict)
    for table, key, lead in (("sites", "site", ""), ("zones", "zone", "Area: ")):
        for row in links.region.table(table).rows():
            where = (row["lat"], row["lon"])
            if None in where and row["place"] in places.index:
                known = places.index[row["place"]]
                where = (float(places["lat"][known]), float(places["lon"][known]))
            if None in where or math.isnan(where[0]) or math.isnan(where[1]):
                continue
            spot = (round(where[0], _NEAR), round(where[1], _NEAR))
            if table == "sites" or spot in spots.values():
                at[spot][f"{lead}{row['name']}"] = row[key]
    return at


def _busy(links: Links, states: Mapping[str, list[Flow]]) -> dict[str, float]:
    """Tonnes that leave or reach each site, the most of all states."""
    busy: dict[str, float] = defaultdict(float)
    for rows in states.values():
        sums: dict[str, float] = defaultdict(float)
        for flow in rows:
            for site in {links.nodes.site[flow.origin], links.nodes.site[flow.destination]} - {None}:
                sums[site] += flow.amount if flow.unit == "t" else 0.0
        for site, amount in sums.items():
            busy[site] = max(busy[site], amount)
    return busy


def _short(names: list[str]) -> str:
    """What is written beside a marker: the first name without what stands in brackets, and how many more there are."""
    first = names[0].partition(" (")[0].partition(",")[0]
    return first if len(names) == 1 else f"{first} +{len(names) - 1}"


def _towns(links: Links, limits: Box | None, points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names of places that no marker covers."""
    if limits is None or "places" not in links.region.tables:
        return []
    rows = [row for row in links.region.table("places").rows() if row["lat"] is not None and row["lon"] is not None]
    return [
        {"name": row["name"], "lat": row["lat"], "lon": row["lon"]}
        for row in rows
        if limits.holds((row["lon"], row["lat"]))
        and row["name"].isalpha()  # a town, not a junction or a gate
        and not any(abs(row["lat"] - point["lat"]) < _BESIDE and abs(row["lon"] - point["lon"]) < 2 * _BESIDE for point in points)
    ]


def _frame(whole: Box) -> Box:
    """What the map may show: the whole with a margin, wide enough for a broad window (a degree of longitude is short in the north)."""
    wide = whole.wider(0.35, 0.4)
    middle, shrink = (wide.west + wide.east) / 2, math.cos(math.radians((wide.south + wide.north) / 2))
    across = max(wide.east - wide.west, _BROAD * (wide.north - wide.south) / shrink) / 2
    return Box(middle - across, wide.south, middle + across, wide.north)


def _core(points: list[dict[str, Any]], whole: Box | None) -> list[float] | None:
    """The dense part: the surroundings of the marker that has most others near it."""
    if whole is None or len(points) < 3:
        return None
    near = max(([(other["lon"], other["lat"]) for other in points if _close(point, other)] for point in points), key=len)
    part = box(near)
    if part is None or len(near) < 3 or (whole.north - whole.south) < _CORE * max(part.north - part.south, 0.05):
        return None
    return _corners(part.wider(0.12, 0.02))


def _close(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(abs(one["lat"] - other["lat"]) < 0.2 and abs(one["lon"] - other["lon"]) < 0.5)


def _corners(frame: Box) -> list[float]:
    return [round(frame.west, 4), round(frame.south, 4), round(frame.east, 4), round(frame.north, 4)]
