"""Dry amounts that follow from reported figures: unit, basis and moisture of the stream."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.table import Column
from sivuvirta.errors import Problem, UnitError
from sivuvirta.tables.draft import Draft, replaced
from sivuvirta.tables.row_units import unit_factor
from sivuvirta.tables.subjects import quantity_units
from sivuvirta.units.carriers import MOIST
from sivuvirta.units.moisture import dry_amount

TOLERANCE = 0.05
"""How far a given dry amount may lie from what its reported figure says, before a warning."""


@frozen
class _Matter:
    """What is known of the matter of a row: of its stream, else of its material. NaN where nothing is."""

    moist: bool  # amounts are dry, and differ from amounts as sent
    moisture: float  # %
    moisture_low: float
    moisture_high: float
    density: float  # t/m3 as sent
    lhv: float  # MWh/t as sent
    grade: Grade  # of these


@frozen
class _Amount:
    """A canonical amount that follows from a reported one."""

    value: float
    low: float
    high: float
    grade: Grade


def derived_amounts(draft: Draft) -> tuple[Draft, list[Problem]]:
    r"""The draft with the value of each quantity that was only reported.

    .. math:: x_{dry} = x_{sent} (1 - w)    (U)

    A basis that is not known leaves both readings open: the value is read as sent, low and high span both, grade D.
    """
    if not draft.present("quantities"):
        return draft, []
    table = draft.tables["quantities"]
    columns = {name: table[name].copy() for name in ("value", "low", "high", "grade")}
    problems: list[Problem] = []
    units = quantity_units(draft)
    matter = _Matters(draft)
    for row in np.flatnonzero(np.isfinite(table["reported_value"]) & np.array([unit is not None for unit in units], dtype=bool)).tolist():
        if ("quantities", "value", row) in draft.unread:
            continue
        amount = _amount(draft, row, str(units[row]), matter.of(row))
        if isinstance(amount, Problem):
            problems += [amount] if math.isnan(table["value"][row]) else []
        elif math.isnan(table["value"][row]):
            _fill(columns, row, amount)
        else:
            problems += _contradiction(draft, row, amount, str(units[row]))
    return draft.with_tables({"quantities": replaced(table, columns)}), problems


class _Matters:
    """Looks up the matter of a row of quantities."""

    def __init__(self, draft: Draft) -> None:
        self.table = draft.tables["quantities"]
        self.streams = {row["stream"]: row for row in draft.tables["streams"].rows()} if draft.present("streams") else {}
        self.stocks = draft.lookup("stocks", "stream")
        self.materials = {name: draft.lookup("materials", name) for name in ("carrier", "moisture", "bulk_density", "lhv", "grade")}

    def of(self, row: int) -> _Matter | None:
        """Of a stream or stock; None for a need, whose amounts are in product units."""
        kind, subject = self.table["table"][row], self.table["subject"][row]
        stream = self.streams.get(self.stocks.get(subject) if kind == "stocks" else subject)
        if stream is None or kind == "needs":
            return None
        material = stream["material"]
        own = stream["moisture"] is not None
        source = stream["grade"] if own else self._inherited(material, "grade")
        return _Matter(
            moist=self.materials["carrier"].get(material) in MOIST,
            moisture=stream["moisture"] if own else self._inherited(material, "moisture"),
            moisture_low=_number(stream["moisture_low"]) if own else math.nan,
            moisture_high=_number(stream["moisture_high"]) if own else math.nan,
            density=self._inherited(material, "bulk_density"),
            lhv=self._inherited(material, "lhv"),
            grade=Grade[source] if isinstance(source, str) and source in Grade.__members__ else Grade.D,
        )

    def _inherited(self, material: str | None, column: str) -> Any:
        """A property of a material, or of the nearest class above that states it."""
        while material:
            value = self.materials[column].get(material)
            if value is not None and value == value:  # noqa: PLR0124 - NaN
                return value
            material = material.rpartition(".")[0]
        return math.nan


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _amount(draft: Draft, row: int, unit: str, matter: _Matter | None) -> _Amount | Problem:
    table = draft.tables["quantities"]
    written = table["reported_unit"][row]
    reported = float(table["reported_value"][row])
    if written is None:
        message = "The reported figure has no unit."
        return draft.problem("quantities", row, "reported_unit", "no_unit", message, f"Write the unit of the source, for example '{unit}'.")
    grade = Grade[table["grade"][row]] if table["grade"][row] in Grade.__members__ else Grade.D
    try:
        return _by_basis(draft, row, reported * unit_factor(written, unit), grade, matter)
    except UnitError as error:
        amount = _through_matter(written, unit, reported, grade, matter)
        repair = "" if "Did you mean" in str(error) else f"Give 'value' in {unit} too."
        return amount or draft.problem("quantities", row, "reported_unit", "wrong_unit", str(error), repair)


def _through_matter(written: str, unit: str, reported: float, grade: Grade, matter: _Matter | None) -> _Amount | None:
    """Cubic metres of a solid through its bulk density, tonnes of a fuel through its heating value; both are as sent."""
    if matter is None:
        return None
    period = "/a" if unit.endswith("/a") else ""
    worse = max(grade, matter.grade)
    try:
        if matter.moist and math.isfinite(matter.density):
            sent = reported * unit_factor(written, f"m3{period}") * matter.density
            return _sent(sent, worse, matter) if math.isfinite(matter.moisture) else None
        if unit.startswith("MWh") and math.isfinite(matter.lhv):
            energy = reported * unit_factor(written, f"t{period}") * matter.lhv
            return _Amount(energy, math.nan, math.nan, worse)
    except UnitError:
        return None
    return None


def _by_basis(draft: Draft, row: int, amount: float, grade: Grade, matter: _Matter | None) -> _Amount | Problem:
    basis = draft.tables["quantities"]["reported_basis"][row]
    if matter is None or not matter.moist or basis == "dry":
        return _Amount(amount, math.nan, math.nan, grade)
    if basis == "as_sent":
        if math.isnan(matter.moisture):
            message = f"{amount:g} t is as sent, and the moisture is not known."
            return draft.problem(
                "quantities", row, "reported_basis", "no_moisture", message, "Give the stream's moisture, or 'value' in t dry."
            )
        return _sent(amount, max(grade, matter.grade), matter)
    if math.isnan(matter.moisture):
        return _Amount(amount, math.nan, math.nan, Grade.D)
    return _Amount(dry_amount(amount, matter.moisture), dry_amount(amount, _finite(matter.moisture_high, matter.moisture)), amount, Grade.D)


def _sent(sent: float, grade: Grade, matter: _Matter) -> _Amount:
    return _Amount(dry_amount(sent, matter.moisture), dry_amount(sent, matter.moisture_high), dry_amount(sent, matter.moisture_low), grade)


def _finite(value: float, otherwise: float) -> float:
    return otherwise if math.isnan(value) else value


def _fill(columns: dict[str, Column], row: int, amount: _Amount) -> None:
    columns["value"][row] = amount.value
    columns["grade"][row] = amount.grade.name
    for name, figure in (("low", amount.low), ("high", amount.high)):
        if math.isnan(columns[name][row]):
            columns[name][row] = figure


def _contradiction(draft: Draft, row: int, amount: _Amount, unit: str) -> Iterator[Problem]:
    """A warning where a given amount is not what its reported figure says on its stated basis."""
    table = draft.tables["quantities"]
    value, basis = float(table["value"][row]), table["reported_basis"][row]
    if basis in ("dry", "as_sent") and abs(value - amount.value) > TOLERANCE * max(abs(value), abs(amount.value)):
        message = f"{value:g} {unit} is not the {amount.value:g} {unit} that follow from the reported figure."
        repair = "Leave 'value' empty to have it derived, or say in 'note' why it differs."
        yield draft.problem("quantities", row, "value", "value_and_report", message, repair, level="warning")
