"""Material Circularity Indicator of a product, and of a portfolio of products (Ellen MacArthur Foundation & ANSYS Granta 2019).

The methodology was not opened; its equations are from memory, agree with two secondary sources, and are tested at the values that it
gives for its ends: 0.1 for a product that is all virgin and all wasted and as useful as its industry's mean, 1 for one that is all reused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import field, frozen

LINEAR = 0.1
"""What the methodology gives a fully linear product of average utility."""


def _fraction(_: object, attribute: object, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"'{getattr(attribute, 'name', '')}' is {value!r}; it is a fraction from 0 to 1.")


def _positive(_: object, attribute: object, value: float) -> None:
    if not 0.0 < value < math.inf:
        raise ValueError(f"'{getattr(attribute, 'name', '')}' is {value!r}; it is a number above 0.")


_EDGE = 1e-9  # by how much fractions may add up to more than 1


@frozen(kw_only=True)
class Product:
    """A product by the fractions of its mass; the mass itself cancels.

    Raises:
        ValueError: a fraction lies outside 0 to 1, or fractions of one mass add up to more than 1.
    """

    recycled: float = field(default=0.0, validator=_fraction)  # F_R, feedstock from recycling
    reused: float = field(default=0.0, validator=_fraction)  # F_U, feedstock reused
    biological: float = field(default=0.0, validator=_fraction)  # F_S, feedstock of sustained production
    to_recycling: float = field(default=0.0, validator=_fraction)  # C_R, collected for recycling after use
    to_reuse: float = field(default=0.0, validator=_fraction)  # C_U
    to_compost: float = field(default=0.0, validator=_fraction)  # C_C
    to_energy: float = field(default=0.0, validator=_fraction)  # C_E, of conforming biological material
    after_use: float = field(default=1.0, validator=_fraction)  # E_C, efficiency of recycling after use
    feedstock: float = field(default=1.0, validator=(_fraction, _positive))  # E_F, efficiency of recycling that made the feedstock
    utility: float = field(default=1.0, validator=_positive)  # X = (L/L_av)(U/U_av)

    def __attrs_post_init__(self) -> None:
        before = self.recycled + self.reused + self.biological
        after = self.to_recycling + self.to_reuse + self.to_compost + self.to_energy
        if before > 1.0 + _EDGE or after > 1.0 + _EDGE:
            raise ValueError(f"The fractions of a product add up to at most 1; these add up to {before:g} before and {after:g} after use.")


def linear_flow_index(product: Product) -> float:
    r"""Share of the flow that is linear: virgin in, unrecoverable out; 0 to 1.

    .. math:: V = 1 - F_R - F_U - F_S, \\quad W_0 = 1 - C_R - C_U - C_C - C_E

    .. math:: W_C = (1 - E_C) C_R, \\quad W_F = \\frac{(1 - E_F) F_R}{E_F}, \\quad W = W_0 + \\frac{W_F + W_C}{2}

    .. math:: LFI = \\frac{V + W}{2 + (W_F - W_C)/2}

    >>> round(linear_flow_index(Product(recycled=0.25, to_recycling=0.4, to_reuse=0.1, after_use=0.9, feedstock=0.9)), 5)
    0.64391
    """
    virgin = max(0.0, 1.0 - product.recycled - product.reused - product.biological)
    wasted = max(0.0, 1.0 - product.to_recycling - product.to_reuse - product.to_compost - product.to_energy)
    after = (1.0 - product.after_use) * product.to_recycling
    before = (1.0 - product.feedstock) * product.recycled / product.feedstock
    return (virgin + wasted + (before + after) / 2.0) / (2.0 + (before - after) / 2.0)


def mci(product: Product) -> float:
    r"""Material Circularity Indicator, 0 to 1.

    .. math:: MCI = \\max\\left(0,\\; 1 - LFI \\cdot \\frac{0.9}{X}\\right)

    >>> round(mci(Product(recycled=0.25, to_recycling=0.4, to_reuse=0.1, after_use=0.9, feedstock=0.9, utility=1.5)), 5)
    0.61365
    """
    return max(0.0, 1.0 - linear_flow_index(product) * (1.0 - LINEAR) / product.utility)


def portfolio(indicators: Sequence[float], weights: Sequence[float]) -> float:
    r"""Material Circularity Indicator of several products.

    .. math:: MCI = \\frac{\\sum_i N_i MCI_i}{\\sum_i N_i}

    >>> round(portfolio([0.1, 1.0], [300.0, 100.0]), 6)
    0.325

    Args:
        indicators: of the products.
        weights: mass or revenue of each.

    Returns:
        NaN where one is unknown or nothing is made.
    """
    if not indicators or not sum(weights) > 0:
        return math.nan
    return math.fsum(weight * each for weight, each in zip(weights, indicators, strict=True)) / math.fsum(weights)
