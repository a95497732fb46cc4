"""Pages that change the register: a row added, changed, removed. The engine's checks say what is wrong, at the field where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sivuvirta.errors import Problem
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.schema import ColumnSchema, TableSchema
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.registry.addresses import register_at, row_address, schema_of
from sivuvirta.web.registry.columns import cell
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.schemas import worded
from sivuvirta.web.registry.seen.depending import depends
from sivuvirta.web.registry.seen.showing import facts
from sivuvirta.web.registry.seen.titles import titles
from sivuvirta.web.registry.seen.units import plain as plain_unit
from sivuvirta.web.registry.seen.words import plain
from sivuvirta.web.registry.writes.belonging import along, remove_with
from sivuvirta.web.registry.writes.changing import ConflictError, GoneError, NamedError, OpenedError, RefusedError, add, change, remove
from sivuvirta.web.registry.writes.checking import Checked, check, open_cells
from sivuvirta.web.registry.writes.keys import drawn, free_key

_EARLY = frozenset({"lat", "lon"})
"""Columns that are asked at once, beside the map."""

altered = Signal()
"""Sent after a row was changed by its form: `row`, `columns` that changed, and `by`."""


@frozen
class Field:
    """A field of a form."""

    column: ColumnSchema
    text: str
    problems: tuple[Problem, ...] = ()
    drawn: bool = False  # a key that gets an ending

    @property
    def unit(self) -> str:
        """The unit of every row's figure; empty where each row has its own."""
        return plain_unit(self.column)

    @property
    def kind(self) -> str:
        """How it is asked: choice, reference, boolean, long or line."""
        if self.column.choices:
            return "choice"
        if self.column.references and not self.column.listed:
            return "reference"
        if self.column.type == "boolean":
            return "boolean"
        return "long" if self.column.name == "note" else "line"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, with its words."""
        return [(choice, worded(choice)) for choice in self.column.choices]

    @property
    def hint(self) -> str:
        """What helps to fill it in, beyond its label."""
        if self.drawn:
            return _("Four signs are added to a new one, so that it is free; empty: made from the name.")
        return "" if self.column.description.lower() == self.column.label.lower() else self.column.description

    @property
    def wrong(self) -> bool:
        """Whether it cannot be kept so."""
        return any(problem.level == "error" for problem in self.problems)


@frozen(eq=False)
class Form:
    """What the page of a form shows."""

    register: Register
    table: TableSchema
    fields: list[Field]
    row: Row | None = None  # the row that is changed, as it is now
    refused: str = ""  # why what was sent was not kept, beside what stands at its fields
    now: list[Any] | None = None  # what the row says now, where somebody else changed it meanwhile


@login_required
def added(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A form for a new row, and the row, where it is as it must be."""
    register, table, who = register_at(slug), schema_of(name), viewer(request.user)
    if not (who.maintains or who.edits):
        raise PermissionDenied
    cells = _cells(request, table)
    if request.method != "POST":
        return _page(request, Form(register, table, _fields(table, cells)))
    found = check(register, name, _keyed(register, table, cells), who)
    form = Form(register, table, _fields(table, cells, found))
    if not found.errors:
        try:
            row = add(register, name, found.values, who, _circle(request))
        except (RefusedError, IntegrityError) as error:
            return _page(request, evolve(form, refused=_why(error)))
        return _kept(request, register, row, found)
    return _page(request, form)


