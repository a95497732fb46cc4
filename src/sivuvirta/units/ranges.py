"""Ranges: low and high are the 5 and 95 % points of a figure."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", float, npt.NDArray[np.float64])

SPREAD = 3.29
"""Standard deviations between the 5 and the 95 % point of a normal distribution, 2 x 1.645."""

HALF_WIDTH = SPREAD / 2
"""Standard deviations between the middle and the 95 % point."""


def sd_of_range(low: Number, high: Number) -> Number:
    r"""Standard deviation that a range stands for.

    .. math:: \\sigma = (high - low) / 3.29    (U)

    >>> round(sd_of_range(83.55, 116.45), 6)
    10.0
    """
    return (high - low) / SPREAD


def range_of_sd(value: Number, sd: Number) -> tuple[Number, Number]:
    """The 5 and 95 % points around a value.

    >>> low, high = range_of_sd(100.0, 10.0)
    >>> round(low, 2), round(high, 2)
    (83.55, 116.45)
    """
    return value - sd * HALF_WIDTH, value + sd * HALF_WIDTH


def combined_sd(*parts: Number) -> Number:
    r"""Standard deviation of a sum of independent parts.

    .. math:: \\sigma = \\sqrt{\\sum_k \\sigma_k^2}    (U)

    >>> float(combined_sd(3.0, 4.0))
    5.0
    """
    squares = [part * part for part in parts]
    return np.sqrt(sum(squares[1:], squares[0]))  # type: ignore[no-any-return]
