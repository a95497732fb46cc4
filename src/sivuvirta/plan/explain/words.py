"""Words: a row of the program as the user knows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.domain.words import shortened
from sivuvirta.lp.program import Rows
from sivuvirta.plan.program.setting import Setting

Phrase = Callable[[Setting, Rows, int], str]

_MANY = 3  # streams or needs that are named one by one

INNER = frozenset({"recipe_low", "recipe_high", "batch", "yields", "onward", "way", "change", "scale", "size", "guard"})
"""Families that say how plants work; nobody can relax them."""

ASKED = frozenset({"budget", "carbon", "disposal", "virgin", "traffic", "jobs", "changes", "road", "control"})
"""Families of what is asked of a plan; without being asked none of them holds."""


def requirement(at: Setting, family: str, position: int) -> str:
    """A row as a requirement in words, for example "need 'Road base' must get at least 500 t/a"."""
    rows = at.lp.family(family)
    phrase = _PHRASES.get(family)
    return phrase(at, rows, position) if phrase else rows.text(position)


def requirements(at: Setting, rows: Sequence[tuple[str, int]]) -> list[str]:
    """Rows as requirements in words; many streams or needs that ask for the same are told in one sentence.

    Args:
        at: the program.
        rows: family and position of each.
    """
    texts: list[str] = []
    for family in dict.fromkeys(name for name, _ in rows):
        positions = [position for name, position in rows if name == family]
        if family in _TOGETHER and len(positions) > _MANY:
            names = [f"'{node_name(at, _TOGETHER[family][1](at, position))}'" for position in positions]
            texts.append(_TOGETHER[family][0].format(count=len(names), names=shortened(names, _MANY)))
        else:
            texts += [requirement(at, family, position) for position in positions]
    return texts


def figure(value: float) -> str:
    """A number for a sentence: three or more digits, thousands apart."""
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.3g}"


def link_name(links: Links, node: int) -> str:
    """Name of a node, or its id where it has none."""
    return str(links.nodes.name[node] or links.nodes.id[node])


def node_name(at: Setting, node: int) -> str:
    """Name of a node of a program's region."""
    return link_name(at.links, node)


def unit_of(at: Setting, node: int) -> str:
    """Unit of a node, with "t" where it is not known."""
    return str(at.links.nodes.unit[node] or "t")


def _supply(at: Setting, rows: Rows, position: int) -> str:
    node = int(at.links.supply.node[position])
    return f"stream '{node_name(at, node)}' ({figure(rows.upper[position])} {unit_of(at, node)}/a) must have an outlet for every tonne"


def _need(at: Setting, rows: Rows, position: int) -> str:
    node = int(at.links.demand.amounts.node[position])
    amount = f"{figure(rows.upper[position])} {unit_of(at, node)}/a"
    takes = "must get" if np.isfinite(rows.lower[position]) else "takes at most"
    return f"need '{node_name(at, node)}' {takes} {amount}"


def _minimum(at: Setting, rows: Rows, position: int) -> str:
    label, least = rows.label(position), rows.lower[position]
    if label.startswith("contract,"):
        return f"contract '{label.removeprefix('contract,')}' must carry at least {figure(least)} a year"
    node = at.links.nodes.find(NodeKind.NEED, label)
    return f"need '{node_name(at, node)}' must get at least {figure(least)} {unit_of(at, node)}/a"


def _capacity(at: Setting, rows: Rows, position: int) -> str:
    label, most = rows.label(position), figure(rows.upper[position])
    if label.startswith("contract,"):
        return f"contract '{label.removeprefix('contract,')}' may carry at most {most} a year"
    if position < len(at.capacities.plants):
        node = at.links.nodes.find(NodeKind.PLANT, label)
        return f"plant '{node_name(at, node)}' can do at most {most} {unit_of(at, node)}/a"
    unit = at.links.units[at.capacities.arc(position)] or "t"
    return f"at most {most} {unit}/a fit into {way_name(at, position)}"


def way_name(at: Setting, position: int) -> str:
    """What a row of the family `capacity` limits, where it is no plant and no contract: an outlet, a way, or one stream's part of it."""
    limits, arcs = at.capacities, at.links.arcs
    arc, way = limits.arc(position), position - len(limits.plants) - len(limits.arcs)
    destination = f"'{node_name(at, int(arcs.destination[arc]))}'"
    if way < 0:
        return f"{destination} from '{node_name(at, int(arcs.origin[arc]))}'"
    if limits.ways.outlet[way]:
        return destination
    table, row = at.links.region.table("links"), arcs.capacity_group[arc]
    return f"the way from '{table['origin'][row]}' to '{table['destination'][row]}'"


def _blend(at: Setting, rows: Rows, position: int) -> str:
    specs, limits = at.found.matches.specs, at.links.region.table("limits")
    row = int(specs.limit[position])
    bound = f"{limits['component'][row]} {'at most' if limits['comparator'][row] == 'max' else 'at least'} {figure(limits['value'][row])}"
    if specs.arc[position] >= 0:
        return f"what is handed over as {limited(at, position)} must keep limit '{limits['limit'][row]}' ({bound})"
    return f"what need '{node_name(at, int(specs.need[position]))}' receives must keep limit '{limits['limit'][row]}' ({bound})"


