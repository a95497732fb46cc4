"""What of papers is over: those whose row was taken out a month ago, and files that no paper names, left where the server was stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from sivuvirta.web.core.tidying import GRACE, Age, Waste, each, files, thrown
from sivuvirta.web.papers.models import Paper

KEPT = timedelta(days=30)
"""Time in which a row that was taken out comes back with its papers."""


def over(age: Age) -> Iterator[Waste]:
    """Papers of rows that went more than a month ago, and files older than a day."""
    gone = Paper.every.filter(gone_at__lt=age.now - KEPT)
    yield Waste(f"papers of rows taken out more than {KEPT.days} days ago", gone.count(), lambda: _clear(gone))
    known = set(Paper.every.values_list("file", flat=True))
    found = files(Path(settings.MEDIA_ROOT) / "papers", age.now - GRACE)
    yield thrown("files of papers that are no more", (place for place in found if place.name not in known))


def _clear(gone: Any) -> None:
    with transaction.atomic():
        papers = list(gone.select_for_update())  # who puts their row back meanwhile waits, and has them no more
        Paper.every.filter(pk__in=[paper.pk for paper in papers]).exclude(gone_at=None).delete()
    each(Path.unlink, [paper.place for paper in papers])
