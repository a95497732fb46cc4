"""A checked region from a path."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sivuvirta.domain.region import Region, Writer
from sivuvirta.domain.table import Table
from sivuvirta.errors import CheckError, Problem, ReadError
from sivuvirta.tables.cells import typed
from sivuvirta.tables.csv_folder import raw_folder
from sivuvirta.tables.raw import RawRegion, RawTable
from sivuvirta.tables.schema import TableSchema, library_tables, region_tables, schema


def load(path: Path, library: Mapping[str, Table], name: str | None = None, writer: Writer | None = None) -> Region:
    """A region from a path, checked; all problems at once.

    Raises:
        CheckError: the data have problems; nothing was loaded.
        ReadError: there is nothing at the path.
    """
    raw = _raw(path)
    tables = _tables(raw, region_tables())
    return Region(name or raw.name, tables, library, _default_vintage(tables["vintages"]), raw.title, writer=writer)


def load_library(path: Path) -> Mapping[str, Table]:
    """Reference tables from a folder of CSV files."""
    return _tables(_raw(path), library_tables())


def _raw(path: Path) -> RawRegion:
    if not path.is_dir():
        raise ReadError(f"There is no folder '{path}'.")
    return raw_folder(path)


def _tables(raw: RawRegion, names: tuple[str, ...]) -> dict[str, Table]:
    problems: list[Problem] = []
    tables = {name: schema()[name].empty() for name in names}
    for part in raw.raw:
        if part.name in tables:
            tables[part.name] = _table(part, schema()[part.name], problems)
        else:
            problems.append(Problem(file=part.file, rule="unknown_table", message=f"'{part.name}' is no table."))
    if problems:
        raise CheckError(problems)
    return tables


def _table(raw: RawTable, table: TableSchema, problems: list[Problem]) -> Table:
    cells = dict(zip(raw.header, raw.cells, strict=True))
    unknown = [name for name in cells if name not in table.columns]
    problems += [Problem(file=raw.file, rule="unknown_column", message=f"'{name}' is no column of '{table.name}'.") for name in unknown]
    columns = {}
    for name, spec in table.columns.items():
        cell = typed(cells.get(name) or [""] * len(raw), spec)
        columns[name] = cell.values
        problems += [
            Problem(file=raw.file, rule=fault.rule, row=raw.lines[row], column=name, message=fault.message, repair=fault.repair)
            for row, fault in cell.faults
        ]
    return Table(table.name, table.key, columns)


def _default_vintage(table: Table) -> str | None:
    if not len(table):
        return None
    chosen = np.flatnonzero(table["default"] == True)  # noqa: E712 - objects with None
    row = int(chosen[0]) if len(chosen) else int(np.argmax(table["year"]))
    return str(table["vintage"][row])
