"""A region saved at a path; the path's ending tells the format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Column, Table
from sivuvirta.errors import OptionError
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.descriptor import FILE, description
from sivuvirta.tables.draft import unknown
from sivuvirta.tables.guide import guide_rows, sheet_order
from sivuvirta.tables.parquet import ENDING, parquet_bytes
from sivuvirta.tables.schema import schema
from sivuvirta.tables.workbook_sheets import sheets, workbook_bytes

_NO_FORMAT = frozenset({".csv", ".json", ".zip", ".xls", ".xlsm", ".ods", ".txt", ".tsv", ".db", ".sqlite", ".gpkg"})


def write(region: Region, path: Path) -> Path:
    """Save the region's own tables so that loading gives them back: same rows, types, unknowns and text.

    Args:
        region: to be saved.
        path: ending in .xlsx for a workbook, in .parquet for a Parquet folder, else a data package folder.

    Returns:
        Where it was written.

    Raises:
        OptionError: the ending is of another format, or the folder holds something else.
    """
    tables = {name: _used(table) for name, table in region.tables.items() if len(table)}
    ending = path.suffix.lower()
    if ending in _NO_FORMAT:
        raise OptionError(f"A region is not saved as {ending}. Use a folder, a name ending in .xlsx, or one ending in .parquet.")
    if ending == ".xlsx":
        path.write_bytes(_workbook(region, tables))
    elif ending == ENDING:
        files = {f"{name}{ENDING}": parquet_bytes(table) for name, table in tables.items()}
        _replace(path, files | {FILE: _description(region, tables, "parquet")}, ENDING)
    else:
        files = {f"{name}.csv": _csv_bytes(table) for name, table in tables.items()}
        _replace(path, files | {FILE: _description(region, tables, "csv")}, ".csv")
    return path


def _used(table: Table) -> Table:
    """The table without columns that hold nothing, its required ones kept."""
    spec = schema()[table.name]
    kept = {name: column for name, column in table.columns.items() if spec.columns[name].required or not unknown(column).all()}
    return Table(table.name, table.key, kept)


def _workbook(region: Region, tables: Mapping[str, Table]) -> bytes:
    names = sheet_order(tables)
    book = sheets([tables[name] for name in names], region.library, guide_rows(region.title or region.name, names))
    book.properties.title, book.properties.identifier = region.title, region.name
    return workbook_bytes(book)


def _csv_bytes(table: Table) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*(_texts(column) for column in table.columns.values()), strict=True))
    return stream.getvalue().encode("utf-8")


def _texts(column: Column) -> list[str]:
    return [as_text(value) for value in column.tolist()]


def _description(region: Region, tables: Mapping[str, Table], ending: str) -> bytes:
    return (json.dumps(description(region.name, region.title, tables, ending), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _replace(path: Path, files: Mapping[str, bytes], ending: str) -> None:
    """Write a folder; tables of an earlier save that are gone now are taken away, nothing else is touched."""
    if path.exists() and (not path.is_dir() or (any(path.iterdir()) and not (path / FILE).exists())):
        raise OptionError(f"'{path}' holds something else than a saved region. Give another name, or empty it first.")
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content)
    for table in schema():
        if f"{table}{ending}" not in files:
            (path / f"{table}{ending}").unlink(missing_ok=True)
