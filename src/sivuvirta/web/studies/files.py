"""Files of an answer: what lies in the folder of a study, as a worker writes and pages read it."""

from __future__ import annotations

import json
from typing import Any

from sivuvirta.web.studies.models import Study

PLAN = "plan"  # a folder, which `sv.reopen` opens
FIGURES = "figures.json"
DRAWN = "drawn.json"
REPORT = "report.html"


def figures(study: Study) -> dict[str, Any] | None:
    """The figures of an answer; None where there are none to show."""
    place = study.file(FIGURES)
    if not study.shown or not place.is_file():
        return None
    found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return found
