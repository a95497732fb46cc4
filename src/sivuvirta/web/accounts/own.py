"""Pages of a person's own account: who they are, what they agreed to, their sessions, their data."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts import consent as agreeing
from sivuvirta.web.accounts import data
from sivuvirta.web.accounts.forms import ProfileForm
from sivuvirta.web.accounts.invitations import offered
from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.noting import note
from sivuvirta.web.accounts.people import NotAllowedError


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who a person is here: name, role, places; and the invitations that they sent."""
    user: Any = request.user
    was = user.name
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        note(user.email, "name", user.email, {"name": was}, {"name": user.name})
        messages.success(request, _("Kept."))
        return redirect("account")
    told = {
        "form": form,
        "places": user.memberships.select_related("organisation__register").order_by("pk"),
        "invitations": user.invitations.filter(used=None).select_related("organisation").order_by("-pk"),
        "invites": len(offered(user)) > 1,
        "administrator": user.role == Role.ADMINISTRATOR,
    }
    return render(request, "accounts/account.html", told)


@login_required
def consent(request: HttpRequest) -> HttpResponse:
    """What is kept about people and why; agreeing to it is recorded."""
    user: Any = request.user
    to = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        to = "/"
    if request.method == "POST":
        agreeing.agree(user)
        return redirect(to)
    return render(
        request, "accounts/consent.html", {"next": to, "version": agreeing.VERSION, "agreed": user.consent_version == agreeing.VERSION}
    )


@login_required
@reauthentication_required
def export(request: HttpRequest) -> HttpResponse:
    """All that is kept about a person, as a file."""
    user: Any = request.user
    note(user.email, "data taken", user.email)
    response = JsonResponse(data.kept(user), json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@login_required
@reauthentication_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, and the account taken away."""
    user: Any = request.user
    if request.method != "POST":
        return render(request, "accounts/delete.html")
    try:
        data.delete(user)
    except NotAllowedError as error:
        messages.error(request, str(error))
        return redirect("account")
    logout(request)
    messages.success(request, _("Your account is deleted."))
    return redirect("home")


@login_required
@require_POST
def session_end(request: HttpRequest, key: int) -> HttpResponse:
    """A session of one's own ended: whoever uses it is logged out."""
    user: Any = request.user
    session = get_object_or_404(UserSession, user=user, pk=key)
    note(user.email, "session ended", user.email, {"ip": session.ip, "browser": session.user_agent}, None)
    session.end()
    messages.success(request, _("The session is ended."))
    return redirect("usersessions_list")
