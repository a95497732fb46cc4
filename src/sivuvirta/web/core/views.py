"""What the server answers about itself."""

from __future__ import annotations

import logging
from typing import Any

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from sivuvirta import __version__
from sivuvirta.web.audit.middleware import channel
from sivuvirta.web.jobs.seen import worker_seen

_log = logging.getLogger("sivuvirta.health")


def health(_: HttpRequest) -> JsonResponse:
    """Whether the platform works: it answers, its database does, and a worker was seen in the last minute. 503 without a database."""
    database = reachable()
    told: dict[str, Any] = {"status": "ok" if database else "failed", "version": __version__, "database": database}
    told["worker"] = database and worker_seen()
    return JsonResponse(told, status=200 if database else 503, headers={"Cache-Control": "no-store"})


def reachable() -> bool:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        _log.warning("The database does not answer.", exc_info=True)
        return False
    return True


def failed(_: HttpRequest) -> HttpResponse:
    """The page of an error of our own, with the request's number. It asks nothing of the database, which may be what failed."""
    return HttpResponse(render_to_string("500.html", {"number": channel().request}), status=500)
