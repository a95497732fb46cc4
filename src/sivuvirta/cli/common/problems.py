"""Problems of data on the screen: many of one kind are counted, not repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from sivuvirta.errors import Problem
from sivuvirta.report.words import count

MOST = 20
"""Lines of one kind that are printed."""


def shortened(problems: Iterable[Problem], repair: str, most: int | None = MOST) -> str:
    """All problems as one text, grouped by file, with at most so many lines of one rule, table and column.

    Args:
        problems: in any order.
        repair: how to see all of them, for example "--json lists all".
        most: lines of one kind; None prints every one.

    Returns:
        For each file a line with the exact count, then one indented line a problem or for those left out.
    """
    lines: list[str] = []
    for file, group in groupby(sorted(problems, key=lambda problem: problem.file), key=lambda problem: problem.file):
        members = list(group)
        lines += [f"{count(len(members), 'problem')} in {file}", *_lines(members, repair, len(members) if most is None else most)]
    return "\n".join(lines)


def _lines(members: list[Problem], repair: str, most: int) -> list[str]:
    total, seen, lines = Counter(map(_kind, members)), Counter[tuple[str, ...]](), []
    for problem in members:
        kind = _kind(problem)
        seen[kind] += 1
        if seen[kind] <= most:
            lines.append(f"  {problem}")
        elif seen[kind] == most + 1:
            left = f"{total[kind] - most:,}".replace(",", " ")
            lines.append(f"  ... and {left} more of this kind ({repair})")
    return lines


def _kind(problem: Problem) -> tuple[str, ...]:
    return problem.level, problem.rule, problem.table, problem.column or ""
