"""Pages on which people are looked after: those of an organisation by its admins, all of them by administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts.invitations import may_invite
from sivuvirta.web.accounts.models import Invitation, Membership, Place, Role, User
from sivuvirta.web.accounts.people import NotAllowedError, close, give_place, give_role, is_administrator, leads, take_out
from sivuvirta.web.registry.models import Organisations

_PAGE = 50  # people on a page


@login_required
def organisation_people(request: HttpRequest, organisation: int) -> HttpResponse:
    """The people of an organisation, for its admins; for others it is not found."""
    user: Any = request.user
    found = Organisations.objects.filter(pk=organisation).first()
    if found is None or not leads(user, found):
        raise Http404
    told = {
        "organisation": found,
        "places": found.memberships.select_related("user").order_by("user__email"),
        "choices": Place.choices,
        "invites": may_invite(user, Role.MEMBER, found),
        "invitations": Invitation.objects.filter(organisation=found, used=None, expires__gt=timezone.now()).order_by("-pk"),
    }
    return render(request, "accounts/organisation.html", told)


@login_required
@require_POST
def membership(request: HttpRequest, key: int) -> HttpResponse:
    """Another place for a person in an organisation, or out of it."""
    user: Any = request.user
    found = get_object_or_404(Membership.objects.select_related("organisation"), pk=key)
    if found.user_id != user.pk and not leads(user, found.organisation_id):
        raise Http404
    at, out, place = found.organisation_id, "out" in request.POST, request.POST.get("place", "")
    if not out and place not in Place.values:
        raise Http404
    _do(request, (lambda: take_out(found, user)) if out else (lambda: give_place(found, Place(place), user)))
    return redirect("organisation_people", at) if leads(user, at) else redirect("account")


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """All people, for administrators; for others it is not found."""
    if not is_administrator(request.user):
        raise Http404
    asked = request.GET.get("q", "").strip()
    found = User.objects.filter(Q(email__icontains=asked) | Q(name__icontains=asked)).order_by("email")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": page, "asked": asked, "roles": Role.choices})


@login_required
@require_POST
def person(request: HttpRequest, key: int) -> HttpResponse:
    """Another role for a person, or their account closed or opened."""
    by: Any = request.user
    if not is_administrator(by):
        raise Http404
    found, role = get_object_or_404(User, pk=key), request.POST.get("role", "")
    if "close" in request.POST or "open" in request.POST:
        _do(request, lambda: close(found, "close" in request.POST, by))
    elif role in Role.values:
        _do(request, lambda: give_role(found, Role(role), by))
    else:
        raise Http404
    return redirect("people")


def _do(request: HttpRequest, what: Callable[[], None]) -> None:
    try:
        what()
    except NotAllowedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done."))
