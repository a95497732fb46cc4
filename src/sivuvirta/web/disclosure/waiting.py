"""Waiting: requests that a person can answer, counted for the head of each page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from sivuvirta.web.accounts.models import Membership, Place
from sivuvirta.web.disclosure.models import Disclosure, State


def waiting(request: HttpRequest) -> Mapping[str, Any]:
    """Requests to the organisations that a person leads, where any wait: how many, and the page of the register of the oldest.

    One query with an index, asked by pages that show the head alone, and only of people who are logged in.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "needs_factor", False):
        return {}
    return {"waiting": SimpleLazyObject(lambda: _found(user.pk))}


def _found(user: int) -> list[dict[str, Any]]:
    led = Membership.objects.filter(user=user, place=Place.ADMIN).values("organisation")
    rows = Disclosure.objects.filter(Q(holder__in=led), state=State.ASKED).order_by("pk").values_list("register__slug", flat=True)
    slugs = list(rows)
    return [{"address": reverse("disclosures", args=(slug,)), "count": slugs.count(slug)} for slug in dict.fromkeys(slugs)]
