"""Pages of disclosure: a request, its answer, all of one's own, and to whom a row is shown how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts.models import Membership, Place
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.disclosure import asking
from sivuvirta.web.disclosure.asking import NotGivenError
from sivuvirta.web.disclosure.forms import Asking, Sharing
from sivuvirta.web.disclosure.letters import tell
from sivuvirta.web.disclosure.models import SCOPES, Disclosure
from sivuvirta.web.disclosure.previews import parts, shown
from sivuvirta.web.registry.addresses import register_at, row_address, schema_of
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.pages.editing import version
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.pseudonyms import MARK, pseudonym
from sivuvirta.web.registry.seen.seeing import SEE
from sivuvirta.web.registry.writes.changing import ConflictError, RefusedError, change

_LISTED = 200  # of each kind on one page


@frozen
class Line:
    """A request with what its reader may be told of what it is about."""

    disclosure: Disclosure
    called: str
    address: str  # "" where the reader does not see the row

    @property
    def scopes(self) -> list[str]:
        """What is asked for, in words."""
        return [str(words) for scope, words in SCOPES if scope in self.disclosure.scopes]


@login_required
def disclosures(request: HttpRequest, slug: str) -> HttpResponse:
    """What a person asked for and is given, and, for an admin, what others ask of the organisation and who saw its analyses."""
    register, who = register_at(slug), viewer(request.user)
    led = list(Membership.objects.filter(user=who.user, place=Place.ADMIN).values_list("organisation_id", flat=True))
    rows = Disclosure.objects.filter(register=register).select_related("organisation", "holder")
    mine = rows.filter(Q(asker=who.user) | Q(personal=False, organisation__in=who.belongs))[:_LISTED]
    asked = Q(holder__in=led) | (Q(holder=None) if who.maintains else Q(pk__in=()))
    told = {
        "register": register,
        "mine": _lines(mine, who),
        "asked": _lines(rows.filter(asked)[:_LISTED], who),
        "leads": bool(led),
        "seen": _seen(register, who),
    }
    return render(request, "disclosure/disclosures.html", told)


@login_required
def ask(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """A form that asks the holder of a row to show it, or one column of it; a row listed without its name is asked for by its pseudonym."""
    register, who, table = register_at(slug), viewer(request.user), schema_of(name)
    row = asking.subject(register, name, key, who)
    column = request.GET.get("column", "")
    if row is None or row.own(who) or (column and column not in table.columns):
        raise Http404
    own = list(Organisations.objects.filter(pk__in=who.belongs))
    form = Asking(row, column, own, request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = asking.ask(row, form.asked(), who)
        except NotGivenError as error:
            refused = str(error)
        else:
            tell(made, lambda: request.build_absolute_uri(reverse("disclosures", args=(slug,))))
            messages.success(request, _("Asked. You are told here when it is decided."))
            return redirect("disclosures", slug)
    called = pseudonym(row, who) if key.startswith(MARK) else row.title_to(who)
    told = {"register": register, "form": form, "called": called, "column": column, "refused": refused}
    return render(request, "disclosure/ask.html", told, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Give, refuse, revoke or withdraw. To who has no part in it the request is not found."""
    register, who = register_at(slug), viewer(request.user)
    found = get_object_or_404(Disclosure.objects.filter(register=register), pk=key)
    if found.asker_id != who.user and not asking.decides(found, who):
        raise Http404
    reason = request.POST.get("reason", "")
    until = parse_date(request.POST.get("until") or "") if "give" in request.POST else None
    ways: dict[str, Callable[[], None]] = {
        "give": lambda: asking.give(found, until or found.until, who),
        "refuse": lambda: asking.refuse(found, reason, who),
        "revoke": lambda: asking.revoke(found, reason, who),
        "withdraw": lambda: asking.withdraw(found, who),
    }
    chosen = next((ways[name] for name in ways if name in request.POST), None)
    if chosen is None:
        raise Http404
    try:
        chosen()
    except NotGivenError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done."))
    return redirect("disclosures", slug)


@login_required
def share(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """To whom a row is shown, as what: for those who may change it and see all of it."""
    register, who, _table = register_at(slug), viewer(request.user), schema_of(name)
    row = get_object_or_404(MODELS[name].objects.filter(register=register).restrict(who, "change").select_related("register"), row_key=key)
    if row.holder_id is not None and row.holder_id not in who.edits:
        raise Http404
    sent = request.POST or None
    form, refused = Sharing(row, who, sent), ""
    keeps = sent is not None and "preview" not in sent
    if form.is_valid() and keeps:
        try:
            change(row, form.values(row), who, version(request))
        except ConflictError as error:  # what the other chose is shown, so that it is not written over unseen
            refused, row = str(error), error.row
            form = Sharing(row, who)
        except RefusedError as error:
            refused = str(error)
        else:
            messages.success(request, _("Kept."))
            return redirect(row_address(register, row))
    told = {"register": register, "row": row, "table": row.schema, "form": form, "refused": refused, "others": _others(register, row)}
    told |= {"version": request.POST["version"] if form.is_bound and "version" in request.POST else row.version}
    told |= {
        "shown": shown(register, row, form, who, request.POST.get("preview", "")),
        "parts": parts(register, row, who),
        "called": row.title_to(who),
    }
    return render(request, "disclosure/share.html", told, status=422 if keeps or (sent and not form.is_valid()) else 200)


def _others(register: Register, row: Row) -> int | None:
    """How many other organisations have rows of the same material that everybody sees: among few, the material alone names its holder."""
    if row.schema.name not in ("streams", "needs"):
        return None
    rows = type(row).objects.filter(register=register, material=row.material, widest=3).exclude(holder=row.holder)
    return int(rows.values("holder").distinct().count())


def _lines(found: Any, who: Viewer) -> list[Line]:
    every = list(found)
    seen: dict[tuple[str, int], Row] = {}
    there: dict[tuple[str, int], Row] = {}
    for table in {each.table for each in every}:
        keys = [each.row for each in every if each.table == table]
        rows = MODELS[table].objects.filter(pk__in=keys).select_related("register")
        there |= {(table, row.pk): row for row in rows}
        seen |= {(table, row.pk): row for row in rows.restrict(who)}
    return [_line(each, seen.get((each.table, each.row)), there.get((each.table, each.row)), who) for each in every]


def _line(each: Disclosure, seen: Row | None, there: Row | None, who: Viewer) -> Line:
    if seen is not None:
        return Line(each, seen.title_to(who), row_address(seen.register, seen))
    return Line(each, _("a row that is gone") if there is None else pseudonym(there, who), "")


def _seen(register: Register, who: Viewer) -> list[Entry]:
    """Who saw analyses of the viewer's organisations."""
    if not who.belongs:
        return []
    own = MODELS["analyses"].objects.filter(register=register, holder__in=who.belongs).values("row_key")
    return list(Entry.objects.filter(register=register.slug, table="analyses", action=SEE, key__in=own)[:_LISTED])
