"""What of imports is over: old ones with the files that were sent, and folders that no import names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from sivuvirta.web.core.tidying import Age, Waste, each, folders, unnamed
from sivuvirta.web.imports.models import Session, busy
from sivuvirta.web.imports.sessions import leave


def over(age: Age) -> Iterator[Waste]:
    """Sessions with their files; what they wrote into the register stays, and so does the log of it."""
    old = [session for session in Session.objects.filter(created__lt=age.since) if not busy(session)]
    yield Waste(f"imports begun more than {age.days} days ago, with their files", len(old), lambda: each(leave, old))
    known = {str(key) for key in Session.objects.values_list("pk", flat=True)}
    yield folders("folders of imports that are no more", unnamed(Path(settings.MEDIA_ROOT) / "imports", known, age))
