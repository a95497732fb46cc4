"""Laying: pipes, cables and belts that a course lays, whose investment counts in the year in which more of it is first in use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.lp.entries import Term
from sivuvirta.lp.program import Bounds, Program
from sivuvirta.plan.horizon.stages import Stage
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.variables import fixed_ways


@frozen(eq=False)
class Parts:
    """Investment in ways by what uses them, in one period. Shape (entries,)."""

    way: Index  # position in `Laying.name`
    column: Index  # of the period's own program
    capex: Floats  # EUR per unit of the column
    once: bool  # paid if used in any period of the year, else by all that flows in the year


@frozen(eq=False)
class Laying:
    """Ways that have to be laid, and what of them each period uses."""

    name: tuple[str, ...]  # (ways,) "spring,town,pipe_heat"
    used: tuple[Parts, ...]  # by period: what any flow asks for
    flowing: tuple[Parts, ...]  # by period: what grows with the flow
    level: Index  # (ways, years) columns: EUR laid up to a year; no column where nothing limits it

    def in_use(self, stages: Sequence[Stage], x: Floats, years: int) -> Floats:
        """EUR of investment in what each year uses. Shape (ways, years)."""
        most, total = np.zeros((len(self.name), years)), np.zeros((len(self.name), years))
        for each, once, more in zip(stages, self.used, self.flowing, strict=True):
            own = each.part.of(x)
            here = np.bincount(once.way, once.capex * own[once.column], minlength=len(self.name))
            most[:, each.year] = np.maximum(most[:, each.year], here)
            total[:, each.year] += np.bincount(more.way, more.capex * own[more.column], minlength=len(self.name))
        return most + total

    def spent(self, stages: Sequence[Stage], x: Floats, years: int) -> Floats:
        """EUR that is laid in each year beyond what lies there already. Shape (years,)."""
        lies = np.maximum.accumulate(self.in_use(stages, x, years), axis=1)
        found: Floats = np.diff(lies, axis=1, prepend=0.0).sum(axis=0)
        return found


def laying(lp: Program, stages: Sequence[Stage], years: int, limited: bool) -> Laying:
    """What has to be laid over a horizon, with columns for what lies there in each year where investment is limited.

    Args:
        lp: the whole program.
        stages: of each period.
        years: how many there are.
        limited: whether some budget holds.
    """
    known: dict[str, int] = {}
    used, flowing = [], []
    for each in stages:
        first, more = _parts(each, known)
        used.append(first)
        flowing.append(more)
    names = tuple(known)
    count = len(names) if limited else 0
    most = np.full(count * years, 1e6)
    block = lp.block("laid", count * years, bounds=Bounds(size=most), label=lambda n: f"{names[n // years]},{n % years + 1}")
    return Laying(names, tuple(used), tuple(flowing), block.columns.reshape(count, years))


def _parts(each: Stage, known: dict[str, int]) -> tuple[Parts, Parts]:
    at, ways = each.at, each.at.links.ways
    arcs = at.links.arcs
    kinds = (*at.links.modes, "")

    def number(way: int) -> int:
        ends = (ways.origin[way], ways.destination[way], kinds[ways.mode[way]])
        return known.setdefault(",".join(str(part) for part in ends if part), len(known))

    rows = fixed_ways(at.found)
    laid = np.flatnonzero(ways.capex[rows] > 0)
    way = np.array([number(int(row)) for row in rows[laid].tolist()], dtype=np.int32)
    once = Parts(way, at.blocks.used.columns[laid], ways.capex[rows[laid]], True)
    grown = np.flatnonzero((arcs.capex > 0) & (arcs.fixed_group >= 0))
    parts = list(at.carrying(grown)) if len(grown) else []
    none = np.zeros(0, dtype=np.int32)
    arc, column = (np.concatenate([none, *(part[place] for part in parts)]).astype(np.int32) for place in (0, 1))
    value = np.concatenate([np.zeros(0), *(part[2] for part in parts)])
    way = np.array([number(int(row)) for row in arcs.fixed_group[arc].tolist()], dtype=np.int32)
    return once, Parts(way, column, arcs.capex[arc] * value, False)


def laid_terms(found: Laying, stages: Sequence[Stage]) -> tuple[list[Term], list[str]]:
    """Entries of rows that let nothing be used beyond what is laid, then that what is laid stays; and the names of the rows.

    Args:
        found: what has to be laid, with its columns.
        stages: of each period.
    """
    ways, years = found.level.shape
    terms: list[Term] = []
    names: list[str] = []
    row = np.arange(ways)
    for number, each in enumerate(stages):
        first = len(names)
        terms.append(Term(first + row, found.level[:, each.year], 1.0))
        same = [other for other, stage in enumerate(stages) if stage.year == each.year]
        for parts, stage in ((found.used[number], each), *((found.flowing[other], stages[other]) for other in same)):
            terms.append(Term(first + parts.way, parts.column + stage.part.column, -parts.capex))
        names += [f"{each.period.name},{name}" for name in found.name]
    for year in range(1, years):
        terms += [Term(len(names) + row, found.level[:, year], 1.0), Term(len(names) + row, found.level[:, year - 1], -1.0)]
        names += [f"{year + 1},{name}" for name in found.name]
    return terms, names
