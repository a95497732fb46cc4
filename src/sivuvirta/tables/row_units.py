"""Units that differ from row to row: analyses, limits, prices, factors and quantities in their canonical units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from attrs import evolve, frozen

from sivuvirta.domain.table import Column
from sivuvirta.domain.words import shortened
from sivuvirta.errors import Problem, UnitError
from sivuvirta.tables.cells import objects
from sivuvirta.tables.draft import Draft, replaced
from sivuvirta.tables.header_units import is_bare_money
from sivuvirta.tables.subjects import quantity_units
from sivuvirta.units.quantities import convert, factor, is_unit, spelling, suggestion

_Pair = tuple[str, str | None]
"""A unit as written, and the canonical one of its row."""

_FOREIGN = frozenset({"USD", "SEK"})
"""Currencies that need a rate."""

_LINES = 3  # named before the rest is counted

MASS = "mg/kg"
"""Unit of totals (per dry mass) and of leached amounts (at L/S 10)."""


@frozen
class _Family:
    """Columns of a table that share one unit a row."""

    table: str
    values: tuple[str, ...]
    targets: Callable[[Draft], Column]
    unit: str | None  # column that names the unit as written
    hint: str  # repair where the unit cannot be turned


def canonical_units(draft: Draft) -> tuple[Draft, list[Problem]]:
    """The draft with every figure in the canonical unit of its row, and the units that could not be turned."""
    problems: list[Problem] = []
    for family in _FAMILIES:
        if draft.present(family.table):
            draft = _converted(draft, family, problems)
    return draft, problems


def _converted(draft: Draft, family: _Family, problems: list[Problem]) -> Draft:
    table = draft.tables[family.table]
    targets = family.targets(draft)
    written = table[family.unit] if family.unit else objects([None] * len(table), len(table))
    columns: dict[str, Column] = {}
    failed: dict[_Pair, str] = {}
    for name in family.values:
        stated = draft.headers[family.table].unit.get(name) if family.table in draft.headers else None
        units = [unit or stated for unit in written.tolist()]
        columns[name] = _values(table[name], units, targets.tolist(), failed)
        if stated:
            pairs = [(stated, target) if unit is None else None for unit, target in zip(written.tolist(), targets.tolist(), strict=True)]
            problems += _header_faults(draft, family, name, pairs, failed)
    if family.unit:
        own = [None if unit is None else (unit, target) for unit, target in zip(written.tolist(), targets.tolist(), strict=True)]
        problems += _row_faults(draft, family, own, failed)
        columns[family.unit] = _kept_units(written, targets)
    return draft.with_tables({family.table: replaced(table, columns)})


def _values(values: Column, units: list[str | None], targets: list[str | None], failed: dict[_Pair, str]) -> Column:
    """Values in their target units; pairs that cannot be turned are noted in `failed` and left as they are."""
    result = values.copy()
    members: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for row, pair in enumerate(zip(units, targets, strict=True)):
        members[pair].append(row)
    for (unit, target), rows in members.items():
        if unit is None or target is None or spelling(unit) == spelling(target):
            continue
        try:
            result[rows] = convert(values[rows], unit, "EUR" if is_bare_money(unit, target) else _yearly(unit, target))
        except UnitError as error:
            failed[unit, target] = str(error)
    return result


def _yearly(unit: str, target: str) -> str:
    """A quantity in "kt" is read as one in "kt/a": the column says that it is a year's."""
    return target if "/" in unit or not target.endswith("/a") else target.removesuffix("/a")


def _kept_units(written: Column, targets: Column) -> Column:
    """The canonical unit of a row, or what was written in our spelling where a row has no canonical one."""
    pairs = zip(written.tolist(), targets.tolist(), strict=True)
    return objects((target or (spelling(unit) if unit else None) for unit, target in pairs), len(written))


