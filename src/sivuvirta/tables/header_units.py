"""The factor of a column whose header names its unit, as in "capacity [kt/a]"."""

from __future__ import annotations

import re

from sivuvirta.errors import UnitError
from sivuvirta.tables.schema import ColumnSchema, schema
from sivuvirta.units.numbers import Fault
from sivuvirta.units.quantities import factor, is_unit, spelling, suggestion

BY_ROW = frozenset({"component", "per_unit", "carrier/a"})
"""Units of a column that differ from row to row."""

MONEY = frozenset({"EUR", "kEUR", "MEUR", "snt"})
"""Euros alone. Over a column of euros per something they mean: per that."""

_CARRIED = ("t", "MWh", "m3", "unit")
"""What `unit` and `carrier` in a column's unit may stand for."""

_WITH_UNIT = re.compile(r"(?P<number>[-+\u2212]?[\d\s]*[\d.,]*\d)\s*(?P<unit>[^\d\s.,].*)")
_UNIT_FIRST = re.compile(r"(?P<unit>[^\d\s.,+-]+)\s*(?P<number>[-+\u2212]?[\d\s]*[\d.,]*\d)")

_PER_AMOUNT = frozenset({"EUR/t", "kgCO2e/t"})
"""Units of columns that hold per tonne for solids, per MWh or m3 for other carriers."""


def candidates(unit: str) -> list[str]:
    """Units that a column's unit stands for.

    >>> candidates("EUR/unit/km")
    ['EUR/t/km', 'EUR/MWh/km', 'EUR/m3/km', 'EUR/unit/km']
    """
    if unit in _PER_AMOUNT:
        return [unit.removesuffix("t") + carried for carried in _CARRIED[:3]]
    if not re.search(r"\b(unit|carrier)\b", unit):
        return [unit]
    return [re.sub(r"\b(unit|carrier)\b", carried, unit) for carried in _CARRIED]


def header_factor(stated: str, column: ColumnSchema) -> float:
    """What one unit of a header is in the unit of its column.

    Raises:
        UnitError: it is not known, or it measures something else.
    """
    if not column.numeric or not column.unit:
        if column.numeric and spelling(stated) == "1":
            return 1.0
        raise UnitError(f"The header names the unit '{stated}', but this column has none.")
    if not is_unit(stated):
        near = suggestion(stated)
        raise UnitError(f"'{stated}' is not a unit that is known." + (f" Did you mean '{near}'?" if near else ""))
    for candidate in ["EUR"] if is_bare_money(stated, column.unit) else candidates(column.unit):
        try:
            return factor(stated, candidate)
        except UnitError:
            continue
    raise UnitError(f"'{stated}' cannot be turned into '{column.unit}'.")


def is_bare_money(stated: str, unit: str) -> bool:
    """Whether a stated unit is money alone where the wanted one is euros per something.

    >>> is_bare_money("€", "EUR/t"), is_bare_money("€/t", "EUR/t"), is_bare_money("€", "EUR")
    (True, False, False)
    """
    return unit.startswith("EUR/") and spelling(stated) in MONEY


def unit_in_cell(text: str, column: ColumnSchema) -> Fault | None:
    """What to do with the unit in a cell such as "25,50 €", None where the text is no number with a unit."""
    match = _WITH_UNIT.fullmatch(text) or _UNIT_FIRST.fullmatch(text)
    if match is None or not is_unit(match["unit"].strip()):
        return None
    return Fault("text_in_number", f"'{text}' is more than a number.", _advice(match["number"], match["unit"].strip(), column))


def _advice(number: str, unit: str, column: ColumnSchema) -> str:
    if not column.unit:
        return "Write a number without a unit: the column has none."
    if column.unit in BY_ROW:
        if "unit" in schema()[column.table].columns:
            return f"Write {number} here, and {unit} into column 'unit'."
    else:
        try:
            header_factor(unit, column)
        except UnitError:
            return f"Write the figure in {unit_words(column)}; a unit goes into the header."
        unit = spelling(unit) + (column.unit.removeprefix("EUR") if is_bare_money(unit, column.unit) else "")
    return f"Write {number} here; a unit goes into the header, as in '{column.name} [{unit}]'."


_WORDS = {
    "carrier": "t, MWh or m3",
    "carrier/a": "t (dry), MWh or m3 a year",
    "component": "mg/kg, or the component's own",
    "per_unit": "as column 'unit' says",
    "unit": "t, MWh, m3 or pieces",
    "unit/a": "t, MWh, m3 or pieces a year",
}


def unit_words(column: ColumnSchema) -> str:
    """The unit of a column as a header comment and the reference page say it.

    >>> from sivuvirta.tables.schema import schema
    >>> unit_words(schema()["quantities"].columns["value"])
    't (dry), MWh or m3 a year'
    """
    return _WORDS.get(column.unit, column.unit)
