"""Scenarios: a region with single cells replaced, checked as a region is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd
from attrs import evolve, frozen

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Column
from sivuvirta.errors import Problem, ReadError, UnknownNameError
from sivuvirta.tables.checked import checked, raise_errors
from sivuvirta.tables.csv_rows import csv_rows
from sivuvirta.tables.frames import raw_frames
from sivuvirta.tables.notices import notices, other_vintage
from sivuvirta.tables.raw import RawRegion, RawTable
from sivuvirta.tables.replacements import Change, Replaced, replacements
from sivuvirta.tables.schema import schema
from sivuvirta.tables.suggestions import did_you_mean
from sivuvirta.tables.typed_tables import typed_tables

TABLE = "scenarios"
_COLUMNS = ("table", "key", "column", "value")


@frozen
class _Overlay:
    """One scenario: its name and the cells that it replaces."""

    name: str
    changes: tuple[Change, ...]


def under(region: Region, *scenarios: str) -> Region:
    """The region under scenarios of its own table, applied in order: a later one finds what an earlier one has replaced.

    Args:
        region: as it was checked.
        scenarios: names in its table `scenarios`.

    Returns:
        A checked region that knows its scenarios; its title names them.

    Raises:
        CheckError: a row cannot be applied, or what comes out breaks a rule; it holds all problems, with the row of the scenario.
        UnknownNameError: the region has no such scenario.
    """
    known = names(region)
    for name in scenarios:
        if name not in known:
            listed = f"It has: {', '.join(known)}." if known else "It has none."
            meant = did_you_mean(name, known)
            raise UnknownNameError(f"'{region.name}' has no scenario '{name}'. {f'{meant} ' if meant else ''}{listed}")
    return _applied(region, [_own(region, name) for name in scenarios])


def names(region: Region) -> tuple[str, ...]:
    """Names of a region's scenarios, in the order of its table."""
    if TABLE not in region.tables:
        return ()
    return tuple(dict.fromkeys(region.tables[TABLE]["scenario"].tolist()))


def shown_in(region: Region) -> tuple[str, ...]:
    """Names of the scenarios that speak of the vintage shown: rows that are dated, if there are any, have one of it."""
    found = []
    for name in names(region):
        dated = _dated(_own(region, name))
        if not dated or region.vintage in dated:
            found.append(name)
    return tuple(found)


def _dated(overlay: _Overlay) -> list[str]:
    """Vintages that the rows of a scenario name, one a row that names one."""
    return [vintage for change in overlay.changes for vintage in _vintage_of(change)]


def _vintage_of(change: Change) -> list[str]:
    """Vintage that a change names in its key, if its table has one."""
    key = schema()[change.table].key if change.table in schema() else ()
    parts = change.key.split("/")
    return [part for column, part in zip(key, parts, strict=False) if column == "vintage" and part]


def scenario_from_file(region: Region, path: Path) -> Region:
    """The region under a scenario in a CSV file with the columns of the table `scenarios`.

    The column `scenario` may be left out; the file's name is the scenario's then.

    Raises:
        CheckError: the file holds several scenarios, a row of it cannot be applied, or what comes out breaks a rule.
        ReadError: there is no such file.
    """
    if not path.is_file():
        raise ReadError(f"There is no file '{path}'. A scenario is a name in the region's table of scenarios, or a CSV file.")
    rows = csv_rows(path.read_bytes(), path.name, frozenset(schema()[TABLE].columns))
    header = [name.strip() for name in rows.header]
    cells = [list(column) for column in zip(*rows.rows, strict=True)] or [[] for _ in header]
    comma = rows.separator != ","
    return _from_raw(region, RawTable(TABLE, path.name, header, cells, rows.lines, comma), path.stem, rows.problems)


def scenario_from_frame(region: Region, frame: pd.DataFrame, name: str = "scenario") -> Region:
    """The region under a scenario in a frame with the columns of the table `scenarios`; `name` where no column names it.

    Raises:
        CheckError: as for a file.
    """
    return _from_raw(region, raw_frames(name, {TABLE: frame}).raw[0], name, ())


