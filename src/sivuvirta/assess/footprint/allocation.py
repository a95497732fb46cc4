r"""Who bears the burden of joint production: credit for what is replaced, by mass, by value. Pure arithmetic over arrays.

With burden :math:`B` (kg CO2e a year), product :math:`m_0` and co-products :math:`m_j` a year with prices :math:`p` and credits :math:`k_j`
(kg CO2e per unit, negative where more is replaced than carriage and processing take):

.. math:: F_{expansion} = \frac{B + \sum_j m_j k_j}{m_0}, \qquad F_{mass} = \frac{B}{m_0 + \sum_j m_j}, \qquad
          F_{economic} = \frac{B p_0}{m_0 p_0 + \sum_j m_j p_j}

Source: ISO 14044:2006, 4.3.4.2 and ISO 14067:2018, 6.4.6, from memory; a worked example that was opened is in `sivuvirta.cases`.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.burdens import EXPANSION, MASS
from sivuvirta.domain.links import Flags, Floats


def shares(weight: Floats) -> Floats:
    """Parts of a whole by some weight; they add up to 1, and are NaN where there is nothing to share by.

    >>> shares(np.array([0.6, 0.4])).tolist()
    [0.6, 0.4]

    Args:
        weight: mass, value or energy of the product and its co-products, 0 or more. Shape (..., products).
    """
    total = weight.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(weight, total, out=np.full(weight.shape, np.nan), where=total > 0))


@frozen(eq=False)
class System:
    """A product system as numbers: parts of its burden, the product, what leaves beside it. Figures may have draws as their first axis."""

    amount: Floats  # of each part of the burden, a year. Shape (..., parts)
    factor: Floats  # kg CO2e per unit of it. Shape (..., parts)
    counts: dict[str, Flags]  # by method: whether a part counts in it. Shape (parts,)
    product: float | Floats  # m_0. Shape (...)
    price: float | Floats  # p_0, NaN where not known. Shape (...)
    leaving: Floats  # m_j. Shape (..., leaving)
    leaving_price: Floats  # p_j
    credit: Floats  # k_j
    coproduct: Flags  # whether it bears burden; waste does not. Shape (leaving,)
    weighed: Flags  # whether it is counted in the product's own unit, so that it may bear by mass. Shape (leaving,)

    def burden(self, method: str) -> float:
        """B of a method, kg CO2e a year."""
        return float((self.amount * self.factor)[self.counts[method]].sum())

    def share(self, method: str) -> Floats:
        """Part of the burden that the product bears; 1 under system expansion, and where nothing else bears any. Shape (...)."""
        alone = np.ones(np.shape(self.product))
        if method == EXPANSION:
            return alone
        bears = self.coproduct & self.weighed if method == MASS else self.coproduct
        weight = np.where(bears, self.leaving if method == MASS else self.leaving * self.leaving_price, 0.0)
        if not bears.any():
            return alone
        own = np.asarray(self.product if method == MASS else self.product * self.price)
        return np.asarray(shares(np.concatenate([own[..., None], weight], axis=-1))[..., 0])

    def borne(self, method: str) -> Floats:
        """What the product bears of each part that counts, then of each credit under system expansion, kg CO2e a year. Shape (..., n)."""
        parts = (self.amount * self.factor)[..., self.counts[method]] * self.share(method)[..., None]
        return np.concatenate([parts, self.leaving * self.credit], axis=-1) if method == EXPANSION else parts

    def parts(self, method: str) -> Floats:
        """What the footprint is made of, in the order of `borne`, kg CO2e per unit of product; without end, or NaN, where none is made."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.borne(method) / np.asarray(self.product)[..., None], dtype=float)

    def footprint(self, method: str) -> float:
        """Footprint of the product, kg CO2e per unit of it; without end, or NaN, where none is made."""
        return float(self.footprints(method))

    def footprints(self, method: str) -> Floats:
        """The same of each draw. Shape (...)."""
        borne = self.borne(method).sum(axis=-1)
        none = np.where(borne == 0, np.nan, np.copysign(np.inf, borne))
        return np.asarray(np.divide(borne, self.product, out=none, where=np.asarray(self.product) > 0))

    def vector(self) -> Floats:
        """All figures in a row, for `moved`. Shape (..., 2 parts + 2 + 3 leaving)."""
        own = np.stack([np.asarray(self.product), np.asarray(self.price)], axis=-1)
        return np.concatenate([self.amount, self.factor, own, self.leaving, self.leaving_price, self.credit], axis=-1)

    def moved(self, vector: Floats) -> System:
        """The same system with other figures, in the order of `vector`."""
        parts, leaving = self.amount.shape[-1], self.leaving.shape[-1]
        ends = np.cumsum([parts, parts, 2, leaving, leaving])
        amount, factor, own, left, price, credit = np.split(vector, ends, axis=-1)
        return System(amount, factor, self.counts, own[..., 0], own[..., 1], left, price, credit, self.coproduct, self.weighed)
