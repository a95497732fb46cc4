"""Amounts: how much of a stream, need or stock there is in the vintage shown, as far as a viewer may see it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import Register, model
from sivuvirta.web.registry.rows import Rows
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
