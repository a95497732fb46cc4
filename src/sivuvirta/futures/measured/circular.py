"""Circularity in each draw: the indicators' own functions, with the drawn figures of the register in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from sivuvirta.assess.circularity.asked import Asked
from sivuvirta.assess.circularity.book import Book, Flow
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.domain import indicators as told
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats
from sivuvirta.units.ranges import SPREAD

_PERCENT = 100.0
Figures = dict[tuple[str, str, str], Floats]
"""Values of indicators in each draw, by name, level and subject."""


@frozen(eq=False, slots=False)
class DrawnBook(Book):
    """A register whose figures are those of one draw, exactly; which rows speak of what is looked up once."""

    now: dict[str, float] = field(factory=dict)  # value of a row in the draw
    _flows: dict[tuple[str, str, str], list[Flow]] = field(factory=dict, init=False)
    _figures: dict[tuple[str, str, str, str | None], told.Input | None] = field(factory=dict, init=False)

    def flows(self, level: str, subject: str, way: str) -> list[Flow]:
        """What enters or leaves, of the draw."""
        key = (level, subject, way)
        if key not in self._flows:
            self._flows[key] = super().flows(*key)
        return [evolve(flow, amount=self._drawn(flow.amount)) for flow in self._flows[key]]

    def figure(self, level: str, subject: str, quantity: str, of: str | None = None) -> told.Input | None:
        """A figure told of a subject, of the draw."""
        key = (level, subject, quantity, of)
        if key not in self._figures:
            self._figures[key] = super().figure(*key)
        found = self._figures[key]
        return None if found is None else self._drawn(found)

    def _drawn(self, figure: told.Input) -> told.Input:
        """A figure of the draw; one that is not drawn keeps its value."""
        value = self.now.get(figure.row, figure.value)
        return evolve(figure, value=value, low=value, high=value)


def inputs(found: Sequence[told.Indicator]) -> dict[str, Input]:
    """Figures of the register with a range that known indicators of this kind rest on, by row. Shares of a whole are betas."""
    rows = {each.row: each for indicator in found if indicator.indicator in COMPUTED and indicator.known for each in indicator.inputs}
    return {row: figure_input(each) for row, each in rows.items() if each.high > each.low}


def figure_input(each: told.Input) -> Input:
    """A figure of the register as an input, in its own unit; per cent as a share.

    The range is the stated one, else that of its grade, as circularity has it.
    """
    unit = 1.0 / _PERCENT if each.unit == "%" else 1.0
    value, low, high = each.value * unit, each.low * unit, each.high * unit
    share = each.unit == "%"
    family = ("beta" if 0 < value < 1 else "triangular") if share else ("lognormal" if value > 0 else "normal")
    return Input("circularity", each.row, each.name, family, value, (high - low) / SPREAD, low, high)


def drawn(book: Book, found: Sequence[told.Indicator], values: Mapping[str, Floats], count: int) -> Figures:
    """Indicators that need no ledger, in each draw.

    Args:
        book: the register.
        found: the indicators at the middle; unknown ones stay unknown.
        values: of each row that is drawn, in the row's unit, shape (draws,).
        count: how many draws.

    Returns:
        Shape (draws,) each; NaN in a draw whose shares add up to more than the whole, which is no product.
    """
    asked = [each for each in found if each.indicator in COMPUTED and each.known and any(one.row in values for one in each.inputs)]
    result = {(each.indicator, each.level, each.subject): np.full(count, np.nan) for each in asked}
    drawing = DrawnBook(book.region)
    for draw in range(count):
        drawing.now.update({row: float(column[draw]) for row, column in values.items()})
        for each in asked:
            key = (each.indicator, each.level, each.subject)
            result[key][draw] = _value(drawing, *key)
    return result


def _value(book: Book, indicator: str, level: str, subject: str) -> float:
    try:
        return COMPUTED[indicator](Asked(book, level, subject)).range.value
    except ValueError:
        return float("nan")


def as_told(one: Input, delta: Floats, unit: Any) -> Floats:
    """Values of an input in the unit of its row."""
    return np.asarray((one.centre + one.unit * delta) * (_PERCENT if unit == "%" else 1.0))
