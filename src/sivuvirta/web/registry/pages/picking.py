"""Picking: rows that a field may name, as somebody types, in any of the four languages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sivuvirta import library
from sivuvirta.language.folding import plain
from sivuvirta.tables.schema import schema
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.registry.addresses import register_at, schema_of
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.seen.names import called

_MOST = 20

Option = tuple[str, str]
"""Key and name of a row."""


def pick(request: HttpRequest, slug: str, name: str, column: str) -> HttpResponse:
    """Rows that a column may name, whose key or name holds what was typed, as options of a list."""
    register, table, who = register_at(slug), schema_of(name), viewer(request.user)
    if column not in table.columns or not table.columns[column].references:
        raise Http404
    typed = request.GET.get(column, "").strip()
    found: dict[str, str] = {}
    for other in table.columns[column].references:
        found |= dict([*_library(other, typed), *_register(register, other, typed, who)])
    return render(request, "registry/_options.html", {"options": sorted(found.items(), key=lambda one: one[1].lower())[:_MOST]})


def _register(register: Register, table: str, typed: str, who: Viewer) -> Iterable[Option]:
    """Rows of the register; only by columns that the viewer sees."""
    if table not in MODELS or len(schema()[table].key) > 1:
        return []
    name, rows = called(schema()[table]), MODELS[table].objects
    searched = {schema()[table].key[0], name}
    holding = reduce(or_, (rows.open_to(who, each) & Q(**{f"{each}__icontains": typed}) for each in searched))
    seen = rows.filter(register=register).restrict(who).told(who, schema()[table].key[0]).filter(holding)
    return [(row.row_key, str(row.shown_to(who).get(name) or row.row_key)) for row in seen.order_by("row_key")[:_MOST]]


def _library(table: str, typed: str) -> Iterable[Option]:
    """Rows of the library by key, name and trade words in four languages."""
    found = library.tables().get(table)
    if found is None or len(schema()[table].key) > 1:
        return
    told, key, word, count = called(schema()[table]), schema()[table].key[0], plain(typed.lower()), 0
    texts = [name for name in found.columns if name in (key, told) or name.startswith(("name_", "synonyms_"))]
    for row in found.rows():
        said = (each for name in texts for each in (row[name] if isinstance(row[name], tuple) else (row[name],)))
        if any(each and word in plain(str(each).lower()) for each in said):
            yield str(row[key]), str(row[told] or row[key])
            count += 1
        if count == _MOST:
            return
