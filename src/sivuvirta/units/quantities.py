"""Units: what a person may write, and the factor to the unit that a column keeps. Conversion happens at the border only."""

from __future__ import annotations

import csv
import difflib
import re
from functools import cache, lru_cache
from importlib import resources
from typing import overload

import numpy as np
import numpy.typing as npt
import pint

from sivuvirta.errors import UnitError

Floats = npt.NDArray[np.float64]

OFFSET_UNITS = frozenset({"degC"})
"""Units whose zero is not zero of the quantity; a factor alone does not convert them."""

_DRY = re.compile(r"(?:[ _]+|(?<=%))\(?(?:dry matter|dry weight|dry|d\.m\.|dm|dw|ds|ts|ka|k\.a\.)\)?$", re.IGNORECASE)
_CARBON = re.compile(r"\b(k?g|k?t) ?CO2 ?-?(e|eq|ekv)\b\.?")
_PARTS = re.compile(r"([*/])")
_NUMBER = re.compile(r"[1-9]\d*(\.\d+)?")
_COUNT = re.compile(r"^(\d+(?:\.\d+)?) +(?=\S)")


@cache
def _units() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Definition and aliases of every unit, by its one spelling."""
    text = (resources.files("sivuvirta.units") / "data" / "units.csv").read_text(encoding="utf-8")
    return {row["unit"]: (row["definition"], tuple(row["aliases"].split(";"))) for row in csv.DictReader(text.splitlines())}


@cache
def _spellings() -> dict[str, str]:
    """Every spelling of every unit, and the one that we keep."""
    spellings = {alias: unit for unit, (_, aliases) in _units().items() for alias in aliases if alias}
    return spellings | {unit: unit for unit in _units()}


@cache
def _registry() -> pint.UnitRegistry:  # type: ignore[type-arg]
    """Only our units: "kt" is a thousand tonnes and never a knot. Built when the first real conversion is asked for."""
    registry: pint.UnitRegistry = pint.UnitRegistry(None)  # type: ignore[type-arg]
    for unit, (definition, _) in _units().items():
        if _pint_name(unit) != "1":
            registry.define(f"{_pint_name(unit)} = {definition}")
    return registry


def _pint_name(unit: str) -> str:
    return {"%": "percent", "‰": "permille", "µg": "ug", "µm": "um", "µS": "uS"}.get(unit, unit)


@lru_cache(maxsize=4096)
def spelling(unit: str) -> str:
    """A unit in the one spelling that we keep; what is not known stays as it is.

    >>> spelling("€/tonne"), spelling("mg/kg dry"), spelling("kg CO2-eq/MWh"), spelling("t/v")
    ('EUR/t', 'mg/kg', 'kgCO2e/MWh', 't/a')
    """
    text = _CARBON.sub(r"\1CO2e", unit.strip().strip("[]").strip())
    text = _DRY.sub("", text).replace("·", "*").replace(" per ", "/")
    known = _spellings()
    if text in known:
        return known[text]
    count = _COUNT.match(text)
    parts = [part.strip() for part in _PARTS.split(text[count.end() :] if count else text)]
    joined = "".join(known.get(part, known.get(part.replace(" ", ""), part)) for part in parts)
    return f"{count.group(1)}*{joined}" if count else joined


def is_unit(unit: str) -> bool:
    """Whether every part of a unit is known.

    >>> is_unit("kt/a"), is_unit("barrel/a")
    (True, False)
    """
    return not _unknown(spelling(unit))


def _unknown(spelled: str) -> list[str]:
    parts = [part for part in _PARTS.split(spelled) if part not in ("*", "/")]
    return [part for part in parts if part not in _units() and not _NUMBER.fullmatch(part)]


@lru_cache(maxsize=4096)
def factor(source: str, target: str) -> float:
    """What one `source` is in `target`.

    >>> factor("kt/a", "t/a"), factor("%", "mg/kg"), factor("snt/kWh", "EUR/MWh")
    (1000.0, 10000.0, 10.0)

    Args:
        source: unit as written.
        target: unit wanted.

    Returns:
        The factor; exactly 1 where both are one unit, known or not.

    Raises:
        UnitError: a unit is not known, or the two measure different things.
    """
    one, other = spelling(source), spelling(target)
    if one == other:
        return 1.0
    _require(source, one)
    _require(target, other)
    if one in OFFSET_UNITS or other in OFFSET_UNITS:
        raise UnitError(f"'{source}' cannot be turned into '{target}' by a factor.")
    try:
        return _tidy(float(_expression(one).to(_expression(other).units).magnitude / _expression(other).magnitude))
    except pint.DimensionalityError as error:
        raise UnitError(f"'{source}' cannot be turned into '{target}'.") from error


@overload
def convert(value: float, source: str, target: str) -> float: ...
@overload
def convert(value: Floats, source: str, target: str) -> Floats: ...
def convert(value: float | Floats, source: str, target: str) -> float | Floats:
    """An amount in another unit.

    >>> convert(1.7, "Mt/a", "t/a"), round(convert(300.0, "K", "degC"), 2)
    (1700000.0, 26.85)

    Raises:
        UnitError: a unit is not known, or the two measure different things.
    """
    one, other = spelling(source), spelling(target)
    if one != other and {one, other} & OFFSET_UNITS and {one, other} <= OFFSET_UNITS | {"K"}:
        quantity = _registry().Quantity(value, _pint_name(one)).to(_pint_name(other))
        return quantity.magnitude
    return value * factor(source, target)


def suggestion(unit: str) -> str:
    """The known unit that is spelled most like this one, "" where none is near.

    >>> suggestion("mwh/a")
    'MWh/a'
    """
    parts = []
    for part in _PARTS.split(spelling(unit)):
        near = [part] if part in ("*", "/") or part in _units() else _near(part)
        if not near:
            return ""
        parts.append(near[0])
    return "".join(parts)


def _near(part: str) -> list[str]:
    folded = [unit for unit in _units() if unit.lower() == part.lower()]
    return sorted(folded, key=len) or difflib.get_close_matches(part, list(_units()), n=1, cutoff=0.7)


def _require(written: str, spelled: str) -> None:
    if _unknown(spelled):
        near = suggestion(written)
        raise UnitError(f"'{written}' is not a unit that is known." + (f" Did you mean '{near}'?" if near else ""))


def _expression(spelled: str) -> pint.Quantity:  # type: ignore[type-arg]
    registry = _registry()
    result = registry.Quantity(1.0)
    for sign, part in zip(["*", *_PARTS.findall(spelled)], _PARTS.split(spelled)[::2], strict=True):
        unit = registry.Quantity(float(part)) if _NUMBER.fullmatch(part) else registry.Quantity(1.0, _pint_name(part))
        result = result * unit if sign == "*" else result / unit
    return result


def _tidy(number: float) -> float:
    """A factor without the last bits that a chain of definitions leaves, for example 1000.0000000000001."""
    return float(f"{number:.14g}")
