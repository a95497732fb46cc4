"""Tables of a report: columns with a kind and a unit, cells ready to print and to sort by."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from attrs import evolve, field, frozen

from sivuvirta.report.following.basis import Basis, basis_of
from sivuvirta.report.words import Figure, figure, sign_of, span

ROWS = 1000
"""Rows of a table; more make a page that opens slowly."""

TRACE = "trace"
"""Key of a row under which stands the figure that its numbers trace to."""

RESTING = "_rests"
"""After the key of a column: key of a row under which stands what its number alone rests on, beside what the row rests on."""

NO_PLAN = "no plan"
"""Instead of a cost, where nothing meets all requirements."""

BESIDE = "\u2020"
"""After a figure that does not stand in its range: the key of the column with "_beside" holds the reason, which its title tells."""

_WORST = 9
_ENDLESS = 1e300  # for sorting: JSON and browsers agree on it
_FIGURE = re.compile(r"[\u2212+]?[\d,]*\.?\d")


@frozen
class Column:
    """One column of a table."""

    key: str
    title: str
    kind: str = "text"  # text, name, long, number, bare, cost, change, range, grade, verdict, material, link
    unit: str = ""  # of a number; "*" takes it from the row's "unit"
    help: str = ""


@frozen
class Cell:
    """One cell, ready to print."""

    kind: str
    text: str
    full: str = ""  # shown on hover
    sort: float | str = ""
    mark: str = ""  # grade letter, verdict word, colour family, address or tone, by kind
    sign: str = ""
    link: str = ""
    trace: str = ""  # key of what this number rests on, where it is something else than the others of its row

    @property
    def read(self) -> bool:
        """Whether what a number sorts by can be read from its text or its full figure, so that the page need not say it again.

        Of a range it is the first end; what is not known has no figure to read, and comes last.
        """
        if self.sort == "":
            return True
        return bool(_FIGURE.match(self.full or self.text)) and abs(float(self.sort)) < _ENDLESS


@frozen
class Sheet:
    """One table."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    empty: str = "Nothing to show."
    foot: tuple[Cell, ...] = ()  # a sum, which stays last however the rows are sorted
    traces: tuple[str, ...] = ()  # key of what each row traces to, a figure or a basis, "" for none; the last one is that of the foot
    bases: Mapping[str, Basis] = field(factory=dict)  # what rows rest on that are no figures of the assessment, by key

    def __len__(self) -> int:
        return len(self.rows)


def sheet(
    id: str,  # noqa: A002
    caption: str,
    columns: Iterable[Column],
    rows: Iterable[Mapping[str, Any]],
    empty: str = "",
    foot: Mapping[str, Any] | None = None,
) -> Sheet:
    """A table of rows given by column key, of which the first `ROWS` are kept.

    An absent key is an empty cell; None and NaN are unknown, and say so in a column of numbers.
    """
    kept, every = tuple(columns), list(rows)
    cells = [[_cell(column, row) for column in kept] for row in every[:ROWS]]
    if len(every) > ROWS:
        caption += f" The first {ROWS:,} of {len(every):,} rows; the others are left out, so that the page stays small enough to open."
    last = tuple(_cell(column, foot) for column in kept) if foot else ()
    traced = [(str(row.get(TRACE, "")), basis_of(row)) for row in (*every[:ROWS], foot or {})]
    keys = tuple(key or ("" if basis.empty else basis.key) for key, basis in traced)
    bases = {basis.key: basis for key, basis in traced if not key and not basis.empty}
    own = (row[f"{column.key}{RESTING}"] for row in every[:ROWS] for column in kept if f"{column.key}{RESTING}" in row)
    bases |= {basis.key: basis for basis in own if not basis.empty}
    return Sheet(id, caption, kept, cells, empty or "Nothing to show.", last, keys, bases)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries by column."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _cell(column: Column, row: Mapping[str, Any]) -> Cell:
    made, own = _KINDS[column.kind](column, row, row.get(column.key)), row.get(f"{column.key}{RESTING}")
    return made if own is None or own.empty else evolve(made, trace=own.key)


def _text(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    text = "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)
    return Cell(column.kind, text, sort=text.lower(), mark=str(row.get(f"{column.key}_link", "")))


def _number(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    if value is None and column.key not in row:
        return Cell("number", "", sort="")
    shown = figure(value, str(row["unit"]) if column.unit == "*" else column.unit, sign=column.kind == "change")
    why = str(row.get(f"{column.key}_beside") or "")
    text, full = (f"{shown.text} {BESIDE}", f"{shown.full}; {why}") if why else (shown.text, shown.full)
    text = ", ".join(part for part in (text, str(row.get(f"{column.key}_words") or "")) if part)
    return Cell("number", text, full=full, sort=shown.value if shown.known else "", mark=_tone(column, shown))


def _bare(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    """A number whose unit stands in the head of its column; empty where it is not known."""
    shown = figure(value, column.unit)
    return Cell("number", shown.number if shown.known else "", full=shown.full, sort=shown.value if shown.known else "")


def _range(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    """Both ends, with the mean behind them where it is told."""
    low, high, *mean = value or (None, None)
    unit = str(row["unit"]) if column.unit == "*" else column.unit
    text = span(low, high, unit)
    means = [figure(each, unit) for each in mean if text and not math.isnan(each)]
    return Cell(
        "number",
        ", ".join([text, *(each.text for each in means)]),
        full="; mean ".join([f"{figure(low, unit).full} to {figure(high, unit).full}", *(each.full for each in means)]) if text else "",
        sort=float(f"{low:.7g}") if text and low is not None else "",
    )


def _cost(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    """What something costs; endless where no plan is left."""
    if value is not None and math.isinf(value):
        return Cell("number", NO_PLAN, full="Nothing meets all requirements then", sort=float(_ENDLESS))
    return _number(column, row, value)


def _tone(column: Column, shown: Figure) -> str:
    if column.kind != "change" or not shown.known or math.isclose(shown.value, 0.0, abs_tol=1e-9):
        return ""
    return "gain" if shown.value > 0 else "loss"


def _grade(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    return Cell("grade", str(value or ""), sort="ABCD".index(value) if value else _WORST, mark=str(value or ""))


def _verdict(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    words = ("pass", "blend", "likely", "unknown", "fail")
    return Cell("verdict", str(value or ""), sort=words.index(value) if value else _WORST, mark=str(value or ""), sign=sign_of(value or ""))


def _material(column: Column, row: Mapping[str, Any], value: Any) -> Cell:
    family, name = value or ("", "")
    return Cell("material", name, sort=name.lower(), mark=family, link=str(row.get(f"{column.key}_link", "")))


_KINDS: dict[str, Callable[[Column, Mapping[str, Any], Any], Cell]] = {
    "text": _text,
    "name": _text,
    "long": _text,
    "link": _text,
    "number": _number,
    "change": _number,
    "bare": _bare,
    "cost": _cost,
    "range": _range,
    "grade": _grade,
    "verdict": _verdict,
    "material": _material,
}
