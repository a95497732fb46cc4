"""Removals: what a node or link that is gone takes out of a region's program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind
from sivuvirta.domain.shocks import NODES, SUBJECTS
from sivuvirta.errors import OptionError, UnknownNameError
from sivuvirta.plan.program.candidates import Index, Mask

EXCHANGES = (ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS)
"""Arcs that a plan adds to what flows today."""

_NEAR = 4  # names told in place of one that is not there

_KINDS = {"stream": NodeKind.STREAM, "plant": NodeKind.PLANT, "need": NodeKind.NEED}


@frozen(eq=False)
class Removal:
    """One node or link, with what of the region goes with it."""

    subject: str  # one of SUBJECTS
    id: str
    name: str
    nodes: Index  # rows of links.nodes: streams, plants and needs that are gone
    arcs: Index  # rows of links.arcs that are gone although both ends stay
    routes: Index = field(factory=lambda: np.zeros(0, dtype=np.int32))  # rows of routes that are gone although their arcs stay


def removals(links: Links, flow: Floats, of: Sequence[str] = NODES) -> list[Removal]:
    """Every node of some kinds, and every link that carries something.

    Args:
        links: of the region.
        flow: units a year on each arc, shape (arcs,).
        of: kinds of what is removed.

    Raises:
        OptionError: there is no such kind.
    """
    wrong = [kind for kind in of if kind not in SUBJECTS]
    if wrong:
        raise OptionError(f"A shock cannot be of {', '.join(map(repr, wrong))}. It can be of: {', '.join(SUBJECTS)}.")
    return [removal for kind in dict.fromkeys(of) if kind in NODES for removal in _of(links, flow, kind)]


def chosen(found: list[Removal], only: Sequence[str], every: Callable[[], list[Removal]]) -> list[Removal]:
    """Those of some ids; all where none is named.

    Args:
        found: of the kinds that are taken out.
        only: ids.
        every: makes those of all kinds, to tell what a name is that is none of these.

    Raises:
        UnknownNameError: an id is none of these; the message says of which kind it is, or names the nearest.
    """
    known = {removal.id for removal in found}
    missing = [name for name in only if name not in known]
    if missing:
        raise UnknownNameError("\n".join(_missing(name, found, every()) for name in missing))
    return [removal for removal in found if not only or removal.id in only]


def _missing(name: str, found: list[Removal], every: list[Removal]) -> str:
    """What is wrong with one id."""
    kinds = list(dict.fromkeys(removal.subject for removal in found))
    others = list(dict.fromkeys(removal.subject for removal in every if removal.id == name))
    if others:
        asked = f", not a {' or a '.join(kinds)}" if kinds else ""
        return (
            f"'{name}' is a {' and a '.join(others)}{asked}. Ask for shocks of that kind: {' or '.join(f'--of {kind}' for kind in others)}."
        )
    if ">" in name:
        links = [removal.id for removal in every if removal.subject == "link"]
        near = get_close_matches(name, links, _NEAR)
        return f"The network uses no link '{name}'; only links that carry something can be taken out." + _nearest(near)
    near = get_close_matches(name, [removal.id for removal in every if removal.subject != "link"], _NEAR)
    return f"There is no '{name}' to take out." + (
        _nearest(near) or " Ids are those of the register; without --only all are taken out, and --json tells each."
    )


def _nearest(names: list[str]) -> str:
    return f" The nearest: {', '.join(dict.fromkeys(names))}." if names else ""


def _of(links: Links, flow: Floats, kind: str) -> Iterator[Removal]:
    nodes = links.nodes
    if kind == "link":
        yield from _links(links, flow)
    elif kind in _KINDS:
        for row in np.flatnonzero(nodes.kind == _KINDS[kind]).tolist():
            yield Removal(kind, str(nodes.id[row]), str(nodes.name[row]), _rows([row]), _rows([]))
    else:
        yield from _owners(links, kind)


def _owners(links: Links, kind: str) -> Iterator[Removal]:
    """Sites or organisations with all streams, plants and needs that are theirs; today's outlets at them stay open."""
    nodes, table = links.nodes, links.region.table(f"{kind}s")
    owner, own = getattr(nodes, kind), np.isin(nodes.kind, list(_KINDS.values()))
    for row in table.rows():
        members = np.flatnonzero(own & (owner == row[kind]))
        if len(members):
            yield Removal(kind, str(row[kind]), str(row["name"]), members.astype(np.int32), _rows([]))


def _links(links: Links, flow: Floats) -> Iterator[Removal]:
    nodes, arcs = links.nodes, links.arcs
    used = np.flatnonzero((flow > 0) & np.isin(arcs.kind, EXCHANGES))
    for origin, destination in dict.fromkeys(zip(arcs.origin[used].tolist(), arcs.destination[used].tolist(), strict=True)):
        between = (arcs.origin == origin) & (arcs.destination == destination) & np.isin(arcs.kind, EXCHANGES)
        key = f"{nodes.id[origin]} > {nodes.id[destination]}"
        yield Removal(
            "link", key, f"{nodes.name[origin]} to {nodes.name[destination]}", _rows([]), np.flatnonzero(between).astype(np.int32)
        )


def touched(links: Links, removal: Removal) -> Mask:
    """Which arcs go with a removal. Shape (arcs,)."""
    gone: Mask = np.isin(links.arcs.origin, removal.nodes) | np.isin(links.arcs.destination, removal.nodes)
    gone[removal.arcs] = True
    return gone


def _rows(rows: list[int]) -> Index:
    return np.array(rows, dtype=np.int32)
