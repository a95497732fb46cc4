"""Envelopes: the piecewise linear relaxation of a bilinear program, as narrow as its pieces are short."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.lp.entries import Entries, Floats, Term, gather
from sivuvirta.lp.program import Block, Bounds, Program
from sivuvirta.pooling.bilinear import Bilinear

Index = npt.NDArray[np.integer[Any]]


@frozen(eq=False)
class _Grid:
    """Pieces of all shares end to end."""

    share: Index  # position in products.shares
    low: Floats
    high: Floats


def relaxed(at: Bilinear, points: list[Floats]) -> Program:
    r"""A program that no answer of the bilinear one is outside of.

    With one piece a share it is McCormick's (1976) envelope and linear; with more, a binary :math:`\lambda_n` says on which piece
    :math:`[g_n, g_{n+1}]` the share lies, and share and flow are split over the pieces (the convex hull of their union):

    .. math:: x = \sum_n x_n, \quad y = \sum_n y_n, \quad \sum_n \lambda_n = 1, \quad
              g_n \lambda_n \le x_n \le g_{n+1} \lambda_n, \quad 0 \le y_n \le \overline y \lambda_n

    The product lies above and below two planes each:

    .. math:: z \ge \sum_n g_n y_n, \qquad z \ge \sum_n g_{n+1} y_n + \overline y (x_n - g_{n+1} \lambda_n)

    .. math:: z \le \sum_n g_{n+1} y_n, \qquad z \le \sum_n g_n y_n + \overline y (x_n - g_n \lambda_n)

    Args:
        at: the bilinear program.
        points: of each share, the ends of its pieces, from its lower to its upper bound.

    Returns:
        A copy of the program with the envelopes added.

    References:
        G. P. McCormick, Mathematical Programming 10 (1976); split as in R. Misener and C. A. Floudas; both from memory.
    """
    program = at.program.copy()
    counts = np.array([len(ends) - 1 for ends in points])
    one = counts == 1
    place = np.searchsorted(at.products.shares, at.products.share)
    single, several = np.flatnonzero(one[place]), np.flatnonzero(~one[place])
    _envelope(program, at, points, single)
    if len(several):
        _pieces(program, at, points, several)
    return program


def _envelope(program: Program, at: Bilinear, points: list[Floats], chosen: Index) -> None:
    """The four planes over the whole range of each share."""
    made, arrays = at.products, at.arrays()
    place = np.searchsorted(made.shares, made.share[chosen])
    low, high = (np.array([points[p][end] for p in place]) for end in (0, -1))
    z, x, y = made.product[chosen], made.share[chosen], made.flow[chosen]
    most, rows = arrays.upper[y], np.arange(len(chosen))

    def plane(name: str, slope: Floats, steep: Floats | float, least: Floats | float, lower: bool) -> None:
        """Product against slope * y + steep * x + least."""
        entries = gather(len(rows), Term(rows, z, 1.0), Term(rows, y, -slope), Term(rows, x, -np.broadcast_to(steep, rows.shape)))
        _sided(program, name, entries, np.broadcast_to(least, rows.shape), lower)

    plane("under_low", low, 0.0, 0.0, True)
    plane("under_high", high, most, -most * high, True)
    plane("over_high", high, 0.0, 0.0, False)
    plane("over_low", low, most, -most * low, False)
    distinct = np.unique(place)
    ends = gather(len(distinct), Term(np.arange(len(distinct)), made.shares[distinct], 1.0))
    program.rows("range", ends, np.array([points[p][0] for p in distinct]), np.array([points[p][-1] for p in distinct]))


def _pieces(program: Program, at: Bilinear, points: list[Floats], chosen: Index) -> None:
    """Binaries, and share and flow split over the pieces, for products whose share has several."""
    made, arrays = at.products, at.arrays()
    place = np.searchsorted(made.shares, made.share[chosen])
    cut = np.unique(place)
    grid = _Grid(
        np.concatenate([np.full(len(points[p]) - 1, n) for n, p in enumerate(cut)]),
        np.concatenate([points[p][:-1] for p in cut]),
        np.concatenate([points[p][1:] for p in cut]),
    )
    count = len(grid.share)
    chosen_piece = program.block("piece", count, bounds=Bounds(upper=1.0, integer=True))
    share_part = program.block("share_part", count, bounds=Bounds(lower=np.minimum(grid.low, 0.0), upper=np.maximum(grid.high, 0.0)))
    rows, every = np.arange(len(cut)), np.arange(count)
    program.rows("one_piece", gather(len(cut), Term(grid.share, chosen_piece.columns, 1.0)), 1.0, 1.0)
    whole = gather(len(cut), Term(rows, made.shares[cut], 1.0), Term(grid.share, share_part.columns, -1.0))
    program.rows("share_parts", whole, 0.0, 0.0)
    for name, side, least in (("part_low", grid.low, True), ("part_high", grid.high, False)):
        entries = gather(count, Term(every, share_part.columns, 1.0), Term(every, chosen_piece.columns, -side))
        _sided(program, name, entries, 0.0, least)
    flows = np.unique(np.stack([np.searchsorted(cut, place), made.flow[chosen]]), axis=1)
    _split(program, at, (chosen, flows), (grid, chosen_piece, share_part), arrays.upper)


def _split(program: Program, at: Bilinear, wanted: tuple[Index, Index], split: tuple[_Grid, Block, Block], upper: Floats) -> None:
    """Flows over the pieces, and the planes of every product on its piece."""
    chosen, flows = wanted
    grid, chosen_piece, share_part = split
    made = at.products
    pieces = [np.flatnonzero(grid.share == share) for share in flows[0]]
    number = np.repeat(np.arange(flows.shape[1]), [len(some) for some in pieces])
    piece, flow = np.concatenate(pieces), flows[1][number]
    flow_part = program.block("flow_part", len(piece), bounds=Bounds(upper=upper[flow], size=np.maximum(upper[flow], 1e-3)))
    rows, every = np.arange(flows.shape[1]), np.arange(len(piece))
    program.rows("flow_parts", gather(len(rows), Term(rows, flows[1], 1.0), Term(number, flow_part.columns, -1.0)), 0.0, 0.0)
    on = gather(len(piece), Term(every, flow_part.columns, 1.0), Term(every, chosen_piece.columns[piece], -upper[flow]))
    program.rows("flow_on", on, upper=0.0)
    order = {(int(share), int(column)): n for n, (share, column) in enumerate(flows.T)}
    cut = np.unique(np.searchsorted(made.shares, made.share[chosen]))
    pair = np.array([order[int(np.searchsorted(cut, np.searchsorted(made.shares, made.share[t]))), int(made.flow[t])] for t in chosen])
    parts = [np.flatnonzero(number == n) for n in pair]
    row = np.repeat(np.arange(len(chosen)), [len(some) for some in parts])
    part = np.concatenate(parts)
    column, on_piece, most = flow_part.columns[part], piece[part], upper[flow[part]]
    low, high = grid.low[on_piece], grid.high[on_piece]
    itself = Term(np.arange(len(chosen)), made.product[chosen], 1.0)
    for name, near, far, least in (
        ("under_low", low, None, True),
        ("under_high", high, high, True),
        ("over_high", high, None, False),
        ("over_low", low, low, False),
    ):
        terms = [itself, Term(row, column, -near)]
        if far is not None:
            terms += [Term(row, share_part.columns[on_piece], -most), Term(row, chosen_piece.columns[on_piece], most * far)]
        _sided(program, f"{name}_piece", gather(len(chosen), *terms), 0.0, least)


def _sided(program: Program, name: str, entries: Entries, side: npt.ArrayLike, lower: bool) -> None:
    """Rows with one side."""
    if lower:
        program.rows(name, entries, lower=side)
    else:
        program.rows(name, entries, upper=side)
