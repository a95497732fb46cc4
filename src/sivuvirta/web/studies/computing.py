"""Computing: the engine's answer to a study, worked out by a worker, never by a page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from django.utils.translation import gettext_noop

from sivuvirta import __version__, verbs
from sivuvirta.domain.region import Region
from sivuvirta.errors import CheckError, SivuvirtaError
from sivuvirta.lp.watch import Progress, Watch
from sivuvirta.web.core.levels import Level
from sivuvirta.web.jobs.running import Hold
from sivuvirta.web.registry.writes.snapshots import Snapshot, snapshot
from sivuvirta.web.studies.answers import drawings, told
from sivuvirta.web.studies.files import DRAWN, FIGURES, PLAN, REPORT
from sivuvirta.web.studies.models import Study

_PROBLEMS = 200  # of the data, kept with a study


class Computing:
    """Works out a study, in a folder of its own that takes its place when the study is done."""

    def __init__(self, study: Study, hold: Hold) -> None:
        self.study, self.hold = study, hold
        self.folder = Path(f"{study.folder}.{hold.token}")
        self.snapshot: Snapshot | None = None

    def work(self) -> None:
        """Read, check, match, plan, assess, write."""
        region = self._region()
        self.hold.tell(0.2, gettext_noop("Finding who can use what"))
        matches = verbs.match(region, self.study.steps)
        self.hold.tell(0.35, gettext_noop("Looking for the best network, on proven evidence and with potential"))
        plan = verbs.plan(matches, watch=Watch(tell=self._found, stop=self.hold.stopping), **self.study.question)
        self.hold.tell(0.8, gettext_noop("Computing the figures"))
        assessment = verbs.assess(plan)
        self.hold.tell(0.9, gettext_noop("Writing the answer"))
        self.folder.mkdir(parents=True, exist_ok=True)
        verbs.save(plan, self.folder / PLAN)
        drawn, shown = drawings(plan, assessment)
        self._write(DRAWN, drawn)
        self._write(FIGURES, told(plan, assessment, drawn, shown))
        self.hold.tell(0.95, gettext_noop("Writing the report"))
        verbs.report(plan, self.folder / REPORT, assessment)

    def keep(self) -> dict[str, Any]:
        """Put the answer where pages look for it."""
        place = self.study.folder
        for old in (place, *place.parent.glob(f"{place.name}.*")):  # of an earlier run, or of one that was killed
            if old != self.folder:
                shutil.rmtree(old, ignore_errors=True)
        self.folder.rename(place)
        closed = 0 if self.snapshot is None else self.snapshot.closed
        return {"answer": self.hold.token, "engine": __version__, "problems": [], "closed": closed}

    def failed(self, error: SivuvirtaError) -> dict[str, Any]:
        """Problems of the data with the rows that they stand in."""
        fields: dict[str, Any] = {"engine": __version__, "problems": []}
        if isinstance(error, CheckError) and self.snapshot is not None:
            fields["problems"] = [self._problem(problem, self.snapshot) for problem in error.problems[:_PROBLEMS]]
        return fields

    def leave(self) -> None:
        """Take away what was not kept."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _region(self) -> Region:
        study = self.study
        self.hold.tell(0.02, gettext_noop("Reading the register"))
        Study.objects.filter(pk=study.pk, held_by=self.hold.token).update(withheld=False)  # before it is read: what closes now is heard
        self.snapshot = snapshot(study.register, Level(study.circle))
        self.hold.tell(0.1, gettext_noop("Checking the register"))
        region = verbs.region(study.register.slug, self.snapshot.frames)
        return attrs.evolve(region, title=study.register.title or region.title).at(study.vintage)

    def _found(self, progress: Progress) -> None:
        """The best so far in words."""
        if np.isfinite(progress.found) and np.isfinite(progress.gap):
            found = gettext_noop("Looking for the best network: one is found, at most %(percent)s %% from the best possible")
            self.hold.note(0.5, found, percent=100 * float(progress.gap))
        elif np.isfinite(progress.found):
            self.hold.note(0.5, gettext_noop("Looking for the best network: one is found"))
        else:
            self.hold.note(0.5, gettext_noop("Looking for the best network: none yet"))

    def _problem(self, problem: Any, seen: Snapshot) -> dict[str, Any]:
        key = "" if problem.row is None else seen.key(problem.table, problem.row)
        return {"table": problem.table, "key": key, "column": problem.column or "", "message": problem.message, "repair": problem.repair}

    def _write(self, name: str, content: Any) -> None:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        (self.folder / name).write_text(text, encoding="utf-8")
