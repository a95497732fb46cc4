"""Hauled: traffic on the roads, from a region, a plan, a plan over years, or any ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.assess.roads.periods import of_pathway, of_year
from sivuvirta.assess.roads.stocks import lying
from sivuvirta.assess.roads.told import RoadQuestions, traffic
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.pathways import Pathway
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.ranges import points
from sivuvirta.domain.traffic import PARTS, REFERENCE, Driven, Traffic
from sivuvirta.errors import OptionError, ShapeError
from sivuvirta.futures.measured.dumped import dumped
from sivuvirta.futures.measured.trafficked import Trafficked, trafficked
from sivuvirta.verbs.network import plan
from sivuvirta.verbs.sources import Source


def roads(
    source: Plan | Pathway | Ledger | Source,
    by: str = "year",
    *,
    closed: Sequence[str] = (),
    threshold: float | None = None,
    reference: Ledger | None = None,
    orders: LabOrders | None = None,
) -> Traffic:
    """Put flows on the road graph: vehicles a day on each section, emissions, need of roads, and water, heat and ground taken.

    Args:
        source: a plan or a plan over years, told beside its reference; any ledger; or a region, its links or matches, which are planned.
        by: year, season (table `seasons`, or the periods of the horizon) or month.
        closed: sections that are closed, by id: what the hauls over them become.
        threshold: heavy vehicles a day at which a section needs strengthening, where the register states none; it is told as asked for.
        reference: what a ledger is compared with; without it every difference is unknown.
        orders: missing tests and decisions, from `unknowns` of the same matches: what they could bring to each section.

    Raises:
        OptionError: `by` or the threshold cannot have that value.
        ShapeError: ledger and reference, or orders, stand on different links.
        UnknownNameError: there is no such section.
    """
    if by not in PARTS:
        raise OptionError(f"Traffic is told by {', '.join(PARTS)}, not by '{by}'.")
    asked = RoadQuestions(by=by, closed=tuple(closed), threshold=threshold)
    given = source if isinstance(source, Plan | Pathway | Ledger) else plan(source)
    matches = given.matches if isinstance(given, Plan) else None
    if orders is not None and (matches is None or orders.links is not matches.links):
        raise ShapeError("What tests and decisions would bring can be told of the plan of the same matches: sv.roads(plan, orders=...).")
    driven, years = (_driven(given, part, reference) for part in (by, "year"))
    lies = lying(given) if isinstance(given, Pathway) else None
    found = traffic(driven, years, asked, orders, matches, lies)
    return found if isinstance(given, Ledger) else _beside(_drawn(found, driven), years)


def _drawn(found: Traffic, driven: Sequence[Driven]) -> Traffic:
    """Sections of a plan with mean and range of the draws that `ranges` quotes, what causes them, and the range of what changes."""
    table = found.sections.copy()
    for group in _groups(driven):
        _tell(table, trafficked(group))
    return evolve(found, sections=table)


def _groups(driven: Sequence[Driven]) -> list[list[Driven]]:
    """Ledgers over the same links: a plan over years has links of its own in each."""
    groups: dict[int, list[Driven]] = {}
    for each in driven:
        groups.setdefault(id(each.ledger.links), []).append(each)
    return list(groups.values())


def _beside(found: Traffic, years: Sequence[Driven]) -> Traffic:
    """What goes to landfills and heaps with mean and range of what changes, of the same draws."""
    table = found.taken.copy()
    drawn = {key: points(own) for group in _groups(years) for key, own in dumped(group).items()}
    for at, key in zip(table.index, zip(table["state"], table["period"], table["measure"], strict=True), strict=True):
        if key in drawn and np.isfinite(table.loc[at, "difference"]):
            table.loc[at, [f"difference_{end}" for end in drawn[key]]] = list(drawn[key].values())
    return evolve(found, taken=table)


def _tell(table: pd.DataFrame, drawn: Trafficked) -> None:
    """Writes mean, ends and cause of the loads, and mean and ends of what changes in vehicles, into rows of sections."""
    times = np.divide(table["vehicles"], table["loads"], out=np.zeros(len(table)), where=table["loads"].to_numpy() > 0)
    keys = list(zip(table["state"], table["period"], table["year"].astype(int), table["road"], strict=True))
    ratio = dict(zip(keys, times, strict=True))
    for at, key in zip(table.index, keys, strict=True):
        own = drawn.loads.get(key)
        if own is None:
            continue
        ends = points(own)
        table.loc[at, list(ends)] = list(ends.values())
        table.loc[at, "cause"] = drawn.cause(own)
        before = (REFERENCE, *key[1:])
        if key[0] != REFERENCE and before in drawn.loads and np.isfinite(table.loc[at, "difference"]):
            ends = points(ratio[key] * own - ratio.get(before, 0.0) * drawn.loads[before])
            table.loc[at, [f"difference_{end}" for end in ends]] = list(ends.values())


def _driven(given: Plan | Pathway | Ledger, by: str, reference: Ledger | None) -> tuple[Driven, ...]:
    if isinstance(given, Pathway):
        return of_pathway(given, by)
    states = _states(given, reference)
    return tuple(part for name, ledger in states for part in of_year(ledger, name, by))


def _states(given: Plan | Ledger, reference: Ledger | None) -> list[tuple[str, Ledger]]:
    if isinstance(given, Plan):
        networks: list[tuple[str, Any]] = [("potential", given.potential)]
        if given.options.evidence != "potential":
            networks.insert(0, ("proven", given.proven))
        today = given.compared
        return [*([] if today is None else [(REFERENCE, today)]), *((name, network.ledger) for name, network in networks)]
    if reference is not None and reference.links is not given.links:
        raise ShapeError("Two ledgers can be compared only over the same links; compute both from one region at one vintage.")
    if given.name == REFERENCE:
        return [(REFERENCE, given)]
    return [*([] if reference is None else [(REFERENCE, reference)]), (given.name, given)]
