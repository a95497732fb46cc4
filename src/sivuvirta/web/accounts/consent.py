"""Consent: everybody is told once, before anything else, what is kept about them and why; version and time are recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from sivuvirta.web.accounts.models import User
from sivuvirta.web.accounts.noting import note

VERSION = "2026-11"
"""Of the text in `accounts/consent.html`: a new one is asked again of everybody."""

_OPEN = frozenset(
    {
        "health",
        "set_language",
        "consent",
        "export",
        "delete_account",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
"""Addresses that need no consent: a person may take their data or leave without it."""


def asked(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: who has not agreed to the present text is led to it."""

    def led(request: Any) -> Any:
        if not request.user.is_authenticated or request.user.consent_version == VERSION or _open(request.path_info):
            return answer(request)
        to = f"{reverse('consent')}?{urlencode({'next': request.get_full_path() if request.method == 'GET' else '/'})}"
        return HttpResponse(headers={"HX-Redirect": to}) if request.headers.get("HX-Request") else redirect(to)

    return led


def agree(user: User) -> None:
    """Record that a person agreed to the present text now."""
    before = {"version": user.consent_version or None}
    user.consent_version, user.consent_at = VERSION, timezone.now()
    user.save(update_fields=["consent_version", "consent_at"])
    note(user.email, "consent", user.email, before, {"version": VERSION})


def _open(path: str) -> bool:
    try:
        return resolve(path).url_name in _OPEN
    except Resolver404:
        return False
