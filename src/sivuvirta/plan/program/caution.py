r"""Caution: how far a mix stays from its limits where what its streams contain is not known well.

Each stream's share in a limit is :math:`d_i(x) = \sum_{r \in i} (u_r - m_r) x_r`: what it brings more at the bound that verdicts use
than in the middle of its range. A limit is kept with all of them at once, with the largest few of them, or with a probability.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from scipy.special import ndtri

from sivuvirta.domain.links import Floats
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.lp.entries import Ints
from sivuvirta.plan.program.amounts import supply_of
from sivuvirta.plan.program.candidates import Candidates, Mask

FACETS = 32  # of a quarter of a circle: the root of a sum of two squares is at most 3e-4 too large
_SAME = 1e-12  # relative: a range below it is none
_BOUND = float(ndtri(0.95))  # standard deviations from the middle to the bound that verdicts use
_PLACE = 1e-12  # a coefficient of 0 keeps its place, so that draws can change it; a solver takes it for 0


@frozen(eq=False)
class Guards:
    """What a limit of a mix counts, and the columns and rows that it needs for that."""

    own: Floats  # coefficient in the limit's own row, by entry of matches.specs
    share: Floats  # u - m of each entry, in parts of the limit per unit
    term: Ints  # number of the stream's share that an entry belongs to, -1 where it has no range
    column_row: Ints  # row of specs that each column of the guard belongs to
    column: Floats  # coefficient of each column in that row
    size: Floats  # typical size of each column
    row_row: Ints  # row of specs that each row of the guard belongs to
    term_part: tuple[Ints, Ints, Floats]  # row of the guard, share, factor
    column_part: tuple[Ints, Ints, Floats]  # row of the guard, column of the guard, factor


@frozen(eq=False)
class _Book:
    """Columns and rows under construction."""

    columns: list[tuple[int, float, float]] = field(factory=list)  # row of specs, coefficient there, size
    rows: list[int] = field(factory=list)  # row of specs
    terms: list[tuple[int, int, float]] = field(factory=list)
    parts: list[tuple[int, int, float]] = field(factory=list)

    def column(self, row: int, coefficient: float, size: float) -> int:
        """A new column."""
        self.columns.append((row, coefficient, size))
        return len(self.columns) - 1

    def limit(self, row: int, members: list[tuple[bool, int, float]]) -> None:
        """A new row: the sum of its members is at most 0; each is a column or a share, its number and its factor."""
        number = len(self.rows)
        self.rows.append(row)
        for column, at, factor in members:
            (self.parts if column else self.terms).append((number, at, factor))


def guards(found: Candidates, options: PlanOptions) -> Guards:
    r"""How much of its range each stream counts in each limit of a mix.

    Without an option every stream counts at its bound. With `options.robust`, :math:`\Gamma`, the largest few shares count, as the dual of
    choosing them (Bertsimas and Sim). With `options.chance`, p, the root of the sum of their squares does, :math:`\kappa = z_p / z_{0.95}`
    times: streams are independent, and their contents nearly normal with the bound as 95 % point.

    Args:
        found: what a plan may use.
        options: of the plan.

    References:
        D. Bertsimas, M. Sim, The price of robustness, Operations Research 52 (2004) 35-53 (from memory).
    """
    specs, book = found.matches.specs, _Book()
    own = np.asarray(specs.coefficient, dtype=float).copy()
    if options.robust is None and options.chance is None:
        return _made(book, own, np.zeros(len(own)), np.full(len(own), -1, dtype=np.int32))
    used = np.zeros(len(found.matches.routes) + 1, dtype=bool)
    used[found.direct], used[found.pairs.route], used[-1] = True, True, False
    share = specs.coefficient - specs.middle
    wide = used[specs.route] & (share > _SAME * np.maximum(np.abs(specs.coefficient), np.abs(specs.middle)))
    term, row, size = _terms(found, wide, share)
    factor = 0.0 if options.chance is None else float(ndtri(options.chance)) / _BOUND
    for spec in np.unique(row).tolist():
        entries, shares = np.flatnonzero(wide & (specs.row == spec)), np.flatnonzero(row == spec)
        if options.robust is not None:
            counted = _largest(book, spec, (shares, size[shares]), options.robust)
        else:
            counted = _root(book, spec, (shares, size[shares]), factor)
        own[entries] = specs.middle[entries] + counted * share[entries]
    own = np.where((own == 0) & wide, _PLACE, own)
    return _made(book, own, np.where(wide, share, 0.0), term)


def _terms(found: Candidates, wide: Mask, share: Floats) -> tuple[Ints, Ints, Floats]:
    """Number of the share of each entry, and limit and typical size of each share: what one stream brings into one limit."""
    specs, routes = found.matches.specs, found.matches.routes
    stream = routes.stream[specs.route].astype(np.int64)
    key = specs.row * np.int64(len(found.links.nodes.id)) + stream
    keys, number = np.unique(key[wide], return_inverse=True)
    term = np.full(len(key), -1, dtype=np.int32)
    term[wide] = number
    supply = np.nan_to_num(supply_of(found.links), posinf=0.0)
    size = np.zeros(len(keys))
    np.maximum.at(size, number, (share * supply[stream])[wide])
    return term, (keys // max(len(found.links.nodes.id), 1)).astype(np.int32), size


def _largest(book: _Book, spec: int, shares: tuple[Any, Floats], most: float) -> float:
    r"""The largest few shares, by the dual of choosing them: :math:`\Gamma \pi + \sum_i \rho_i`, :math:`\pi + \rho_i \ge d_i(x)`.

    Returns:
        The part of every share that counts in the row itself.
    """
    number, size = shares
    if most >= len(number):
        return 1.0
    if most == 0:
        return 0.0
    common = book.column(spec, most, float(size.max()))
    for at, own in zip(number.tolist(), size.tolist(), strict=True):
        each = book.column(spec, 1.0, own)
        book.limit(spec, [(False, at, 1.0), (True, common, -1.0), (True, each, -1.0)])
    return 0.0


def _root(book: _Book, spec: int, shares: tuple[Any, Floats], factor: float) -> float:
    r"""The root of the sum of squares, two at a time: :math:`t \ge (a \cos \theta_k + b \sin \theta_k) / \cos (\pi / 4 F)`.

    The angles are the middles of F equal parts of a quarter circle. So t is the root exactly where one of the two is 0, never less than
    it, never more than a + b, and at most 3e-4 of it too large.

    Returns:
        The part of every share that counts in the row itself.
    """
    number, size = shares
    if len(number) == 1 or factor == 0:
        return factor
    half = np.pi / 4.0 / FACETS
    angle = (2.0 * np.arange(FACETS) + 1.0) * half
    level = [(False, at, own) for at, own in zip(number.tolist(), size.tolist(), strict=True)]
    while len(level) > 1:
        above = [level.pop()] if len(level) % 2 else []
        for one, other in zip(level[::2], level[1::2], strict=True):
            last = len(level) == 2 and not above
            root = book.column(spec, factor if last else 0.0, float(np.hypot(one[2], other[2])))
            for theta in angle.tolist():
                sides = ((one, np.cos(theta)), (other, np.sin(theta)))
                book.limit(spec, [*((node[0], node[1], float(part / np.cos(half))) for node, part in sides), (True, root, -1.0)])
            above.append((True, root, float(np.hypot(one[2], other[2]))))
        level = above
    return 0.0


def _made(book: _Book, own: Floats, share: Floats, term: Ints) -> Guards:
    columns = np.array(book.columns, dtype=float).reshape(-1, 3)
    parts = [np.array(part, dtype=float).reshape(-1, 3) for part in (book.terms, book.parts)]
    split = [(part[:, 0].astype(np.int32), part[:, 1].astype(np.int32), part[:, 2]) for part in parts]
    rows = np.array(book.rows, dtype=np.int32)
    return Guards(own, share, term, columns[:, 0].astype(np.int32), columns[:, 1], columns[:, 2], rows, split[0], split[1])
