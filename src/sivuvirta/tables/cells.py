"""Typed columns from cells as written. Whole columns convert at once; only a column that fails is looked at cell by cell."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from sivuvirta.domain.table import Column
from sivuvirta.tables.dates import days_first, parse_date
from sivuvirta.tables.header_units import unit_in_cell
from sivuvirta.tables.schema import LIST_SEPARATOR, ColumnSchema
from sivuvirta.units.numbers import LARGEST, Fault, parse_number

TRUE = frozenset({"yes", "true", "1", "y", "kyllä"})
FALSE = frozenset({"no", "false", "0", "n", "ei"})
YEARS = (1700, 2300)

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # signs that some file format cannot hold
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@frozen(eq=False)
class Typed:
    """A column with what was wrong with its cells; a cell at fault is unknown."""

    values: Column
    faults: Sequence[tuple[int, Fault]] = ()
    comma: Sequence[int] = ()  # rows in which a comma was read as the decimal sign although the file does not say so
    below: Sequence[int] = field(default=())  # rows with a detection limit


def objects(values: Iterable[Any], rows: int) -> Column:
    """An array of objects of length `rows`, whatever they are."""
    return np.fromiter(values, dtype=object, count=rows)


def typed(cells: Sequence[Any], schema: ColumnSchema, decimal_comma: bool = False) -> Typed:
    """A column as its schema has it.

    Args:
        cells: as the file has them: text, or what a workbook or frame holds.
        schema: of the column.
        decimal_comma: the file's decimal sign is known to be the comma.
    """
    kinds = set(map(type, cells))
    if Fault in kinds:
        return _without_faulty(cells, schema, decimal_comma)
    if schema.numeric and kinds <= {float, int, type(None)}:
        return _native_numbers(cells, schema)
    texts = [cell.strip() for cell in cells] if kinds <= {str} else [as_text(cell) for cell in cells]
    if schema.default:
        texts = [text or schema.default for text in texts]
    if schema.choices:
        texts = _chosen(texts, schema.choices)
    try:
        return Typed(_fast(texts, schema))
    except ValueError:
        return _slow(texts, schema, decimal_comma and not any("." in text for text in texts))


def _chosen(texts: list[str], choices: Sequence[str]) -> list[str]:
    """Choices that were written in other case, as they are in the schema; what is no choice stays as it is."""
    if set(texts).issubset({*choices, ""}):
        return texts
    spelled = {choice.casefold(): choice for choice in choices}
    return [spelled.get(text.casefold(), text) for text in texts]


def _without_faulty(cells: Sequence[Any], schema: ColumnSchema, decimal_comma: bool) -> Typed:
    """Cells that the reader itself could not read, for example a formula without a result, beside the others."""
    faults = [(row, cell) for row, cell in enumerate(cells) if isinstance(cell, Fault)]
    rest = typed([None if isinstance(cell, Fault) else cell for cell in cells], schema, decimal_comma)
    result = _without(rest.values, faults)
    return Typed(result.values, sorted([*rest.faults, *faults], key=lambda fault: fault[0]), rest.comma, rest.below)


def as_text(cell: Any) -> str:
    """A cell of a workbook, frame or Parquet file as it would be written in a CSV file."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (list, tuple, np.ndarray)):
        return LIST_SEPARATOR.join(map(str, cell))
    if cell is None or isinstance(cell, Fault) or cell != cell:  # noqa: PLR0124 - NaN of a Parquet file
        return ""
    return _scalar_text(cell)


def _scalar_text(cell: Any) -> str:
    if isinstance(cell, (bool, np.bool_)):
        return "yes" if cell else "no"
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.isoformat()[:10]
    if isinstance(cell, (int, float, np.integer, np.floating)):
        return number_text(float(cell))
    return str(cell).strip()


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))


def members(text: str) -> tuple[str, ...] | None:
    """The texts of a list cell, None where there is none."""
    parts = tuple(part for part in (part.strip() for part in text.split(LIST_SEPARATOR)) if part)
    return parts or None


def boolean(text: str) -> bool | None:
    """A yes or no; None for an empty cell.

    Raises:
        ValueError: it is neither.
    """
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    if word:
        raise ValueError(text)
    return None


def _native_numbers(cells: Sequence[Any], schema: ColumnSchema) -> Typed:
    default = float(schema.default) if schema.default else math.nan
    values = np.array([default if cell is None or cell != cell else cell for cell in cells], dtype=float)  # noqa: PLR0124
    faults = [(row, _infinite(cells[row])) for row in np.flatnonzero(np.isinf(values)).tolist()]
    faults += _whole_faults(values, schema)
    return _without(values, faults)


