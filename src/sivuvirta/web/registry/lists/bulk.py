"""Bulk edit: one column of chosen rows set to one value. All are checked, all that is wrong is told at once, and all or none are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.registry.addresses import register_at, schema_of
from sivuvirta.web.registry.lists.tools import settable
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.words import plain
from sivuvirta.web.registry.writes.changing import ConflictError, RefusedError, change
from sivuvirta.web.registry.writes.checking import Checked, check_all, open_cells
from sivuvirta.web.registry.writes.fields import AS_THE_ROW, bandable, choosable
from sivuvirta.web.registry.writes.fields import chosen as fields

MOST = 500  # rows at once
_ROW = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")  # key and version of a row that was chosen
CIRCLE = "circle"
"""The name under which who sees the rows is set, beside their columns."""
FIELDS = "fields"
"""The name under which who sees single columns of the rows is set."""


@frozen(eq=False)
class Chosen:
    """A row that was chosen, with the version that the viewer saw and what stands against its change."""

    row: Row
    version: int
    problems: tuple[str, ...] = ()
    called: str = ""  # what the row is called to the viewer


@login_required
@require_POST
def bulk(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Set a column of the chosen rows, or tell everything that stands against it."""
    register, table, who = register_at(slug), schema_of(name), viewer(request.user)
    if not (who.maintains or who.edits):
        raise PermissionDenied
    chosen = _chosen(register, table, who, request.POST.getlist("row"))
    column, value = request.POST.get("column", ""), request.POST.get("value", "").strip()
    asked = {"register": register, "table": table, "chosen": chosen, "column": column, "value": value, "columns": settable(table)}
    asked |= {"circles": CHOICES, "head": table.columns.get(column)}
    if not chosen:
        messages.error(request, _("Choose rows that you may change."))
        return redirect("table", slug, name)
    asked |= offered(table, request.POST) if column == FIELDS else {}
    if column not in {CIRCLE, FIELDS, *(each.name for each in asked["columns"])} or (column == FIELDS and not asked["ready"]):
        return render(request, "registry/bulk.html", asked)
    found = _opened(chosen, who, asked) if column == FIELDS else _kept(register, table, who, chosen, (column, value))
    if any(each.problems for each in found):
        return render(request, "registry/bulk.html", {**asked, "chosen": found, "refused": True}, status=422)
    told = ngettext("%(count)s row is changed.", "%(count)s rows are changed.", len(found)) % {"count": len(found)}
    messages.success(request, told)
    return redirect("table", slug, name)


def _chosen(register: Register, table: TableSchema, who: Viewer, written_rows: Sequence[str]) -> list[Chosen]:
    """The rows that were chosen, as `key:version`; what the viewer may not change is left out."""
    found = (_ROW.fullmatch(each) for each in written_rows)
    versions = {int(each[1]): int(each[2]) for each in found if each is not None}
    rows = MODELS[table.name].objects.filter(register=register, pk__in=list(versions)[:MOST]).restrict(who, "change").order_by("pk")
    return [Chosen(row, versions[row.pk], called=row.title_to(who)) for row in rows.select_related("register")]


def _kept(register: Register, table: TableSchema, who: Viewer, chosen: list[Chosen], asked: tuple[str, str]) -> list[Chosen]:
    """The rows with what stands against their change; where nothing does, they are changed, in one transaction."""
    column, value = asked
    if column == CIRCLE:
        circle = next((Level(level) for level, word in CHOICES if value in (str(level), str(word))), None)
        if circle is None:
            words = ", ".join(str(word) for __, word in CHOICES)
            return [evolve(each, problems=(_("Who sees it is one of: %(words)s.") % {"words": words},)) for each in chosen]
        values: list[Mapping[str, Any]] = [{CIRCLE: circle} for __ in chosen]
    else:
        rows = [each.row for each in chosen]
        found = check_all(register, table.name, [{**open_cells(row, who), column: value} for row in rows], who, rows)
        chosen = [evolve(each, problems=_against(each.row, column, one, who)) for each, one in zip(chosen, found, strict=True)]
        open_ones = [each.row.shown_to(who) for each in chosen]
        values = [{name: one.values[name] for name in told} for one, told in zip(found, open_ones, strict=True)]
    if any(each.problems for each in chosen):
        return chosen
    return _changed(chosen, values, who)


def offered(table: TableSchema, sent: QueryDict) -> dict[str, Any]:
    """What is chosen of who sees single columns, and of what; `ready` when there is something to set."""
    columns, levels = choosable(table), {AS_THE_ROW, *(level for level, _word in CHOICES)}
    names = set(sent.getlist("field"))
    level = next((each for each in levels if sent.get("seen") == str(each)), None)
    band = next((each for each in levels - {int(Level.PRIVATE)} if sent.get("band") == str(each)), None)
    asked = [each.name for each in columns if each.name in names]
    picks = [(each, each.name in names, bandable(table, each)) for each in columns]
    said = {"picked": asked, "seen": level, "band": band, "fields": picks, "wider": CHOICES[1:]}
    return {**said, "ready": bool(asked) and (level is not None or band is not None)}


def _opened(chosen: list[Chosen], who: Viewer, asked: Mapping[str, Any]) -> list[Chosen]:
    """The rows with who sees some of their columns set, or with what stands against it."""
    names, values = asked["picked"], []
    levels = {} if asked["seen"] is None else dict.fromkeys(names, asked["seen"])
    for at, each in enumerate(chosen):
        table = each.row.schema
        bands = {} if asked["band"] is None else {name: asked["band"] for name in names if bandable(table, table.columns[name])}
        values.append(fields(each.row, int(each.row.circle), levels, bands))
        if not set(names) <= each.row.shown_to(who).keys():
            chosen[at] = evolve(each, problems=(_("This column of it is not open to you."),))
    return chosen if any(each.problems for each in chosen) else _changed(chosen, values, who)


def _against(row: Row, column: str, found: Checked, who: Viewer) -> tuple[str, ...]:
    """What stands against the change of a row; of columns that the viewer may not see only that there is something."""
    told = row.shown_to(who)
    if column not in told:
        return (_("This column of it is not open to you."),)
    said = [plain(problem) for problem in found.errors if problem.column is None or problem.column in told]
    hidden = [_("Something that is not open to you does not go with it.")] if len(said) < len(found.errors) else []
    return (*(f"{problem.message} {problem.repair}".strip() for problem in said), *hidden)


def _changed(chosen: list[Chosen], values: Sequence[Mapping[str, Any]], who: Viewer) -> list[Chosen]:
    """All changed, or none, with the reason at each row that could not be."""
    result = []
    with transaction.atomic():
        for each, new in zip(chosen, values, strict=True):
            try:
                change(each.row, new, who, each.version)
                result.append(each)
            except ConflictError:
                result.append(evolve(each, problems=(_("Somebody else changed it after you chose it. Look at it again."),)))
            except RefusedError as error:
                result.append(evolve(each, problems=(str(error),)))
        if any(each.problems for each in result):
            transaction.set_rollback(True)
    return result
