"""Streams that one register tells an amount of and another does not: what a comparison of the two must not count as nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Flags, Links, NodeKind
from sivuvirta.domain.words import shortened

__all__ = ["Silences", "silences"]

_NAMED = 3  # streams named in a reason


@frozen(eq=False)
class Silences:
    """What a register does not tell of cells that another one counts. Shape (cells,)."""

    words: list[str]  # which streams have no amount there; "" where all have one
    whole: Flags  # nothing else is in the cell


def silences(links: Links, other: Links, arcs: Sequence[tuple[int, ...]]) -> Silences:
    """Cells of one ledger that rest on streams of which another register tells no amount.

    A stream counts as told there where it, what it is a part of, or a part of it has an amount; one that is not in that register at all
    does not flow there. A stated amount of 0 is an amount.

    Args:
        links: of the ledger that counts the cells.
        other: of what it is compared with.
        arcs: rows of `links.arcs` that made each cell.
    """
    untold = _untold(links, other)
    words, whole = [], np.zeros(len(arcs), dtype=bool)
    for cell, rows in enumerate(arcs):
        origins = dict.fromkeys(links.arcs.origin[list(rows)].tolist())
        names = [str(links.nodes.name[node]) for node in origins if node in untold]
        words.append(_words(names, other) if names else "")
        whole[cell] = bool(names) and len(names) == len(origins)
    return Silences(words, whole)


def _untold(links: Links, other: Links) -> set[int]:
    """Nodes of streams with an amount here that stand in the other register without one."""
    if other is links:
        return set()
    listed, told = other.region.table("streams").index, _told(other)
    here = np.flatnonzero(links.nodes.kind == NodeKind.STREAM).tolist()
    return {node for node in here if links.nodes.id[node] in listed and links.nodes.id[node] not in told}


def _told(links: Links) -> set[str]:
    """Streams that have an amount, with all that they are a part of and all their parts."""
    table, stated = links.region.table("streams"), links.region.table("quantities").rows()
    parents = dict(zip(table["stream"].tolist(), table["parent"].tolist(), strict=True))
    known = {str(links.nodes.id[node]) for node in links.supply.node[links.supply.value > 0].tolist()}
    known |= {
        row["subject"] for row in stated if (row["table"], row["vintage"]) == ("streams", links.region.vintage) and row["value"] is not None
    }
    below = {stream for stream in parents if known.intersection(_above(stream, parents))}
    return known | below | {above for stream in known for above in _above(stream, parents)}


def _above(stream: str, parents: dict[str, str | None]) -> Iterable[str]:
    """What a stream is a part of, from the nearest."""
    seen = {stream}
    above = parents.get(stream)
    while above and above not in seen:
        yield above
        seen.add(above)
        above = parents.get(above)


def _words(names: Sequence[str], other: Links) -> str:
    several = list(dict.fromkeys(names))
    told = shortened(several, _NAMED)
    there = other.region.vintage or other.region.name
    return f"How much there is of {told} in {there} is not known; nothing of it is counted there."
