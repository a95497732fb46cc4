"""Pages of invitations: sending one, taking it up, taking it back."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts.forms import InviteForm
from sivuvirta.web.accounts.invitations import Offer, by_token, invite, may_invite, take, withdraw
from sivuvirta.web.accounts.models import Invitation, Membership, Place, Role, User
from sivuvirta.web.accounts.people import NotAllowedError
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.registry.models import Organisations

_SHOWN = 100  # organisations listed at most


@login_required
def invite_person(request: HttpRequest, organisation: int | None = None) -> HttpResponse:
    """A form by which a person is invited to the platform, or to an organisation. What somebody may not do is not found."""
    by: Any = request.user
    at = None if organisation is None else Organisations.objects.restrict(viewer(by)).filter(pk=organisation).first()
    if not may_invite(by, Role.MEMBER, at) or (at is None and organisation is not None):
        raise Http404
    form = InviteForm(request.POST or None, by=by, organisation=at)
    if request.method == "POST" and form.is_valid():
        if not consume(request, action="invite", user=by):
            raise PermissionDenied(_("Too many invitations within an hour. Wait a while."))
        sent = form.cleaned_data
        offer = Offer(sent["email"], Role(sent.get("role", Role.MEMBER)), at, Place(sent.get("place", Place.MEMBER)))
        try:
            invite(by, offer, lambda token: request.build_absolute_uri(reverse("invitation", args=(token,))))
        except NotAllowedError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("A letter with a link is sent to %(email)s.") % {"email": offer.email})
            return redirect("account") if at is None else redirect("organisation_people", at.pk)
    told = {"form": form, "organisation": at, "without": _without_admin(by) if at is None else ()}
    return render(request, "accounts/invite.html", told)


def _without_admin(by: User) -> Any:
    """Organisations that a person sees and that nobody leads yet."""
    led = Membership.objects.filter(place=Place.ADMIN, user__is_active=True).values("organisation")
    return Organisations.objects.restrict(viewer(by)).told(viewer(by), "name").exclude(pk__in=led).select_related("register")[:_SHOWN]


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads. One that is unknown, used, expired or void gets the same answer."""
    found, user = by_token(token), request.user
    if found is None:
        return render(request, "accounts/invitation.html", {"invitation": None}, status=404)
    if user.is_authenticated and user.email != found.email:
        return render(request, "accounts/invitation.html", {"invitation": None, "other": True}, status=403)
    if request.method == "POST":
        return _taken(request, found)
    known = User.objects.filter(email=found.email).exists()  # who holds the link reads the letters of that address
    return render(request, "accounts/invitation.html", {"invitation": found, "known": known, "here": request.path})


def _taken(request: HttpRequest, found: Invitation) -> HttpResponse:
    user: Any = request.user
    if user.is_authenticated:
        take(found, user)
        messages.success(request, _("Welcome: you are in."))
        if found.organisation is not None and found.place != Place.MEMBER:
            return redirect("entered", found.organisation.register.slug)
        return redirect("account")
    if EmailAddress.objects.filter(email=found.email).exists():
        return redirect(f"{reverse('account_login')}?next={request.path}")
    request.session["invitation"] = found.pk
    get_adapter(request).stash_verified_email(request, found.email)
    return redirect("account_signup")


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """An invitation taken back."""
    by: Any = request.user
    found = get_object_or_404(Invitation.objects.select_related("organisation"), pk=key, used=None)
    at = found.organisation_id
    try:
        withdraw(found, by)
    except NotAllowedError:
        raise Http404 from None
    messages.success(request, _("The invitation does not hold any more."))
    return redirect("account") if found.by_id == by.pk or at is None else redirect("organisation_people", at)
