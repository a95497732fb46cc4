"""Known: what the register holds of what a file speaks of, as its sender sees it. Cost grows with the file, not with the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from attrs import frozen

from sivuvirta.tables.schema import schema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.columns import cell
from sivuvirta.web.registry.models import MODELS, Register

CHUNK = 500
"""Keys asked for at once: databases bound what one question may hold."""

_DEPTH = 3  # a quantity names a stream, which names a site, which names an organisation


@frozen
class Known:
    """A row of the register."""

    version: int
    values: Mapping[str, Any]  # of the engine; columns that the viewer does not see are unknown
    hidden: frozenset[str]
    may_change: bool


def chunks(keys: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Keys in parts."""
    source = iter(keys)
    while part := list(islice(source, size)):
        yield part


def rows_of(register: Register, table: str, keys: Iterable[str], who: Viewer) -> dict[str, Known]:
    """Rows of a table that the viewer sees, by key."""
    named, found = MODELS[table], {}
    for part in chunks(keys):
        rows = named.objects.filter(register=register, row_key__in=part).restrict(who)
        may = set(named.objects.filter(register=register, row_key__in=part).restrict(who, "change").values_list("row_key", flat=True))
        for key, version, circle, circles, held, *values in rows.values_list(
            "row_key", "version", "circle", "circles", "holder_id", *named.schema.columns
        ):
            own = held is not None and held in who.belongs
            shut = frozenset() if own else frozenset(c for c in named.schema.columns if circles.get(c, circle) < who.floor)
            told = {
                name: cell(None if name in shut else value, named.schema.columns[name])
                for name, value in zip(named.schema.columns, values, strict=True)
            }
            found[key] = Known(version, told, frozenset(shut), key in may)
    return found


def taken(register: Register, table: str, keys: Iterable[str]) -> set[str]:
    """Which keys of a table are used, whoever sees their rows: a key can stand once in a register."""
    rows = MODELS[table].objects.filter(register=register)
    return {key for part in chunks(keys) for key in rows.filter(row_key__in=part).values_list("row_key", flat=True)}


def around(register: Register, columns: Mapping[str, Mapping[str, Sequence[Any]]], who: Viewer) -> dict[str, dict[str, Known]]:
    """Rows that the rows of a file name, and those that they name, by table and key.

    Args:
        register: that they stand in.
        columns: of each table of the file, cells as written.
        who: sees them.
    """
    wanted: dict[str, set[str]] = {"vintages": {register.vintage}}
    for table, cells in columns.items():
        for name, written in cells.items():
            _ask(wanted, table, name, written)
    found: dict[str, dict[str, Known]] = {}
    for _step in range(_DEPTH):
        for table in [name for name in wanted if name in MODELS]:
            new = wanted[table] - found.setdefault(table, {}).keys()
            rows = rows_of(register, table, new, who)
            found[table] |= rows
            for name in schema()[table].columns if rows else ():
                _ask(wanted, table, name, [row.values[name] for row in rows.values()])
    return {table: rows for table, rows in found.items() if rows}


def _ask(wanted: dict[str, set[str]], table: str, name: str, cells: Iterable[Any]) -> None:
    column = schema()[table].columns.get(name)
    for other in column.references if column is not None else ():
        if len(schema()[other].key) == 1:
            wanted.setdefault(other, set()).update(_texts(cells))


def _texts(cells: Iterable[Any]) -> Iterator[str]:
    for each in cells:
        if isinstance(each, tuple):
            yield from each
        elif isinstance(each, str) and each:
            yield each.strip()
