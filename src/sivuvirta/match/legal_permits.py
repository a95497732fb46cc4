"""Permits of receivers: which codes they let in, how much a year, how much stored; only those valid on the region's day."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, Ints, Links, NodeKind
from sivuvirta.links.codes import Mask, Rows, ints, positions
from sivuvirta.links.contracts import valid_on
from sivuvirta.match.subjects import Streams
from sivuvirta.match.ways import Ways

Listed = frozenset[str] | None
"""Codes that a permit lists, without spaces and stars; None where they were not read."""


@frozen(eq=False)
class Permits:
    """Permits in force, by plant and by need."""

    of_plant: Ints  # (plants + 1,) row of table `permits`, -1 where none; the last stands for no plant
    listed: dict[int, Listed]  # by row of `permits`
    capacity: Floats  # (rows of `permits` + 1,) t/a as sent, inf where not limited
    of_need: dict[int, tuple[int, ...]]  # rows of permits of the need's site that list codes, by node

    def holds(self, need: int, code: str | None) -> int:
        """Row of the permit at a need's site that lists a code, -1 where none does."""
        return next((row for row in self.of_need.get(need, ()) if code in (self.listed[row] or ())), -1)


def permits(links: Links) -> Permits:
    """The permits of a region that are valid on its day."""
    region = links.region
    table, plants = region.table("permits"), region.table("plants")
    valid = valid_on(table, region.day)
    listed = {row: _listed(table["low_codes"][row]) for row in np.flatnonzero(valid).tolist()}
    named = np.append(plants["permit"], [None])[positions(plants["plant"], links.nodes.id[links.works.node])]
    row = positions(table["permit"], named)
    row = np.where((row >= 0) & np.append(valid, [False])[row], row, -1)
    capacity = np.append(np.where(np.isnan(table["capacity"]), np.inf, table["capacity"]), [np.inf])
    sites: dict[str, list[int]] = {}
    for at, codes in listed.items():
        if codes and table["site"][at]:
            sites.setdefault(table["site"][at], []).append(at)
    nodes = links.nodes
    needs = np.flatnonzero(nodes.kind == NodeKind.NEED).tolist() if sites else []
    of_need = {need: tuple(sites[nodes.site[need]]) for need in needs if nodes.site[need] in sites}
    return Permits(ints(np.append(row, [-1])), listed, capacity, of_need)


def codes_of(links: Links, streams: Streams) -> Any:
    """Code of each stream node, without spaces and stars; None where it has none. Shape (nodes,)."""
    column = np.append(links.region.table("streams")["low_code"], [None])
    return np.array([None if code is None else plain(code) for code in column[streams.row].tolist()], dtype=object)


def outside(found: Permits, codes: Any, ways: Ways, waste: Mask) -> Rows:
    """Ways of waste whose code the plant's permit does not list, and of waste whose code is not stated where the permit lists codes."""
    strict = np.array([found.listed.get(row) is not None for row in found.of_plant.tolist()], dtype=bool)
    through = np.flatnonzero((ways.plant >= 0) & waste & strict[ways.plant])
    rows, brought = found.of_plant[ways.plant[through]].tolist(), codes[ways.stream[through]].tolist()
    kept_out = [code not in (found.listed[row] or ()) for row, code in zip(rows, brought, strict=True)]
    return np.asarray(through[np.array(kept_out, dtype=bool)], dtype=np.int64)


def plain(code: str) -> str:
    """A code without spaces and star.

    >>> plain("10 02 07*")
    '100207'
    """
    return code.replace(" ", "").replace("*", "")


def _listed(codes: tuple[str, ...] | None) -> Listed:
    return frozenset(map(plain, codes)) if codes else None
