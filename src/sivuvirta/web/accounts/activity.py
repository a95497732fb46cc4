"""Activity: when a session was last seen, for the page on which people end their sessions, and to end those that lie idle.

It is written once a minute, not at every request; one query a request reads it. How long a session may lie idle is set by the role.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.models import Role

REST = timedelta(minutes=1)
_LEADING = frozenset({Role.FACILITATOR, Role.ADMINISTRATOR})


def seen(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: a session that lay idle too long ends; one that comes from elsewhere is noted at once, one that goes on once a minute."""

    def noted(request: Any) -> Any:
        if not request.user.is_authenticated or not request.session.session_key:
            return answer(request)
        known = UserSession.objects.filter(session_key=request.session.session_key)
        *before, at = known.values_list("user_id", "ip", "user_agent", "last_seen_at").first() or (None,)
        now = timezone.now()
        if at is not None and now - at > idle(request.user.role):
            return _ended(request)
        if at is None or now - at >= REST or before != _here(request):
            UserSession.objects.create_from_request(request)
        return answer(request)

    return noted


def idle(role: Any) -> timedelta:
    """How long the session of a role may lie idle."""
    members, leading = settings.IDLE
    return timedelta(minutes=leading if role in _LEADING else members)


def _here(request: Any) -> list[Any]:
    """Who asks, from where, by which browser, as a session keeps it."""
    most = UserSession._meta.get_field("user_agent").max_length
    return [request.user.pk, get_adapter().get_client_ip(request), request.META.get("HTTP_USER_AGENT", "")[:most]]


def _ended(request: Any) -> HttpResponse:
    """Log out, and lead to the log-in and from there back."""
    logout(request)
    messages.info(request, _("You were away for long, so you were logged out. Log in again to go on."))
    to = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path() if request.method == 'GET' else '/'})}"
    return HttpResponse(headers={"HX-Redirect": to}) if request.headers.get("HX-Request") else redirect(to)
