"""The demo: whether this is one, for pages to say so."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def demo(_: Any) -> dict[str, Any]:
    """What every page knows of it."""
    return {"demo": settings.DEMO}
