"""The factor of a column whose header names its unit, as in "capacity [kt/a]"."""

from __future__ import annotations

import re

from sivuvirta.errors import UnitError
from sivuvirta.tables.schema import ColumnSchema
from sivuvirta.units.quantities import factor, is_unit, spelling, suggestion

BY_ROW = frozenset({"component", "per_unit", "carrier/a"})
"""Units of a column that differ from row to row."""

_CARRIED = ("t", "MWh", "m3", "unit")
"""What `unit` and `carrier` in a column's unit may stand for."""

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
    for candidate in candidates(column.unit):
        try:
            return factor(stated, candidate)
        except UnitError:
            continue
    raise UnitError(f"'{stated}' cannot be turned into '{column.unit}'.")


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
