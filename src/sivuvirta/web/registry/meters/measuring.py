"""Measuring: what each missing test and decision of a stream would bring, worked out by the engine, in the background."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd
from django.db import transaction
from django.utils.translation import gettext_noop

from sivuvirta import library, verbs
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.prospects import Question
from sivuvirta.domain.region import Region
from sivuvirta.errors import CheckError, SivuvirtaError
from sivuvirta.match.laboratory import lab_tests
from sivuvirta.prospects.questions import questions
from sivuvirta.web.core.levels import Level
from sivuvirta.web.jobs.running import Hold
from sivuvirta.web.registry.measured import Measure, Measuring
from sivuvirta.web.registry.writes.snapshots import snapshot

MOST = 8  # missing things of a stream that are kept


class Doing:
    """Works out what is missing of some streams, as a circle of people sees the register."""

    def __init__(self, job: Measuring, hold: Hold) -> None:
        self.job, self.hold = job, hold
        self.found: dict[str, list[dict[str, Any]]] = {}

    def work(self) -> None:
        """Read what the circle sees of the streams and of everything that could take them, match, and ask what is missing."""
        kind, _, number = self.job.scope.partition(" ")
        self.hold.tell(0.1, gettext_noop("Reading the register"))
        own = int(number) if kind == "own" else None
        circle = Level.MEMBERS if own is not None else Level(int(number))
        seen = snapshot(self.job.register, circle, own, frozenset(self.job.keys))
        region = _region(self.job.register.slug, dict(seen.frames))
        if self.job.register.vintage:
            region = region.at(self.job.register.vintage)
        self.hold.tell(0.4, gettext_noop("Asking what is missing"))
        self.found = missing(verbs.match(region), self.job.keys)

    def keep(self) -> dict[str, Any]:
        """Put what was found where pages look for it; of a stream of which nothing is missing, that."""
        with transaction.atomic():
            for key in self.job.keys:
                values = {"found": self.found.get(key, []), "at": self.job.at}
                Measure.objects.update_or_create(register=self.job.register, key=key, scope=self.job.scope, defaults=values)
        return {}

    def failed(self, error: SivuvirtaError) -> dict[str, Any]:
        """Nothing beside the words."""
        return {}

    def leave(self) -> None:
        """Nothing was left anywhere."""


def _region(name: str, frames: dict[str, pd.DataFrame]) -> Region:
    """What the circle sees as a region; works that it sees, but not what takes their outputs, are left out.

    Raises:
        CheckError: something else is wrong with the data.
    """
    try:
        return verbs.region(name, frames)
    except CheckError as error:
        rows = {problem.row for problem in error.problems if problem.level == "error"}
        if any(problem.table != "plants" or problem.row is None for problem in error.problems if problem.level == "error"):
            raise
        frames["plants"] = frames["plants"][[number not in rows for number in range(1, len(frames["plants"]) + 1)]]
        return verbs.region(name, frames)


def missing(matches: Matches, keys: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """What is missing of streams, with how many needs each thing would decide, those that decide most first.

    A need counts once, on however many ways the stream may reach it. It is decided by a thing alone where some way to it waits for nothing
    else; a way that fails, or that nobody can open by an answer, counts for nothing.

    Args:
        matches: the routes.
        keys: of the streams.
    """
    asked = questions(matches, lab_tests(library.catalogue()["tests"].columns))
    routes, wanted = matches.routes, set(keys)
    waits: dict[tuple[str, str], set[int]] = defaultdict(set)
    alone: dict[tuple[str, str], set[int]] = defaultdict(set)
    said: dict[str, dict[str, Any]] = {}
    for number, question in enumerate(asked.all):
        said.setdefault(question.name, _said(question))  # the same test or decision for another sample or receiver is told with it
        for route in asked.routes[number]:
            stream = str(matches.links.nodes.id[routes.stream[route]])
            if stream not in wanted or asked.barred[route]:
                continue
            waits[stream, question.name].add(int(routes.need[route]))
            if asked.wishes[route] == {number}:
                alone[stream, question.name].add(int(routes.need[route]))
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (stream, name), needs in waits.items():
        told[stream].append({**said[name], "alone": len(alone[stream, name]), "waits": len(needs)})
    ranked = {stream: sorted(each, key=lambda one: (-one["alone"], -one["waits"], one["name"])) for stream, each in told.items()}
    return {stream: each[:MOST] for stream, each in ranked.items()}


def _said(question: Question) -> dict[str, Any]:
    test = question.test
    costs = {} if test is None else {"eur": test.price, "days": test.lead}
    known = {name: round(value) for name, value in costs.items() if not math.isnan(value)}
    return {"name": question.name, "kind": question.kind, "settles": list(question.settles), **known}
