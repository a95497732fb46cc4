"""Dates: a year, a month or a day, kept as ISO text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from sivuvirta.units.numbers import Fault

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FINNISH = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTHS = 12

HOW = "Write a day as 2024-05-13, a month as 2024-05, a year as 2024."


def parse_date(text: str) -> str | Fault:
    """A date as ISO text: year, month or day.

    A day with strokes is read where it can be read in one way only: 13/05/2024, but not 03/05/2024, which is the third of May to some
    and the fifth of March to others.

    >>> parse_date("13.5.2024"), parse_date("13/05/2024"), parse_date("2024-05")
    ('2024-05-13', '2024-05-13', '2024-05')
    """
    if slashed := _SLASHED.fullmatch(text):
        return _slashed(text, *(int(part) for part in slashed.groups()))
    if finnish := _FINNISH.fullmatch(text):
        day, month, year = (int(part) for part in finnish.groups())
        return _valid(text, year, month, day)
    if iso := _ISO.fullmatch(text):
        whole = [int(part) if part else None for part in iso.groups()]
        return _valid(text, whole[0] or 0, whole[1], whole[2])
    return Fault("not_a_date", f"'{text}' is no date.", HOW)


def days_first(texts: Iterable[str]) -> Sequence[str]:
    """Dates of one column, those with strokes written with points where one of them can only have the day first and none the month.

    >>> days_first(["13/05/2024", "03/05/2024"])
    ['13.05.2024', '03.05.2024']
    """
    texts = list(texts)
    found = [tuple(map(int, match.groups())) for text in texts if (match := _SLASHED.fullmatch(text))]
    if any(first > _MONTHS for first, _, _ in found) and not any(second > _MONTHS for _, second, _ in found):
        return [text.replace("/", ".") if _SLASHED.fullmatch(text) else text for text in texts]
    return texts


def _slashed(text: str, first: int, second: int, year: int) -> str | Fault:
    if first > _MONTHS or first == second:
        return _valid(text, year, second, first)
    if second > _MONTHS:
        return _valid(text, year, first, second)
    return Fault("not_a_date", f"'{text}' is read in two ways: the day first, or the month.", HOW)


def _valid(text: str, year: int, month: int | None, day: int | None) -> str | Fault:
    try:
        checked = datetime.date(year, month or 1, day or 1)
    except ValueError:
        return Fault("not_a_date", f"'{text}' is no date of the calendar.", HOW)
    return checked.isoformat()[: 10 if day else 7 if month else 4]
