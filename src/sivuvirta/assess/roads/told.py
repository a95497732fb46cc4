"""All tables of the traffic of some ledgers in one record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from attrs import field, frozen

from sivuvirta.assess.roads.closed import closures
from sivuvirta.assess.roads.emissions import emissions, standard
from sivuvirta.assess.roads.need import need, pipeline, prospects
from sivuvirta.assess.roads.published import published
from sivuvirta.assess.roads.rise import stated
from sivuvirta.assess.roads.sections import sections
from sivuvirta.assess.roads.taken import taken
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.options import number_option
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.ranges import TONNES_AS_SENT
from sivuvirta.domain.region import Region
from sivuvirta.domain.traffic import Driven, Traffic
from sivuvirta.links.codes import picked, positions


@frozen(kw_only=True)
class RoadQuestions:
    """What is asked of the traffic.

    Raises:
        OptionError: the threshold is no number of 0 or more.
    """

    by: str = "year"
    closed: tuple[str, ...] = ()  # sections
    threshold: float | None = field(default=None, validator=number_option("vehicles/d", 0))  # where the register states none


def traffic(
    driven: Sequence[Driven],
    years: Sequence[Driven],
    asked: RoadQuestions,
    orders: LabOrders | None = None,
    matches: Matches | None = None,
    lies: pd.DataFrame | None = None,
) -> Traffic:
    """Traffic of ledgers by parts of time.

    Args:
        driven: ledgers by the parts that are asked for.
        years: the same ledgers by year.
        asked: what is asked.
        orders: missing tests and decisions, whose traffic is told beside.
        matches: the routes that they speak of.
        lies: what lies in stocks, as rows of `taken`.
    """
    last = driven[-1].ledger.links.region
    told = sections(driven, asked.threshold)
    closed, detours, after = closures(years, asked.closed)
    return Traffic(
        name=last.name,
        by=asked.by,
        driven=tuple(driven),
        sections=told,
        emissions=emissions(years),
        standard=standard(),
        published=published(last),
        need=need(told, last),
        pipeline=pipeline(driven),
        prospects=prospects(orders, matches),
        taken=taken(years) if lies is None else pd.concat([taken(years), lies], ignore_index=True),
        closed=closed,
        detours=detours,
        after=after,
        shapes=_shapes(last),
        notes=_notes(last, asked),
    )


def _shapes(region: Region) -> dict[str, tuple[tuple[float, float], tuple[float, float]] | None]:
    roads, places = region.table("roads"), region.table("places")
    at = [positions(places["place"], roads[name]) for name in ("from_place", "to_place")]
    ends = [np.column_stack([picked(places[name], rows, np.nan) for name in ("lon", "lat")]).astype(float) for rows in at]
    found = {}
    for row, name in enumerate(roads["road"].tolist()):
        start, stop = ((float(end[row, 0]), float(end[row, 1])) for end in ends)
        found[str(name)] = None if np.isnan([*start, *stop]).any() else (start, stop)
    return found


def _notes(region: Region, asked: RoadQuestions) -> tuple[str, ...]:
    roads = region.table("roads")
    count = len(roads)
    gaps = {"heavy_traffic": "heavy traffic", "threshold": "a threshold", "weight_limit": "a weight limit", "lead": "a lead time"}
    known = ", ".join(f"{words} for {count - int(np.isnan(roads[name]).sum())}" for name, words in gaps.items())
    notes = [f"Of {count} sections the register has {known}; the rest is unknown.", TONNES_AS_SENT]
    if asked.by != "year":
        notes.append(
            "A year's flows go when their need takes them or their stream arises, else evenly; a plan over years has its own periods."
        )
    if asked.threshold is not None:
        notes.append(f"The threshold of {asked.threshold:g} heavy vehicles a day was asked for and is in no source.")
    rise = stated(region)
    if not np.isnan(rise.most):
        notes.append(f"A rise of heavy traffic by more than {rise.most:.0%} is flagged ({rise.source}, grade {rise.grade}). {rise.note}")
    notes.append("Vehicles are full by mass or by volume and come back empty the same way; goods bought arrive outside these figures.")
    return tuple(notes)
