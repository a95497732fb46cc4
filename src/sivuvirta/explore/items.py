"""Items: every link and plant that a plan may use, as a sum over its columns."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, Links, NodeKind
from sivuvirta.explore.asking import Asking, Form
from sivuvirta.explore.naming import arc_name, exchange_arcs, plant_name, unit_of_arc
from sivuvirta.explore.neighbours import plant_unit
from sivuvirta.links.nodes import INVESTOR
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.variables import fixed_ways

UNOWNED = "candidates without owner"
"""Name of the party that plants belong to which may be built by anybody."""


@frozen(eq=False)
class Item:
    """A link or plant of a program."""

    kind: str  # link | plant
    row: int  # of links.arcs or links.works
    form: Form  # its flow or activity


def items(asking: Asking) -> list[Item]:
    """Exchanges and plants that the evidence lets a network use, links first; today's outlets and purchases are none."""
    at, links = asking.at, asking.at.links
    parts = list(at.carrying(exchange_arcs(links)))
    arc, column, value = (np.concatenate([part[place] for part in parts]) for place in range(3))
    usable = asking.upper[column] > 0
    arc, column, value = arc[usable], column[usable].astype(np.int32), value[usable]
    order = np.argsort(arc, kind="stable")
    arc, column, value = arc[order], column[order], value[order]
    rows, first = np.unique(arc, return_index=True)
    last = np.append(first, len(arc))[1:]
    found = [Item("link", int(row), Form(column[a:b], value[a:b])) for row, a, b in zip(rows, first, last, strict=True)]
    columns = at.blocks.activity.columns
    return found + [Item("plant", int(work), Form(columns[n : n + 1], np.ones(1))) for n, work in enumerate(at.found.plants)]


def described(links: Links, item: Item) -> dict[str, str]:
    """Ids, name and unit of an item."""
    nodes = links.nodes
    if item.kind == "plant":
        node = int(links.works.node[item.row])
        return {"origin": str(nodes.id[node]), "destination": "", "name": plant_name(links, item.row), "unit": plant_unit(links, item.row)}
    ends = int(links.arcs.origin[item.row]), int(links.arcs.destination[item.row])
    origin, destination = (str(nodes.id[node]) for node in ends)
    return {"origin": origin, "destination": destination, "name": arc_name(links, item.row), "unit": unit_of_arc(links, item.row)}


@frozen(eq=False)
class Party:
    """Everything of an organisation or a site."""

    kind: str  # organisation | site
    key: str
    name: str
    items: tuple[Item, ...]

    @property
    def columns(self) -> Index:
        """Columns of all of it."""
        return np.unique(np.concatenate([item.form.columns for item in self.items])).astype(np.int32)


def parties(asking: Asking, found: list[Item]) -> list[Party]:
    """Organisations and sites with the links that have an end with them, and their plants."""
    links = asking.at.links
    told = []
    for kind, owner in (("organisation", links.nodes.organisation), ("site", links.nodes.site)):
        members: dict[str, list[Item]] = {}
        for item in found:
            for key in {str(owner[node]) for node in _ends(links, item) if owner[node]}:
                members.setdefault(key, []).append(item)
        told += [Party(kind, key, _name(links, kind, key), tuple(each)) for key, each in sorted(members.items())]
    return told


def beside(asking: Asking, item: Item, x: Floats) -> list[Index]:
    """Whole columns to be 1 beside those of an answer, so that an item can be used.

    Its plant is built, on one piece of its cost curve; its way is paid; it is counted as a change.

    Returns:
        One choice a piece; a single one, empty where nothing has to be opened, where no plant of it is missing.
    """
    at, shut = asking.at, _shut(asking, item, x)
    ends = {int(at.links.arcs.origin[item.row]), int(at.links.arcs.destination[item.row])} if item.kind == "link" else set()
    nodes = at.links.works.node[at.curves.work]
    mine = np.isin(nodes, list(ends)) if item.kind == "link" else at.curves.work == item.row
    missing = np.flatnonzero(mine & (at.blocks.built.of(x) < 0.5))
    if len(missing) != 1:
        return [shut]
    built = at.blocks.built.columns[missing]
    pieces = at.blocks.chosen.columns[at.curves.segments.candidate == missing[0]]
    return [np.concatenate([built, [piece], shut]).astype(np.int32) for piece in pieces] or [np.append(built, shut).astype(np.int32)]


def _shut(asking: Asking, item: Item, x: Floats) -> Index:
    """Switches of a link that an answer leaves shut: of a way that is paid, of a change against today."""
    at = asking.at
    if item.kind != "link":
        return np.zeros(0, dtype=np.int32)
    ways = at.blocks.used.columns[fixed_ways(at.found) == at.links.arcs.fixed_group[item.row]]
    fresh = at.fresh.number[item.row : item.row + 1]  # empty where changes are not counted
    columns = np.concatenate([ways, at.blocks.changed.columns[fresh[fresh >= 0]]]).astype(np.int32)
    return columns[x[columns] < 0.5]


def tidy(asking: Asking, x: Floats) -> Floats:
    """An answer that counts no change where nothing flows, so that another may be made instead."""
    at, tidied = asking.at, x.copy()
    rows = at.lp.family("change")
    if rows.count:
        switch = rows.entries.column[rows.entries.start[1:] - 1]
        flow = rows.entries.column[rows.entries.start[:-1]]
        tidied[np.setdiff1d(switch, switch[x[flow] > 0])] = 0.0
    return tidied


def _ends(links: Links, item: Item) -> list[int]:
    if item.kind == "plant":
        return [int(links.works.node[item.row])]
    ends = (int(links.arcs.origin[item.row]), int(links.arcs.destination[item.row]))
    return [node for node in ends if links.nodes.kind[node] != NodeKind.FATE]


def _name(links: Links, kind: str, key: str) -> str:
    if kind == "organisation" and key == INVESTOR:
        return UNOWNED
    table = links.region.table(f"{kind}s")
    return str(table["name"][table.index[key]] or key) if key in table.index else key
