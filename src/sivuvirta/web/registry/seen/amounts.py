"""Amounts: how much of a stream, need or stock there is in the vintage shown, as far as a viewer may see it."""

from __future__ import annotations

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


def with_amount(rows: Rows, table: str, register: Register, viewer: Viewer) -> Rows:
    """The rows with the amount of the register's vintage over the whole year; the same rows for a table that has none."""
    if table not in _OF_TABLE:
        return rows
    told = model("quantities").objects.filter(register=register, table=table, vintage=register.vintage, period=None)
    key = Concat(Value(f"{table}/"), OuterRef(_OF_TABLE[table]), Value(f"/{register.vintage}/"))
    told = told.filter(subject=OuterRef(_OF_TABLE[table]), row_key=key)  # found by its key, without statistics too
    seen = {name: Subquery(told.restrict(viewer).told(viewer, column).values(column)[:1]) for name, column in _OF.items()}
    return rows.annotate(**seen, **{BAND: Subquery(told.banded(viewer, "value").values("value")[:1])})
