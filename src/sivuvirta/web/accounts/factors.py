"""Second factors that a role needs: who looks after a region, reads as an authority or administers the platform has one, or is led to it.

Until then they reach their own account and nothing else. Who came by single sign-on was asked by the partner, whose matter it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from sivuvirta.web.accounts.models import Role

ROLES = frozenset({Role.FACILITATOR, Role.AUTHORITY, Role.ADMINISTRATOR})
"""Roles that need one."""

_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_METHODS = "account_authentication_methods"  # of a session: how its person logged in, as django-allauth keeps it
_OPEN = ("account", "mfa_", "usersessions_", "consent", "export", "delete_account", "session_end", "set_language", "health")
"""How names of addresses begin that are open without one."""


def asked(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: who needs a second factor and has none is led to where they get one."""

    def led(request: Any) -> Any:
        request.needs_factor = lacks(request)
        if not request.needs_factor or _open(request.path_info):
            return answer(request)
        to = reverse("mfa_index")
        return HttpResponse(headers={"HX-Redirect": to}) if request.headers.get("HX-Request") else redirect(to)

    return led


def lacks(request: Any) -> bool:
    """Whether the person who asks needs a second factor and has none. Costs a query for these roles alone."""
    user = request.user
    if not settings.SECOND_FACTOR or not user.is_authenticated or user.role not in ROLES or _by_partner(request):
        return False
    return not Authenticator.objects.filter(user=user, type__in=_KINDS).exists()


def _by_partner(request: Any) -> bool:
    return any(each.get("method") == "socialaccount" for each in request.session.get(_METHODS, ()))


def _open(path: str) -> bool:
    try:
        return str(resolve(path).url_name).startswith(_OPEN)
    except Resolver404:
        return False
