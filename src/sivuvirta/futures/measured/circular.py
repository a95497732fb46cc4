"""Circularity in each draw: the indicators' own functions, with the drawn figures of the register in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import evolve, field, frozen

from sivuvirta.assess.circularity.asked import Asked
from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.assess.circularity.masses import Flow, Side
from sivuvirta.assess.circularity.named import Blank
from sivuvirta.domain import indicators as told
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats
from sivuvirta.units.ranges import SPREAD

_PERCENT = 100.0
STREAMS = "quantities: streams/"
"""How rows of the amounts of streams begin."""

Key = tuple[str | None, ...]
"""A question to a register: its name, then what is asked for."""

Found = TypeVar("Found")
Figures = dict[tuple[str, str, str], Floats]
"""Values of indicators in each draw, by name, level and subject."""


@frozen(eq=False, slots=False)
class DrawnBook(Book):
    """A register whose figures are those of one draw, exactly; which rows speak of what is looked up once."""

    now: dict[str, float] = field(factory=dict)  # value of a row in the draw
    _once: dict[Key, Any] = field(factory=dict, init=False)  # what the register says, by question
    _of_draw: dict[Key, Any] = field(factory=dict, init=False)  # the same with the figures of the draw

    def draw(self, values: Mapping[str, float]) -> None:
        """Another draw, by the values of rows in it."""
        self.now.update(values)
        self._of_draw.clear()

    def flows(self, level: str, subject: str, way: str) -> list[Flow]:
        """What enters or leaves, of the draw."""
        found = self._looked_up(("flows", level, subject, way), super().flows)
        return self._now(
            ("flows", level, subject, way), lambda: [Flow(each.material, self._drawn(each.amount), each.product) for each in found]
        )

    def sides(self, level: str, subject: str) -> list[Side]:
        """Side streams that leave, of the draw; the shares of their outlets are held."""
        found = self._looked_up(("sides", level, subject), super().sides)
        return self._now(("sides", level, subject), lambda: [evolve(each, amount=self._drawn(each.amount)) for each in found])

    def figure(self, level: str, subject: str, quantity: str, of: str | None = None) -> told.Input | None:
        """A figure told of a subject, of the draw."""
        found = self._looked_up(("figure", level, subject, quantity, of), super().figure)
        return None if found is None else self._now(("figure", level, subject, quantity, of), lambda: self._drawn(found))

    def blanks(self, level: str, subject: str) -> list[Blank]:
        """Inputs without an amount have none in any draw."""
        return self._looked_up(("blanks", level, subject), super().blanks)

    def short(self, level: str, subject: str, of: str = "") -> str:
        """What is missing is told of the register, not of a draw of it."""
        return ""

    def apart(self, level: str, subject: str) -> list[str]:
        """Likewise."""
        return []

    def unplaced(self, level: str, subject: str) -> str:
        """Likewise."""
        return ""

    def closure(self, level: str, subject: str) -> str:
        """Words are of the register too."""
        return ""

    def counted(self, level: str, subject: str) -> str:
        """Likewise."""
        return ""

    def _looked_up(self, key: Key, ask: Callable[..., Found]) -> Found:
        if key not in self._once:
            self._once[key] = ask(*key[1:])
        found: Found = self._once[key]
        return found

    def _now(self, key: Key, make: Callable[[], Found]) -> Found:
        if key not in self._of_draw:
            self._of_draw[key] = make()
        found: Found = self._of_draw[key]
        return found

    def _drawn(self, figure: told.Input) -> told.Input:
        """A figure of the draw; one that is not drawn keeps its value."""
        value = self.now.get(figure.row, figure.value)
        return told.Input(figure.name, value, value, value, figure.unit, figure.grade, figure.source, figure.row)


def inputs(found: Sequence[told.Indicator]) -> dict[str, Input]:
    """Figures of the register with a range that known indicators of this kind rest on, by row. Shares of a whole are betas.

    Amounts of side streams are not among them: the ledgers draw those already.
    """
    known = [each for each in found if each.indicator in COMPUTED and each.known]
    rows = {each.row: each for indicator in known for each in indicator.inputs if not each.row.startswith(STREAMS)}
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
    drawing = DrawnBook(book.region, book.today)
    for draw in range(count):
        drawing.draw({row: float(column[draw]) for row, column in values.items()})
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
