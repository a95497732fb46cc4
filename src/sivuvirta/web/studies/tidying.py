"""What of studies is over: folders that no study names, left by a worker that was killed or a region that was taken out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from sivuvirta.web.core.tidying import Age, Waste, folders, unnamed
from sivuvirta.web.jobs.models import State
from sivuvirta.web.studies.models import Study


def over(age: Age) -> Iterator[Waste]:
    """Folders of answers that are nobody's, older than a day."""
    known = {study.folder.name for study in Study.objects.all()}
    held = {f"{study.folder.name}.{study.held_by}" for study in Study.objects.filter(state=State.RUNNING)}
    yield folders("folders of studies that are no more", unnamed(Path(settings.STUDIES), known | held, age))
