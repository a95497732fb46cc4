"""What every answer says to the browser: nothing but our own files, no script or style inside a page, no frame, no other server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

    def told(request: Any) -> Any:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return told
