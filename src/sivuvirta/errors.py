"""Errors: one base, one class per cause. This module imports nothing of ours.

Every error says where, what, which rule, and how to repair it; errors of data carry *all* problems at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from attrs import frozen


class SivuvirtaError(Exception):
    """Base of every error that Sivuvirta raises on purpose."""


@frozen(kw_only=True)
class Problem:
    """One bad cell, row or file: place, value, rule and repair."""

    file: str  # file or sheet as the user knows it, for example "data/streams.csv"
    rule: str  # short code of the broken rule, for example "below_minimum"
    message: str  # what is wrong, with value and unit, in a sentence
    repair: str = ""  # what to do about it, in a sentence
    table: str = ""
    row: int | None = None  # line of the file, the header is line 1
    column: str | None = None
    value: str | None = None  # the cell as written
    unit: str = ""
    level: str = "error"  # "error" stops; "warning" is shown

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column '{self.column}'" if self.column else "",
            )
            if part
        )
        return " ".join(part for part in (f"{place}:" if place else "", self.message, self.repair) if part)


class CheckError(SivuvirtaError):
    """A region or workbook has bad data. `problems` holds every one of them; nothing was loaded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(format_problems(self.problems))


class ReadError(SivuvirtaError):
    """A file cannot be read at all: it is missing, of a kind that is not known, or broken."""


class UnknownNameError(SivuvirtaError):
    """A name (region, stream, need, vintage, option) does not exist; the message lists what does."""


class UnitError(SivuvirtaError):
    """A unit is not known, or cannot be turned into the one that is needed."""


class ShapeError(SivuvirtaError):
    """Arrays that belong together have different lengths."""


class OptionError(SivuvirtaError):
    """An option has a value that it cannot have; the message says which it can."""


class InfeasibleError(SivuvirtaError):
    """No plan meets all requirements. `conflicts` names the smallest set found that cannot hold together; `advice` another way out."""

    def __init__(self, conflicts: Sequence[str], advice: str = "") -> None:
        self.conflicts, self.advice = tuple(conflicts), advice
        several = len(self.conflicts) != 1
        lines = [f"{len(self.conflicts)} requirements cannot all be met:" if several else "One requirement cannot be met:"]
        lines += [f"  {number}. {text}" for number, text in enumerate(self.conflicts, 1)]
        relax = "Relax or remove at least one of them." if several else "Relax or remove it."
        lines.append(f"{relax} {advice}".strip())
        super().__init__("\n".join(lines))


class SolverError(SivuvirtaError):
    """The solver stopped without an answer; the message says with which status."""


class MissingExtraError(SivuvirtaError):
    """An optional package is needed; the message says how to install it."""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def format_problems(problems: Iterable[Problem]) -> str:
    """All problems as one text, grouped by file in the order given.

    Returns:
        For each file a line with the count, then one indented line a problem.
    """
    blocks = []
    for file, group in groupby(problems, key=lambda problem: problem.file):
        members = list(group)
        lines = [f"{_count(len(members), 'problem')} in {file}"]
        lines += [f"  {problem}" for problem in members]
        blocks.append("\n".join(lines))
    return "\n".join(blocks)
