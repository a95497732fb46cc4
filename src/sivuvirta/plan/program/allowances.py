"""Constraint families of what others allow: permits of receivers, and heavy traffic on sections of road."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind
from sivuvirta.domain.paths import for_trucks
from sivuvirta.links.codes import positions
from sivuvirta.links.contracts import valid_on
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Rows
from sivuvirta.plan.program.amounts import supply_of
from sivuvirta.plan.program.candidates import Candidates, Index
from sivuvirta.plan.program.setting import Setting

_DAYS = 365.0
_NO_WASTE = ("product", "by_product", "end_of_waste")


def permit(at: Setting) -> Rows:
    r"""What a receiver takes in under a permit stays within its tonnes.

    .. math:: \sum_{a \in w} m_a x_a \le C_w \qquad \text{(P10)}

    m is tonnes as sent per dry tonne, in which permits are written. Under a permit comes everything in tonnes that enters plants which work
    under it, and waste whose code it lists that a need on its site takes straight. Permits that are not valid on the region's day, or
    whose tonnes are not known, bind nothing; nor do those that all their streams together do not reach.

    Args:
        at: the program and its columns; C is `permits.capacity`, t as sent a year.

    Returns:
        One row a permit that could bind; the negative of its dual is what one more tonne as sent is worth.
    """
    held = permitted(at.found)
    sent = at.links.arcs.sent
    number = np.full(len(at.links.arcs), -1, dtype=np.int32)
    number[held.arc] = held.group
    terms = [Term(number[arc], column, value * sent[arc]) for arc, column, value in at.carrying(held.arc)]
    names = held.names
    return at.lp.rows("permit", gather(len(names), *terms), upper=held.most, label=names.__getitem__)


def lawful(at: Setting) -> Rows:
    r"""A route carries no more than a legal path is open for.

    .. math:: x_r \le \frac{Q_r}{m_r} \qquad \text{(P10)}

    Q is the largest most, t as sent a year, of the paths that are open to the route on its use, its borders and a plant that is still to
    be built, with no more doubt than the route has: a route that rests on a notification is held to its tonnes, though an authority might
    permit more. A path whose most is not stated is open to any quantity. A route of several steps is held to the least that is open at any
    of them, counted in what leaves the stream.

    Args:
        at: the program and its columns; Q / m is `lawful` of `matches.routes` and `matches.chains`, in units that leave the stream.

    Returns:
        One row a route that could take more; the negative of its dual is what one more unit is worth.
    """
    found, links = at.found, at.links
    used, several = lawful_routes(found), lawful_chains(found)
    place = _places(used, len(found.matches.routes))
    chain = _places(several, len(found.matches.chains)) + len(used)
    pairs, columns = found.pairs, at.blocks.pair.columns
    ends = np.flatnonzero(np.isin(pairs.chain, several) & (pairs.chain >= 0))
    row = np.concatenate([place[found.direct], place[pairs.route], chain[pairs.chain[ends]]])
    column = np.concatenate([at.blocks.direct.columns, columns, columns[ends]])
    own = found.of_stream()[ends] if len(ends) else np.zeros(0)
    value = np.concatenate([np.ones(len(found.direct) + len(columns)), own])
    entries = gather(len(used) + len(several), Term(row[row >= 0], column[row >= 0], value[row >= 0]))
    matches, ids, plants = found.matches, links.nodes.id, links.works.node
    every = np.concatenate([used, len(matches.routes) + several])
    stream, need = matches.every("stream")[every], matches.every("need")[every]

    def label(position: int) -> str:
        through = ids[plants[matches.plants(int(every[position]))]].tolist()
        return ",".join([ids[stream[position]], *through, ids[need[position]]])

    return at.lp.rows("lawful", entries, upper=matches.every("lawful")[every], label=label)


def _places(used: Index, count: int) -> Index:
    """Position of each of `count` things among those used, -1 for others and for the last."""
    place = np.full(count + 1, -1, dtype=np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    return place


def lawful_routes(found: Candidates) -> Index:
    """Routes of a plan that could take more than a legal path is open for."""
    routes = found.matches.routes
    tried = np.unique(np.concatenate([found.direct, found.pairs.route[found.pairs.route >= 0]])).astype(np.int32)
    used: Index = tried[routes.lawful[tried] < supply_of(found.links)[routes.stream[tried]]]
    return used


def lawful_chains(found: Candidates) -> Index:
    """Routes of several steps of a plan that could take more than a legal path is open for at some step."""
    chains, tried = found.matches.chains, found.ways_in.chains
    used: Index = tried[chains.lawful[tried] < supply_of(found.links)[chains.stream[tried]]]
    return used.astype(np.int32)


def road(at: Setting) -> Rows:
    r"""Heavy vehicles on each section of road stay below the number at which it must be strengthened.

    .. math:: \sum_{a \ni s} \frac{r_a n_a}{365} x_a \le \max(T_s - H_s, 0) + V_s \qquad \text{(P10)}

    n is loaded trips per unit, r is 2 where vehicles come back empty, H today's heavy traffic, of which V is what the streams of the
    register cause today, T the threshold. Where today's traffic is over the threshold already, no vehicle may be added to it. It holds
    where `options.road_limit` is set; a section whose traffic or threshold is not known is not bound.

    Args:
        at: the program and its columns; T and H are `roads.threshold` and `heavy_traffic`, vehicles a day.

    Returns:
        One row a section that is bound; the negative of its dual is what one more vehicle a day is worth.
    """
    used = sections(at.links) if at.options.road_limit else Sections.none()
    terms = list(_on_sections(at, used))
    names, number = at.links.region.table("roads")["road"], used.road
    return at.lp.rows("road", gather(len(used.road), *terms), upper=used.most, label=lambda position: str(names[number[position]]))


@frozen(eq=False)
class Permitted:
    """Arcs that come under a permit. Shape (arcs that do,) unless said."""

    names: tuple[str, ...]  # (permits,)
    most: Floats  # (permits,) t as sent a year
    arc: Index  # row of links.arcs
    group: Index  # position in `names`


def permitted(found: Candidates) -> Permitted:
    """Arcs of a plan by the permit that they come under, of permits that could bind."""
    links = found.links
    arcs, table = links.arcs, links.region.table("permits")
    limited = valid_on(table, links.region.day) & np.isfinite(table["capacity"])
    if not limited.any():
        nothing: Index = np.zeros(0, dtype=np.int32)
        return Permitted((), np.zeros(0), nothing, nothing)
    of_arc = _permit_of(links)
    of_arc = np.where(np.append(limited, False)[of_arc], of_arc, -1)
    used = np.unique(np.concatenate([found.enter, found.matches.routes.arc_in[found.direct]]))
    used = used[(of_arc[used] >= 0) & (links.units[used] == "t")]
    given = np.where(arcs.kind[used] == ArcKind.PASS, np.inf, supply_of(links)[arcs.origin[used]])
    reach = np.bincount(of_arc[used], given * arcs.sent[used], minlength=len(table))
    rows = np.flatnonzero(limited & (reach > table["capacity"]))
    place = np.append(np.full(len(table), -1), -1)
    place[rows] = np.arange(len(rows))
    inside = used[place[of_arc[used]] >= 0]
    return Permitted(tuple(table["permit"][rows].tolist()), table["capacity"][rows], inside, place[of_arc[inside]].astype(np.int32))


def _permit_of(links: Links) -> Index:
    """Row of `permits` that each arc comes under, -1 where none. Shape (arcs,)."""
    arcs, nodes, region = links.arcs, links.nodes, links.region
    table, plants, streams = region.table("permits"), region.table("plants"), region.table("streams")
    of_node = np.full(len(nodes.id), -1, dtype=np.int64)
    works = links.works.node
    of_node[works] = positions(table["permit"], np.append(plants["permit"], [None])[positions(plants["plant"], nodes.id[works])])
    result = np.where(np.isin(arcs.kind, (ArcKind.FEED, ArcKind.PASS)), of_node[arcs.destination], -1)
    is_stream = nodes.kind == NodeKind.STREAM
    nothing = np.full(len(nodes.id), None, dtype=object)
    row = positions(streams["stream"], np.where(is_stream, nodes.id, nothing))
    waste = (row >= 0) & ~np.isin(np.append(streams["legal_status"], [None])[row].astype(str), _NO_WASTE)
    code = np.where(waste, np.append(streams["low_code"], [None])[row], nothing)
    for permit_row in range(len(table)):
        listed = {_plain(each) for each in table["low_codes"][permit_row] or ()}
        if listed and table["site"][permit_row]:
            brings = np.array([each is not None and _plain(each) in listed for each in code.tolist()], dtype=bool)
            site = np.asarray(nodes.site == table["site"][permit_row], dtype=bool)
            here = (arcs.kind == ArcKind.DIRECT) & site[arcs.destination]
            result[here & brings[arcs.origin] & (result < 0)] = permit_row
    return result


def _plain(code: str) -> str:
    return str(code).replace(" ", "").replace("*", "")


@frozen(eq=False)
class Sections:
    """Sections of road that bind, and the arcs that lead over them."""

    road: Index  # (sections,) rows of table `roads`
    most: Floats  # (sections,) vehicles a day that the streams of the register may cause
    arc: Index  # (crossings,) row of links.arcs, ascending
    section: Index  # (crossings,) position in `road`
    vehicles: Floats  # (crossings,) a day per unit on the arc

    @classmethod
    def none(cls) -> Sections:
        """No section."""
        rows, nothing = np.zeros(0, dtype=np.int32), np.zeros(0)
        return cls(rows, nothing, rows, rows, nothing)


def sections(links: Links) -> Sections:
    """Sections with known traffic and threshold, with every arc that leads over them."""
    arcs, table = links.arcs, links.region.table("roads")
    room = table["threshold"] - table["heavy_traffic"]
    road = np.flatnonzero(np.isfinite(room) & for_trucks(table))
    place = np.full(len(table), -1, dtype=np.int32)
    place[road] = np.arange(len(road), dtype=np.int32)
    carried = np.flatnonzero((arcs.pair >= 0) & (np.nan_to_num(arcs.trips) > 0)) if len(road) else np.zeros(0, dtype=np.int32)
    ways = links.paths.chosen(arcs.pair[carried])
    section = place[ways.edge]
    crossing = np.flatnonzero(section >= 0)
    arc = np.repeat(carried, np.diff(ways.start))[crossing]
    vehicles = arcs.loads[arc] * _both_ways(links)[arc] / _DAYS
    today = np.bincount(section[crossing], vehicles * np.nan_to_num(arcs.today[arc]), minlength=len(road))
    crossed = section[crossing].astype(np.int32)
    return Sections(road.astype(np.int32), np.maximum(room[road], 0.0) + today, arc.astype(np.int32), crossed, vehicles)


def _both_ways(links: Links) -> Floats:
    """2 where the mode of an arc comes back empty, else 1. Shape (arcs,)."""
    table = links.region.table("modes")
    back = np.append(table["empty_return"], [None])[positions(table["mode"], np.array([*links.modes, None], dtype=object))]
    returns = np.array([1.0 if empty is False else 2.0 for empty in back.tolist()])
    return returns[links.arcs.vehicle]


def _on_sections(at: Setting, used: Sections) -> Iterator[Term]:
    """Vehicles a day on each section per unit of each column."""
    if len(used.arc) == 0:
        return
    first = np.searchsorted(used.arc, np.arange(len(at.links.arcs) + 1))
    for arc, column, value in at.carrying(np.unique(used.arc)):
        count = first[arc + 1] - first[arc]
        entry = np.repeat(first[arc] - np.cumsum(count) + count, count) + np.arange(count.sum())
        yield Term(used.section[entry], np.repeat(column, count), np.repeat(value, count) * used.vehicles[entry])
