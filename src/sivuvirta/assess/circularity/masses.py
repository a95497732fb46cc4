"""Masses that enter and leave a subject, and whether what is named as entering can be all."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

from sivuvirta.assess.circularity.intervals import Range
from sivuvirta.domain.indicators import Input
from sivuvirta.units.ranges import HALF_WIDTH, sd_of_range


def reach(figure: Input) -> Range:
    """A figure of the register as a range; percent becomes a fraction."""
    unit = 0.01 if figure.unit == "%" else 1.0
    return Range(figure.value, figure.low, figure.high).times(unit)


@frozen
class Flow:
    """A mass that enters or leaves, t/a."""

    material: str
    amount: Input
    product: str = ""  # the subject of it as a product, "" for what is bought


@frozen
class Side:
    """A side stream that leaves, t dry a year, with shares of it."""

    amount: Input
    reuse: float
    recycling: float
    unaccounted: float  # goes nobody knows where
    returned: float  # goes back into the works that gave it off


def short(enters: Sequence[Input], leaves: Sequence[Input], sides: Sequence[Side] = ()) -> str:
    r"""Why inputs must be missing; "" where what leaves may come from what is named.

    .. math:: \\sum_j m_j - \\sum_i m_i > 1.645 \\sqrt{\\sum_k \\sigma_k^2}, \\qquad \\sigma = (high - low)/3.29    (M)

    with j over products and side streams (without what returns to the works), i over inputs, k over all of them, which vary apart. Air that
    oxidises and water that is bound add to side streams: how much nobody tells, so it is named as a possible part of the difference.

    Args:
        enters: inputs, t/a; where there are none nothing is said.
        leaves: products.
        sides: side streams.
    """
    products, gone = _sum(leaves), [(side.amount, 1.0 - side.returned) for side in sides]
    aside = math.fsum(part * amount.value for amount, part in gone)
    gap = products + aside - _sum(enters)
    spread = math.hypot(*(_sd(each) for each in (*enters, *leaves)), *(part * _sd(amount) for amount, part in gone))
    if not enters or not gap > max(HALF_WIDTH * spread, _ROUNDING * products):
        return ""
    if not aside:
        return f"inflows: the register names {_sum(enters):,.0f} t/a, and {products:,.0f} t/a of products leave"
    return (
        f"inflows: the register names {_sum(enters):,.0f} t/a, and {products + aside:,.0f} t/a leave (products {products:,.0f}, "
        f"side streams {aside:,.0f} dry); the difference of {gap:,.0f} t/a is beyond what their ranges explain, and how much of it is "
        "air and water that side streams took up nobody tells"
    )


_ROUNDING = 1e-9


def balance(enters: Sequence[Flow], leaves: Sequence[Flow], sides: Sequence[Side]) -> str:
    """What enters and leaves, in words."""
    products, aside = _sum([each.amount for each in leaves]), math.fsum(side.amount.value for side in sides)
    back = math.fsum(side.amount.value * side.returned for side in sides)
    words = f"{_sum([each.amount for each in enters]):,.0f} t/a enter by name, {products + aside:,.0f} t/a leave"
    if not aside:
        return f"{words} as products."
    kept = f", of which {back:,.0f} go back into the same works" if back else ""
    return (
        f"{words}: products {products:,.0f}, side streams {aside:,.0f} dry{kept}. Air and water that side streams take up and gases that "
        "leave are in neither."
    )


def _sum(figures: Sequence[Input]) -> float:
    return math.fsum(each.value for each in figures)


def _sd(figure: Input) -> float:
    return sd_of_range(figure.low, figure.high)
