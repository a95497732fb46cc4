"""The sections of all studies that there are, in the order in which a person asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from sivuvirta.domain.studies import Studies
from sivuvirta.report.following.grounds import STUDIES as GROUNDS
from sivuvirta.report.studies.benefit import benefits, footprints
from sivuvirta.report.studies.blocks import Section
from sivuvirta.report.studies.choices import choices
from sivuvirta.report.studies.circles import indicators, metrics
from sivuvirta.report.studies.comparison import comparison
from sivuvirta.report.studies.dated import vintages
from sivuvirta.report.studies.economics import economics
from sivuvirta.report.studies.front import front
from sivuvirta.report.studies.futures import futures
from sivuvirta.report.studies.pathway import pathway
from sivuvirta.report.studies.ranges import ranges
from sivuvirta.report.studies.scopes import scoped
from sivuvirta.report.studies.scores import scores
from sivuvirta.report.studies.shock import shock
from sivuvirta.report.studies.structure import structure
from sivuvirta.report.studies.traffic import traffic

_SECTIONS: Mapping[str, Callable[[Any], Section]] = {
    "vintages": vintages,
    "compare": comparison,
    "shock": shock,
    "pareto": front,
    "alternatives": choices,
    "best": structure,
    "futures": futures,
    "pathway": pathway,
    "ranges": ranges,
    "economy": economics,
    "benefits": benefits,
    "lifecycle": scores,
    "footprint": footprints,
    "indicators": indicators,
    "metrics": metrics,
    "roads": traffic,
}


def sections(studies: Studies | None, vintage: str | None = None) -> list[Section]:
    """One section for each study that is there.

    Args:
        studies: what was asked.
        vintage: of the plan, which the sections and their pictures name.
    """
    found = {} if studies is None else {name: getattr(studies, name) for name in studies.names}
    made = {name: evolve(_made(name, found), basis=GROUNDS[name]) for name in found}
    return [scoped(section, name, found[name], vintage or "") for name, section in made.items()]


def _made(name: str, found: Mapping[str, Any]) -> Section:
    """One section; ranges of indicators rest on the inputs of the indicators, where these were asked for."""
    return ranges(found[name], found.get("indicators")) if name == "ranges" else _SECTIONS[name](found[name])
