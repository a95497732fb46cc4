"""Raw tables of a data package: a folder of CSV files with a `datapackage.json`."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from sivuvirta.errors import Problem, ReadError
from sivuvirta.tables.csv_rows import csv_rows
from sivuvirta.tables.descriptor import Descriptor, descriptor
from sivuvirta.tables.raw import RawRegion, RawTable
from sivuvirta.tables.schema import schema


def raw_folder(path: Path) -> RawRegion:
    """Every table of a folder: `<table>.csv`, or where the package says that it is.

    Raises:
        ReadError: the folder holds no table and no description of a package.
    """
    about = descriptor(path)
    files = _files(path, about)
    if not files and not about.found:
        raise ReadError(f"There is no table in '{path}': neither CSV files named as tables nor a datapackage.json.")
    problems = list(about.problems)
    raw = [
        _raw_file(table, file, f"{path.name}/{file.relative_to(path).as_posix()}", problems)
        for table, file in files.items()
        if file.exists()
    ]
    problems += [_missing(path, table, file) for table, file in files.items() if not file.exists()]
    return RawRegion(about.name, about.title, "csv", f"{path.name}/", tuple(raw), tuple(problems))


def _files(path: Path, about: Descriptor) -> dict[str, Path]:
    """File of each table: what the package names, then the CSV files beside it."""
    named = {table: path / file for table, file in about.files.items()}
    taken = set(named.values())
    return named | {file.stem: file for file in sorted(path.glob("*.csv")) if file not in taken}


def _missing(path: Path, table: str, file: Path) -> Problem:
    shown = f"{path.name}/datapackage.json"
    message = f"'{file.relative_to(path).as_posix()}' of resource '{table}' is not there."
    return Problem(file=shown, rule="missing_file", message=message, repair="Add the file, or delete the resource.")


def _raw_file(table: str, file: Path, shown: str, problems: list[Problem]) -> RawTable:
    known = schema().get(table)
    parsed = csv_rows(file.read_bytes(), shown, frozenset(known.columns if known else ()))
    problems += [evolve(problem, table=table) for problem in parsed.problems]
    header = [name.strip() for name in parsed.header]
    cells = list(zip(*parsed.rows, strict=True)) if parsed.rows else [()] * len(header)
    return RawTable(
        table,
        shown,
        header,
        cells,
        parsed.lines,
        parsed.separator != ",",
        complete=parsed.complete,
        lost=None if parsed.unreadable else "".join(f"{text}\n" for text in parsed.lost),
    )
