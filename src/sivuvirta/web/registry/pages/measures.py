"""Pages of meters: streams put to be measured, and the meter of one, for the page that waits for it."""

from __future__ import annotations

from attrs import evolve
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.lists.listing import PAGE
from sivuvirta.web.registry.meters.meters import ASKED, measures, meter, with_facts
from sivuvirta.web.registry.meters.queueing import ask
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row, Rows
from sivuvirta.web.registry.seen.amounts import with_amount


@require_POST
def measure(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Have the streams of a page measured in the background; answers nothing, or the meter of one that waits."""
    register, who = _metered(slug, name), viewer(request.user)
    keys = request.POST.getlist("row")[:PAGE]
    rows = list(_rows(register, name, who).filter(row_key__in=keys)) if name == "streams" else []
    ask(register, rows, who, measures(register, rows, who))
    if not rows or "shown" not in request.POST:
        return HttpResponse(status=204)
    return _page(request, register, rows[0], who)


def shown(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """The meter of a stream or need."""
    register, who = _metered(slug, name), viewer(request.user)
    return _page(request, register, get_object_or_404(_rows(register, name, who), row_key=key), who)


def told(register: Register, row: Row, who: Viewer) -> dict[str, object]:
    """What the page of a meter shows; streams that were not measured yet, or long ago, are put to be."""
    found = measures(register, [row], who)
    under_way = row.schema.name == "streams" and ask(register, [row], who, found)
    made = meter(row, who, found)
    waiting = under_way and made is not None and not made.measured
    return {"register": register, "table": row.schema, "row": row, "meter": made and evolve(made, waiting=waiting)}


def _page(request: HttpRequest, register: Register, row: Row, who: Viewer) -> HttpResponse:
    return render(request, "registry/_meter.html", told(register, row, who))


def _metered(slug: str, name: str) -> Register:
    if name not in ASKED:
        raise Http404
    return register_at(slug)


def _rows(register: Register, name: str, who: Viewer) -> Rows:
    rows = MODELS[name].objects.filter(register=register).restrict(who)
    return with_facts(with_amount(rows, name, register, who), name, register, who).select_related("register")
