"""Tools of a list: columns it may show, bounds of its figures, views that are kept, and what can be set for several rows."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from django.http import HttpRequest

from sivuvirta.tables.schema import ColumnSchema, TableSchema
from sivuvirta.web.registry.lists.listing import Listing, sortable
from sivuvirta.web.registry.models import Organisations, SavedView
from sivuvirta.web.registry.saved import flat, question
from sivuvirta.web.registry.schemas import AMOUNT
from sivuvirta.web.registry.seen.words import column_label


@frozen
class Pick:
    """A column that a list may show."""

    name: str
    label: str
    shown: bool
    numeric: bool
    least: float | None = None
    most: float | None = None


def tools(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    """What the page of a list offers beside its rows; two queries for somebody with an account, none for a visitor."""
    table, who = listing.table, listing.viewer
    query = question(table, flat(request.GET), sortable(table))
    views = [] if who.user is None else _views(listing)
    return {
        "picks": picks(listing),
        "views": [(view, view.query == query, view.owner_id == who.user) for view in views],
        "query": query,
        "shares": Organisations.objects.filter(register=listing.register, pk__in=who.belongs) if who.belongs else [],
        "may_bulk": who.maintains or bool(who.edits),
        "columns_to_set": settable(table),
    }


def picks(listing: Listing) -> list[Pick]:
    """Columns that a list may show, those that it shows first."""
    table, asked = listing.table, listing.asked
    first = [*asked.columns, *(name for name in sortable(table) if name not in asked.columns)]
    return [
        Pick(
            name=name,
            label=str(column_label(table, name)),
            shown=name in asked.columns,
            numeric=name in AMOUNT[:1] or (name in table.columns and table.columns[name].numeric),
            least=asked.least.get(name),
            most=asked.most.get(name),
        )
        for name in first
    ]


def settable(table: TableSchema) -> list[ColumnSchema]:
    """Columns that can be set for several rows at once: all but the key."""
    return [column for column in table.columns.values() if column.name not in table.key]


def _views(listing: Listing) -> list[SavedView]:
    return list(SavedView.objects.filter(register=listing.register, table=listing.table.name).restrict(listing.viewer))
