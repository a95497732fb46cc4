"""What every answer says to the browser: nothing but our own files, no script or style inside a page, no frame, no other server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

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
