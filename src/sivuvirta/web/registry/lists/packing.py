"""Packing: a register as a file that the engine reads: all of it, or what one viewer sees.

Tables are written one after the other, row by row, so memory stays the same however many rows there are; time grows with them. A cell that
the viewer does not see is empty, a row that they do not see is not there: both are told by the gate (`Rows.restrict`, `Row.shown_to`).
The table `visibility` goes along for the rows of the viewer's own organisations; who sees everything gets all of it.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from attrs import field, frozen
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError
from sivuvirta.tables.cells import as_text, number_text
from sivuvirta.tables.descriptor import FILE, description
from sivuvirta.tables.harmless import harmless
from sivuvirta.tables.schema import TableSchema, schema
from sivuvirta.tables.workbook_sheets import LONGEST_TEXT
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.core.moments import moment
from sivuvirta.web.registry.columns import cell
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.seen.seeing import confidential, note
from sivuvirta.web.registry.writes.packages import circles_told

_CHUNK = 2000  # rows read and written at once
Cells = list[Any]
Text = Callable[[str], str]


class _Box(Protocol):
    """Takes tables one after the other."""

    def put(self, table: TableSchema, rows: Iterable[Cells]) -> None:
        """A table with its rows, in the order of its columns, as the engine has them."""

    def close(self, register: Register, tables: Iterable[TableSchema]) -> None:
        """What is said of all tables."""


@frozen(eq=False)
class _Files:
    """Files of a data package, wherever they lie."""

    opened: Callable[[str], Any]  # a file by its name, to be written as bytes
    text: Text

    def put(self, table: TableSchema, rows: Iterable[Cells]) -> None:
        with self.opened(f"{table.name}.csv") as file:
            lines = chain(
                [list(table.columns)], ([self.text(as_text(value)) if _is_text(value) else as_text(value) for value in row] for row in rows)
            )
            while part := list(islice(lines, _CHUNK)):
                stream = io.StringIO(newline="")
                csv.writer(stream, lineterminator="\n").writerows(part)
                file.write(stream.getvalue().encode())

    def close(self, register: Register, tables: Iterable[TableSchema]) -> None:
        heads = {each.name: Table(each.name, each.key, dict.fromkeys(each.columns, np.empty(0))) for each in tables}
        about = description(register.slug, register.title, heads, "csv")
        with self.opened(FILE) as file:
            file.write((json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode())


@frozen(eq=False)
class _Book:
    """A workbook, a sheet a table; a text that begins as a formula does is a text."""

    file: IO[bytes] | Path
    book: Any = field(factory=lambda: Workbook(write_only=True))

    def put(self, table: TableSchema, rows: Iterable[Cells]) -> None:
        sheet = self.book.create_sheet(table.name)
        sheet.append(list(table.columns))
        try:
            for row in rows:
                sheet.append([self._cell(sheet, value, table.name) for value in row])
        finally:
            sheet.close()

    def close(self, register: Register, tables: Iterable[TableSchema]) -> None:
        self.book.properties.title, self.book.properties.identifier = register.title, register.slug
        self.book.save(self.file)

    def _cell(self, sheet: Any, value: Any, table: str) -> Any:
        text = as_text(value)
        if not text:
            return None
        if _is_text(value) or isinstance(value, bool):
            if len(text) > LONGEST_TEXT:
                raise OptionError(
                    f"A text of {len(text)} signs in '{table}' does not fit into a spreadsheet. Export to a folder or a .zip."
                )
            made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub(" ", text))
            made.data_type = "s"
            return made
        made = WriteOnlyCell(sheet, value=number_text(float(value)))
        made.data_type = "n"  # openpyxl itself writes 16 digits; a number needs 17 to come back as it was
        return made


def zipped(register: Register, who: Viewer, file: Any, text: Text = harmless) -> dict[str, int]:
    """A register as a data package in an archive.

    Args:
        register: that is taken.
        who: takes it, and gets what they see.
        file: that it is written into.
        text: what becomes of each text, so that no spreadsheet runs it.

    Returns:
        Rows by table; one without rows is not there.
    """
    with ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True) as box:
        return _pack(register, who, _Files(lambda name: box.open(name, "w", force_zip64=True), text))


def exported(register: Register, who: Viewer, target: Path) -> dict[str, int]:
    """A register with every text as it is, at a path: an archive (.zip), a workbook (.xlsx), else a folder with a data package.

    It appears when it is whole. Tables by number of rows are returned.

    Raises:
        OptionError: there is something at the path, it cannot be written, or a text does not fit into a spreadsheet.
    """
    if target.exists():
        raise OptionError(f"'{target}' is there already. Name a new folder or file, or remove that one first.")
    part = target.with_name(f".{target.name}.part")
    try:
        found = _exported(register, who, part, target.suffix.lower())
        part.rename(target)
    except OSError as error:
        raise OptionError(f"'{target}' cannot be written: {error.strerror or error}. Name a place in a folder with room.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if part.is_file():
            part.unlink()
    return found


def _exported(register: Register, who: Viewer, part: Path, ending: str) -> dict[str, int]:
    if ending == ".zip":
        part.touch(0o600)
        return zipped(register, who, part, text=str)
    if ending == ".xlsx":
        part.touch(0o600)
        return _pack(register, who, _Book(part))
    if ending:
        raise OptionError(f"A register is not exported as {ending}. Name a folder, or a file that ends in .zip or .xlsx.")
    part.mkdir(0o700)
    return _pack(register, who, _Files(lambda name: (part / name).open("wb"), str))


def _pack(register: Register, who: Viewer, box: _Box) -> dict[str, int]:
    """All tables as they were at one moment; what of them is confidential is noted as seen then."""
    counts: dict[str, int] = {}
    seen: list[str] = []
    with moment():
        for table, rows in _tables(register, who, seen):
            first = next(rows, None)
            if first is None:
                continue
            counts[table.name] = 0
            box.put(table, _counted(chain([first], rows), table.name, counts))
        box.close(register, [schema()[name] for name in counts])
    note(register, seen, who)
    return counts


def _counted(rows: Iterable[Cells], name: str, counts: dict[str, int]) -> Iterator[Cells]:
    for row in rows:
        counts[name] += 1
        yield row


def _tables(register: Register, who: Viewer, seen: list[str]) -> Iterator[tuple[TableSchema, Iterator[Cells]]]:
    for named in MODELS.values():
        yield named.schema, _rows(named, register, who, seen)
    where = {} if who.floor == Level.PRIVATE else {"holder__in": who.belongs}
    yield schema()["visibility"], (list(line) for line in circles_told(register, **where))


def _rows(named: Any, register: Register, who: Viewer, seen: list[str]) -> Iterator[Cells]:
    """Rows that the viewer sees, with the cells that they see; those that are confidential are told to `seen`."""
    columns = named.schema.columns
    found = named.objects.filter(register=register).restrict(who).order_by("pk").defer("sought").iterator(chunk_size=_CHUNK)
    while part := list(islice(found, _CHUNK)):
        seen.extend(confidential(part, who))
        for row in part:
            told = row.shown_to(who)
            yield [cell(told.get(name), column) for name, column in columns.items()]


def _is_text(value: Any) -> bool:
    return isinstance(value, str | tuple)
