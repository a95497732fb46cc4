"""Traces: what each figure is made of, line by line, down to the rows of the register and the sources that they name.

A figure is the sum of its lines. A line is an amount (of a flow, a plant, an investment) times a coefficient (a price, a fee, an
emission factor, a rate of haulage), or a part of another figure. Amounts and coefficients name the rows that they come from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.errors import UnknownNameError

STATES = ("today", "proven", "potential")
"""Networks that every amount is given for."""

_ROUNDING = 1e-9  # relative: flows of a solved network are exact to about this

Values = tuple[float, float, float]
"""One value a state."""


@frozen
class Origin:
    """A row of the register or of the reference data."""

    table: str
    key: str
    words: str  # its name, where it has one
    grade: str  # "" where the table has none
    source: str  # id in `sources`, "" where the row names none


@frozen
class Source:
    """What a row names as its source."""

    id: str
    citation: str
    url: str
    page: str
    opened: str  # day on which it was opened, "" where it never was


@frozen
class Driver:
    """What is multiplied: an amount in each network."""

    kind: str  # flow | plant | investment | fixed
    origin: str  # names, in words
    destination: str  # "" for what is no flow
    what: str  # material, product or what a plant does
    unit: str
    amounts: Values
    rows: tuple[int, ...]  # positions in `Traces.origins`


@frozen
class Coefficient:
    """What an amount is multiplied by."""

    words: str
    value: float
    unit: str
    formula: str  # how it follows from the rows, in words; "" where it stands in a row as it is
    rows: tuple[int, ...]  # positions in `Traces.origins`


@frozen
class Line:
    """A part of a figure: driver times coefficient times sign, or `sign` times another figure."""

    driver: int  # position in `Traces.drivers`, -1 for a part that is a figure itself
    coefficient: int  # position in `Traces.coefficients`, -1 for a part that is a figure itself
    sign: float = 1.0
    of: str = ""  # key of the figure that it is
    against: bool = False  # what `of` is in a network less what it is today


@frozen
class Traced:
    """A figure with what makes it."""

    key: str  # for example "money/fee"
    label: str
    unit: str
    amounts: Values  # in each network
    lines: tuple[Line, ...]
    rows: tuple[int, ...] = ()  # rows of the register that it stands in as it is
    note: str = ""  # what the lines do not tell, in words


@frozen(eq=False, slots=False)
class Traces:
    """Every figure of an assessment with its lines, rows and sources."""

    figures: Mapping[str, Traced]
    drivers: tuple[Driver, ...]
    coefficients: tuple[Coefficient, ...]
    origins: tuple[Origin, ...]
    sources: Mapping[str, Source]

    def __len__(self) -> int:
        return len(self.figures)

    def find(self, key: str) -> Traced:
        """A figure by its key.

        Raises:
            UnknownNameError: there is none.
        """
        if key not in self.figures:
            near = ", ".join(sorted(self.groups.get(key.partition("/")[0], ()))[:8])
            raise UnknownNameError(f"There is no figure '{key}'. There are {len(self.figures)}, for example: {near or 'money, carbon'}.")
        return self.figures[key]

    def value(self, line: Line) -> Values:
        """What a line adds to its figure in each network."""
        if line.of:
            whole = self.figures[line.of].amounts
            less = whole[0] if line.against else 0.0
            first, second, third = (line.sign * _less(each, less) for each in whole)
        else:
            times = line.sign * self.coefficients[line.coefficient].value
            first, second, third = (times * each for each in self.drivers[line.driver].amounts)
        return first, second, third

    def total(self, key: str) -> Values:
        """Sum of the lines of a figure in each network; what its value is checked against."""
        figure = self.find(key)
        if not figure.lines:
            return figure.amounts
        sums = np.array([self.value(line) for line in figure.lines]).sum(axis=0)
        return float(sums[0]), float(sums[1]), float(sums[2])

    def rows(self, key: str) -> tuple[Origin, ...]:
        """Rows behind a figure, each once: those of its lines, and of the figures that it is made of."""
        return tuple(self.origins[at] for at in dict.fromkeys(self._rows(key)))

    def cited(self, key: str) -> tuple[Source, ...]:
        """Sources behind a figure, each once."""
        named = dict.fromkeys(row.source for row in self.rows(key) if row.source in self.sources)
        return tuple(self.sources[name] for name in named)

    def frame(self, key: str) -> pd.DataFrame:
        """Lines of a figure, the largest change first.

        Returns:
            Columns part, amount_today, amount_proven, amount_potential, amount_unit, coefficient, coefficient_unit, what, today, proven,
            potential, unit, sources; of a part that is a figure itself only `part` and the values.
        """
        figure = self.find(key)
        rows = [self._told(line, figure.unit) for line in figure.lines]
        frame = pd.DataFrame(rows, columns=_COLUMNS)
        order = (frame["potential"] - frame["today"]).abs().sort_values(ascending=False, kind="stable").index
        return frame.loc[order].reset_index(drop=True)

    def _told(self, line: Line, unit: str) -> dict[str, Any]:
        values = dict(zip(STATES, self.value(line), strict=True))
        if line.of:
            return {"part": self.figures[line.of].label, **values, "unit": unit, "sources": _named(self.rows(line.of))}
        driver, coefficient = self.drivers[line.driver], self.coefficients[line.coefficient]
        rows = [self.origins[at] for at in (*driver.rows, *coefficient.rows)]
        return {
            "part": " to ".join(name for name in (driver.origin, driver.destination) if name),
            **{f"amount_{state}": amount for state, amount in zip(STATES, driver.amounts, strict=True)},
            "amount_unit": driver.unit,
            "coefficient": line.sign * coefficient.value,
            "coefficient_unit": coefficient.unit,
            "what": coefficient.words,
            **values,
            "unit": unit,
            "sources": _named(rows),
        }

    def _rows(self, key: str) -> Iterable[int]:
        figure = self.figures[key]
        yield from figure.rows
        for line in figure.lines:
            if line.of:
                yield from self._rows(line.of)
            else:
                yield from self.drivers[line.driver].rows
                yield from self.coefficients[line.coefficient].rows

    @cached_property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Keys by their first word, such as money, carbon or roads."""
        found: dict[str, list[str]] = {}
        for key in self.figures:
            found.setdefault(key.partition("/")[0], []).append(key)
        return {name: tuple(keys) for name, keys in found.items()}

    def __repr__(self) -> str:
        return f"<Traces: {len(self.figures)} figures, {len(self.origins)} rows, {len(self.sources)} sources>"


_COLUMNS = (
    "part",
    *(f"amount_{state}" for state in STATES),
    *("amount_unit", "coefficient", "coefficient_unit", "what"),
    *STATES,
    *("unit", "sources"),
)


def _less(value: float, other: float) -> float:
    """A value less another, 0 where they differ by rounding alone."""
    return 0.0 if math.isclose(value, other, rel_tol=_ROUNDING, abs_tol=0.0) else value - other


def _named(rows: Iterable[Origin]) -> str:
    return "; ".join(dict.fromkeys(row.source for row in rows if row.source))