@login_required
def changed(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """A form for a row that is there. Who opened it before somebody else kept theirs is shown what it says now, beside what they wrote."""
    register, table, who = register_at(slug), schema_of(name), viewer(request.user)
    row = _held(register, name, key, who)
    told = row.shown_to(who)
    if request.method != "POST":
        cells = {column: as_text(cell(value, table.columns[column])) for column, value in told.items()}
        return _page(request, Form(register, table, _fields(table, cells, only=told), row))
    cells = open_cells(row, who) | {column: text for column, text in _cells(request, table).items() if column in told}
    found = check(register, name, _keyed(register, table, cells, row), who, [row])
    form = Form(register, table, _fields(table, cells, found, only=told), row)
    if found.errors:
        unseen = all(problem.column is not None and problem.column not in told for problem in found.errors)
        return _page(request, evolve(form, refused=_("Something that is not open to you does not go with it.") if unseen else ""))
    try:
        mine = {column: value for column, value in found.values.items() if column in told}
        now = change(row, {**mine, "circle": _circle(request, Level(row.circle))}, who, version(request))
    except ConflictError as told_of:
        said = _("Somebody else changed this row after you opened it. What it says now stands beside; save again to keep yours.")
        return _page(request, evolve(form, refused=said, row=told_of.row, now=facts(register, told_of.row, who)))
    except (RefusedError, IntegrityError) as error:
        return _page(request, evolve(form, refused=_why(error)))
    altered.send(type(now), row=now, columns=[column for column in mine if getattr(row, column) != getattr(now, column)], by=who)
    return _kept(request, register, now, found)


@login_required
def removed(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """What depends on a row; and the row taken out, unless others name it."""
    register, who = register_at(slug), viewer(request.user)
    row = _held(register, name, key, who)
    (called,) = titles(register, [row], who)
    found = depends(row, who)
    told = {"register": register, "table": schema_of(name), "row": row, "called": called, "depends": found, "along": along(row, found)}
    if request.method != "POST":
        return render(request, "registry/remove.html", told)
    many = request.POST.get("along", "")
    count = int(many) if re.fullmatch(r"[0-9]{1,4}", many) else 0
    try:
        seen = version(request) if "version" in request.POST else None
        (remove_with(row, who, seen, count) if count else remove(row, who, seen))
    except ConflictError as error:
        return render(request, "registry/remove.html", {**told, "row": error.row, "refused": str(error)}, status=422)
    except RefusedError as error:
        return render(request, "registry/remove.html", {**told, "refused": str(error)}, status=422)
    said = (
        _("'%(row)s' is taken out. On the page “Entered for you” it can be put back.")
        if row.holder_id in who.edits
        else _("'%(row)s' is taken out. The log of changes keeps what it said.")
    )
    messages.success(request, said % {"row": called})
    if count:
        went = ngettext(
            "%(count)s row that belongs to it went along, and comes back with it.",
            "%(count)s rows that belong to it went along, and come back with it.",
            count,
        )
        messages.info(request, went % {"count": count})
    return redirect("table", slug, name)


def _why(error: Exception) -> str:
    """Why a row could not be kept, in words."""
    if isinstance(error, GoneError | NamedError | OpenedError):
        return str(error)
    return (
        _("There is a row with that key already.")
        if isinstance(error, IntegrityError)
        else _("Choose an organisation or site of your own.")
    )


def _held(register: Register, name: str, key: str, who: Viewer) -> Row:
    """A row that the viewer may change; what they may not see is not found, what they may not change is refused."""
    row: Row = get_object_or_404(MODELS[schema_of(name).name].objects.filter(register=register).restrict(who), row_key=key)
    if not MODELS[name].objects.filter(pk=row.pk).restrict(who, "change").exists():
        raise PermissionDenied
    return row


def _cells(request: HttpRequest, table: TableSchema) -> dict[str, str]:
    """What was written, column by column; what an address proposes fills a new form."""
    written = request.POST if request.method == "POST" else request.GET
    return {name: written[name].strip() for name in table.columns if name in written}


def _keyed(register: Register, table: TableSchema, cells: Mapping[str, str], row: Row | None = None) -> dict[str, str]:
    """What was written, with the key that the row will have: the one that it has, or a free one where another is written."""
    (first, *_rest), written = table.key, dict(cells)
    if drawn(table) and (row is None or written.get(first, "") != row.row_key):
        written[first] = free_key(register, table.name, written.get(first, ""), written.get("name", ""))
    return written


def _fields(
    table: TableSchema, cells: Mapping[str, str], found: Checked | None = None, only: Mapping[str, Any] | None = None
) -> list[Field]:
    columns = [column for name, column in table.columns.items() if only is None or name in only]
    problems = {column.name: () if found is None else tuple(map(plain, found.at(column.name))) for column in columns}
    return [
        Field(column, cells.get(column.name, ""), problems[column.name], drawn(table) and column.name in table.key) for column in columns
    ]


def _page(request: HttpRequest, form: Form) -> HttpResponse:
    first = [field for field in form.fields if field.column.required or field.text or field.problems or field.column.name in _EARLY]
    told = {
        "register": form.register,
        "table": form.table,
        "row": form.row,
        "now": form.now,
        "refused": form.refused,
        "first": first,
        "rest": [field for field in form.fields if field not in first],
        "circles": CHOICES,
        "placed": any(field.column.name == "lat" for field in form.fields) and any(field.column.name == "lon" for field in form.fields),
        "circle": int(Level.FACILITATORS if form.row is None else form.row.circle),
    }
    if form.row is not None:
        (told["called"],) = titles(form.register, [form.row], viewer(request.user))
    wrong = bool(form.refused) or any(field.wrong for field in form.fields)
    return render(request, "registry/form.html", told, status=422 if wrong else 200)


def _circle(request: HttpRequest, otherwise: Level = Level.FACILITATORS) -> Level:
    """The circle that was chosen; a form that says none opens nothing."""
    written = request.POST.get("circle", "")
    return Level(int(written)) if written in {str(int(level)) for level in Level} else otherwise


def version(request: HttpRequest) -> int:
    """The version of the row that a form was opened with; 0, which no row has, where it says none."""
    written = request.POST.get("version", "")
    return int(written) if re.fullmatch(r"[0-9]{1,18}", written) else 0


def _kept(request: HttpRequest, register: Register, row: Row, found: Checked) -> HttpResponse:
    messages.success(request, _("Kept."))
    for problem in (plain(each) for each in found.warnings if each.rule != "decimal_comma"):  # the page tells how it was read
        messages.warning(request, f"{problem.message} {problem.repair}")
    return redirect(row_address(register, row))
