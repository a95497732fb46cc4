"""A checked region from a path or from frames; nothing is half loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sivuvirta.domain.region import Region, Writer
from sivuvirta.domain.table import Table
from sivuvirta.errors import Problem, ReadError
from sivuvirta.tables.checked import checked, default_vintage, raise_errors
from sivuvirta.tables.csv_folder import raw_folder
from sivuvirta.tables.draft import Draft, ordered
from sivuvirta.tables.frames import raw_frames
from sivuvirta.tables.parquet import ENDING, raw_parquet
from sivuvirta.tables.raw import RawRegion
from sivuvirta.tables.row_units import canonical_units
from sivuvirta.tables.rules import broken_library_rules
from sivuvirta.tables.saved import write
from sivuvirta.tables.scenarios import under
from sivuvirta.tables.schema import catalogue_tables, library_tables
from sivuvirta.tables.typed_tables import typed_tables
from sivuvirta.tables.workbook import raw_workbook
from sivuvirta.tables.zipped import raw_zip


def load(path: Path, library: Mapping[str, Table], name: str | None = None, writer: Writer = write) -> Region:
    """A region from a data package (a folder, or a .zip of one), a workbook (.xlsx) or a Parquet folder (.parquet).

    Args:
        path: of the folder or file.
        library: reference tables that the region's rows may name.
        name: of the region; what the package says where None.
        writer: saves the region.

    Raises:
        CheckError: the data have problems; it holds all of them, and nothing was loaded.
        ReadError: there is nothing at the path, or it cannot be opened at all.
    """
    return _accepted(raw_region(path), library, name, writer)


def from_frames(name: str, frames: Mapping[str, pd.DataFrame], library: Mapping[str, Table]) -> Region:
    """A region from pandas frames by table name, with the same checks as one from files.

    Raises:
        CheckError: the data have problems; it holds all of them.
    """
    return _accepted(raw_frames(name, frames), library, name, write)


def problems(path: Path, library: Mapping[str, Table]) -> list[Problem]:
    """Every problem of the data at a path, errors and warnings; bad data raise nothing.

    Raises:
        ReadError: there is nothing at the path, or it cannot be opened at all.
    """
    return checked(raw_region(path), library)[1]


def load_library(path: Path, library: Mapping[str, Table] | None = None) -> Mapping[str, Table]:
    """Reference tables from a folder of CSV files, read without the rules that join tables.

    Args:
        path: of the folder.
        library: what the rows may name, if the folder holds the catalogue over it; None where it holds the library itself.

    Raises:
        CheckError: a cell, a column or a unit cannot be read.
    """
    draft, found = _reference(path, library)
    raise_errors(found)
    return draft.tables


def library_problems(path: Path, library: Mapping[str, Table] | None = None) -> list[Problem]:
    """Every problem of a library folder, or with `library` of the catalogue over it, errors and warnings."""
    draft, found = _reference(path, library)
    return ordered([*found, *broken_library_rules(draft)])


def _reference(path: Path, library: Mapping[str, Table] | None) -> tuple[Draft, list[Problem]]:
    names = library_tables() if library is None else catalogue_tables()
    draft, found = typed_tables(raw_region(path), names, library or {})
    draft, units = canonical_units(draft)
    return draft, [*found, *units]


def raw_region(path: Path) -> RawRegion:
    """Raw tables at a path; its ending tells the format.

    Raises:
        ReadError: there is nothing, or it is of no kind that is known.
    """
    if not path.exists():
        raise ReadError(f"There is nothing at '{path}'.")
    if path.is_dir():
        return raw_parquet(path) if path.suffix.lower() == ENDING else raw_folder(path)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return raw_workbook(path)
    if path.suffix.lower() == ".zip":
        return raw_zip(path)
    kinds = "a folder of CSV files, a .zip of one, a workbook (.xlsx) or a Parquet folder (.parquet)"
    raise ReadError(f"'{path.name}' is no register: give {kinds}.")


def _accepted(raw: RawRegion, library: Mapping[str, Table], name: str | None, writer: Writer) -> Region:
    draft, found = checked(raw, library)
    raise_errors(found)
    tables = draft.tables
    return Region(name or raw.name, tables, library, default_vintage(tables["vintages"]), raw.title, tuple(found), writer, overlay=under)
