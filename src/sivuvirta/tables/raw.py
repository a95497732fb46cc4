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
    header: tuple[str, ...]  # names as written
    cells: Sequence[Sequence[Any]]  # column by column: text, or numbers, booleans and dates of a workbook
    lines: Sequence[int]  # line of each row in the file
    decimal_comma: bool = False  # a file separated by semicolons or tabs: a comma in a number is its decimal sign
    units: tuple[str, ...] = ()  # units from header comments, "" where none; empty where the format has none

    def __len__(self) -> int:
        return len(self.lines)


@frozen(eq=False)
class RawRegion:
    """All raw tables of a package, workbook or folder, with what was wrong with the files themselves."""

    name: str
    title: str
    raw: tuple[RawTable, ...]
    problems: tuple[Problem, ...] = field(default=())
