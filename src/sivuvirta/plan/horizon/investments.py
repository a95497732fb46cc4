"""Investments: what may be built in each year of a horizon, how large, at what cost, and how long it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, NodeKind
from sivuvirta.domain.matches import Matches
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Block, Bounds, Part, Program, Rows
from sivuvirta.plan.horizon.stages import NOWHERE, Stage
from sivuvirta.plan.horizon.times import Year
from sivuvirta.plan.program.builds import pieces
from sivuvirta.plan.program.candidates import Index, Mask
from sivuvirta.plan.program.curves import Curves, curves_of


@frozen(eq=False)
class Columns:
    """Columns of what is decided in one year, in its own program. Sizes in units of activity a year."""

    size: Block  # z
    built: Block  # y
    piece: Block  # w
    chosen: Block  # u


@frozen(eq=False)
class Investment:
    """What may be decided in one year. Shape (candidates,) unless said."""

    year: int  # position of the year
    plant: tuple[str, ...]  # ids
    curves: Curves  # work is the row of works in the year's links
    columns: Columns
    lp: Program
    stands: Mask  # (candidates, years)
    lead: Floats  # years, 0 where not known
    capex: Floats  # EUR per unit of each of its columns
    yearly: Floats  # EUR/a while it stands, per unit of each of its columns
    part: Part = NOWHERE

    def of(self, block: Block, x: Floats) -> Floats:
        """Values of a block, from those of the whole program."""
        return block.of(self.part.of(x))

    def owner(self) -> Index:
        """Candidate of each of its columns."""
        number, piece = np.arange(len(self.plant)), self.curves.segments.candidate
        return np.concatenate([number, number, piece, piece]).astype(np.int32)


def investment(number: int, years: Sequence[Year], matches: Sequence[Matches], stages: Sequence[Stage]) -> Investment:
    r"""What may be built in one year, with its cost curve, as a program alone.

    .. math:: z^{min}_p y_{p\tau} \le z_{p\tau} \le z^{max}_p y_{p\tau}, \qquad
        capex_{p\tau} = \sum_k \alpha_k u_{pk\tau} + \beta_k w_{pk\tau} \qquad \text{(P7, P8)}

    The largest size is what the largest of its periods could use in its part of the year.

    Args:
        number: position of the year tau.
        years: of the horizon.
        matches: of each year.
        stages: of each period.
    """
    most, stands = _usable(number, years, matches, stages)
    links = matches[number].links
    plants = sorted(most, key=lambda key: links.nodes.find(NodeKind.PLANT, key))
    row = {int(node): position for position, node in enumerate(links.works.node.tolist())}
    work = np.array([row[links.nodes.find(NodeKind.PLANT, key)] for key in plants], dtype=np.int32)
    curves = curves_of(links.works, np.arange(len(plants), dtype=np.int32), work, np.array([most[key] for key in plants]))
    lp = Program(f"built in {years[number].year}")
    columns = _columns(lp, curves, plants)
    _range(lp, curves, columns, plants.__getitem__)
    pieces(lp, curves, columns, plants.__getitem__)
    works, segments = links.works, curves.segments
    capex = np.concatenate([curves.slope, curves.intercept, segments.slope, segments.intercept])
    annuity, explicit = np.nan_to_num(works.annuity[work]), [np.nan_to_num(part[work]) for part in (works.per_size, works.fixed)]
    parts = Investment(
        year=number,
        plant=tuple(plants),
        curves=curves,
        columns=columns,
        lp=lp,
        stands=np.array([stands[key] for key in plants], dtype=bool).reshape(len(plants), len(years)),
        lead=np.array([_lead(matches[number], key) for key in plants]),
        capex=capex,
        yearly=np.zeros(len(capex)),
    )
    parts.yearly[:] = annuity[parts.owner()] * capex + np.concatenate([*explicit, np.zeros(2 * columns.piece.count)])
    return parts


def _columns(lp: Program, curves: Curves, plants: Sequence[str]) -> Columns:
    segments = curves.segments
    names = [plants[candidate] for candidate in segments.candidate]
    first = [int(np.searchsorted(segments.candidate, candidate)) for candidate in segments.candidate]

    def piece(position: int) -> str:
        return f"{names[position]},{position - first[position]}"

    whole, count, parts = Bounds(upper=1.0, integer=True), len(plants), len(names)
    return Columns(
        size=lp.block("size", count, bounds=Bounds(size=curves.size_max), label=plants.__getitem__),
        built=lp.block("built", count, bounds=whole, label=plants.__getitem__),
        piece=lp.block("piece", parts, bounds=Bounds(size=segments.high), label=piece),
        chosen=lp.block("chosen", parts, bounds=whole, label=piece),
    )


def _range(lp: Program, curves: Curves, columns: Columns, plants: Callable[[int], str]) -> Rows:
    """Smallest and largest size of what is built."""
    count = len(curves.plant)
    rows = np.arange(count)
    terms = (
        Term(rows, columns.built.columns, curves.size_min),
        Term(rows, columns.size.columns, -1.0),
        Term(count + rows, columns.size.columns, 1.0),
        Term(count + rows, columns.built.columns, -curves.size_max),
    )
    return lp.rows("build", gather(2 * count, *terms), upper=0.0, label=lambda n: f"{plants(n % count)},{'low' if n < count else 'high'}")


def _usable(
    number: int, years: Sequence[Year], matches: Sequence[Matches], stages: Sequence[Stage]
) -> tuple[dict[str, float], dict[str, list[bool]]]:
    """Largest size of use of each plant decided in a year, and the years in which it stands; what no period uses is left out."""
    most: dict[str, float] = {}
    stands: dict[str, list[bool]] = {}
    for each in stages:
        found = each.at.found
        for position in each.at.curves.plant.tolist():
            node = found.links.works.node[found.plants[position]]
            key = str(found.links.nodes.id[node])
            if key not in stands:
                stands[key] = _stands(number, years, matches[number], key)
            if stands[key][each.year]:
                most[key] = max(most.get(key, 0.0), float(found.activity_most[position]) / each.share)
    return {key: value for key, value in most.items() if value > 0}, stands


def _stands(number: int, years: Sequence[Year], matches: Matches, key: str) -> list[bool]:
    """In which years a plant decided in one year stands: after its lead time, for its lifetime, within the years of the register."""
    region = matches.links.region
    plants, technologies = region.table("plants"), region.table("technologies")
    row = plants.index[key]
    lifetime = float(technologies["lifetime"][technologies.index[plants["technology"][row]]])
    first = years[number].year + _lead(matches, key)
    last = first + (lifetime if np.isfinite(lifetime) else np.inf)
    begin, close = (float(plants[name][row]) for name in ("built", "closes"))
    return [first <= year.year < last and not year.year < begin and not year.year > close for year in years]


def _lead(matches: Matches, key: str) -> float:
    plants = matches.links.region.table("plants")
    return float(np.nan_to_num(plants["lead"][plants.index[key]]))
