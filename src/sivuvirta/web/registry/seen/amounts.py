"""Amounts: how much of a stream, need or stock there is in the vintage shown, as far as a viewer may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.prepared import KEYS, Among, objects
from sivuvirta.web.registry.models import Register, model
from sivuvirta.web.registry.rows import Row, Rows
from sivuvirta.web.registry.schemas import AMOUNT

BAND = "amount_banded"
"""The amount of a row whose viewer may know the band of it alone; no list is sorted or filtered by it, and `showing` tells the band."""

_OF = dict(zip(AMOUNT, ("value", "low", "high", "grade"), strict=True))
_OF_TABLE = {"streams": "stream", "needs": "need", "stocks": "stock"}


def with_amount(rows: Rows, table: str, register: Register, viewer: Viewer, columns: Sequence[str] = (*AMOUNT, BAND)) -> Rows:
    """The rows with the amount of the register's vintage over the whole year; the same rows for a table that has none.

    Args:
        rows: of the table.
        table: its name.
        register: of the rows.
        viewer: who is told.
        columns: what of the amount.
    """
    if table not in _OF_TABLE:
        return rows
    told = model("quantities").objects.filter(register=register, table=table, vintage=register.vintage, period=None)
    key = Concat(Value(f"{table}/"), OuterRef(_OF_TABLE[table]), Value(f"/{register.vintage}/"))
    told = told.filter(subject=OuterRef(_OF_TABLE[table]), row_key=key)  # found by its key, without statistics too
    seen = told.restrict(viewer)
    found = {name: Subquery(seen.told(viewer, _OF[name]).values(_OF[name])[:1]) for name in columns if name in _OF}
    if BAND in columns:
        found[BAND] = Subquery(told.banded(viewer, "value").values("value")[:1])
    return rows.annotate(**found)


def give_amounts(rows: Sequence[Row], table: str, register: Register, viewer: Viewer) -> None:
    """Give rows that were read the same as `with_amount`, with one query: for a page, where nothing is sorted or filtered by it.

    Args:
        rows: of the table; they get an attribute for each of `AMOUNT` and `BAND`.
        table: its name; rows of a table that has no amounts stay as they are.
        register: of the rows.
        viewer: who is told.
    """
    if table not in _OF_TABLE or not rows:
        return
    by = {f"{table}/{getattr(row, _OF_TABLE[table])}/{register.vintage}/": row for row in rows}
    for row in rows:
        row.__dict__.update(_NONE)
    for found in objects(_amounts, register.pk, viewer, given={KEYS: by}):
        by[found.row_key].__dict__.update(_amount(found, viewer))


def known_amounts(table: str, register: Register, viewer: Viewer) -> Rows:
    """Amounts of rows of a table that are known and told to a viewer, as rows of `quantities`."""
    named = model("quantities").objects.filter(register=register, table=table, vintage=register.vintage, period=None, value__isnull=False)
    return named.restrict(viewer).told(viewer, _OF[AMOUNT[0]])


def _amounts(register: int, viewer: Viewer) -> Rows:
    named = model("quantities").objects.filter(Among("row_key"), register=register, period=None)
    return named.told_or_banded(viewer, "value").order_by().only(*_READ)


_READ = ("row_key", "holder", "circle", "circles", "bands", *_OF.values())  # of an amount, and who sees it
_NONE = dict.fromkeys((*AMOUNT, BAND))


def _amount(found: Row, viewer: Viewer) -> dict[str, Any]:
    """What a viewer is told of an amount."""
    told = found.shown_to(viewer, _OF.values())
    amount = {name: told.get(column) for name, column in _OF.items()}
    banded = "value" not in told and found.band_to(viewer, "value")
    return {**amount, BAND: found.value if banded else None}
