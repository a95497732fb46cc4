"""Bilinear programs: a linear program, and columns that are the product of two others."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.lp.entries import Floats, Ints, Term, gather
from sivuvirta.lp.program import Arrays, Program


@frozen(eq=False)
class Products:
    """Columns of a program that are the product of a share and a flow. Shape (products,)."""

    product: Ints  # column z
    share: Ints  # column x, with finite bounds; many products have one share
    flow: Ints  # column y, from 0 to a finite bound

    @property
    def shares(self) -> Ints:
        """The different share columns, in order."""
        return np.unique(self.share)


@frozen(eq=False)
class Bilinear:
    r"""Minimise a linear cost over linear rows and products.

    .. math:: \min c^\top w \quad l \le A w \le u, \qquad z_t = x_t \, y_t \quad \forall t
    """

    program: Program
    products: Products
    offset: float = 0.0  # added to the objective where gaps are reckoned; answers and bounds are told without it

    def arrays(self) -> Arrays:
        """The linear part."""
        return self.program.arrays()

    def missed(self, w: Floats) -> Floats:
        """How far each product is off, in units of the flow. Shape (products,)."""
        made = self.products
        return np.asarray(np.abs(w[made.product] - w[made.share] * w[made.flow]))


def held(at: Bilinear, shares: Floats) -> Program:
    r"""The linear program in which every share is given; its answers are answers of the bilinear program.

    .. math:: z_t = \bar x_t \, y_t

    Args:
        at: the bilinear program.
        shares: value of each share of `at.products.shares`.
    """
    program, made = at.program.copy(), at.products
    value = shares[np.searchsorted(made.shares, made.share)]
    rows = np.arange(len(made.product))
    entries = gather(len(rows), Term(rows, made.product, 1.0), Term(rows, made.flow, -value))
    program.rows("held", entries, 0.0, 0.0)
    distinct = np.arange(len(shares))
    program.rows("given", gather(len(shares), Term(distinct, made.shares, 1.0)), shares, shares)
    return program


def linearised(at: Bilinear, w: Floats, step: float) -> Program:
    r"""The products near a point, for a step in the shares.

    .. math:: z_t = \bar x_t y_t + \bar y_t (x_t - \bar x_t), \qquad |x_t - \bar x_t| \le \delta (\overline{x}_t - \underline{x}_t)

    Args:
        at: the bilinear program.
        w: the point.
        step: delta, as a part of each share's range.
    """
    program, made, arrays = at.program.copy(), at.products, at.arrays()
    x, y, rows = w[made.share], w[made.flow], np.arange(len(made.product))
    terms = (Term(rows, made.product, 1.0), Term(rows, made.flow, -x), Term(rows, made.share, -y))
    program.rows("tangent", gather(len(rows), *terms), -x * y, -x * y)
    shares = made.shares
    reach = step * (arrays.upper[shares] - arrays.lower[shares])
    distinct = np.arange(len(shares))
    near = gather(len(shares), Term(distinct, shares, 1.0))
    program.rows("near", near, w[shares] - reach, w[shares] + reach)
    return program
