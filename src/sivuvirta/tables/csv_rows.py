"""Rows of one CSV file: encoding, separator, quotation marks, line numbers."""

from __future__ import annotations

import csv
import io
from itertools import islice

from attrs import evolve, field, frozen

from sivuvirta.errors import Problem

SEPARATORS = (",", ";", "\t")
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}
MOST_FAULTS = 50
"""Faulty quotation marks of one file after which no more is read of it."""

_FIELD_LIMIT = 2**30  # a geometry may be long; the csv module stops at 131 072 signs otherwise


@frozen(eq=False)
class CsvRows:
    """Fields of a file with the line on which each row starts; blank rows are left out."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    separator: str
    problems: list[Problem] = field(factory=list)
    lost: list[str] = field(factory=list)  # text that could not be read into rows
    unreadable: bool = False  # nothing of it could be read

    @property
    def complete(self) -> bool:
        """Whether every row could be read; if not, a key that is not found may be there."""
        return not (self.lost or self.unreadable)


def csv_rows(data: bytes, shown: str, columns: frozenset[str]) -> CsvRows:
    """Rows of a file.

    Args:
        data: the file.
        shown: its place as the user knows it.
        columns: names that its header may have; they tell the separator.
    """
    text, problems = _decoded(data, shown)
    if text is None or not text.strip():
        if text is not None:
            problems.append(
                Problem(file=shown, rule="empty_file", message="The file is empty.", repair="Delete it, or give it a header row.")
            )
        return CsvRows([], [], [], ",", problems, unreadable=True)
    separator = _separator(text, columns)
    return _parsed(text, separator, shown, problems)


def _decoded(data: bytes, shown: str) -> tuple[str | None, list[Problem]]:
    """The text, and what had to be guessed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _as(data, "utf-16", shown)
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return _as(data, "cp1252", shown)


def _as(data: bytes, encoding: str, shown: str) -> tuple[str | None, list[Problem]]:
    name = {"utf-16": "UTF-16", "cp1252": "Windows-1252"}[encoding]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"Byte 0x{data[error.start]:02X} is neither UTF-8 nor {name}."
        return None, [Problem(file=shown, rule="encoding", row=line, message=message, repair="Save the file as UTF-8.")]
    message = f"The file was read as {name}."
    return text, [
        Problem(file=shown, rule="encoding", message=message, repair="Save it as UTF-8 to be sure of every letter.", level="warning")
    ]


def _separator(text: str, columns: frozenset[str]) -> str:
    """The separator under which the header has most columns of the table, then most fields."""
    csv.field_size_limit(_FIELD_LIMIT)
    line = text.splitlines()[0]

    def found(separator: str) -> tuple[int, int]:
        fields = next(csv.reader([line], delimiter=separator), [])
        return sum(name.strip().lower() in columns for name in fields), len(fields)

    return max(SEPARATORS, key=found)


def _parsed(text: str, separator: str, shown: str, problems: list[Problem]) -> CsvRows:
    """All rows but those whose quotation marks are at fault; reading goes on at the line after such a row began."""
    source = list(io.StringIO(text, newline=""))
    parsed = CsvRows([], [], [], separator, problems)
    begin = 0
    for _ in range(MOST_FAULTS):
        fault = _read_on(parsed, source, begin)
        if fault is None:
            return _even(parsed, shown)
        problems.append(_open_quote(shown, fault + 1))
        if not parsed.header:
            break
        parsed.lost.append(source[fault])
        begin = fault + 1
    parsed.lost.extend(source[begin:])
    return _even(parsed, shown)


def _read_on(parsed: CsvRows, source: list[str], begin: int) -> int | None:
    """Rows from a line on, up to the end or to a faulty quotation mark; the position of its row, None where there is none."""
    reader = csv.reader(islice(source, begin, None), delimiter=parsed.separator, strict=True)
    before, torn = begin, begin > 0
    try:
        for row in reader:
            if row and (row[0].strip() or "".join(row).strip()):
                if not parsed.header:
                    parsed.header.extend(row)
                elif torn and len(row) < len(parsed.header):
                    parsed.lost.append(parsed.separator.join(row))  # the torn text goes on over this line
                else:
                    torn = False
                    parsed.rows.append(row)
                    parsed.lines.append(before + 1)
            before = begin + reader.line_num
    except csv.Error:
        return before
    return None


def _open_quote(shown: str, line: int) -> Problem:
    message = "A quotation mark is opened and not closed, or stands in the middle of a field; the row was not read."
    return Problem(
        file=shown, rule="quotation_mark", row=line, message=message, repair='Close it, or write "" for a quotation mark in a text.'
    )


def _even(parsed: CsvRows, shown: str) -> CsvRows:
    """Only rows with as many fields as the header; the others are problems."""
    width = len(parsed.header)
    if set(map(len, parsed.rows)) <= {width}:
        return parsed
    rows, lines = [], []
    for row, line in zip(parsed.rows, parsed.lines, strict=True):
        if len(row) > width and not any(field.strip() for field in row[width:]):
            rows.append(row[:width])  # Excel fills short tables up with separators
            lines.append(line)
        elif len(row) == width:
            rows.append(row)
            lines.append(line)
        else:
            parsed.problems.append(_uneven(parsed, shown, row, line))
            parsed.lost.append(parsed.separator.join(row))
    return evolve(parsed, rows=rows, lines=lines)


def _uneven(parsed: CsvRows, shown: str, row: list[str], line: int) -> Problem:
    message = f"{len(row)} fields, but the header has {len(parsed.header)}."
    more = f"Put a text that holds {NAMES[parsed.separator]} in quotation marks."
    repair = more if len(row) > len(parsed.header) else "Write a separator for each empty cell too."
    return Problem(file=shown, rule="uneven_row", row=line, message=message, repair=repair)
