"""Ways: what a question about a link means in the program, and why nothing can flow there."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.controls import Control
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import NodeKind
from sivuvirta.domain.matches import Matches
from sivuvirta.explore.asking import Asking, Form
from sivuvirta.match.reasons import why as route_why
from sivuvirta.plan.explain.reasons import route_name
from sivuvirta.plan.explain.words import link_name
from sivuvirta.plan.program.controls import held

_SHOWN = 3  # routes that are explained


@frozen(eq=False)
class Way:
    """A link that is asked about."""

    name: str
    per: str  # unit of what it carries
    nodes: frozenset[int]  # its ends, and its plant
    form: Form  # what it carries; of no column where nothing may flow
    obstacles: tuple[str, ...]  # why nothing may flow


def way(asking: Asking, origin: str, destination: str, plant: str | None = None) -> Way:
    """A link between two ends: of a stream and a need all routes that join them, straight or through a plant.

    Args:
        asking: the plan.
        origin: id of a stream or plant.
        destination: id of a need, plant or outlet.
        plant: id of the plant that the way leads through.

    Raises:
        OptionError: the region has no such ends.
    """
    control = Control(origin=origin, destination=destination, plant=plant)
    rows = held(asking.at, [control])  # tells names that are not there
    links = asking.at.links
    ends = _ends(asking, origin, destination)
    if ends is None:
        column, value = (np.concatenate([getattr(row, name) for row in rows]) for name in ("column", "value"))
        usable = asking.upper[column] > 0
        form = Form(column[usable].astype(np.int32), value[usable])
        found = _nodes(asking, origin, destination, plant)
        name = " to ".join(f"'{link_name(links, node)}'" for node in found)
        none = () if usable.any() else ("No admissible route uses it; `sivuvirta match --why` tells of each why.",)
        return Way(name, str(links.nodes.unit[found[0]] or "t"), frozenset(found), form, none)
    stream, need = ends
    chosen = _routes(asking, stream, need, plant)
    form = _form(asking, chosen)
    through = f" through '{_plant_label(asking, plant)}'" if plant else ""
    name = f"'{link_name(links, stream)}' to '{link_name(links, need)}'{through}"
    matches = asking.at.found.matches
    plants = {int(links.works.node[work]) for route in chosen.tolist() for work in matches.plants(route)}
    obstacles = () if len(form.columns) else _obstacles(asking, chosen, need)
    return Way(name, str(links.nodes.unit[stream] or "t"), frozenset({stream, need, *plants}), form, obstacles)


def _ends(asking: Asking, origin: str, destination: str) -> tuple[int, int] | None:
    """Rows of the stream and the need, None where an end is something else."""
    nodes = asking.at.links.nodes
    found = []
    for key, kind in ((origin, NodeKind.STREAM), (destination, NodeKind.NEED)):
        word, _, name = key.rpartition(":")
        rows = np.flatnonzero((nodes.kind == kind) & (nodes.id == name)) if word in ("", kind.name.lower()) else np.zeros(0, int)
        found += [int(row) for row in rows]
    return (found[0], found[1]) if len(found) == 2 else None


def _nodes(asking: Asking, *keys: str | None) -> list[int]:
    nodes = asking.at.links.nodes
    found = []
    for key in keys:
        if key is not None:
            word, _, name = key.rpartition(":")
            rows = np.flatnonzero((nodes.id == name) & (nodes.kind != NodeKind.PRODUCT))
            found += [int(row) for row in rows if word in ("", NodeKind(nodes.kind[row]).name.lower())][:1]
    return found


def _routes(asking: Asking, stream: int, need: int, plant: str | None) -> np.ndarray:
    """Routes between two ends, those of several steps numbered behind the others; the best verdict first, of those the largest gain."""
    matches, links = asking.at.found.matches, asking.at.links
    rows = np.flatnonzero((matches.every("stream") == stream) & (matches.every("need") == need))
    if plant is not None:
        work = np.flatnonzero(links.nodes.id[links.works.node] == plant.rpartition(":")[2])
        rows = rows[[bool(np.isin(work, matches.plants(route)).any()) for route in rows.tolist()]] if len(rows) else rows
    return np.asarray(rows[np.lexsort((-matches.every("gain")[rows], matches.every("verdict")[rows]))])


def _form(asking: Asking, routes: np.ndarray) -> Form:
    """What leaves the stream over some routes; columns that the evidence closes are not in it."""
    found, blocks = asking.at.found, asking.at.blocks
    direct = blocks.direct.columns[np.isin(found.direct, routes)]
    taken = np.where(found.pairs.chain >= 0, len(found.matches.routes) + found.pairs.chain, found.pairs.route)
    through = np.flatnonzero((taken >= 0) & np.isin(taken, routes))
    columns = np.concatenate([direct, blocks.pair.columns[through]]).astype(np.int32)
    units = np.concatenate([np.ones(len(direct)), found.of_stream()[through]])
    usable = asking.upper[columns] > 0
    return Form(columns[usable], units[usable])


def _obstacles(asking: Asking, routes: np.ndarray, need: int) -> tuple[str, ...]:
    matches: Matches = asking.at.found.matches
    if len(routes) == 0:
        return (f"There is no route: '{link_name(matches.links, need)}' takes no such material, neither straight nor through a plant.",)
    told = [_obstacle(matches, int(route)) for route in routes[:_SHOWN]]
    more = len(routes) - _SHOWN
    return (*told, *([f"{more} more route{'s' if more > 1 else ''} fail as well."] if more > 0 else []))


def _obstacle(matches: Matches, route: int) -> str:
    word = Verdict(int(matches.every("verdict")[route])).word
    return f"To {route_name(matches, route)} the verdict is {word}. {route_why(matches, route)}"


def _plant_label(asking: Asking, plant: str) -> str:
    return link_name(asking.at.links, _nodes(asking, plant)[0])
