"""What of papers is over: files that no paper names, left where the server was stopped while one came or went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from sivuvirta.web.core.tidying import GRACE, Age, Waste, files, thrown
from sivuvirta.web.papers.models import Paper


def over(age: Age) -> Iterator[Waste]:
    """Files older than a day."""
    known = set(Paper.objects.values_list("file", flat=True))
    found = files(Path(settings.MEDIA_ROOT) / "papers", age.now - GRACE)
    yield thrown("files of papers that are no more", (place for place in found if place.name not in known))
