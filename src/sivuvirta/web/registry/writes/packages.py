"""Packages: a region of the engine into the register, and the register as frames that the engine reads and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

import pandas as pd
from django.db import transaction
from django.db.models import F

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.web.audit.log import entry
from sivuvirta.web.core.levels import Level, level
from sivuvirta.web.registry.columns import cell, stored
from sivuvirta.web.registry.holders import holder
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.rows import MARK, Row

_BATCH = 2000  # rows written at once

Circles = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What `visibility` says of a table, by key of the row, "" for every row, and by column, "" for the whole row."""
_SAID = ("table", "key", "column", "level", "band", "anonymous", "matched", MARK)


def store(region: Region, who: str, seen_by: Level = Level.PUBLIC) -> Register:
    """A new register with all rows of a region, in one transaction; its table `visibility` changes what `seen_by` opens.

    Time grows with the rows, memory with a batch of them.

    Args:
        region: as it was checked.
        who: for the log of changes.
        seen_by: the circle that sees what `visibility` does not speak of.

    Raises:
        IntegrityError: there is a register of that name.
    """
    with transaction.atomic():
        register = Register.objects.create(slug=region.name, title=region.title, vintage=region.vintage or "")
        circles = _circles(region)
        put = partial(_put, register=register, seen_by=seen_by)
        put(region.tables["organisations"], holders=lambda _: None, circles=circles.get("organisations", {}))
        Organisations.objects.filter(register=register).update(holder=F("pk"))
        held = _holders(region, register)
        for name in MODELS:
            if name in region.tables and name != "organisations":
                put(region.tables[name], holders=partial(held, name), circles=circles.get(name, {}))
        counts = {name: len(table) for name, table in region.tables.items() if len(table)}
        entry(who, "load", (register.slug, "", ""), None, counts).save()
    return register


def frames(register: Register) -> dict[str, pd.DataFrame]:
    """All tables of a register that have rows as the engine's frames, `visibility` among them. One query a table."""
    found = {name: rows for name, named in MODELS.items() if len(rows := frame(named, register))}
    seen = _visibility(register)
    return {**found, "visibility": seen} if len(seen) else found


def _put(table: Table, register: Register, seen_by: Level, holders: Callable[[Mapping[str, Any]], int | None], circles: Circles) -> None:
    """Write all rows of a table."""
    named = MODELS[table.name]
    rows = (_with_circles(_row(named, register, values, holders(values), seen_by), circles).settle() for values in table.rows())
    while batch := list(islice(rows, _BATCH)):
        named.objects.bulk_create(batch)


def _row(named: type[Row], register: Register, values: Mapping[str, Any], held: int | None, seen_by: Level) -> Row:
    columns = {name: stored(values[name], column) for name, column in named.schema.columns.items()}
    return named(register=register, holder_id=held, circle=seen_by, **columns)


def _with_circles(row: Row, circles: Circles) -> Row:
    """The row under what is said of every row, then of itself."""
    for key in ("", row.settle().row_key):
        for column, said in circles.get(key, {}).items():
            if column:
                row.circles |= {column: int(level(said["level"]))} if said["level"] else {}
                row.bands |= {column: int(level(said["band"]))} if said["band"] else {}
            else:
                _with_row(row, said)
    return row


def _with_row(row: Row, said: Mapping[str, Any]) -> None:
    """The row under what is said of it as a whole."""
    if said["level"]:
        row.circle = level(said["level"])
    if said["anonymous"]:
        row.anonymous = level(said["anonymous"])
    if said["matched"] is not None:
        row.matched = bool(said["matched"])
    if said[MARK] is not None:
        row.unconfirmed = bool(said[MARK])


def _circles(region: Region) -> Mapping[str, Circles]:
    """The table `visibility`, by table."""
    found: dict[str, dict[str, dict[str, Mapping[str, Any]]]] = {}
    table = region.tables.get("visibility")
    for row in table.rows() if table is not None else ():
        found.setdefault(row["table"], {}).setdefault(row["key"] or "", {})[row["column"] or ""] = row
    return found


def _holders(region: Region, register: Register) -> Callable[[str, Mapping[str, Any]], int | None]:
    """Tells the key in the database of the organisation that holds a row of a table."""
    keys = dict(Organisations.objects.filter(register=register).values_list("organisation", "pk"))
    rows = {name: list(table.rows()) for name, table in region.tables.items() if name in ("sites", "streams", "needs", "plants", "stocks")}
    index = {name: dict(zip(region.tables[name].row_keys(), found, strict=True)) for name, found in rows.items()}

    def held(table: str, row: Mapping[str, Any]) -> int | None:
        return keys.get(holder(table, row, lambda name, key: index.get(name, {}).get(key)) or "")

    return held


def frame(named: type[Row], register: Register, **where: Any) -> pd.DataFrame:
    """Rows of a table as the engine's frame; `where` narrows them as a query does."""
    names = tuple(named.schema.columns)
    rows = named.objects.filter(register=register, **where).order_by("pk").values_list(*names)
    columns = zip(names, zip(*rows, strict=True), strict=False)
    read = {name: [cell(value, named.schema.columns[name]) for value in values] for name, values in columns}
    return pd.DataFrame(read, columns=list(names))


def _visibility(register: Register) -> pd.DataFrame:
    """What is not open to everybody, or told in another way, as the engine's table tells it."""
    return pd.DataFrame(list(circles_told(register)), columns=list(_SAID), dtype=object)


def circles_told(register: Register, **where: Any) -> Iterator[tuple[Any, ...]]:
    """Rows of the table `visibility`, in the order of its columns; `where` narrows the rows that they speak of as a query does."""
    for name, named in MODELS.items():
        for key, *row in _closed(named, register, where).iterator(chunk_size=_BATCH):
            yield from ((name, key, *line) for line in _lines(*row))


def _lines(circle: int, circles: Mapping[str, int], bands: Mapping[str, int], *said: Any) -> list[Any]:
    """What `visibility` says of a row and its columns: column, level, band, anonymous, matched, unconfirmed."""
    anonymous, matched, unconfirmed = said
    whole = (None, _word(circle), None, _word(anonymous), None if matched else False, True if unconfirmed else None)
    columns = sorted({*circles, *bands})
    return [whole, *((name, _word(circles.get(name)), _word(bands.get(name)), None, None, None) for name in columns)]


def _word(found: int | None) -> str | None:
    return None if found is None else Level(found).word


def _closed(named: type[Row], register: Register, where: Mapping[str, Any]) -> Any:
    plain = {"circle": Level.PUBLIC, "circles": {}, "bands": {}, "anonymous": None, "matched": True, MARK: False}
    rows = named.objects.filter(register=register, **where).exclude(**plain)
    return rows.order_by("pk").values_list("row_key", *plain)
