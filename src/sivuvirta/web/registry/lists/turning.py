"""Turning pages of a sorted list: rows of which the figure is known come first, the others after them.

Each part is asked for by itself, so that a database reads an index of the figure from either end and stops with the page.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import Rows
from sivuvirta.web.registry.seen.amounts import known_amounts

_AT = "at"


def keys_by_column(found: Rows, sort: str, part: slice) -> list[int]:
    """Keys of a part of the rows that were found, sorted by a column of theirs.

    Args:
        found: rows of which who asks may see the column.
        sort: the column, "-" before it for the largest first.
        part: from which row to which.
    """
    name, pk = sort.removeprefix("-"), "-pk" if sort.startswith("-") else "pk"
    known = found.filter(**{f"{name}__isnull": False}).order_by(sort, pk).values_list("pk", flat=True)
    unknown = found.filter(**{f"{name}__isnull": True}).order_by(pk).values_list("pk", flat=True)
    return _parted(known, unknown, part)


def keys_by_amount(found: Rows, sort: str, part: slice, told: tuple[str, Register, Viewer]) -> list[int]:
    """Keys of a part of the rows that were found, sorted by their amount, as far as who asks sees it.

    Args:
        found: rows of a table that has amounts.
        sort: "amount", "-" before it for the largest first.
        part: from which row to which.
        told: their table, their register and who asks.
    """
    table, down = told[0], sort.startswith("-")
    key, sign = found.model.schema.key[0], "-" if down else ""
    amounts = known_amounts(*told)
    plain = found.order_by()
    at = Subquery(plain.filter(row_key=OuterRef("subject")).values("pk")[:1])
    known = amounts.annotate(**{_AT: at}).filter(**{f"{_AT}__isnull": False}).order_by(f"{sign}value", f"{sign}{_AT}")
    unknown = found.filter(~Exists(amounts.filter(table=table, subject=OuterRef(key)))).order_by(f"{sign}pk")
    return _parted(known.values_list(F(_AT), flat=True), unknown.values_list("pk", flat=True), part)


def _parted(known: Any, unknown: Any, part: slice) -> list[int]:
    """A part of two lists, one after the other; the first is counted only where it ends before the part begins."""
    keys = list(known[part])
    wanted = part.stop - part.start
    if len(keys) < wanted:
        before = part.start + len(keys) if keys or not part.start else known.count()
        keys += unknown[max(0, part.start - before) : part.stop - before]
    return keys
