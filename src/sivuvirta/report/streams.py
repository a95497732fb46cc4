"""A section per stream: what it is, where it goes today and in both networks, why, what else could use it, what is missing to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.domain.plans import Plan
from sivuvirta.plan.reasons import reasons
from sivuvirta.report.flows import Flow, place
from sivuvirta.report.register import material_name, organisation_names
from sivuvirta.report.routes import Card, cards, missing, need_name, ranked
from sivuvirta.report.tables import Column, Sheet, sheet
from sivuvirta.report.words import Figure, count, figure, listed, readable, sentence, span

_SEEN = 1e-6  # share of a flow below which a route's part is solver dust
_FREE = 0.005  # EUR per unit: what costs less costs nothing
_UNITS = ("t/a", "MWh/a", "m3/a")
_STATUS = {
    "by_product": "by-product",
    "end_of_waste": "ceased to be waste",
    "product": "product",
    "waste": "waste",
    "unknown": "legal status not known",
}
_HAZARD = {"yes": "hazardous", "no": "not hazardous", "mirror": "hazardous or not, a mirror entry", "unknown": "hazard not assessed"}


@frozen
class Line:
    """One way that a stream takes in a network."""

    text: str
    short: str  # amount and end alone
    verdict: str = ""
    grade: str = ""


_SAME = Line("as today", "as today")


@frozen
class Story:
    """All that the report says of one stream."""

    id: str
    anchor: str
    name: str
    where: str
    owner: str
    family: str
    what: str
    amount: Figure
    unit: str
    range: str
    grade: str
    source: str
    today: tuple[Line, ...]
    proven: tuple[Line, ...]
    potential: tuple[Line, ...]
    goes: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    routes: tuple[Card, ...]
    judged: int  # routes in all


def stories(plan: Plan, states: Mapping[str, list[Flow]], extractive: frozenset[int] = frozenset()) -> list[Story]:
    """A story per stream that flows at the vintage: tonnes before energy and water, waste rock and tailings last, the largest first."""
    supply = plan.links.supply
    said: dict[str, list[str]] = {}
    for reason in reasons(plan):
        said.setdefault(reason.stream, []).append(readable(reason.text))
    positions = [row for row in range(len(supply.node)) if supply.value[row] > 0]
    positions.sort(key=lambda row: (supply.node[row] in extractive, -supply.value[row]))
    told = [_story(plan, states, row, said) for row in positions]
    return sorted(told, key=lambda story: _UNITS.index(story.unit))


def summary(told: list[Story]) -> Sheet:
    """One row a stream: how much, where today, where in the plan."""
    rows = [
        {
            "name": (story.family, story.name),
            "name_link": f"#{story.anchor}",
            "where": story.where,
            "amount": story.amount.value,
            "unit": story.unit,
            "grade": story.grade,
            "today": listed([line.short for line in story.today], 2),
            "goes": story.goes,
            "verdict": _worst(story.potential),
        }
        for story in told
    ]
    columns = (
        Column("name", "Stream", "material"),
        Column("where", "Where"),
        Column("amount", "Amount", "number", "*"),
        Column("grade", "Grade", "grade"),
        Column("today", "Today", "long"),
        Column("goes", "Plan, with potential", "long"),
        Column("verdict", "Verdict", "verdict", help="the worst of the routes that the plan takes"),
    )
    return sheet(
        "stream-table",
        f"{count(len(rows), 'stream')}; amounts a year, dry for solids. A name leads to the stream's own section.",
        columns,
        rows,
    )


def _worst(lines: tuple[Line, ...]) -> str:
    words = [word for word in (line.verdict for line in lines) if word]
    return max(words, key=lambda word: Verdict[word.upper()]) if words else ""


def _story(plan: Plan, states: Mapping[str, list[Flow]], position: int, said: Mapping[str, list[str]]) -> Story:
    links, supply = plan.links, plan.links.supply
    node = int(supply.node[position])
    table = links.region.table("streams")
    row = {name: column[table.index[links.nodes.id[node]]] for name, column in table.columns.items()}
    unit = f"{links.nodes.unit[node]}/a"
    family, material = material_name(links, row["material"])
    today, proven, potential = (_lines(plan, [flow for flow in flows if flow.origin == node]) for flows in states.values())
    return Story(
        id=row["stream"],
        anchor=f"stream-{row['stream']}",
        name=row["name"],
        where=place(links, node),
        owner=_owner(links, node),
        family=family,
        what=_what(row, material),
        amount=figure(supply.value[position], unit),
        unit=unit,
        range=span(supply.low[position], supply.high[position], unit),
        grade=Grade(supply.grade[position]).name,
        source=_source(links, row["stream"]),
        today=today,
        proven=(_SAME,) if proven == today else proven,
        potential=(_SAME,) if potential == today else potential,
        goes="as today" if potential == today else listed([line.short for line in potential], 2),
        reasons=tuple(said.get(row["stream"], ())),
        missing=_missing(plan, node),
        routes=cards(plan, node),
        judged=int((plan.matches.routes.stream == node).sum()),
    )


def _owner(links: Links, node: int) -> str:
    key = links.nodes.organisation[node]
    return organisation_names(links).get(key, "") if key else ""


def _what(row: Mapping[str, Any], material: str) -> str:
    water = figure(row["moisture"], "%")
    grain = figure(row["grain_max"], "mm")
    parts = [
        material,
        _STATUS[row["legal_status"] or "unknown"],
        _HAZARD[row["hazardous"] or "unknown"],
        f"List of Waste code {row['low_code']} where it is waste" if row["low_code"] else "",
        f"{water.text} water as sent" if water.known else "moisture not known",
        f"grains up to {grain.text}" if grain.known else "",
        f"arises in months {row['season']}" if row["season"] else "",
    ]
    return sentence("; ".join(part for part in parts if part))


def _source(links: Links, stream: str) -> str:
    """Where the amount comes from."""
    table = links.region.table("quantities")
    rows = np.flatnonzero((table["table"] == "streams") & (table["subject"] == stream) & (table["vintage"] == links.region.vintage))
    if not len(rows):
        return ""
    sources = links.region.table("sources")
    key = table["source"][rows[0]]
    return str(sources["citation"][sources.index[key]]) if key in sources.index else ""


def _lines(plan: Plan, rows: list[Flow]) -> tuple[Line, ...]:
    """Where a stream goes in one state: to needs, into plants and on to needs, to outlets."""
    return tuple(_line(plan, flow) for flow in rows) or (Line("nothing known", "nothing known"),)


def _line(plan: Plan, flow: Flow) -> Line:
    links, routes = plan.links, plan.matches.routes
    amount = figure(flow.amount, f"{flow.unit}/a").text
    if flow.kind == ArcKind.FATE:
        name = str(links.nodes.name[flow.destination])
        return Line(f"{amount} {name}{_money(links, flow)}", f"{amount} {name}")
    rows = np.flatnonzero(routes.arc_in == flow.arc)
    carried = plan.potential.route_flow[rows] + plan.proven.route_flow[rows]
    used = [int(row) for row in rows[carried > _SEEN * flow.amount]]
    ends = listed(list(dict.fromkeys(need_name(links, int(routes.need[row])) for row in used)), 3)
    through = f"through {links.nodes.name[flow.destination]}" if flow.kind == ArcKind.FEED else ""
    gain = figure(float(routes.gain[used].max()) if used else None, f"EUR/{flow.unit}", sign=True)
    far = figure(float(routes.km[used].max()) if used else None, "km")
    text = " ".join(part for part in (f"{amount} to {ends}", through) if part)
    return Line(f"{text}: {far.text}, worth {gain.text}", f"{amount} to {ends}", flow.verdict, flow.grade)


def _money(links: Links, flow: Flow) -> str:
    cost = float(np.nansum(links.arcs.eur[flow.arc]))
    if abs(cost) < _FREE:
        return ""
    return f", {'costs' if cost > 0 else 'earns'} {figure(abs(cost), f'EUR/{flow.unit}').text}"


def _missing(plan: Plan, node: int) -> tuple[str, ...]:
    """What the routes of a stream in the plan wait for; without any in the plan, what its best open route waits for."""
    routes = plan.matches.routes
    open_routes = [row for row in ranked(plan, node) if Verdict.BLEND < routes.verdict[row] < Verdict.FAIL]
    used = [row for row in open_routes if plan.potential.route_flow[row] > 0]
    texts = [text for row in used or open_routes[:1] for text in missing(plan, row)]
    return tuple(sentence(text) for text in dict.fromkeys(texts))
