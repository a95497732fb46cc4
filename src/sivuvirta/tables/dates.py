"""Dates: a year, a month or a day, kept as ISO text."""

from __future__ import annotations

import datetime
import re

from sivuvirta.units.numbers import Fault

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FINNISH = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

HOW = "Write a day as 2024-05-13, a month as 2024-05, a year as 2024."


def parse_date(text: str) -> str | Fault:
    """A date as ISO text: year, month or day.

    >>> parse_date("13.5.2024"), parse_date("2024-05")
    ('2024-05-13', '2024-05')
    """
    if finnish := _FINNISH.fullmatch(text):
        day, month, year = (int(part) for part in finnish.groups())
        return _valid(text, year, month, day)
    if iso := _ISO.fullmatch(text):
        whole = [int(part) if part else None for part in iso.groups()]
        return _valid(text, whole[0] or 0, whole[1], whole[2])
    return Fault("not_a_date", f"'{text}' is no date.", HOW)


def _valid(text: str, year: int, month: int | None, day: int | None) -> str | Fault:
    try:
        checked = datetime.date(year, month or 1, day or 1)
    except ValueError:
        return Fault("not_a_date", f"'{text}' is no date of the calendar.", HOW)
    return checked.isoformat()[: 10 if day else 7 if month else 4]