def limited(at: Setting, position: int) -> str:
    """Whose limit a row of the family `blend` is: the need's, or that of a class as which a plant hands over."""
    specs, links = at.found.matches.specs, at.links
    need, arc = node_name(at, int(specs.need[position])), int(specs.arc[position])
    if arc < 0:
        return need
    plant = node_name(at, int(links.arcs.origin[arc]))
    return f"{links.materials[links.arcs.material[arc]]}, from {plant} to {need}"


def _share(at: Setting, rows: Rows, position: int) -> str:
    place, material, side = rows.label(position).rsplit(",", 2)
    return f"the share of '{material}' in what '{place}' takes must not be too {side}"


def _build(at: Setting, rows: Rows, position: int) -> str:
    count = len(at.curves.plant)
    candidate = position % count if position < 2 * count else 0
    name = node_name(at, int(at.links.works.node[at.curves.work[candidate]]))
    if position < count:
        return f"plant '{name}' must be built for at least {figure(at.curves.size_min[candidate])} a year, or not at all"
    if position < 2 * count:
        return f"plant '{name}' can be built for at most {figure(at.curves.size_max[candidate])} a year"
    return f"only a plant that is built may be used ({rows.label(position)})"


def _budget(at: Setting, rows: Rows, position: int) -> str:
    return f"investment may be at most {figure(rows.upper[position])} EUR"


def _carbon(at: Setting, rows: Rows, position: int) -> str:
    return f"emissions may be at most {figure(rows.upper[position] / 1000)} t CO2e/a"


def _disposal(at: Setting, rows: Rows, position: int) -> str:
    return f"at most {figure(rows.upper[position])} t/a may go to landfill, stock and other disposal"


def _virgin(at: Setting, rows: Rows, position: int) -> str:
    return f"at most {figure(rows.upper[position])} t/a of primary product may be bought"


def _traffic(at: Setting, rows: Rows, position: int) -> str:
    return f"loaded vehicles may drive at most {figure(rows.upper[position])} km/a on roads"


def _permit(at: Setting, rows: Rows, position: int) -> str:
    return f"permit '{rows.label(position)}' lets in at most {figure(rows.upper[position])} t/a as sent"


def _lawful(at: Setting, rows: Rows, position: int) -> str:
    route = rows.label(position).replace(",", " > ")
    return f"no legal path is open for more than {figure(rows.upper[position])} a year of '{route}'"


def road_name(at: Setting, key: str) -> str:
    """A section of road with its ends, as people say it."""
    table, places = at.links.region.table("roads"), at.links.region.table("places")
    row = table.index[key]
    ends = [str(places["name"][places.index[table[end][row]]]) for end in ("from_place", "to_place")]
    number = f"road {table['number'][row]} " if table["number"][row] else "the road "
    return f"{number}from {ends[0]} to {ends[1]}"


def _road(at: Setting, rows: Rows, position: int) -> str:
    most = figure(rows.upper[position])
    return f"at most {most} heavy vehicles a day of these streams may use {road_name(at, rows.label(position))}"


def _changes(at: Setting, rows: Rows, position: int) -> str:
    return f"at most {figure(rows.upper[position])} links may be new against today"


def _jobs(at: Setting, rows: Rows, position: int) -> str:
    return f"plants must give at least {figure(-rows.upper[position])} posts"


def _control(at: Setting, rows: Rows, position: int) -> str:
    name, (least, most) = rows.label(position), (float(side[position]) for side in (rows.lower, rows.upper))
    if name.endswith(",built"):
        return f"plant '{name.removesuffix(',built')}' must {'' if least else 'not '}be built, as you asked"
    return carried(name, least, most, _held_unit(at, name))


def _held_unit(at: Setting, name: str) -> str:
    """Unit of what a control holds: of its stream or plant, of its end where a plant gives something."""
    nodes, parts = at.links.nodes, [part.rpartition(":")[2] for part in name.split(" > ")]
    gives = len(parts) > 1 and (nodes.id[nodes.kind == int(NodeKind.PLANT)] == parts[0]).any()
    units = {str(unit) for unit in nodes.unit[nodes.id == parts[-1 if gives else 0]] if unit}
    return f"{units.pop()}/a" if len(units) == 1 else "a year"


def carried(name: str, least: float, most: float, unit: str = "a year") -> str:
    """What a user holds in words: how much a flow or plant must carry a year."""
    if least == most:
        return f"'{name}' must carry {figure(most)} {unit}, as you asked" if most else f"'{name}' must carry nothing, as you asked"
    parts = [f"at least {figure(least)}"] * (least > 0) + [f"at most {figure(most)}"] * bool(np.isfinite(most))
    return f"'{name}' must carry {' and '.join(parts)} {unit}, as you asked"


_PHRASES: dict[str, Phrase] = {
    "supply": _supply,
    "need": _need,
    "minimum": _minimum,
    "capacity": _capacity,
    "blend": _blend,
    "share": _share,
    "build": _build,
    "budget": _budget,
    "carbon": _carbon,
    "disposal": _disposal,
    "virgin": _virgin,
    "traffic": _traffic,
    "jobs": _jobs,
    "changes": _changes,
    "permit": _permit,
    "lawful": _lawful,
    "road": _road,
    "control": _control,
}

_TOGETHER: dict[str, tuple[str, Callable[[Setting, int], int]]] = {
    "supply": (
        "{count} streams must each have an outlet for every tonne: {names}",
        lambda at, position: int(at.links.supply.node[position]),
    ),
    "need": (
        "{count} needs must each get their amount, and markets no more than theirs: {names}",
        lambda at, position: int(at.links.demand.amounts.node[position]),
    ),
}
