"""Laboratory: sheets with a component in each column (Cr, Ni, ... with its unit in the heading) as rows of analyses, a row a result.

The rows stand in a sheet of their own beside the one that was sent, so that every cell can be seen and mended; the first column says in
which row of the sheet that was sent each stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from attrs import frozen

from sivuvirta import library
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.headings import folded
from sivuvirta.units.quantities import is_unit
from sivuvirta.web.imports.guessing import LOOKED, guess, meaning, parts
from sivuvirta.web.imports.mapping import plain_share
from sivuvirta.web.imports.sheets import Sheet

TABLE = "analyses"
BESIDE = f": {TABLE}"
"""What the name of the sheet of rows ends with."""

ASKED = "?"
"""Unit where the sheet says none: it is no unit, so the person is asked."""

_FEWEST = 2  # headings that name a component
_WEAK = 2  # columns of another table that a sheet of results may seem to have
_LEACHING = re.compile(r"\w*(?:leach|liuk|laknin|lixivia|eluat|eluaa)\w*|l/s(?:\s*=?\s*\d+)?", re.IGNORECASE)
_NAMES = ("name_en", "name_fi", "name_sv", "name_es")
_OWN = ("stream", "sample", "sampled", "method", "basis", "grade", "source", "note", "n")


@frozen
class _Result:
    """A column of results."""

    place: int
    component: str
    kind: str
    unit: str


def spread(sheets: Iterable[Sheet]) -> Iterator[Sheet]:
    """Sheets, each with its results as rows beside it; a sheet that is nothing but results gives way to them."""
    for sheet in sheets:
        head, results = _head(sheet)
        how = guess(sheet)
        streams = how.table == "streams" and how.head == head[0]
        if streams:  # moisture is the stream's there
            results = [each for each in results if not how.targets[each.place]]
        alone = how.table in ("", TABLE) or sum(map(bool, how.targets)) <= _WEAK
        fits = len(results) >= _FEWEST and any(each.unit not in ("", ASKED) for each in results)
        if not fits or sheet.table or _long(sheet) or not (streams or alone):
            yield sheet
            continue
        if streams:
            yield sheet
        yield _rows(sheet, head, results, how.table if streams else TABLE)


def _long(sheet: Sheet) -> bool:
    """Whether it has a row a result already."""
    return any(meaning(TABLE, as_text(cell))[0] == "component" for row in sheet.rows[:LOOKED] for cell in row)


def _head(sheet: Sheet) -> tuple[tuple[int, list[str]], list[_Result]]:
    """Where the headings stand and what they are, and the columns of results: the row that names most components."""
    best: tuple[tuple[int, list[str]], list[_Result]] = ((0, []), [])
    for at, row in enumerate(sheet.rows[:LOOKED]):
        texts = [as_text(cell) for cell in row]
        found = list(_results(texts, _units(sheet.rows[at + 1]) if at + 1 < len(sheet.rows) else [], sheet.name))
        if len(found) > len(best[1]):
            best = ((at, [parts(text)[0] for text in texts]), found)
    return best


def _units(row: Sequence[Any]) -> list[str]:
    """Units of a row that holds nothing else."""
    texts = [as_text(cell).strip("[]() ") for cell in row]
    return texts if all(not text or (is_unit(text) and not text[0].isdigit()) for text in texts) else []


def _results(texts: list[str], below: list[str], name: str) -> Iterator[_Result]:
    known = library.tables()["components"]
    kinds = dict(zip(known["component"].tolist(), known["kind"].tolist(), strict=True))
    taken: set[tuple[str, str]] = set()
    for place, text in enumerate(texts):
        heading, unit = parts(text)
        component = _component(heading)
        if not component:
            continue
        leached = bool(_LEACHING.search(f"{name} {heading}"))
        kind = "property" if kinds[component] == "property" else "leaching" if leached or kinds[component] == "leaching" else "total"
        if (component, kind) not in taken:
            taken.add((component, kind))
            said = unit or (below[place] if place < len(below) else "")
            yield _Result(place, component, kind, said or ("" if kind == "property" else ASKED))


def _component(heading: str) -> str:
    """The component that a heading means; "" where it means none. Co is no CO: signs are read as they are written."""
    signs, words = _spelled()
    plain = _LEACHING.sub("", heading).strip(" ,.-")
    found = signs.get(heading) or signs.get(plain) or (words.get(folded(plain), frozenset()) if len(folded(plain)) > 3 else frozenset())
    return next(iter(found)) if len(found) == 1 else ""


@cache
def _spelled() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Components by their signs, in the case in which they are written, and by their names in four languages, folded."""
    table = library.tables()["components"]
    signs: dict[str, set[str]] = {}
    words: dict[str, set[str]] = {}
    for at, key in enumerate(table["component"].tolist()):
        for text in (key, *(table["aliases"][at] or ())):
            signs.setdefault(text, set()).add(key)
        for text in (key, *(table["aliases"][at] or ()), *(table[name][at] for name in _NAMES)):
            if text:
                words.setdefault(folded(text), set()).add(key)
    return {text: frozenset(keys) for text, keys in signs.items()}, {text: frozenset(keys) for text, keys in words.items()}


def _rows(sheet: Sheet, head: tuple[int, list[str]], results: list[_Result], table: str) -> Sheet:
    """A row a result that is there."""
    at, headings = head
    first = at + 1 + (at + 1 < len(sheet.rows) and any(_units(sheet.rows[at + 1])))
    own = _own(headings, table, {each.place for each in results})
    rows: list[list[Any]] = [["row", *own, "component", "kind", "value", "unit"]]
    for row, line in zip(sheet.rows[first:], sheet.lines[first:], strict=True):
        kept = [row[place] if place < len(row) else None for place in own.values()]
        if not any(as_text(cell) for cell in kept):
            continue
        for each in results:
            cell = row[each.place] if each.place < len(row) else None
            if as_text(cell):
                rows.append([line, *kept, each.component, each.kind, plain_share(cell, each.unit), each.unit or None])
    return Sheet(f"{sheet.name}{BESIDE}", rows, list(range(1, len(rows) + 1)), sheet.comma, sheet.faults, TABLE)


def _own(headings: list[str], table: str, results: set[int]) -> dict[str, int]:
    """Columns of analyses that are no results, and where they stand; in a sheet of streams the key is the stream's, else its name."""
    found: dict[str, int] = {}
    for place, text in enumerate(headings):
        column = meaning(TABLE, text)[0] if place not in results else ""
        if column in _OWN:
            found.setdefault(column, place)
    if table == "streams":
        said = {meaning(table, text)[0]: place for place, text in reversed(list(enumerate(headings))) if place not in results}
        found["stream"] = said.get("stream", said.get("name", found.get("stream", 0)))
    return dict(sorted(found.items(), key=lambda each: each[1]))
