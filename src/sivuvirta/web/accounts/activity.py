"""Activity: when a session was last seen, for the page on which people end their sessions; written once a minute, not at every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.utils import timezone

REST = timedelta(minutes=1)


def seen(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: a session that comes from elsewhere than before is noted at once, one that goes on once a minute."""

    def noted(request: Any) -> Any:
        if request.user.is_authenticated and request.session.session_key and not _lately(request):
            UserSession.objects.create_from_request(request)
        return answer(request)

    return noted


def _lately(request: Any) -> bool:
    """Whether the session was noted within the minute, for the same person, address and browser."""
    kept = UserSession.objects.filter(session_key=request.session.session_key, last_seen_at__gte=timezone.now() - REST)
    most = UserSession._meta.get_field("user_agent").max_length
    now = (request.user.pk, get_adapter().get_client_ip(request), request.META.get("HTTP_USER_AGENT", "")[:most])
    return kept.values_list("user_id", "ip", "user_agent").first() == now
