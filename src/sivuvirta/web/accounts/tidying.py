"""What of accounts is over: invitations that nobody can use any more, and traces of sessions that have ended."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q

from sivuvirta.web.accounts.models import Invitation
from sivuvirta.web.core.tidying import Age, Waste, rows


def over(age: Age) -> Iterator[Waste]:
    """Invitations used or expired since long, and devices told of people whose session is no more."""
    old = Q(used__lt=age.since) | Q(used=None, expires__lt=age.since)
    yield rows(f"invitations used or expired more than {age.days} days ago", Invitation.objects.filter(old))
    alive = Session.objects.filter(expire_date__gte=age.now).values("session_key")
    yield rows("devices of sessions that have ended", UserSession.objects.exclude(session_key__in=alive))
