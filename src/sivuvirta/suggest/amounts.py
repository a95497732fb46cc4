"""Amounts of a year as people write them: a capacity, or a further activity."""

from __future__ import annotations

import re

import numpy as np

from sivuvirta.errors import OptionError, UnitError
from sivuvirta.library import catalogue
from sivuvirta.suggest.works import plain_key
from sivuvirta.units.numbers import Fault, parse_number
from sivuvirta.units.quantities import convert

_AMOUNT = re.compile(r"^\s*([+-]?[\d\s.,eE]*\d)\s*([^\d\s].*)?$")
_PLAUSIBLE = 100.0  # of an activity's unit a year; a bare number below is likely of another unit


def amount_of(told: str | float, unit: str, activity: str) -> float:
    """An amount a year in a unit.

    Raises:
        OptionError: it cannot be read, or is of another kind.
    """
    if isinstance(told, int | float):
        value, written, bare = float(told), unit, True
    else:
        match = _AMOUNT.match(told)
        read = parse_number(match.group(1)) if match else None
        if match is None or read is None or isinstance(read, Fault):
            raise OptionError(f"'{told}' is no capacity. Write it as 1.4Mt or 500000 t.")
        bare = match.group(2) is None
        value, written = read.value, re.sub(r"/\s*(a|yr?|year|v)$", "", (match.group(2) or unit).strip())
    amount = _converted((value, written), unit, (str(told), activity))
    if not 0 < amount < np.inf:
        raise OptionError(f"A capacity of {told} is not above 0. Write it as 1.4Mt or 500000 t.")
    if bare and amount < _PLAUSIBLE and unit != "unit":
        counted = activity.replace("_", " ")
        raise OptionError(f"{told} {unit} of {counted} a year is very little. Say the unit: write {_examples(told, unit)}.")
    return amount


def _examples(told: str | float, unit: str) -> str:
    written = str(told).strip()
    return f"{written}Mt, {written}kt or {written} t" if unit == "t" else f"{written} {unit}"


def _converted(given: tuple[float, str], unit: str, asked: tuple[str, str]) -> float:
    """An amount in a unit; tonnes of what is counted by volume by its density.

    Raises:
        OptionError: it is of another kind.
    """
    value, written = given
    if written == unit:
        return value
    try:
        return float(convert(value, written, unit))
    except UnitError as error:
        fault = error
    density = _density(asked[1]) if unit == "m3" and _is_mass(written) else None
    if density is None:
        raise OptionError(
            f"'{asked[0]}' cannot be an amount of {asked[1].replace('_', ' ')}, which is counted in {unit}: {fault}"
        ) from fault
    return float(convert(value, written, "t")) / density


def _density(activity: str) -> float | None:
    """Tonnes per cubic metre of what an activity counts; None where it is not known."""
    densities = catalogue()["activity_densities"]
    row = densities.index.get(plain_key(activity))
    return None if row is None else float(densities["density"][row])


def _is_mass(unit: str) -> bool:
    try:
        convert(1.0, unit, "t")
    except UnitError:
        return False
    return True
