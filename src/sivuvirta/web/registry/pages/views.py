"""Pages of the register: a region, a table of it, a row. Every one of them reads through the gate."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from sivuvirta.tables.schema import ColumnSchema, TableSchema
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.registry.addresses import register_at, schema_of, users_of
from sivuvirta.web.registry.lists.drawing import chooser, drawn
from sivuvirta.web.registry.lists.exports import export
from sivuvirta.web.registry.lists.listing import Listing, asked
from sivuvirta.web.registry.lists.tools import tools
from sivuvirta.web.registry.meters.meters import ASKED, give_facts, measures, meter
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.saved import flat
from sivuvirta.web.registry.schemas import worded
from sivuvirta.web.registry.seen.amounts import give_amounts
from sivuvirta.web.registry.seen.depending import depends
from sivuvirta.web.registry.seen.histories import MOST, history
from sivuvirta.web.registry.seen.names import units
from sivuvirta.web.registry.seen.seeing import noted
from sivuvirta.web.registry.seen.showing import amount, facts, lines
from sivuvirta.web.registry.seen.titles import title
from sivuvirta.web.registry.seen.units import plain
from sivuvirta.web.registry.seen.words import column_label

_ASKED_OF = frozenset({"streams", "needs"})
"""Tables whose rows have others, analyses and amounts, that may be closed where they themselves are open."""


def home(request: HttpRequest) -> HttpResponse:
    """The region, where there is one; else all of them to choose from."""
    registers = list(Register.objects.order_by("title"))
    if len(registers) == 1:
        return redirect("region", registers[0].slug)
    return render(request, "registry/home.html", {"registers": registers})


def table(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The rows of a table, as the address asks for them; `format=csv` and `format=xlsx` are the same rows as a file."""
    register, who, schema = register_at(slug), viewer(request.user), schema_of(name)
    listing = Listing(register, schema, who, asked(schema, flat(request.GET)))
    if wanted := request.GET.get("format"):
        return export(listing, wanted)
    page = listing.page()
    noted(register, page.object_list, who)
    metered, unmeasured = _measured(register, page.object_list, who, name)
    offered = tools(request, listing)
    told = {
        "metered": metered,
        "unmeasured": unmeasured,
        "register": register,
        "table": schema,
        "asked": listing.asked,
        "page": page,
        "columns": [_head(schema, column, request, listing.asked.sort) for column in listing.asked.columns],
        **offered,
        "chooser": chooser(tuple(offered["picks"]), _("least"), _("most")),
        "drawn": drawn(register, schema, lines(register, page.object_list, listing.asked.columns, who), choosing=offered["may_bulk"]),
        "choices": _choices(schema, listing),
        "address": _address(request),
        "may_add": who.maintains or bool(who.edits),
    }
    return render(request, "registry/_rows.html" if request.headers.get("HX-Request") else "registry/table.html", told)


def detail(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """A row with all that the viewer may see of it, its history, and what depends on it."""
    register, who, schema = register_at(slug), viewer(request.user), schema_of(name)
    rows = MODELS[name].objects.filter(register=register).restrict(who)
    row = get_object_or_404(rows, row_key=key)
    row.register = register  # as it was read
    give_amounts([row], name, register, who)
    give_facts([row], name, register, who)
    noted(register, [row], who)
    may_change = MODELS[name].objects.filter(pk=row.pk).restrict(who, "change").exists()
    said = facts(register, row, who)
    start = _start(request)
    entries, older = history(register, row, who, start) if may_change else ([], False)
    told = {
        "register": register,
        "table": schema,
        "row": row,
        "called": title(row, {column.name: cell for column, cell in said}),
        "facts": said,
        "amount": amount(row, units(register, [row])),
        "history": entries,
        "earlier": older and start + MOST,
        "later": start and {"start": max(start - MOST, 0)},
        "depends": depends(row, who),
        "may_change": may_change,
        "may_share": may_change and (row.holder_id is None or row.holder_id in who.edits),
        "may_confirm": row.holder_id in who.edits,
        "closed": who.user is not None and not row.own(who) and (name in _ASKED_OF or len(row.shown_to(who)) < len(schema.columns)),
        "meter": meter(row, who, measures(register, [row], who)),
        "users": users_of(register, row),
        "papers": papers(register, row, who),
    }
    return render(request, "registry/detail.html", told)


def _start(request: HttpRequest) -> int:
    """From which entry on the history of a row is asked for."""
    written = request.GET.get("history", "")
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0


def _choices(table: TableSchema, listing: Listing) -> list[tuple[ColumnSchema, list[tuple[str, str, bool]]]]:
    """Columns of which a list may show one choice, with their choices, their words, and which is shown."""
    equal = listing.asked.equal
    columns = [column for column in table.columns.values() if column.choices]
    return [(column, [(each, worded(each), equal.get(column.name) == each) for each in column.choices]) for column in columns]


def papers(register: Register, row: Row, who: Viewer) -> list[Paper] | None:
    """Papers of a row, the newest version of each first; None for who does not see the row whole: a paper may tell any of its columns."""
    if len(row.shown_to(who)) < len(row.schema.columns):
        return None
    return list(Paper.objects.filter(register=register, table=row.schema.name, key=row.row_key))


def _measured(register: Register, rows: list[Row], who: Viewer, table: str) -> tuple[bool, list[str]]:
    """Give the rows of a page their meters; tells whether the table has any, and streams of which nothing was measured yet."""
    if table not in ASKED:
        return False, []
    found = measures(register, rows, who)
    for row in rows:
        row.meter = meter(row, who, found)
    return True, [row.row_key for row in rows if table == "streams" and not row.meter.measured]


@frozen
class Head:
    """The head of a column of a list."""

    name: str
    label: str
    unit: str
    help: str
    href: str  # the same list sorted by it, the other way where it is already
    sorted: str  # ascending, descending, none


def _head(table: TableSchema, name: str, request: HttpRequest, sort: str) -> Head:
    column = table.columns.get(name)
    way = {name: "ascending", f"-{name}": "descending"}.get(sort, "none")
    return Head(
        name=name,
        label=column_label(table, name),
        unit="" if column is None else plain(column),
        help="" if column is None else column.description,
        href=_address(request, sort=f"-{name}" if way == "ascending" else name),
        sorted=way,
    )


def _address(request: HttpRequest, **changed: Any) -> str:
    """The address of the same list with parts of its query changed, without its page."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("format", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"
