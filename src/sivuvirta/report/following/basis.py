"""What numbers rest on that are no figures of the assessment: words on how they came about, and rows, sources and figures behind them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from attrs import frozen

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
    table, _, key = text.partition(": ")
    return table, key
