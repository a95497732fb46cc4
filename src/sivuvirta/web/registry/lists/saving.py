"""Saving a list under a name, and taking the name away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.registry.addresses import register_at, schema_of
from sivuvirta.web.registry.lists.listing import sortable
from sivuvirta.web.registry.models import Organisations, Register, SavedView
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.saved import LENGTH, flat, question

_LONG = 19  # digits that no number of a row has
_MOST = 50  # views that one person keeps of one table


@login_required
@require_POST
def view_saved(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Keep the list that is shown under a name; the same name again replaces what it said."""
    register, table, who = register_at(slug), schema_of(name), viewer(request.user)
    called = request.POST.get("name", "").strip()[:100]
    query = question(table, flat(QueryDict(request.POST.get("query", ""))), sortable(table))
    back = f"{reverse('table', args=(slug, name))}?{query}"
    kept = SavedView.objects.filter(register=register, table=name, owner=who.user)
    if not called:
        messages.error(request, _("Give the view a name."))
    elif len(query) > LENGTH:
        messages.error(request, _("This list is asked for in too many words to be kept."))
    elif kept.count() >= _MOST and not kept.filter(name=called).exists():
        messages.error(request, _("You have %(most)s views of this list: take one away first.") % {"most": _MOST})
    else:
        shared = _shared(register, who, request.POST.get("organisation", ""))
        values = {"query": query, "organisation": shared}
        SavedView.objects.update_or_create(register=register, table=name, owner_id=who.user, name=called, defaults=values)
        messages.success(request, _("Kept as '%(name)s'.") % {"name": called})
    return redirect(back)


@login_required
@require_POST
def view_removed(request: HttpRequest, slug: str, name: str, key: int) -> HttpResponse:
    """Take a view of one's own away; an organisation's editors may take away those that are shared with it."""
    register, table, who = register_at(slug), schema_of(name), viewer(request.user)
    found = get_object_or_404(SavedView.objects.filter(register=register, table=table.name).restrict(who), pk=key)
    if found.owner_id == who.user or found.organisation_id in who.edits:
        found.delete()
        messages.success(request, _("'%(name)s' is taken away.") % {"name": found})
    else:
        messages.error(request, _("'%(name)s' is somebody else's.") % {"name": found})
    return redirect("table", slug, name)


def _shared(register: Register, who: Viewer, written: str) -> Row | None:
    """The organisation that a view is shared with: one that the viewer belongs to."""
    key = int(written) if written.isdecimal() and len(written) < _LONG else 0
    found: Row | None = Organisations.objects.filter(register=register, pk=key, pk__in=who.belongs).first()
    return found
