"""Speaking: the language that a person chose is theirs on every device; a visitor's is kept by their browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.i18n import set_language

_OURS = frozenset(code for code, _ in settings.LANGUAGES)


def chosen(request: HttpRequest) -> HttpResponse:
    """Set the language as Django does, and keep it with the person who is logged in."""
    response: HttpResponse = set_language(request)
    code, user = request.POST.get("language", ""), request.user
    if request.method == "POST" and user.is_authenticated and code in _OURS:
        user.language = code
        user.save(update_fields=["language"])
    return response


def spoken(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: pages are told in the language that the person chose, whatever their browser asks for."""

    def told(request: Any) -> Any:
        if request.user.is_authenticated and request.user.language in _OURS:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return answer(request)

    return told