def _infinite(cell: Any) -> Fault:
    return Fault("not_a_number", f"'{cell}' is no number.", "Leave the cell empty where there is no limit.")


def _fast(texts: list[str], schema: ColumnSchema) -> Column:
    """A column whose every cell can be read.

    Raises:
        ValueError: at least one cannot, or has to be looked at.
    """
    if schema.numeric:
        values = np.array([float(text) if text else math.nan for text in texts], dtype=float)
        if int((np.abs(values) <= LARGEST).sum()) != sum(map(bool, texts)) or "_" in "".join(texts) or _whole_faults(values, schema):
            raise ValueError(schema.name)
        return values
    if schema.type == "boolean":
        return objects(map(boolean, texts), len(texts))
    if schema.type == "date" and not all(map(_is_day, set(texts))):
        raise ValueError(schema.name)
    if _CONTROL.search("".join(texts)):
        raise ValueError(schema.name)
    if schema.listed:
        return objects(map(members, texts), len(texts))
    return objects([text or None for text in texts], len(texts))


def _is_day(text: str) -> bool:
    return not text or parse_date(text) == text


def _whole_faults(values: Column, schema: ColumnSchema) -> list[tuple[int, Fault]]:
    """Whole numbers and years that are none."""
    if schema.type == "number":
        return []
    with np.errstate(invalid="ignore"):
        broken = np.isfinite(values) & (values != np.rint(values))
        odd = (
            np.isfinite(values) & ~broken & ((values < YEARS[0]) | (values > YEARS[1]))
            if schema.type == "year"
            else np.zeros(0, dtype=bool)
        )
    faults = [
        (int(row), Fault("not_whole", f"{number_text(float(values[row]))} is no whole number.", "Write a whole number."))
        for row in np.flatnonzero(broken)
    ]
    return faults + [
        (int(row), Fault("not_a_year", f"{number_text(values[row])} is no year.", "Write the year with four digits, such as 2024."))
        for row in np.flatnonzero(odd)
    ]


def _without(values: Column, faults: list[tuple[int, Fault]], comma: Sequence[int] = (), below: Sequence[int] = ()) -> Typed:
    for row, _ in faults:
        values[row] = np.nan if values.dtype == float else None
    return Typed(values, faults, comma, below)


def _slow(texts: list[str], schema: ColumnSchema, decimal_comma: bool) -> Typed:
    """The same cell by cell, every fault kept."""
    if schema.numeric:
        return _slow_numbers(texts, schema, decimal_comma)
    read: Callable[[str], Any] = {"boolean": _boolean, "date": parse_date}.get(schema.type, readable)
    written = days_first(texts) if schema.type == "date" else texts
    values = [read(text) if text else None for text in written]
    faults = [(row, value) for row, value in enumerate(values) if isinstance(value, Fault)]
    kept = (None if isinstance(value, Fault) else value for value in values)
    if schema.listed:
        kept = (members(value) if value else None for value in kept)
    return Typed(objects(kept, len(texts)), faults)


def _slow_numbers(texts: list[str], schema: ColumnSchema, decimal_comma: bool) -> Typed:
    values = np.full(len(texts), np.nan)
    faults: list[tuple[int, Fault]] = []
    comma, below = [], []
    for row, text in enumerate(texts):
        if not text:
            continue
        number = parse_number(text, decimal_comma=decimal_comma)
        if isinstance(number, Fault):
            with_unit = unit_in_cell(text, schema) if number.rule == "text_in_number" else None
            faults.append((row, _date_like(text) or with_unit or number))
            continue
        values[row] = number.value
        if number.comma and not decimal_comma:
            comma.append(row)
        if number.below:
            below.append(row)
    faults += _whole_faults(values, schema)
    return _without(values, sorted(faults, key=lambda fault: fault[0]), comma, below)


def _date_like(text: str) -> Fault | None:
    """A spreadsheet turns 1.5 into the first of May; what it was cannot be told from the date."""
    if not _DAY.fullmatch(text):
        return None
    return Fault("date_in_number", f"{text} is a date.", "Format the cell as a number and write the figure again.")


def _boolean(text: str) -> bool | Fault | None:
    try:
        return boolean(text)
    except ValueError:
        return Fault("not_yes_or_no", f"'{text}' is neither yes nor no.", "Write yes or no, or leave the cell empty where it is not known.")


def readable(text: str) -> str | Fault:
    """A text with plain ends of lines; a fault where it holds a sign that some file format cannot hold."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n")
    sign = _CONTROL.search(tidy)
    if sign is None:
        return tidy
    return Fault("control_character", f"The text holds the control character U+{ord(sign[0]):04X}.", "Delete it, or write the text again.")
