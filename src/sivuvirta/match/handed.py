"""Handed over: the limits of the classes as which plants hand over what they make, and what technologies declare of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, frozen

from sivuvirta.domain.links import ArcKind, Codes, Floats, Ints, Links
from sivuvirta.links.codes import Mask, Rows, first_of, groups, ints, pair_codes, positions
from sivuvirta.links.declared import contents, declares, made_as
from sivuvirta.match.applicable import Demanded


@frozen(eq=False)
class Handed:
    """Limits of classes by arc, one after another: those of arc a are `start[a] : start[a + 1]` behind the limits of needs."""

    start: Rows  # (arcs + 2,) positions in demanded.limit; the last arc, -1, has none
    need: Ints  # (class limits,) node of the need at the end of the arc
    arc: Ints  # (class limits,)
    closed: Mask  # (all limits of needs and classes,) no blend meets it, because the plant does not mix


@frozen(eq=False)
class Declared:
    """Leaching and properties that technologies declare, as upper limits' figures; NaN where none is. Shape (kinds of product, figures)."""

    of_arc: Ints  # (arcs + 1,) kind of product, -1 where nothing is declared of it
    low: Floats
    high: Floats
    grade: Codes


def handed(links: Links, asked: Demanded) -> tuple[Demanded, Handed]:
    """The limits of needs with those of classes behind them, and whose these are.

    A limit that names a material holds for what a plant hands over as that class or a narrower one, to whatever need.

    Args:
        links: the arcs.
        asked: limits of needs.
    """
    table, arcs = links.region.table("limits"), links.arcs
    own, none = np.zeros(len(asked.limit), dtype=bool), np.zeros(0, dtype=np.int32)
    of_class = np.flatnonzero(pd.notna(table["material"][asked.limits.row]))
    delivers = np.flatnonzero(arcs.kind == ArcKind.DELIVER) if len(of_class) else none
    if len(delivers) == 0:
        return asked, Handed(np.full(len(arcs) + 2, len(asked.limit), dtype=np.int64), none, none, own)
    names = table["material"][asked.limits.row[of_class]]
    kinds = np.unique(arcs.material[delivers])
    holds = [[_under(links.materials[kind], name) for name in names.tolist()] for kind in kinds.tolist()]
    kind, limit = np.nonzero(np.array(holds, dtype=bool))
    at, member = groups(kind, len(kinds)).join(np.searchsorted(kinds, arcs.material[delivers]))
    arc, limit = delivers[at], of_class[limit[member]]
    start = len(asked.limit) + np.searchsorted(arc, np.arange(len(arcs) + 1))
    mixes = links.works.mixes[links.works.outputs.plant[arcs.output[arc]]]
    found = Handed(np.append(start, start[-1]), arcs.destination[arc], ints(arc), np.concatenate([own, ~mixes]))
    return evolve(asked, limit=np.concatenate([asked.limit, limit])), found


def _under(material: str, above: str) -> bool:
    return material == above or material.startswith(f"{above}.")


def declared(links: Links, asked: Demanded) -> Declared:
    """What technologies declare of what they make, by figure; total content is judged by what went in, not by this.

    Args:
        links: the arcs.
        asked: limits, with the figures that they ask for.
    """
    arcs, figures = links.arcs, asked.figures
    of_arc = np.full(len(arcs) + 1, -1, dtype=np.int32)
    delivers = np.flatnonzero(arcs.kind == ArcKind.DELIVER)
    kinds = [kind for kind in ("leaching", "property") if declares(links.region, kind)]
    if not kinds or len(delivers) == 0:
        nothing = np.zeros((0, len(figures)))
        return Declared(of_arc, nothing, nothing, nothing.astype(np.int8))
    names = np.array(links.materials, dtype=object)[arcs.material[delivers]]
    made = made_as(links.region, links.works.outputs, arcs.output[delivers], names)
    code = pair_codes(*made)
    first = first_of(code)
    of_arc[delivers] = positions(code[first], code)
    low, high = (np.full((len(first), len(figures)), np.nan) for _ in range(2))
    grade = np.full((len(first), len(figures)), 3, dtype=np.int8)
    product = tuple(part[first] for part in made)
    for number in [at for at in range(len(figures)) if figures.kind[at] in kinds]:
        found = contents(links.region, product, np.full(len(first), figures.component[number], dtype=object), figures.kind[number])
        ends = (-found.high, -found.low) if figures.minimum[number] else (found.low, found.high)
        low[:, number], high[:, number], grade[:, number] = *ends, found.grade
    return Declared(of_arc, low, high, grade)


def limits_at(start: Rows, handed_over: Handed, need: Rows, arc: Any) -> tuple[Rows, Rows]:
    """(way, pair) of every limit of every way's need, and of the class as which its last arc hands over, way by way.

    Args:
        start: of the limits of needs.
        handed_over: limits of classes.
        need: position among the needs of each way, shape (ways,).
        arc: row of its last arc, -1 where it does not matter, shape (ways,).
    """
    way, pair = _ranges(start[need], start[need + 1])
    if len(handed_over.arc) == 0:
        return way, pair
    last = np.where(np.asarray(arc) < 0, len(handed_over.start) - 2, arc)
    more, behind = _ranges(handed_over.start[last], handed_over.start[last + 1])
    order = np.argsort(np.concatenate([way, more]), kind="stable")
    return np.concatenate([way, more])[order], np.concatenate([pair, behind])[order]


def _ranges(first: Rows, last: Rows) -> tuple[Rows, Rows]:
    count = last - first
    way = np.repeat(np.arange(len(first)), count)
    return way, np.repeat(first, count) + np.arange(len(way)) - np.repeat(np.cumsum(count) - count, count)
