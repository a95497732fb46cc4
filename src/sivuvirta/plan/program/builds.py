"""Constraint families of investment: what is built, how large, at what cost."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Block, Label, Program, Rows
from sivuvirta.plan.program.amounts import demand_of
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.curves import Curves
from sivuvirta.plan.program.setting import Setting
from sivuvirta.plan.program.variables import fixed_ways

_ENDLESS = 1e9  # units a year over a way where nothing limits them


def size(at: Setting) -> Rows:
    r"""A candidate does no more than the size it is built at.

    .. math:: X_p \le z_p \qquad \text{(P7)}

    Args:
        at: the program and its columns; X and z in units of activity a year.

    Returns:
        One row a candidate.
    """
    curves, blocks = at.curves, at.blocks
    rows = np.arange(len(curves.plant))
    terms = Term(rows, blocks.activity.columns[curves.plant], 1.0), Term(rows, blocks.size.columns, -1.0)
    return at.lp.rows("size", gather(len(rows), *terms), upper=0.0, label=at.plant_label(curves.plant))


def build(at: Setting) -> Rows:
    r"""Only what is built has a size, and only what is built may be used.

    .. math:: z^{min}_p y_p \le z_p \le z^{max}_p y_p, \quad x_{ap} \le q_a y_p, \quad e_b \sum_a \eta f_{ab} \le D_j y_p \qquad \text{(P7)}

    The last two follow from the first for whole y; they are there because they bound the relaxed program far better. They are given
    for arcs that carry less than the plant could take.

    Args:
        at: the program and its columns; q is the stream's supply, or what other plants can make of it; D the need's demand.

    Returns:
        Smallest size, largest size, then one row an arc into or out of a candidate.
    """
    curves, blocks = at.curves, at.blocks
    count = len(curves.plant)
    rows = np.arange(count)
    arcs, most = _strong(at, ArcKind.FEED)
    outs, take = _strong(at, ArcKind.DELIVER)
    pair_row, pair = at.pairs_of_outlets(outs)
    ratio = at.links.arcs.ratio[at.found.outlet[at.found.pairs.outlet[pair]]]
    number = _candidate(at)
    first, second = 2 * count, 2 * count + len(arcs)
    owner = np.concatenate([number[at.found.enter_plant[arcs]], number[at.outlet_plant[outs]]])
    terms = (
        Term(rows, blocks.built.columns, curves.size_min),
        Term(rows, blocks.size.columns, -1.0),
        Term(count + rows, blocks.size.columns, 1.0),
        Term(count + rows, blocks.built.columns, -curves.size_max),
        Term(first + np.arange(len(arcs)), blocks.enter.columns[arcs], 1.0),
        Term(second + pair_row, blocks.pair.columns[pair], at.found.pairs.eta[pair] * ratio),
        Term(first + np.arange(len(owner)), blocks.built.columns[owner], -np.concatenate([most, take])),
    )
    return at.lp.rows("build", gather(first + len(owner), *terms), upper=0.0, label=_build_label(at, arcs, outs))


def scale(at: Setting) -> Rows:
    r"""The size of a plant lies on one piece of its cost curve.

    .. math:: \sum_k w_{pk} = z_p, \quad \sum_k u_{pk} = y_p, \quad c_k u_{pk} \le w_{pk} \le c_{k+1} u_{pk}, \quad
        capex_p = \sum_k \alpha_k u_{pk} + \beta_k w_{pk} \qquad \text{(P8)}

    The pieces are chords of capex = capex_ref (z / z_ref)^n; this form has the convex hull of the curve as its relaxation. A
    plant whose curve is one straight line needs no piece.

    Args:
        at: the program and its columns; c in units of activity a year.

    Returns:
        Size and choice of each plant with pieces, then smallest and largest size of each piece.

    References:
        K. L. Croxton, B. Gendron, T. L. Magnanti, A comparison of mixed-integer programming models for nonconvex piecewise linear
        cost minimization problems, Management Science 49 (2003) 1268-1273: the multiple choice model.
    """
    return pieces(at.lp, at.curves, at.blocks, at.plant_label(np.arange(len(at.found.plants))))


class Sizes(Protocol):
    """Columns of sizes on cost curves."""

    @property
    def size(self) -> Block:
        """z, one a plant."""

    @property
    def built(self) -> Block:
        """y, one a plant."""

    @property
    def piece(self) -> Block:
        """w, one a piece of a curve."""

    @property
    def chosen(self) -> Block:
        """u, one a piece of a curve."""


def pieces(lp: Program, curves: Curves, blocks: Sizes, plants: Label) -> Rows:
    """Rows of `scale` for any plants with cost curves.

    Args:
        lp: gets the rows.
        curves: of the plants.
        blocks: their columns.
        plants: name of a plant by its number in `curves.plant`.
    """
    parts = curves.segments
    bent, row = np.unique(parts.candidate, return_inverse=True)
    count, number = len(bent), np.arange(len(parts.candidate))
    whole, low = 2 * count, 2 * count + len(number)
    terms = (
        Term(row, blocks.piece.columns, 1.0),
        Term(np.arange(count), blocks.size.columns[bent], -1.0),
        Term(count + row, blocks.chosen.columns, 1.0),
        Term(count + np.arange(count), blocks.built.columns[bent], -1.0),
        Term(whole + number, blocks.chosen.columns, parts.low),
        Term(whole + number, blocks.piece.columns, -1.0),
        Term(low + number, blocks.piece.columns, 1.0),
        Term(low + number, blocks.chosen.columns, -parts.high),
    )
    lower = np.concatenate([np.zeros(whole), np.full(2 * len(number), -np.inf)])

    def label(position: int) -> str:
        if position < whole:
            return f"{plants(curves.plant[bent[position % count]])},{'size' if position < count else 'choice'}"
        piece = (position - whole) % len(number)
        owner = parts.candidate[piece]
        return f"{plants(curves.plant[owner])},{piece - int(np.searchsorted(parts.candidate, owner))},{'low' if position < low else 'high'}"

    return lp.rows("scale", gather(low + len(number), *terms), lower, 0.0, label)


def way(at: Setting) -> Rows:
    r"""A way that costs something if it is used at all carries nothing unless that is paid.

    .. math:: x_a \le q_a y_w \qquad \forall a \in w \quad \text{(P10)}

    q is the most that can flow: the stream's supply or what the end takes. One row a flow, because all of a way together would bound the
    relaxed program less well. A row of table `links` costs its `fixed_cost`, EUR a year, which is no investment. A pipe, cable or belt that
    is not there yet costs the annuity and upkeep of what has to be laid for any flow, (1 - n) of its investment per km over its length;
    the rest, n C km / Q per unit that flows, is in the cost of the flow, and both count as investment. n is the exponent of the investment
    C over the capacity Q of the reference: together they are the tangent of C km (x / Q)^n at Q.

    Args:
        at: the program and its columns; w are `links.ways` with a fixed cost.

    Returns:
        One row a flow over such a way.
    """
    rows, group = fixed_ways(at.found), at.links.arcs.fixed_group
    number = np.full(len(group) if len(rows) else 0, -1, dtype=np.int32)
    fixed = np.flatnonzero(group[: len(number)] >= 0)
    number[fixed] = np.searchsorted(rows, group[fixed])
    return switched(at, "way", number, at.blocks.used.columns)


def switched(at: Setting, name: str, group: Index, switches: Index) -> Rows:
    """Rows that let nothing flow over arcs of a group unless the column of the group is 1; one a flow.

    Args:
        at: the program and its columns.
        name: of the family.
        group: position in `switches` by arc, -1 where an arc flows freely; shape (arcs,), or empty where all do.
        switches: columns that are 0 or 1.
    """
    if not (group >= 0).any():
        return at.lp.rows(name, gather(0))
    parts = list(at.carrying(np.flatnonzero(group >= 0)))
    arc, column = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    number = np.arange(len(column))
    most = np.minimum(at.lp.arrays().sizes[column], _ENDLESS)
    terms = Term(number, column, 1.0), Term(number, switches[group[arc]], -most)
    ids, arcs = at.links.nodes.id, at.links.arcs

    def label(position: int) -> str:
        return f"{ids[arcs.origin[arc[position]]]},{ids[arcs.destination[arc[position]]]},{column[position]}"

    return at.lp.rows(name, gather(len(column), *terms), upper=0.0, label=label)


def open_rows(at: Setting, x: Floats) -> Index:
    """Rows of `way` and `change` whose way is open in an answer: they no longer bind, and would take duals of supply and need too."""
    found = [np.zeros(0, dtype=np.int32)]
    for name in ("way", "change"):
        rows = at.lp.family(name)
        if rows.count:
            switch = rows.entries.column[rows.entries.start[1:] - 1]
            found.append(rows.positions[x[switch] > 0.5])
    return np.concatenate(found)


def strong_rows(at: Setting) -> Index:
    """Rows of `build` that follow from the others once y is whole. They would take the duals of supply and need upon themselves."""
    rows = at.lp.family("build")
    return rows.positions[2 * len(at.curves.plant) :]


def _candidate(at: Setting) -> Index:
    """Position among candidates of each plant, -1 for existing ones. Shape (plants,)."""
    number = np.full(len(at.found.plants), -1, dtype=np.int32)
    number[at.curves.plant] = np.arange(len(at.curves.plant), dtype=np.int32)
    return number


def _strong(at: Setting, kind: ArcKind) -> tuple[Index, Floats]:
    """Ways into candidates (FEED), or arcs out of them, that carry less than the plant could, and how much they carry."""
    found, arcs, number = at.found, at.links.arcs, _candidate(at)
    if kind == ArcKind.FEED:
        rows, plant, most = found.enter, found.enter_plant, found.arrives
        could = at.links.works.slots.high[arcs.slot[rows]] * found.activity_most[plant]
        wanted = arcs.kind[rows] != ArcKind.REAGENT
    else:
        rows, plant, most = found.outlet, at.outlet_plant, demand_of(at.links)[arcs.destination[found.outlet]]
        could, wanted = np.full(len(rows), np.inf), arcs.kind[rows] == kind
    keep = np.flatnonzero(wanted & (number[plant] >= 0) & (most < could))
    return keep.astype(np.int32), most[keep]


def _build_label(at: Setting, arcs: Index, outs: Index) -> Label:
    curves, links = at.curves, at.links
    plants, ids = at.plant_label(curves.plant), links.nodes.id
    leaving = at.found.outlet[outs]

    def label(position: int) -> str:
        count = len(curves.plant)
        if position < 2 * count:
            return f"{plants(position % count)},{'low' if position < count else 'high'}"
        position -= 2 * count
        if position < len(arcs):
            entrance = int(arcs[position])
            return f"{at.found.entrance_name(entrance)},{ids[links.arcs.destination[at.found.enter[entrance]]]}"
        arc = leaving[position - len(arcs)]
        return f"{ids[links.arcs.origin[arc]]},{ids[links.arcs.destination[arc]]}"

    return label
