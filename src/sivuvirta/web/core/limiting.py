"""Limits of requests: so many a minute from one address for visitors, more for each person who logged in.

All processes share one count, in a cache: files beside SQLite, the database of PostgreSQL. A process takes a ration of it at once and
counts that down in its own memory, so that one request in many asks the cache, and one that is refused asks it for nothing. Two processes
that take a ration in the same moment may count one of them only; who asks little is never refused for it. Addresses are kept as keyed
digests, for two minutes. Rates of django-allauth (for passwords, invitations, deliveries) write a list of times at every request; they are
right for what is rare.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.shortcuts import render

from sivuvirta.web.core.middleware import BESIDE

WINDOW = 60
"""Seconds for which is counted."""

_RATIONS = 20  # in which the requests of a window are taken
_V6 = 64  # bits of an address that a provider gives to one customer
_log = logging.getLogger("sivuvirta.limits")


class Rations:
    """What this process may still answer in the present window, by who asks."""

    def __init__(self) -> None:
        self._window, self._left, self._lock = 0, dict[str, int](), Lock()

    def allows(self, who: str, most: int, now: float) -> bool:
        """Whether one more request of somebody is answered, `most` in a window; it is counted."""
        window = int(now // WINDOW)
        with self._lock:
            if window != self._window:
                self._window, self._left = window, {}
            left = self._left.get(who)
            if left is not None and left != 0:
                self._left[who] = left - (left > 0)
                return left > 0
        taken = _take(f"limit.{window}.{who}", ration := ceil(most / _RATIONS), most)
        with self._lock:
            if window == self._window:
                self._left[who] = taken - 1 if taken else -1
        if not taken:
            _log.warning(
                "Requests of one address or person are refused for the rest of the minute.", extra={"most": most, "ration": ration}
            )
        return bool(taken)


def _take(key: str, ration: int, most: int) -> int:
    """Take a ration of what all processes share; tells how much of it is there."""
    cache = caches["limits"]
    cache.add(key, 0, 2 * WINDOW)
    try:
        total = cache.incr(key, ration)
    except ValueError:  # it was cleared away in this moment
        total = ration
    return int(max(0, min(ration, most - (total - ration))))


def limited(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: who asks too much within a minute is told when to come back, before anything is worked out."""
    rations = Rations()

    def told(request: Any) -> Any:
        visitors, people = settings.REQUESTS
        known = request.user.is_authenticated
        most = people if known else visitors
        if not most or request.path_info in BESIDE:
            return answer(request)
        now = time.time()
        if rations.allows(_asker(request), most, now):
            return answer(request)
        seconds = WINDOW - int(now % WINDOW)
        response = render(request, "core/limited.html", {"seconds": seconds}, status=429)
        response["Cache-Control"], response["Retry-After"] = "no-store", str(seconds)
        return response

    return told


def seldom(request: Any, what: str, most: int) -> bool:
    """Whether somebody may do what costs much once more within a minute; it is counted, beside all other requests."""
    return bool(_take(f"limit.{int(time.time() // WINDOW)}.{what}.{_asker(request)}", 1, most))


def _asker(request: Any) -> str:
    """Who asks, as they are counted."""
    return f"person.{request.user.pk}" if request.user.is_authenticated else _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str:
    """An address as it is counted: a network of IPv6 as one, none readable in the cache."""
    try:
        found = ip_address(text)
    except ValueError:
        found = None
    if isinstance(found, IPv6Address):
        text = str(int(found) >> (128 - _V6))
    return hmac.new(settings.SECRET_KEY.encode(), f"limits {text}".encode(), hashlib.sha256).hexdigest()[:32]
