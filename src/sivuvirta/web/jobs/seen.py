"""Whether a worker is there: each leaves a mark in the common cache now and then, which fades after a minute."""

from __future__ import annotations

from django.core.cache import cache

_MARK = "sivuvirta.worker"
_FADES = 60  # seconds


def leave_mark() -> None:
    """A worker is here."""
    cache.set(_MARK, 1, _FADES)


def worker_seen() -> bool:
    """Whether a worker was here in the last minute."""
    return cache.get(_MARK) is not None
