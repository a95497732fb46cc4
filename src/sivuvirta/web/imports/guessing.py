"""Guessing: which table a sheet is, where its headings stand, and which column each of them means, in any of four languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from attrs import asdict, evolve, frozen
from rapidfuzz import fuzz, process

from sivuvirta.tables.cells import as_text
from sivuvirta.tables.headings import column_headings, folded, table_headings
from sivuvirta.tables.schema import schema
from sivuvirta.units.quantities import is_unit
from sivuvirta.web.imports.sheets import Sheet
from sivuvirta.web.registry.models import MODELS

LOOKED = 25
"""Rows at the top of a sheet among which its headings are looked for."""

BESIDE = {"streams": "quantities", "needs": "quantities", "stocks": "quantities"}
"""Tables whose sheets may say amounts too, with the table that these go to."""

_ALIKE = 88  # of 100: how like a known word a heading has to be
_BRACKETS = re.compile(r"(.+?)\s*[\[(]([^\])]*)[\])]\s*")
_COMMA = re.compile(r"(.+?)\s*[,:;/]\s+(\S.*)")
_LAST = re.compile(r"(.+?)\s+(\S+)")
_LONE = frozenset({"%", "t", "kt", "Mt", "kg", "MWh", "GWh", "m3", "m³", "km", "mm", "°C", "€", "EUR"})
_AMOUNTS = frozenset({"reported_value", "reported_unit", "reported_basis", "value"})
_GROUPS = 2  # headings of groups that a row above has to hold: one alone is a title
_LEAST = 2.0  # score below which a sheet is of no table that is known
_ENOUGH = 3  # headings that have to mean something of a stream
_USUAL = 1.2  # what speaks for streams before anything is read: most sheets that people have are of them
_SEEN = 12  # texts of a column that are looked at


@frozen
class Map:
    """How a sheet is read; it travels as JSON."""

    table: str = ""  # "" where the sheet is left out
    head: int = 0  # position of the row of headings among the rows
    units_row: bool = False  # the row below holds units
    targets: tuple[str, ...] = ()  # "table.column" of each heading, "" where it is left out
    units: tuple[str, ...] = ()  # unit of each heading, "" where it says none

    def told(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


def from_told(told: Mapping[str, Any]) -> Map:
    """The map that JSON kept."""
    return Map(told["table"], int(told["head"]), bool(told["units_row"]), tuple(told["targets"]), tuple(told["units"]))


def guess(sheet: Sheet, table: str = "", head: int | None = None) -> Map:
    """How a sheet is most likely meant.

    Args:
        sheet: as read.
        table: where the person said which it is; else it is guessed, too.
        head: where the person said which row holds the headings.
    """
    said = told_table(sheet)
    if not table and said and said not in MODELS:
        return _out(sheet, head or 0)
    if not table and sheet.table:
        table, head = sheet.table, 0  # of a data package: its first row holds the headings
    wanted = (table,) if table else tuple(MODELS)
    best, best_score = Map(), 0.0
    for at in range(min(LOOKED, len(sheet.rows))) if head is None else [min(head, len(sheet.rows) - 1)]:
        headings = [parts(as_text(cell)) for cell in sheet.rows[at]]
        if sum(bool(name) for name, _ in headings) < 2 and len(headings) > 1 and not table:
            continue
        for name in wanted:
            targets = _targets(name, [heading for heading, _ in headings])
            score = _score(name, targets) + (1.5 if name == said else 0.0) - 0.01 * at
            score += _USUAL if name == "streams" and sum(map(bool, targets)) >= _ENOUGH else 0.0
            if score > best_score:
                best_score = score
                best = Map(name, at, False, targets, tuple(unit for _, unit in headings))
    if not best.table or (best_score < _LEAST and not table and not said):
        return _out(sheet, head or 0, table)
    return _with_units_row(sheet, _with_groups(sheet, best if head is not None else _with_row_below(sheet, best)))


def told_table(sheet: Sheet) -> str:
    """The table that a sheet says it is, by the package that holds it or by its name; "" where it says none."""
    return sheet.table or table_headings().get(folded(sheet.name), "")


def _out(sheet: Sheet, at: int, table: str = "") -> Map:
    """The map of a sheet of which no column is taken."""
    headings = [parts(as_text(cell)) for cell in (sheet.rows[at] if at < len(sheet.rows) else [])]
    return Map(table, at, False, tuple("" for _ in headings), tuple(unit for _, unit in headings))


def parts(heading: str) -> tuple[str, str]:
    """A heading without its unit, and the unit.

    >>> parts("Määrä (kt/a)"), parts("Kosteus %"), parts("Kosteus, %"), parts("Site name")
    (('Määrä', 'kt/a'), ('Kosteus', '%'), ('Kosteus', '%'), ('Site name', ''))
    """
    text = " ".join(heading.split())
    for pattern in (_BRACKETS, _COMMA):
        match = pattern.fullmatch(text)
        if match and is_unit(match[2].strip()):
            return match[1].strip(), match[2].strip()
    match = _LAST.fullmatch(text)
    if match and (match[2] in _LONE or "/" in match[2]) and is_unit(match[2]):
        return match[1].strip(), match[2]
    return text, ""


@lru_cache(maxsize=20_000)
def meaning(table: str, heading: str) -> tuple[str, float]:
    """The column of a table that a heading means, and how sure that is, 0 to 1; "" where it means none."""
    word, known = folded(heading), column_headings(table)
    if not word:
        return "", 0.0
    if word in known:
        return known[word], 1.0
    if len(word) < 4:
        return "", 0.0
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    words = {name: name for name in known if len(name) > 3}
    if found is None:
        found = process.extractOne(word, words, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
    return (known[found[2]], found[1] / 125) if found is not None and len(found[2]) > 3 else ("", 0.0)


def _targets(table: str, headings: Sequence[str]) -> tuple[str, ...]:
    """A column for each heading, none twice; what a sheet says of amounts goes to the table of amounts."""
    wanted: list[tuple[float, int, str]] = []
    for at, heading in enumerate(headings):
        column, sure = meaning(table, heading)
        if column:
            wanted.append((sure, at, f"{table}.{column}"))
        if table in BESIDE and sure < 1.0:
            column, sure = meaning(BESIDE[table], heading)
            if column in _AMOUNTS:
                wanted.append((sure - 0.01, at, f"{BESIDE[table]}.{column}"))
    found, taken = [""] * len(headings), set()
    for _, at, target in sorted(wanted, key=lambda each: (-each[0], each[1])):
        if not found[at] and target not in taken:
            found[at] = target
            taken.add(target)
    return tuple(found)


def _score(table: str, targets: Sequence[str]) -> float:
    """How well headings fit a table: what is found, above all of what it needs."""
    columns = {target.partition(".")[2] for target in targets if target.startswith(f"{table}.")}
    beside = {target for target in targets if target and not target.startswith(f"{table}.")}
    needed = {name for name, column in schema()[table].columns.items() if column.required and not column.default}
    found = len(columns & needed)
    return len(columns) + 0.6 * len(beside) + found + found / max(len(needed), 1)


def _with_row_below(sheet: Sheet, found: Map) -> Map:
    """The map with headings of the row below: some headings stand in it alone, below the name of their group, the others end above.

    Most texts of such a row mean a column, by themselves or by their group, and with it more columns are known than without.
    """
    if found.head + 1 >= len(sheet.rows):
        return found
    above, below = ([as_text(cell) for cell in sheet.rows[found.head + at]] for at in (0, 1))
    width = max(len(above), len(below))
    above, below = ([*row, *[""] * (width - len(row))] for row in (above, below))
    if not any(one and not other for one, other in zip(above, below, strict=True)) or not any(below):
        return found
    groups = list(accumulate(above, _nearest))
    headings = [parts(low or high) for low, high in zip(below, above, strict=True)]
    targets = list(_targets(found.table, [heading for heading, _ in headings]))
    for at, low in enumerate(below):
        if low and not targets[at] and (unit := _unit_of(low)):
            column = next((each for each in _targets(found.table, [parts(groups[at])[0]]) if each and each not in targets), "")
            targets[at], headings[at] = column, (headings[at][0], unit if column else "")
    heads = [at for at, low in enumerate(below) if low]
    if 2 * sum(bool(targets[at]) for at in heads) <= len(heads) or sum(map(bool, targets)) <= sum(map(bool, found.targets)):
        return found
    return evolve(found, head=found.head + 1, targets=tuple(targets), units=tuple(unit for _, unit in headings))


def _nearest(group: str, text: str) -> str:
    """The heading of a group reaches over the empty cells that follow."""
    return text or group


def _unit_of(heading: str) -> str:
    """The unit of a heading that is hardly more, such as "2024, kt/a" below "Amount"; "" where it names none."""
    text, unit = parts(heading)
    return unit or (text if is_unit(text) and not text[:1].isdigit() else "")


def _with_groups(sheet: Sheet, found: Map) -> Map:
    """The map with headings that mean something only by the heading of their group above: "Amount" over "2024, t/a"."""
    above = [as_text(cell) for cell in sheet.rows[found.head - 1]] if found.head else []
    if sum(map(bool, above)) < _GROUPS:
        return found
    below = [as_text(cell) for cell in sheet.rows[found.head]]
    targets, units, group = list(found.targets), list(found.units), ""
    for at, text in enumerate(below[: len(targets)]):
        group = above[at] if at < len(above) and above[at] else group
        if targets[at] or not text or not group:
            continue
        name, unit = parts(group)
        column = next((each for each in _targets(found.table, [name]) if each and each not in targets), "")
        targets[at], units[at] = column, units[at] or (unit if column else "")
    return evolve(found, targets=tuple(targets), units=tuple(units))


def _with_units_row(sheet: Sheet, found: Map) -> Map:
    """The map with the units of a row below the headings that holds nothing else."""
    below = sheet.rows[found.head + 1] if found.head + 1 < len(sheet.rows) else []
    texts = [as_text(cell).strip("[]() ") for cell in below]
    if not any(texts) or not all(not text or (is_unit(text) and not text[0].isdigit()) for text in texts):
        return found
    own = [*texts, *[""] * len(found.units)]
    return evolve(found, units_row=True, units=tuple(unit or own[at] for at, unit in enumerate(found.units)))


def headings(sheet: Sheet, found: Map) -> list[str]:
    """The row of headings; of a column whose heading stands alone in the row above, that one."""
    row, above = ([as_text(cell) for cell in sheet.rows[at]] if 0 <= at < len(sheet.rows) else [] for at in (found.head, found.head - 1))
    row += [""] * (len(found.targets) - len(row))
    taken = {at for at, target in enumerate(found.targets) if target}
    return [text or (above[at] if at in taken and at < len(above) else "") for at, text in enumerate(row)]


def samples(sheet: Sheet, found: Map) -> list[list[str]]:
    """What stands in each column below its heading: the first few texts."""
    below = sheet.rows[found.head + 1 + found.units_row : found.head + 1 + found.units_row + _SEEN]
    return [[text for row in below if at < len(row) and (text := as_text(row[at]))][:3] for at in range(len(found.targets))]