def _row_faults(draft: Draft, family: _Family, pairs: list[_Pair | None], failed: dict[_Pair, str]) -> list[Problem]:
    """Units of rows that are not known or measure something else."""
    for pair in set(pairs) - {None}:
        if pair and pair[1] is None and not is_unit(pair[0]):
            near = suggestion(pair[0])
            failed[pair] = f"'{pair[0]}' is not a unit that is known." + (f" Did you mean '{near}'?" if near else "")
    return [_row_fault(draft, family, row, pair, failed[pair]) for row, pair in enumerate(pairs) if pair in failed] if failed else []


def _row_fault(draft: Draft, family: _Family, row: int, pair: _Pair, message: str) -> Problem:
    """A figure of no product has no canonical unit: an unknown one is only pointed out."""
    level = "error" if pair[1] else "warning"
    return draft.problem(family.table, row, family.unit, "wrong_unit", message, _repair(family, pair, message), level=level)


def _repair(family: _Family, pair: _Pair, message: str) -> str:
    unit, target = spelling(pair[0]), pair[1]
    if "Did you mean" in message:
        return ""
    if target is None:
        return "Write the unit alone here, and what it is of in 'name' or 'note'."
    if unit.split("/")[0] in _FOREIGN:
        return "Turn it into euros at the rate of its year, and say so in 'note'."
    if (unit, target) == ("mg/l", MASS):
        return "At a liquid-to-solid ratio of 10, multiply by 10 and write mg/kg."
    return family.hint.format(target)


def _header_faults(draft: Draft, family: _Family, name: str, pairs: list[_Pair | None], failed: dict[_Pair, str]) -> list[Problem]:
    """Headers whose unit does not fit some rows: one problem for all rows that it does not fit."""
    rows: dict[_Pair, list[int]] = defaultdict(list)
    for row, pair in enumerate(pairs):
        if pair is not None and pair in failed:
            rows[pair].append(row)
    problems = []
    for pair, members in rows.items():
        lines = shortened([str(draft.line(family.table, row)) for row in members], _LINES)
        message = f"{failed[pair].rstrip('.?')}, which row{'s' if len(members) > 1 else ''} {lines} need{'' if len(members) > 1 else 's'}."
        problems.append(evolve(draft.problem(family.table, None, name, "wrong_unit", message, _repair(family, pair, message)), row=1))
    return problems


def _component_units(table: str) -> Callable[[Draft], Column]:
    def targets(draft: Draft) -> Column:
        units = draft.lookup("components", "unit")
        kind, component = draft.tables[table]["kind"].tolist(), draft.tables[table]["component"].tolist()
        pairs = zip(kind, component, strict=True)
        return objects((units.get(key) if of == "property" else MASS if of else None for of, key in pairs), len(kind))

    return targets


def _per_product(table: str, numerator: str) -> Callable[[Draft], Column]:
    def targets(draft: Draft) -> Column:
        units = draft.lookup("products", "unit")
        subjects = draft.tables[table]["subject"].tolist()
        return objects((f"{numerator}/{units[key]}" if key in units else None for key in subjects), len(subjects))

    return targets


_FAMILIES = (
    _Family("analyses", ("value", "low", "high", "sd"), _component_units("analyses"), "unit", "Give the figure in {}."),
    _Family("typology_contents", ("value", "low", "high"), _component_units("typology_contents"), "unit", "Give the figure in {}."),
    _Family("technology_grades", ("value", "low", "high"), _component_units("technology_grades"), "unit", "Give the figure in {}."),
    _Family("limits", ("value",), _component_units("limits"), "unit", "Give the figure in {}."),
    _Family("prices", ("value", "low", "high"), _per_product("prices", "EUR"), "unit", "Give the price in {}."),
    _Family("factors", ("value", "low", "high"), _per_product("factors", "kgCO2e"), "unit", "Give the factor in {}."),
    _Family("quantities", ("value", "low", "high"), quantity_units, None, "Give the amount in {}."),
)


def unit_factor(unit: str, target: str) -> float:
    """What one reported unit is in the canonical one; "kt" of a year is read as "kt/a".

    Raises:
        UnitError: a unit is not known, or they measure different things.
    """
    return factor(unit, _yearly(unit, target))