def _from_raw(region: Region, raw: RawTable, name: str, problems: Iterable[Problem]) -> Region:
    if "scenario" not in raw.header:
        raw = evolve(raw, header=["scenario", *raw.header], cells=[[name] * len(raw), *raw.cells])
    draft, found = typed_tables(RawRegion(name, "", "csv", "", (raw,)), (TABLE,), {})
    found = [*problems, *found]
    table = draft.tables[TABLE]
    for row, cells in enumerate(table.rows()):
        for column, spec in schema()[TABLE].columns.items():
            if spec.required and cells[column] is None and (TABLE, column, row) not in draft.unread:
                found.append(draft.problem(TABLE, row, column, "required", "The cell is empty.", f"Write its {spec.words}."))
    several = list(dict.fromkeys(table["scenario"].tolist()))
    if len(several) > 1:
        message = f"The file holds {len(several)} scenarios: {', '.join(map(str, several))}."
        found.append(draft.problem(TABLE, None, "scenario", "several_scenarios", message, "Put each into a file of its own."))
    raise_errors(found)
    changes = tuple(Change(*cells, raw.file, line) for cells, line in zip(_cells(table.columns), raw.lines, strict=True))
    return _applied(region, [_Overlay(str(several[0]) if several else name, changes)])


def _own(region: Region, name: str) -> _Overlay:
    table = region.tables[TABLE]
    rows = [row for row, scenario in enumerate(table["scenario"].tolist()) if scenario == name]
    chosen = table.take(rows)  # type: ignore[arg-type]
    place = f"scenario '{name}'"
    return _Overlay(name, tuple(Change(*cells, place, row + 1) for row, cells in enumerate(_cells(chosen.columns))))


def _cells(columns: Mapping[str, Column]) -> Iterator[tuple[str, str, str, str]]:
    table, key, column, value = (["" if cell is None else str(cell) for cell in columns[name].tolist()] for name in _COLUMNS)
    return zip(table, key, column, value, strict=True)


def _applied(region: Region, overlays: list[_Overlay]) -> Region:
    """The region with the cells of each scenario replaced in turn, then checked once."""
    done = Replaced({name: table for name, table in region.tables.items() if len(table)}, region.library)
    for overlay in overlays:
        done = replacements(done, overlay.changes)
    applied = (*region.scenarios, *(overlay.name for overlay in overlays))
    told = " + ".join(applied)
    draft, found = checked(_raw(region, done, told), region.library)
    found = [_placed(problem, done) for problem in found]
    raise_errors([*done.problems, *found])
    other = [other_vintage(each.name, _dated(each), region.vintage, len(each.changes)) for each in overlays]
    reach = [*notices(region), *(notice for notice in other if notice)]
    title = (region.title or region.name).removesuffix(f", under {region.scenario}")
    title = f"{title}, under {told}" if applied else region.title
    return evolve(region, tables=draft.tables, warnings=(*found, *reach), scenarios=applied, title=title)


def _raw(region: Region, done: Replaced, told: str) -> RawRegion:
    """Typed tables as cells once more, so that they are checked as any others."""
    tables = [
        RawTable(
            name,
            f"{region.name}, {name} under {told}",
            list(table.columns),
            [column.tolist() for column in table.columns.values()],
            range(2, len(table) + 2),
        )
        for name, table in done.tables.items()
    ]
    return RawRegion(region.name, region.title, "csv", "", tuple(tables))


def _placed(problem: Problem, done: Replaced) -> Problem:
    """A problem of a cell that a scenario has replaced, at the scenario's row."""
    row = None if problem.row is None else problem.row - 2
    change = done.cells.get((problem.table, row, problem.column)) or done.created.get((problem.table, row))
    if change is None:
        return problem
    message = f"{change.table}, '{change.key}', {problem.column or 'row'}: {problem.message}"
    return evolve(problem, file=change.file, row=change.line, table=TABLE, column="value", value=change.value, message=message)
