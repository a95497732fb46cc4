"""What the server answers about itself."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse

from sivuvirta import __version__


def health(_: HttpRequest) -> JsonResponse:
    """Whether the platform works: it answers, and its database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "version": __version__})
