"""What every answer says to the browser: nothing but our own files, no script or style inside a page, no frame, no other server.

And what is asked at all: three methods, and no sign in an address that a database could not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponseNotAllowed
from django.template.loader import render_to_string

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def policy(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: the content security policy, on every answer."""
    partner = urlsplit(settings.SIGN_ON_URL)  # a form that begins single sign-on leads there
    full = POLICY.replace("form-action 'self'", f"form-action 'self' https://{partner.netloc}") if partner.netloc else POLICY

    def told(request: Any) -> Any:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", full)
        return response

    return told


METHODS = ("GET", "HEAD", "POST")
"""What may be asked; a form or a token says the rest."""
BESIDE = ("/-/health", "/-/metrics")
"""What is asked by who looks after the server, and by no person."""
_NUL = "\0"


def asked(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: other methods are refused before a page is looked for, and so is the sign that no text of a database holds."""

    def told(request: Any) -> Any:
        if request.path_info in BESIDE:
            request.COOKIES = {}  # who asks for these is nobody, so that they answer where the database does not
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if _NUL in request.path_info or any(_NUL in text for _, texts in request.GET.lists() for text in texts):
            raise BadRequest("A sign of the address stands for nothing.")
        return answer(request)

    return told


def private(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: what is answered to somebody who logged in is kept by no browser and no server between, but for what is everybody's."""

    def told(request: Any) -> Any:
        if (
            request.method == "POST"
            and "Authorization" not in request.headers
            and any(_NUL in text for _, texts in request.POST.lists() for text in texts)
        ):
            raise BadRequest("A sign of the form stands for nothing.")
        known = request.user.is_authenticated
        response = answer(request)
        if (known or request.user.is_authenticated) and "public" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        return response

    return told


def explained(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: who opens an address that only takes what a form sends is told so, in place of an empty page."""

    def told(request: Any) -> Any:
        response = answer(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET" and request.accepts("text/html"):
            response.content = render_to_string("405.html", request=request)
        return response

    return told
