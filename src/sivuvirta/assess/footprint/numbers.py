r"""A product system as numbers with their ranges, and draws of all of them at once.

.. math:: F_n = F(x_{1n}, x_{2n}, \dots), \qquad mean = \frac{1}{N} \sum_n F_n, \qquad low, high = F_{(0.05)}, F_{(0.95)}

Figures are independent; one that stands in several systems (a purchase, a factor, a stream) has one draw in all of them, and so have all
allocations, so what does not change adds nothing to a difference. Which figure to measure next is told apart: each moved alone to its ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
from attrs import frozen
from scipy.special import ndtri

from sivuvirta.assess.footprint.allocation import System
from sivuvirta.assess.footprint.register import Register
from sivuvirta.domain.burdens import METHODS, Inventory
from sivuvirta.domain.draws import deviation, latin
from sivuvirta.domain.ensembles import EnsembleOptions
from sivuvirta.domain.ensembles import Input as Drawn
from sivuvirta.domain.indicators import Input
from sivuvirta.domain.links import Floats
from sivuvirta.units.ranges import HALF_WIDTH

_OUTPUT = "output"
_POINTS = (0.05, 0.95)
_OPTIONS = EnsembleOptions()


@frozen(eq=False)
class Numbers:
    """A system with the ends of its figures, in the order of `System.vector`."""

    system: System
    low: Floats
    high: Floats
    keys: tuple[str, ...]  # figures of one key are one figure


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


def drawn(systems: Mapping[str, Numbers], count: int = _OPTIONS.draws, seed: int = _OPTIONS.seed) -> dict[str, System]:
    """Systems with draws of all their figures, a Latin hypercube; figures of one key have one draw in all systems.

    A stated range, or that of the grade, has its ends as 5 and 95 % points and the figure as its median: lognormal on each side where the
    figure keeps its sign, normal on each side where it does not. A figure without a range stays.

    Args:
        systems: by state.
        count: how many draws.
        seed: equal seeds give equal draws of a figure, whatever others stand beside it: with a plan and without one.

    Returns:
        By state; its figures have the draws as their first axis.
    """
    keys = {key for each in systems.values() for key in each.keys}
    points = {key: latin(count, 1, np.random.default_rng([seed, crc32(key.encode())]))[:, 0] for key in keys}
    return {state: each.system.moved(_draws(each, points)) for state, each in systems.items()}


def _draws(each: Numbers, points: Mapping[str, Floats]) -> Floats:
    figures = zip(each.keys, each.system.vector().tolist(), each.low.tolist(), each.high.tolist(), strict=True)
    return np.column_stack([_draw(points[key], value, low, high) for key, value, low, high in figures])


def _draw(u: Floats, value: float, low: float, high: float) -> Floats:
    """A figure at given probabilities."""
    if not low < high:
        return np.full(len(u), value)
    if (value > 0 and low >= 0) or (value < 0 and high <= 0):
        return value + deviation(Drawn("", "", "", "lognormal", value, 1.0, low, high), u)
    z = ndtri(u) / HALF_WIDTH
    return np.asarray(value + np.where(z < 0, value - low, high - value) * z)


def ends(draws: Floats) -> tuple[float, float, float]:
    """Mean, 5 and 95 % point of draws; NaN where there is none, as of a footprint per product of which none may be made."""
    with np.errstate(invalid="ignore"):
        mean, (low, high) = float(draws.mean()), np.quantile(draws, _POINTS).tolist()
    return _finite(mean), _finite(low), _finite(high)


def spans(draws: System, method: str) -> list[tuple[float, float]]:
    """Range of each part of a footprint, kg CO2e per unit, in the order of `System.borne`; NaN where it has no end.

    Args:
        draws: a system with draws of its figures.
        method: of `METHODS`.
    """
    with np.errstate(invalid="ignore"):
        low, high = np.quantile(draws.parts(method), _POINTS, axis=0).tolist()
    return [(_finite(least), _finite(most)) for least, most in zip(low, high, strict=True)]


def swings(parts: Sequence[tuple[float, Numbers]], method: str) -> tuple[tuple[str, float, float], ...]:
    """Which figure to measure next: a weighted sum of footprints with each figure alone at its low and at its high end, widest first.

    Args:
        parts: weight and system: one of weight 1, or two of a difference.
        method: of `METHODS`.
    """
    keys = dict.fromkeys(key for _, each in parts for key in each.keys)
    found = [(key, _at(parts, method, key, "low"), _at(parts, method, key, "high")) for key in keys if _moves(parts, key)]
    found.sort(key=lambda each: -_reach(1.0, each[2] - each[1], each[1] - each[2]))
    return tuple((key, _finite(low), _finite(high)) for key, low, high in found)


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
