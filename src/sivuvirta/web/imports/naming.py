"""Naming: keys for rows that have none, and keys in place of the names that people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sivuvirta import library
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.headings import folded
from sivuvirta.tables.schema import schema
from sivuvirta.tables.spellings import Spellings, spellings
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.imports.guessing import BESIDE
from sivuvirta.web.imports.mapping import Part
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.seen.names import called

_PLACES = ("organisation", "site")
_ORDER = ("organisations", "sites")  # others name them


def name_rows(register: Register, parts: Iterable[Part], who: Viewer) -> None:
    """Give every row of a file its key, and put keys in place of names.

    What has a name that one row of the register, the file or the library has, is that row; the others stay as written, and the
    engine's checks speak of them.

    Args:
        register: that the rows go to.
        parts: of the file; their cells change.
        who: sends it; what they do not see is not found.
    """
    found = {part.table: part for part in parts}
    order = [*[name for name in _ORDER if name in found], *[name for name in found if name not in _ORDER]]
    own: dict[str, dict[str, set[str]]] = {}
    names = _Names(register, who, own)
    for table in order:
        part = found[table]
        _references(part, names)
        _keys(part, register, names, who)
        key = schema()[table].key
        if len(key) == 1 and key[0] in part.columns and (label := called(schema()[table])) in part.columns:
            for text, given in zip(part.columns[label], part.columns[key[0]], strict=True):
                if text and given:
                    own.setdefault(table, {}).setdefault(folded(as_text(text)), set()).add(as_text(given))
    for table in order:  # what a sheet names that stands in another one
        _references(found[table], names)
        _subjects(found, table)


class _Names:
    """Keys by what their rows are called."""

    def __init__(self, register: Register, who: Viewer, own: Mapping[str, Mapping[str, set[str]]]) -> None:
        self.register, self.who, self.own = register, who, own
        self._register: dict[str, dict[str, set[str]]] = {}

    def key(self, table: str, text: str) -> str | None:
        """The one key of a table that a text names; None where there is none, or several."""
        word = folded(text)
        found = self.own.get(table, {}).get(word, set()) | self._of_register(table).get(word, set())
        if len(found) == 1:
            return next(iter(found))
        return None if found else _below(table).meant(text)

    def _of_register(self, table: str) -> dict[str, set[str]]:
        if table not in MODELS:
            return {}
        if table not in self._register:
            label = called(schema()[table])
            rows = MODELS[table].objects.filter(register=self.register).restrict(self.who).told(self.who, label)
            known: dict[str, set[str]] = {}
            for key, name in rows.values_list("row_key", label).iterator(chunk_size=5000):
                known.setdefault(folded(name or key), set()).add(key)
            self._register[table] = known
        return self._register[table]


@cache
def _below(table: str) -> Spellings:
    found = library.tables().get(table)
    return spellings([found] if found is not None and len(found.key) == 1 else [])


def _references(part: Part, names: _Names) -> None:
    columns = schema()[part.table].columns
    for name in [name for name in part.columns if name in columns and len(columns[name].references) == 1 and not columns[name].listed]:
        other = columns[name].references[0]
        if len(schema()[other].key) > 1:
            continue
        texts = {cell.strip() for cell in part.columns[name] if isinstance(cell, str) and cell.strip()}
        strange = texts - _is_key(names, other, texts)
        meant = {text: key for text in strange if (key := names.key(other, text))}
        if meant:
            part.columns[name] = [meant.get(cell.strip(), cell) if isinstance(cell, str) else cell for cell in part.columns[name]]


def _is_key(names: _Names, table: str, texts: set[str]) -> set[str]:
    """Which texts are keys already: of the register, as far as it is seen, or of the library."""
    below = library.tables().get(table)
    known = {text for text in texts if below is not None and text in below.index}
    rest = texts - known
    if rest and table in MODELS:
        found = set().union(*names._of_register(table).values()) if names._of_register(table) else set()
        known |= rest & found
    own = names.own.get(table, {})
    return known | (rest & set().union(*own.values()) if own else set())


def _keys(part: Part, register: Register, names: _Names, who: Viewer) -> None:
    """Keys of rows of a table of which the file has none."""
    table = schema()[part.table]
    if len(table.key) > 1 or table.key[0] in part.columns:
        return
    label = called(table)
    if label not in part.columns:
        return
    given = [as_text(cell) for cell in part.columns[label]]
    places = next((part.columns[name] for name in _PLACES[::-1] if name in part.columns and name != table.key[0]), [None] * len(given))
    known = _by_place(register, part.table, given, who)
    used: dict[str, int] = {}
    keys: list[Any] = []
    for text, place in zip(given, places, strict=True):
        if not text:
            keys.append(None)
            continue
        here = known.get(folded(text), [])
        same = [key for key, at in here if at == as_text(place)] if "site" in part.columns else [key for key, _ in here]
        key = same[0] if len(same) == 1 else _made(text, as_text(place))
        used[key] = used.get(key, 0) + 1
        keys.append(key)
    part.columns[table.key[0]] = keys


def _by_place(register: Register, table: str, given: list[str], who: Viewer) -> dict[str, list[tuple[str, str]]]:
    """Keys of seen rows by name, with the site of each where they have one."""
    label, wanted = called(schema()[table]), {folded(text) for text in given if text}
    with_site = ("site",) if "site" in schema()[table].columns and table != "sites" else ()
    rows = MODELS[table].objects.filter(register=register).restrict(who).told(who, label, *with_site)
    found: dict[str, list[tuple[str, str]]] = {}
    for key, name, *site in rows.values_list("row_key", label, *with_site).iterator(chunk_size=5000):
        if (word := folded(name or "")) in wanted:
            found.setdefault(word, []).append((key, site[0] if site else ""))
    return found


def _made(text: str, place: str) -> str:
    """A key from a name, below that of its place.

    >>> _made("Masuunikuona, jäähdytetty", "tornio_works")
    'tornio_works.masuunikuona_jaahdytetty'
    """
    word = folded(text).replace(" ", "_")[:80]
    above = folded(place).replace(" ", "_") if place and not place.replace("_", "").replace(".", "").replace("-", "").isalnum() else place
    return f"{above}.{word}" if above else word


def _subjects(found: Mapping[str, Part], table: str) -> None:
    """Amounts that stand in the sheet of what they are of get its keys, line by line."""
    beside, part = found.get(BESIDE.get(table, "")), found[table]
    key = schema()[table].key[0]
    if beside is None or beside.sheet != part.sheet or key not in part.columns or "subject" not in beside.columns:
        return
    keys = dict(zip(part.lines, part.columns[key], strict=True))
    beside.columns["subject"] = [keys.get(line, cell) for line, cell in zip(beside.lines, beside.columns["subject"], strict=True)]
