"""Raw tables: cells as written, with their places. Every reader returns these; nothing in them is trusted yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import field, frozen

from sivuvirta.errors import Problem


@frozen(eq=False)
class RawTable:
    """One table as its file has it. All columns have one length."""

    name: str  # table, as the file or sheet is called
    file: str  # place as the user knows it
    header: Sequence[str]  # names as written
    cells: Sequence[Sequence[Any]]  # column by column: text, or numbers, booleans and dates of a workbook; a Fault where there is no value
    lines: Sequence[int]  # line of each row in the file
    decimal_comma: bool = False  # a file separated by semicolons or tabs: a comma in a number is its decimal sign
    notes: Sequence[str] = ()  # units from header comments, "" where none; empty where the format has none
    complete: bool = True  # False: some rows could not be read, so a key that is not found may stand in them
    lost: str | None = None  # text of the rows that could not be read, None where not even that is known

    def __len__(self) -> int:
        return len(self.lines)


@frozen(eq=False)
class RawRegion:
    """All raw tables of a package, workbook or folder, with what was wrong with the files themselves."""

    name: str
    title: str
    kind: str  # "csv", "parquet", "sheet" or "frame": what the place of a table is called
    root: str  # what stands before a table's place, for example "mill/" or "mill.xlsx, "
    raw: tuple[RawTable, ...]
    problems: tuple[Problem, ...] = field(default=())
