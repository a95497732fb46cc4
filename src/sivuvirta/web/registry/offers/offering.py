"""Pages on which a side stream or a need is listed in three fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.offers.kinds import Kind, kind, kinds
from sivuvirta.web.registry.offers.offers import Offer, OfferError, keep, sites_of
from sivuvirta.web.registry.writes.changing import RefusedError

UNITS = ("t", "kt", "m3", "MWh", "GWh")
_MOST = 300  # sites or organisations to choose from
LISTED = ("streams", "needs")


@login_required
def list_it(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Three fields; what is listed is kept at once, and what can be inferred is offered on the next page."""
    register, who = register_at(slug), viewer(request.user)
    if name not in LISTED:
        raise Http404
    if not (who.maintains or who.edits):
        raise PermissionDenied
    offer = _offer(request, name)
    faults: Mapping[str, str] = {}
    if request.method == "POST":
        faults = _faults(register, offer)
        if not faults:
            try:
                row = keep(register, offer, who, _circle(request))
            except OfferError as error:
                faults = error.faults
            except RefusedError:
                faults = {"where": _("Choose a place of your own organisation.")}
            else:
                return redirect("listed", slug, name, row.row_key)
    return render(request, "registry/list_it.html", _told(register, offer, who, faults), status=422 if faults else 200)


def materials(request: HttpRequest, slug: str) -> HttpResponse:
    """Classes that somebody may mean by what they type, to choose from."""
    found = kinds(register_at(slug), request.GET.get("what", ""))
    return render(request, "registry/_kinds.html", {"kinds": found, "material": request.GET.get("material", ""), "typed": True})


def _told(register: Register, offer: Offer, who: Viewer, faults: Mapping[str, str]) -> dict[str, Any]:
    sites = list(sites_of(register, who)[:_MOST])
    owners = Organisations.objects.filter(register=register)
    owners = owners.restrict(who) if who.maintains else owners.filter(pk__in=who.edits)
    found = kinds(register, offer.what) if offer.what else []
    chosen = kind(register, offer.material) if offer.material else None
    if chosen is not None and chosen.key not in {each.key for each in found}:
        found = [chosen, *found]
    return {
        "register": register,
        "table": MODELS[offer.table].schema,
        "offer": offer,
        "faults": faults,
        "kinds": found,
        "material": offer.material or (found[0].key if found else ""),
        "sites": sites,
        "owners": owners.order_by("name")[:_MOST],
        "units": UNITS,
        "circles": CHOICES,
        "circle": int(Level.FACILITATORS),
    }


def _offer(request: HttpRequest, name: str) -> Offer:
    written = request.POST if request.method == "POST" else request.GET
    fields = ("what", "material", "amount", "unit", "site", "organisation", "place", "lat", "lon")
    told = {field: written.get(field, "").strip()[:200] for field in fields}
    offer = Offer(table=name, **told)
    return evolve(offer, basis="dry" if written.get("basis") == "dry" else "as_sent", unit=offer.unit if offer.unit in UNITS else "t")


def _faults(register: Register, offer: Offer) -> dict[str, str]:
    """What is missing of the three fields."""
    found: dict[str, str] = {}
    chosen: Kind | None = kind(register, offer.material) if offer.material else None
    if not offer.what:
        found["what"] = _("Say what it is, in your own words.")
    elif chosen is None:
        found["what"] = _("Choose what it is nearest to, so that others can find it.")
    if not offer.amount:
        found["amount"] = _("Say about how much a year; a rough figure is enough.")
    if not offer.site and not (offer.lat and offer.lon):
        found["where"] = _("Choose a site, or click on the map where it is.")
    return found


def _circle(request: HttpRequest) -> Level:
    written = request.POST.get("circle", "")
    return Level(int(written)) if written in {str(int(level)) for level in Level} else Level.FACILITATORS
