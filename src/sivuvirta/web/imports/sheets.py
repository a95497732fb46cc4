"""Sheets: the grids of a file as they stand, read row by row so that a large workbook needs little memory."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
from attrs import field, frozen
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles.numbers import BUILTIN_FORMATS

from sivuvirta.errors import ReadError, SivuvirtaError
from sivuvirta.tables.cells import readable
from sivuvirta.tables.csv_folder import raw_folder
from sivuvirta.tables.csv_rows import SEPARATORS, csv_rows
from sivuvirta.tables.harmless import meant
from sivuvirta.tables.headings import column_headings
from sivuvirta.tables.schema import region_tables
from sivuvirta.tables.workbook import GUIDE, LISTS
from sivuvirta.units.numbers import Fault
from sivuvirta.web.imports.files import UploadError, unpack, unpacked

MOST_ROWS = 250_000
"""Rows of a file."""

MOST_COLUMNS = 300
"""Columns of a sheet."""

_PERCENT = "%"
_UNFIT = re.compile("[\x00\ud800-\udfff]")  # signs that no text of a database holds
_FORMULA = (b"<f>", b"<f ", b"<f/")
_EMPTY_ROWS = 1000  # that stand one after the other before a sheet is taken to end: formats reach down to row 1 048 576
_READ = 0.15  # share of the whole work that reading a workbook is said to be
Tell = Callable[..., None]
"""Hears a share of the work, a message, and by name what stands in the places of the message."""


@frozen(eq=False)
class Sheet:
    """One grid. Rows are as long as they are; what is missing at their ends is empty."""

    name: str
    rows: list[list[Any]]  # text, numbers, booleans, dates; a Fault where there is no value
    lines: list[int]  # line of each row in the file, counted from 1
    comma: bool = False  # the file's decimal sign is the comma
    faults: tuple[str, ...] = field(default=())  # what could not be read of it
    table: str = ""  # where the file itself says which table it is


def read(kind: str, place: Path, name: str, tell: Tell = lambda share, text, **places: None) -> list[Sheet]:
    """All grids of a file that hold anything.

    Args:
        kind: as `files.kind` told it.
        place: of the file.
        name: that a CSV file came under, for people.
        tell: hears how far it is.

    Raises:
        UploadError: it cannot be read, or is larger than is taken.
    """
    found = {"xlsx": _workbook, "csv": _text, "package": _package}[kind](place, name, tell)
    sheets = [sheet for sheet in found if sheet.rows]
    if not sheets:
        raise UploadError(_("The file holds no rows."))
    if sum(len(sheet.rows) for sheet in sheets) > MOST_ROWS:
        raise UploadError(_("The file holds more than %(most)s rows. Part it.") % {"most": MOST_ROWS})
    return sheets


def _workbook(place: Path, _name: str, tell: Tell) -> Iterator[Sheet]:
    try:
        with place.open("rb") as file, place.open("rb") as again:  # by its content: the name of what is kept has no ending
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            formulas = openpyxl.load_workbook(again, read_only=True, keep_links=False) if _has_formulas(place) else None
            percent = _percent_styles(book)
            wanted = [
                each for each in book.worksheets if each.title.strip().lower() not in (GUIDE, LISTS) and each.sheet_state == "visible"
            ]
            shares = _shares_of(wanted)
            for sheet in wanted:
                rows, lines = _grid(
                    sheet, None if formulas is None else formulas[sheet.title], percent, _telling(tell, *shares[sheet.title])
                )
                yield Sheet(sheet.title.strip(), rows, lines)
    except SivuvirtaError:
        raise  # told already, or somebody stopped it
    except Exception as error:  # a broken workbook fails anywhere within the library that reads it
        raise UploadError(_("The workbook cannot be read. Open it in a spreadsheet and save it again as .xlsx.")) from error


def _shares_of(sheets: Sequence[Any]) -> dict[str, tuple[float, float, int]]:
    """Where reading of each sheet begins and ends, as a share of the whole work, and the rows that it says it has."""
    rows = [max(sheet.max_row or 0, 1) for sheet in sheets]
    ends = [_READ * sum(rows[: at + 1]) / sum(rows) for at in range(len(rows))]
    return {sheet.title: (start, end, size) for sheet, start, end, size in zip(sheets, [0.0, *ends], ends, rows, strict=False)}


def _telling(tell: Tell, start: float, end: float, rows: int) -> Callable[..., None]:
    return lambda line, text, **places: tell(start + (end - start) * min(line / rows, 1.0), text, **places)


def _has_formulas(place: Path) -> bool:
    """Whether a second look is needed, for formulas whose result was never stored; it costs as much as the first."""
    with zipfile.ZipFile(place) as archive:
        parts = [part for part in archive.infolist() if part.filename.startswith("xl/worksheets/")]
        return any(_formula(unpacked(archive, part)) for part in parts)


def _formula(content: Iterator[bytes]) -> bool:
    before = b""
    for chunk in content:
        if any(sign in before + chunk for sign in _FORMULA):
            return True
        before = chunk[-2:]
    return False


def _percent_styles(book: Any) -> frozenset[int]:
    """Styles under which a spreadsheet shows 0.35 as 35 %."""
    own = book._number_formats
    built_in = BUILTIN_FORMATS

    def shown(number: int) -> str:
        return str(own[number - 164] if 164 <= number < 164 + len(own) else built_in.get(number, ""))

    return frozenset(at for at, style in enumerate(book._cell_styles) if _PERCENT in shown(style.numFmtId))


def _grid(sheet: Any, formulas: Any, percent: frozenset[int], tell: Callable[..., None]) -> tuple[list[list[Any]], list[int]]:
    """Rows that hold anything."""
    sheet.reset_dimensions()
    if formulas is not None:
        formulas.reset_dimensions()
    rows: list[list[Any]] = []
    lines: list[int] = []
    whole: dict[str, str] = {}  # one text is kept once, however many cells hold it
    again = () if formulas is None else formulas.iter_rows(values_only=True)
    for line, (cells, written) in enumerate(zip_longest(sheet.iter_rows(values_only=not percent), again, fillvalue=()), 1):
        row = [_cell(cell, percent, whole) for cell in cells[:MOST_COLUMNS]]
        if written and None in row:
            _without_result(row, written)
        if _filled(row):
            rows.append(row)
            lines.append(line)
            if len(rows) > MOST_ROWS:
                raise UploadError(_("The file holds more than %(most)s rows. Part it.") % {"most": MOST_ROWS})
            if len(rows) % 1000 == 0:
                tell(line, gettext_noop("Reading sheet “%(sheet)s”, row %(row)s"), sheet=sheet.title, row=line)
        elif line - (lines[-1] if lines else 0) > _EMPTY_ROWS:
            break
    return rows, lines


def _cell(cell: Any, percent: frozenset[int], whole: dict[str, str]) -> Any:
    value = cell.value if percent else cell
    if value is None:
        return None
    if isinstance(value, str):
        if value in ERROR_CODES:
            text = _("The cell holds the spreadsheet error %(error)s.") % {"error": value}
            return Fault("formula_error", text, _("Correct the formula, or write the figure itself."))
        return whole.setdefault(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool) and percent and getattr(cell, "_style_id", 0) in percent:
        return Percent(value)
    return value


class Percent(float):
    """A share that the spreadsheet shows in per cent: 0.35 reads 35 %."""


def _without_result(row: list[Any], written: Sequence[Any]) -> None:
    """A formula whose result was never stored looks like an empty cell, and must not be read as unknown."""
    for at, formula in enumerate(written[: len(row)]):
        if row[at] is None and isinstance(formula, str) and formula.startswith("="):
            text = _("The formula '%(formula)s' has no stored result.") % {"formula": formula[:80]}
            row[at] = Fault(
                "formula_without_result", text, _("Open the workbook in a spreadsheet and save it, or write the figure itself.")
            )


def _filled(row: Iterable[Any]) -> bool:
    return any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row)


def _text(place: Path, name: str, _tell: Tell) -> Iterator[Sheet]:
    known = frozenset(word for table in region_tables() for word in column_headings(table))
    parsed = csv_rows(place.read_bytes(), name, known)
    faults = tuple(str(problem) for problem in parsed.problems if problem.level == "error")
    whole: dict[str, str] = {}
    rows: list[list[Any]] = (
        [fit([whole.setdefault(text, meant(text)) for text in row]) for row in (parsed.header, *parsed.rows)] if parsed.header else []
    )
    yield Sheet(Path(name).stem[:100] or "csv", rows, [1, *parsed.lines], parsed.separator != SEPARATORS[0], faults)


def _package(place: Path, name: str, _tell: Tell) -> Iterator[Sheet]:
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        try:
            region = raw_folder(unpack(place, Path(folder) / "package"))
        except ReadError as error:
            raise UploadError(_("The archive holds no table of a data package.")) from error
    for raw in region.raw:
        faults = tuple(str(problem) for problem in region.problems if problem.table == raw.name and problem.level == "error")
        cells = [[meant(cell) if isinstance(cell, str) else cell for cell in column] for column in raw.cells]
        rows = [fit(list(raw.header)), *(fit(list(row)) for row in zip(*cells, strict=True))]
        yield Sheet(raw.name, rows, [1, *raw.lines], raw.decimal_comma, faults, raw.name)


def fit(row: list[Any]) -> list[Any]:
    """A row in which a text that no database can hold is a fault, before anything asks a database for it."""
    if not any(isinstance(cell, str) and _UNFIT.search(cell) for cell in row):
        return row
    return [readable(cell) if isinstance(cell, str) and _UNFIT.search(cell) else cell for cell in row]


def named(sheets: Iterable[Sheet]) -> dict[str, Sheet]:
    """Sheets by their names."""
    return {sheet.name: sheet for sheet in sheets}
