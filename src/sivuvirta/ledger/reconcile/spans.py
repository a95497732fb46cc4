"""Numbers of rows in words."""

from __future__ import annotations

from collections.abc import Iterable


def spans(numbers: Iterable[int | None]) -> str:
    """Rows with those that follow each other drawn together.

    >>> spans([3]), spans([9, 3, 4, 5])
    ('row 3', 'rows 3 to 5, 9')
    """
    runs: list[list[int]] = []
    for number in sorted({number for number in numbers if number is not None}):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    told = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in runs)
    return f"{'row' if len(runs) == 1 and runs[0][0] == runs[0][1] else 'rows'} {told}"
