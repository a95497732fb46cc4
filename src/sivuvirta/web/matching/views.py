"""Pages of matching: who can use a stream, what could feed a need, what is listed without a name, what was asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.disclosure.asking import subject
from sivuvirta.web.matching import asking
from sivuvirta.web.matching.asking import NotAskedError
from sivuvirta.web.matching.candidates import candidates
from sivuvirta.web.matching.models import Question
from sivuvirta.web.matching.places import places
from sivuvirta.web.matching.words import drawn
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.schemas import worded
from sivuvirta.web.registry.seen.amounts import with_amount
from sivuvirta.web.registry.seen.names import names, units
from sivuvirta.web.registry.seen.pseudonyms import MARK, pseudonym
from sivuvirta.web.registry.seen.showing import amount

AT_ONCE = 8
"""Questions of one click."""

_PAGE = 50
_LISTED = 200
_NAMELESS = frozenset({"material", "legal_status"})  # told of what is listed without its name


def uses(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Who can use a stream."""
    return _page(request, slug, "streams", key)


def feeds(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What could feed a need."""
    return _page(request, slug, "needs", key)


def _page(request: HttpRequest, slug: str, table: str, key: str) -> HttpResponse:
    register, who = register_at(slug), viewer(request.user)
    rows = MODELS[table].objects.filter(register=register).restrict(who).select_related("register")
    own = get_object_or_404(rows, row_key=key)
    found = candidates(own, who)
    told = {
        "register": register,
        "table": own.schema,
        "row": own,
        "called": own.title_to(who),
        "candidates": list(zip(found, drawn([each.answer["netback"] for each in found]), strict=True)),
        "places": places(own, found, who),
        "askable": [each for each in found if each.may_ask and each.question is None][:AT_ONCE],
        "quota": asking.QUOTA,
    }
    return render(request, "matching/candidates.html", told)


@login_required
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Questions about streams for one need, eight at most; then the page that they were asked on."""
    register, who = register_at(slug), viewer(request.user)
    need = MODELS["needs"].objects.filter(register=register).restrict(who).filter(row_key=request.POST.get("need", "")).first()
    streams = [subject(register, "streams", key, who) for key in request.POST.getlist("stream")[:AT_ONCE]]
    if need is None or not streams or None in streams:
        raise Http404
    refused = ""
    for stream in streams:
        try:
            asking.ask(need, stream, who)  # type: ignore[arg-type]
        except NotAskedError as error:
            refused = str(error)
    if refused:
        messages.error(request, refused)
    if request.POST.get("back") == "uses" and not request.POST["stream"].startswith(MARK):
        return redirect("uses", slug, request.POST["stream"])
    return redirect("feeds", slug, need.row_key)


@login_required
def listings(request: HttpRequest, slug: str) -> HttpResponse:
    """Streams and needs that are listed without their names, in the order of their pseudonyms, which says nothing."""
    register, who = register_at(slug), viewer(request.user)
    rows: list[Row] = []
    for table in ("streams", "needs"):
        rows += with_amount(MODELS[table].objects.filter(register=register).listed(who), table, register, who)
    page = Paginator(sorted(rows, key=lambda row: pseudonym(row, who)), _PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    called, counted = names(register, shown, ("material",), who), units(register, shown)
    told = [row.nameless_to(who, _NAMELESS & row.schema.columns.keys()) for row in shown]
    lines = [
        (pseudonym(row, who), row, _status(open_), called.get(("materials", open_["material"])), amount(row, counted))
        for row, open_ in zip(shown, told, strict=True)
    ]
    return render(request, "matching/listings.html", {"register": register, "page": page, "lines": lines, "mark": MARK})


def _status(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "legal_status": worded(told["legal_status"])} if told.get("legal_status") else told


@login_required
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """Questions about what the viewer's organisations hide, and those that they asked."""
    register, who = register_at(slug), viewer(request.user)
    rows = Question.objects.filter(register=register).select_related("organisation")
    asked = rows.filter(holder__in=who.belongs)[:_LISTED]
    mine = rows.filter(Q(user=who.user) | Q(organisation__in=who.belongs))[:_LISTED]
    told = {"register": register, "asked": _lines(register, asked, who), "mine": _lines(register, mine, who), "quota": asking.QUOTA}
    return render(request, "matching/questions.html", told)


def _lines(register: Register, found: Any, who: Viewer) -> list[tuple[Question, str, str]]:
    """Questions with what their stream and need are called to the viewer."""
    every = list(found)
    called: dict[tuple[str, int], str] = {}
    for table, keys in (("streams", [each.row for each in every]), ("needs", [each.other for each in every])):
        rows = MODELS[table].objects.filter(register=register, pk__in=keys)
        called |= {(table, row.pk): pseudonym(row, who) for row in rows}
        called |= {(table, row.pk): row.title_to(who) for row in rows.restrict(who)}
    gone = _("gone")
    return [(each, called.get(("streams", each.row), gone), called.get(("needs", each.other), gone)) for each in every]
