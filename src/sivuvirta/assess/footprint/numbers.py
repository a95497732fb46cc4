r"""A product system as numbers with their ranges, and the range of a footprint or of a difference of two.

.. math:: F_{high} = F + \sqrt{\sum_i \max(0, F(x_i^{lo}) - F, F(x_i^{hi}) - F)^2}

and :math:`F_{low}` likewise: one figure moved at a time to its ends, so that lopsided ranges stay lopsided. Figures are independent; one
that stands in both systems of a difference (a purchase, a factor, a stream) moves in both at once, so what does not change adds nothing.
A part of the footprint varies by the same rule and with the same figures, the output and the shares among them: of one part alone the
range is that of the whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from attrs import frozen

from sivuvirta.assess.footprint.allocation import System
from sivuvirta.assess.footprint.register import Register
from sivuvirta.domain.burdens import METHODS, Inventory
from sivuvirta.domain.indicators import Input
from sivuvirta.domain.links import Floats

_OUTPUT = "output"


@frozen(eq=False)
class Numbers:
    """A system with the ends of its figures, in the order of `System.vector`."""

    system: System
    low: Floats
    high: Floats
    keys: tuple[str, ...]  # figures of one key are one figure


@frozen(eq=False)
class Spread:
    """A figure with its range, and what its inputs do to it."""

    value: float
    low: float
    high: float
    swings: tuple[tuple[str, float, float], ...]  # input, value at its low and at its high end; widest first


def numbers(register: Register, inventory: Inventory) -> Numbers:
    """The known parts of an inventory as numbers; what is missing counts as 0 and is told beside the result."""
    entries = [each for each in inventory.entries if not each.missing]
    leaving = inventory.leaving
    groups: list[tuple[str, list[tuple[str, Input]]]] = [
        ("amount of", [(each.amount.row or each.name, each.amount) for each in entries]),
        ("factor of", [(each.factor.row or each.name, each.factor) for each in entries]),
        ("", [(_OUTPUT, register.output), ("price of the product", register.price)]),
        ("amount of", [(each.amount.row or each.name, each.amount) for each in leaving]),
        ("price of", [(each.name, each.price) for each in leaving]),
        ("credit of", [(each.name, each.credit) for each in leaving]),
    ]
    figures = [figure for _, group in groups for _, figure in group]
    value, low, high = (np.array([getattr(each, end) for each in figures], dtype=float) for end in ("value", "low", "high"))
    keep = len(figures) - 2 * len(leaving)  # unknown prices and credits count as 0
    for column in (value, low, high):
        column[keep:] = np.nan_to_num(column[keep:])
    empty = np.zeros(0)
    frame = System(
        amount=np.zeros(len(entries)),
        factor=np.zeros(len(entries)),
        counts={method: np.array([method in each.methods for each in entries], dtype=bool) for method in METHODS},
        product=0.0,
        price=0.0,
        leaving=np.zeros(len(leaving)) if leaving else empty,
        leaving_price=np.zeros(len(leaving)),
        credit=np.zeros(len(leaving)),
        coproduct=np.array([each.role == "coproduct" for each in leaving], dtype=bool),
        weighed=np.array([each.mass for each in leaving], dtype=bool),
    )
    keys = tuple(
        _OUTPUT if figure is register.output else f"{word} {name}".strip() for word, group in groups for name, figure in group
    )  # what is declared per unit is as much as is made
    return Numbers(frame.moved(value), low, high, keys)


def spread(parts: Sequence[tuple[float, Numbers]], method: str) -> Spread:
    """Range of a weighted sum of footprints: one of weight 1, or a difference of two.

    Args:
        parts: weight and system.
        method: of `METHODS`.
    """
    value = sum(weight * each.system.footprint(method) for weight, each in parts)
    keys = dict.fromkeys(key for _, each in parts for key in each.keys)
    swings = [(key, _at(parts, method, key, "low"), _at(parts, method, key, "high")) for key in keys if _moves(parts, key)]
    up, down = (np.linalg.norm([_reach(sign, *(end - value for end in ends)) for _, *ends in swings]) for sign in (1.0, -1.0))
    swings.sort(key=lambda each: -_reach(1.0, each[2] - each[1], each[1] - each[2]))
    told = tuple((key, _finite(low), _finite(high)) for key, low, high in swings)
    return Spread(_finite(value), _finite(float(value - down)), _finite(float(value + up)), told)


def spans(each: Numbers, method: str) -> list[tuple[float, float]]:
    """Range of each part of a footprint, kg CO2e per unit, in the order of `System.borne`; NaN where it has no end.

    A part is a product of figures, so where no figure at an end turns its sign, its range does not either.

    Args:
        each: a system with the ends of its figures.
        method: of `METHODS`.
    """
    value = each.system.parts(method)
    keys = [key for key in dict.fromkeys(each.keys) if _moves([(1.0, each)], key)]
    moved = [each.system.moved(_vector(each, key, end)).parts(method) - value for key in keys for end in ("low", "high")]
    moves = np.reshape(moved, (len(keys), 2, len(value)))
    ends = []
    for sign in (-1.0, 1.0):
        reach = np.maximum(0.0, np.where(np.isnan(moves), np.inf, sign * moves)).max(axis=1)
        end = value + sign * np.linalg.norm(reach, axis=0)
        one_sided = (sign * value <= 0) & (sign * (value + moves) <= 0).all(axis=(0, 1))
        ends.append(np.where(one_sided & (sign * end > 0), 0.0, end))
    return [(_finite(low), _finite(high)) for low, high in zip(*(end.tolist() for end in ends), strict=True)]


def bounded(low: float, high: float, parts: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Ends of a whole, which is not beyond 0 where none of its parts is."""
    low = 0.0 if low < 0 and all(each >= 0 for each, _ in parts) else low
    return low, 0.0 if high > 0 and all(each <= 0 for _, each in parts) else high


def _reach(sign: float, *moves: float) -> float:
    """How far a figure takes the sum up (+) or down (-); a footprint that is not there has no end."""
    return max(math.inf if math.isnan(each) else sign * each for each in (0.0, *moves))


def _finite(end: float) -> float:
    """An end of a range, NaN where there is none."""
    return end if math.isfinite(end) else math.nan


def _rows(each: Numbers, key: str) -> list[int]:
    return [row for row, name in enumerate(each.keys) if name == key]


def _moves(parts: Sequence[tuple[float, Numbers]], key: str) -> bool:
    """Whether a figure has a range."""
    return any(each.low[row] < each.high[row] for _, each in parts for row in _rows(each, key))


def _at(parts: Sequence[tuple[float, Numbers]], method: str, key: str, end: str) -> float:
    """The sum with one figure at an end of its range, in all systems at once."""
    total = 0.0
    for weight, each in parts:
        total += weight * each.system.moved(_vector(each, key, end)).footprint(method)
    return total


def _vector(each: Numbers, key: str, end: str) -> Floats:
    """The figures of a system with one of them at an end of its range."""
    vector, rows = each.system.vector(), _rows(each, key)
    vector[rows] = getattr(each, end)[rows]
    return vector
