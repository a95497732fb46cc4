"""What numbers rest on that are no figures of the assessment: words on how they came about, and rows, sources and figures behind them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from attrs import frozen

from sivuvirta.domain.indicators import Input

RESTS = "rests"
"""Key of a row under which its basis stands, where its columns do not tell it."""

_BYTES = 4  # of a key: some thousands of them on a page meet once in a thousand pages


@frozen
class Basis:
    """What some numbers rest on. Numbers of the same basis share one entry of the page."""

    how: str = ""  # how they came about, in words
    rows: tuple[tuple[str, str], ...] = ()  # table and key of rows of the register
    sources: tuple[str, ...] = ()  # ids
    figures: tuple[str, ...] = ()  # keys of figures of the assessment
    missing: str = ""  # what is not known of them

    @property
    def key(self) -> str:
        """Its name on the page: the same for the same content."""
        text = repr((self.how, self.rows, self.sources, self.figures, self.missing))
        return f"b{urlsafe_b64encode(blake2b(text.encode(), digest_size=_BYTES).digest()).decode().rstrip('=')}"

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return self == NOTHING


NOTHING = Basis()


def united(bases: Iterable[Basis]) -> Basis:
    """What several numbers rest on together."""
    every = list(dict.fromkeys(bases))
    return Basis(
        how=" ".join(dict.fromkeys(one.how for one in every if one.how)),
        rows=tuple(dict.fromkeys(row for one in every for row in one.rows)),
        sources=tuple(dict.fromkeys(name for one in every for name in one.sources)),
        figures=tuple(dict.fromkeys(key for one in every for key in one.figures)),
        missing="; ".join(dict.fromkeys(part for one in every for part in _parts(one.missing))),
    )


def fed(inputs: Iterable[Input], behind: Iterable[str] = (), how: str = "", missing: Iterable[str] = ()) -> Basis:
    """What a figure rests on that is computed of inputs.

    Args:
        inputs: that go into it.
        behind: rows that were looked at beside them, "table: key".
        how: it came about, in words.
        missing: what is not known of it.
    """
    every = list(inputs)
    rows = [_row(part) for text in (*(each.row for each in every), *behind) for part in _parts(text)]
    named = [part for each in every for part in _parts(each.source.replace(",", ";"))]
    return Basis(how, tuple(dict.fromkeys(rows)), tuple(dict.fromkeys(named)), missing="; ".join(dict.fromkeys(missing)))


def basis_of(row: Mapping[str, Any]) -> Basis:
    """What a row of a table says of itself: its sources, rows of the register, formula, and what is missing.

    Read are the columns source, sources, row ("table: key" or a figure's row beside its table), formula, unknown and missing.
    """
    stated = row.get(RESTS)
    if isinstance(stated, Basis):
        return stated
    named = [part for column in ("source", "sources") for part in _parts(_text(row.get(column)).replace(",", ";"))]
    missing = "; ".join(dict.fromkeys(text for column in ("unknown", "missing") if (text := _text(row.get(column)))))
    formula = _text(row.get("formula"))
    place = _text(row.get("row"))
    return Basis(
        how=f"By the formula {formula}" if formula else "",
        rows=() if "table" in row else tuple(_row(part) for part in _parts(place)),
        sources=tuple(dict.fromkeys(named)),
        figures=(f"{row['table']}/{place}",) if "table" in row and place else (),
        missing=missing,
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _parts(value: Any) -> list[str]:
    return [part.strip() for part in _text(value).split(";") if part.strip()]


def _row(text: str) -> tuple[str, str]:
    """A row by table and key; words after the key say what of it."""
    table, _, rest = text.partition(": ")
    return table, rest.partition(": ")[0]
