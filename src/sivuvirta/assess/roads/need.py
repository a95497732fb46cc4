"""Need of roads: in which year a section passes its threshold, what the traffic waits for, and what missing tests would bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.roads.steps import by_truck, empty_ways, tonnes
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.ledger import sums
from sivuvirta.domain.links import Floats, Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.prospects import LabOrders, Prospect
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.domain.traffic import REFERENCE, Driven

_DAYS = 365.0
_NEED = ["state", "road", "number", "km", "first", "lead", "begin_by", "unknown"]
_PROSPECTS = ["question", "name", "kind", "tonnes", "road", "loads_at_most", "unknown"]


def need(sections: pd.DataFrame, region: Region) -> pd.DataFrame:
    """When each section first passes its threshold, and when strengthening has to begin to be ahead of the traffic.

    Args:
        sections: as `sections` gives them.
        region: its `roads`, of which `lead` is the years that strengthening takes.

    Returns:
        One row a ledger and section; `first` is "" where no period passes the threshold, None where that is not known.
    """
    roads = region.table("roads")
    rows = []
    on_road = sections[(sections["road"] != "") & (sections["state"] != REFERENCE)]
    for (state, road), group in on_road.groupby(["state", "road"], sort=False):
        rows.append(_need(str(state), str(road), group.to_dict("records"), roads))
    return pd.DataFrame(rows, columns=_NEED).assign(first=pd.Series([row["first"] for row in rows], dtype=object))


def _need(state: str, road: str, periods: list[dict[Any, Any]], roads: Table) -> dict[str, Any]:
    row = roads.index.get(road)
    lead = np.nan if row is None else float(roads["lead"][row])
    passed = [one for one in periods if one["over"] is True]
    reasons = []
    if not passed and any(one["over"] is None for one in periods):
        reasons.append("whether the threshold is passed, since threshold or heavy traffic of today is not known")
    if passed and np.isnan(lead):
        reasons.append("how long strengthening takes, so the year to begin")
    first = None if reasons and not passed else (str(passed[0]["period"] or passed[0]["year"]) if passed else "")
    begin = float(passed[0]["year"]) - lead if passed else np.nan
    named = {"state": state, "road": road, "number": periods[0]["number"], "km": periods[0]["km"]}
    unknown = f"not known: {'; '.join(reasons)}" if reasons else ""
    return {**named, "first": first, "lead": lead, "begin_by": begin, "unknown": unknown}


def pipeline(driven: Sequence[Driven]) -> pd.DataFrame:
    """Traffic of each section by what its flows wait for: nothing, a likely verdict to be confirmed, or one that is unknown.

    Flows of today's outlets and purchases wait for nothing. Vehicles are loaded and empty ones.
    """
    frames = [_waiting(each) for each in driven if each.state != REFERENCE]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


_WAITS = ("nothing", "likely", "unknown")


def _waiting(driven: Driven) -> pd.DataFrame:
    ledger, way, links = driven.ledger, driven.steps, driven.ledger.links
    roads = links.region.table("roads")
    kind = np.where(ledger.verdict < int(Verdict.LIKELY), 0, np.where(ledger.verdict == int(Verdict.LIKELY), 1, 2))
    truck = by_truck(links, way.edge)
    edge, flow = way.edge[truck], way.flow[truck]
    loads = driven.amount * np.nan_to_num(links.arcs.loads)[ledger.arc] / driven.days
    vehicles = loads * (1.0 + empty_ways(links)[ledger.arc])
    sent = driven.amount * tonnes(links)[ledger.arc]
    code, count = edge.astype(np.int64) * len(_WAITS) + kind[flow], len(roads) * len(_WAITS)
    totals = [sums(code, values[flow], count) for values in (loads, vehicles, sent)]
    rows = np.flatnonzero(totals[0] > 0)
    return pd.DataFrame(
        {
            "state": driven.state,
            "period": driven.period,
            "road": roads["road"][rows // len(_WAITS)],
            "waits_for": np.array(_WAITS, dtype=object)[rows % len(_WAITS)],
            "loads": totals[0][rows],
            "vehicles": totals[1][rows],
            "tonnes": totals[2][rows],
        }
    )


def prospects(orders: LabOrders | None, matches: Matches | None) -> pd.DataFrame:
    r"""Loads that each missing test or decision could at most bring to each section.

    .. math:: n_e \le \frac{1}{365} \sum_s \min \left( S_s \max_r u_{re},\; \sum_r \min(S_s, D_r) u_{re} \right)

    over the streams s of the routes r that it opens: S the supply, D the units of the stream that the need at the end takes, u the loads on
    the section for each unit. It bounds each section by itself, whatever else flows.

    Args:
        orders: what `unknowns` found.
        matches: the routes that it speaks of.
    """
    if orders is None or matches is None:
        return pd.DataFrame(columns=_PROSPECTS)
    most = _Most.of(matches)
    rows = [row for one in (*orders.tests, *orders.decisions) for row in _brings(one, matches, most)]
    return pd.DataFrame(rows, columns=_PROSPECTS)


@frozen(eq=False)
class _Most:
    """Units of its stream that each route can carry at most. Shape (routes,) but for `supply`."""

    supply: Floats  # of each node, 0 where it is no stream
    route: Floats

    @classmethod
    def of(cls, matches: Matches) -> _Most:
        links, routes = matches.links, matches.routes
        supply, demand = np.zeros(len(links.nodes.id)), np.full(len(links.nodes.id), np.inf)
        supply[links.supply.node] = links.supply.value
        demand[links.demand.amounts.node] = links.demand.amounts.value
        last = np.where(routes.arc_out >= 0, routes.arc_out, routes.arc_in)
        units = np.nan_to_num(routes.delivered * links.arcs.ratio[last])
        taken = np.divide(demand[routes.need], units, out=np.full(len(routes), np.inf), where=units > 0)
        return cls(supply, np.minimum(supply[routes.stream], np.where(np.isnan(taken), np.inf, taken)))


def _brings(one: Prospect, matches: Matches, most: _Most) -> list[dict[str, Any]]:
    routes, links = matches.routes, matches.links
    largest: dict[tuple[str, int], float] = defaultdict(float)
    summed: dict[tuple[str, int], float] = defaultdict(float)
    for route in (route for route in one.opens if route < len(routes)):
        stream = int(routes.stream[route])
        ends = (int(routes.arc_in[route]), int(routes.arc_out[route]))
        for road, loads in _per_unit(links, ends, float(routes.delivered[route])).items():
            largest[road, stream] = max(largest[road, stream], loads)
            summed[road, stream] += loads * float(most.route[route])
    total: dict[str, float] = defaultdict(float)
    for (road, stream), loads in largest.items():
        total[road] += min(float(most.supply[stream]) * loads, summed[road, stream]) / _DAYS
    question = one.questions[0]
    named = {"question": question.key, "name": question.name, "kind": one.kind, "tonnes": one.tonnes}
    unknown = "the tonnes that it would bring were not worked out" if np.isnan(one.tonnes) else ""
    return [{**named, "road": road, "loads_at_most": loads, "unknown": unknown} for road, loads in total.items()]


def _per_unit(links: Links, arcs: tuple[int, int], delivered: float) -> dict[str, float]:
    """Loads a year on each section of a route for each unit of its stream."""
    names, loads = links.region.table("roads")["road"], np.nan_to_num(links.arcs.loads)
    found: dict[str, float] = {}
    for arc, units in zip(arcs, (1.0, delivered), strict=True):
        if arc < 0 or links.arcs.pair[arc] < 0:
            continue
        edges = links.paths.edges(int(links.arcs.pair[arc]))
        for edge in edges[by_truck(links, edges)].tolist():
            name = str(names[edge])
            found[name] = found.get(name, 0.0) + units * float(loads[arc])
    return found
