"""A section per stream: what it is, where it goes today and in both networks, why, what else could use it, what is missing to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.domain.plans import Network, Plan
from sivuvirta.report.flows import Flow, place
from sivuvirta.report.register import material_name, organisation_names
from sivuvirta.report.tables import Column, Sheet, records, sheet
from sivuvirta.report.words import Figure, count, figure, listed, sentence, span

_SEEN = 1e-6  # share of a stream below which a route's flow is solver dust
_MOST = 8  # routes listed a stream
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
    verdict: str
    grade: str


@frozen
class Story:
    """All that the report says of one stream."""

    id: str
    anchor: str
    name: str
    where: str
    owner: str
    family: str
    material: str
    what: str
    amount: Figure
    unit: str
    range: str
    grade: str
    source: str
    today: tuple[str, ...]
    proven: tuple[Line, ...]
    potential: tuple[Line, ...]
    goes: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    routes: Sheet


def stories(plan: Plan, states: Mapping[str, list[Flow]]) -> list[Story]:
    """A story per stream that flows at the vintage, the largest first; tonnes before energy and water."""
    supply = plan.links.supply
    positions = [row for row in range(len(supply.node)) if supply.value[row] > 0]
    told = [_story(plan, states, row) for row in positions]
    return sorted(told, key=lambda story: (("t/a", "MWh/a", "m3/a").index(story.unit), -story.amount.value))


def summary(told: list[Story]) -> Sheet:
    """One row a stream: how much, where today, where in the plan."""
    rows = [
        {
            "name": story.name,
            "name_link": f"#{story.anchor}",
            "where": story.where,
            "material": (story.family, story.material),
            "amount": story.amount.value,
            "unit": story.unit,
            "grade": story.grade,
            "today": "; ".join(story.today),
            "goes": story.goes,
            "verdict": _worst(story.potential),
            "missing": story.missing[0] if story.missing else "",
        }
        for story in told
    ]
    columns = (
        Column("name", "Stream", "name"),
        Column("where", "Where"),
        Column("material", "Material", "material"),
        Column("amount", "Amount", "number", "*"),
        Column("grade", "Grade", "grade"),
        Column("today", "Today", "long"),
        Column("goes", "In the plan, with potential", "long"),
        Column("verdict", "Verdict", "verdict"),
        Column("missing", "Missing to know", "long"),
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


def _story(plan: Plan, states: Mapping[str, list[Flow]], position: int) -> Story:
    links, supply = plan.links, plan.links.supply
    node = int(supply.node[position])
    table = links.region.table("streams")
    row = {name: column[table.index[links.nodes.id[node]]] for name, column in table.columns.items()}
    unit = f"{links.nodes.unit[node]}/a"
    family, material = material_name(links, row["material"])
    potential = _lines(plan, plan.potential, states["potential"], node)
    return Story(
        id=row["stream"],
        anchor=f"stream-{row['stream']}",
        name=row["name"],
        where=place(links, node),
        owner=_owner(links, node),
        family=family,
        material=material,
        what=_what(row, material),
        amount=figure(supply.value[position], unit),
        unit=unit,
        range=span(supply.low[position], supply.high[position], unit),
        grade=Grade(supply.grade[position]).name,
        source=_source(links, row["stream"]),
        today=_today(links, states["today"], node, float(supply.value[position])),
        proven=_lines(plan, plan.proven, states["proven"], node),
        potential=potential,
        goes="; ".join(line.text for line in potential),
        reasons=(),
        missing=(),
        routes=_routes(plan, node),
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


def _today(links: Links, rows: list[Flow], node: int, whole: float) -> tuple[str, ...]:
    lines = []
    for flow in rows:
        if flow.origin != node:
            continue
        name = str(links.nodes.name[flow.destination])
        cost = float(np.nansum(links.arcs.eur[flow.arc]))
        money = f", costs {figure(cost, _per(flow)).text}" if cost > 0 else f", earns {figure(-cost, _per(flow)).text}" if cost < 0 else ""
        share = f"{figure(100 * flow.amount / whole, '%').text} " if flow.amount < 0.995 * whole else ""
        lines.append(f"{share}{name}{money}")
    return tuple(lines) or ("nothing known",)


def _per(flow: Flow) -> str:
    return f"EUR/{flow.unit}"


def _lines(plan: Plan, network: Network, rows: list[Flow], node: int) -> tuple[Line, ...]:
    """Ways of a stream in one network: to needs straight or through a plant, then to today's outlets."""
    links, routes = plan.links, plan.matches.routes
    supply = max((flow.amount for flow in rows if flow.origin == node), default=0.0)
    used = [row for row in np.flatnonzero(routes.stream == node) if network.route_flow[row] > _SEEN * supply]
    lines = [(float(network.route_flow[row]), _route_line(plan, row, float(network.route_flow[row]))) for row in used]
    for flow in rows:
        if flow.origin == node and flow.kind == ArcKind.FATE:
            word = "as today: " if not flow.new else ""
            text = f"{figure(flow.amount, f'{flow.unit}/a').text} {word}{links.nodes.name[flow.destination]}"
            lines.append((flow.amount, Line(text, "", "")))
    return tuple(line for _, line in sorted(lines, key=lambda item: -item[0])) or (Line("nothing", "", ""),)


def _route_line(plan: Plan, row: int, amount: float) -> Line:
    routes, links = plan.matches.routes, plan.links
    unit = links.nodes.unit[routes.stream[row]]
    worth = figure(routes.gain[row], f"EUR/{unit}", sign=True)
    text = f"{figure(amount, f'{unit}/a').text} to {route_name(plan, row)}, {figure(routes.km[row], 'km').text}, worth {worth.text}"
    return Line(text, Verdict(routes.verdict[row]).word, Grade(routes.grade[row]).name)


def route_name(plan: Plan, row: int) -> str:
    """Where a route leads, in words."""
    routes, links = plan.matches.routes, plan.links
    need = int(routes.need[row])
    where = place(links, need)
    name = f"{links.nodes.name[need]}, {where}" if where and where not in str(links.nodes.name[need]) else str(links.nodes.name[need])
    if routes.plant[row] < 0:
        return name
    return f"{name}, through {links.nodes.name[links.works.node[routes.plant[row]]]}"


def _routes(plan: Plan, node: int) -> Sheet:
    """The best routes of a stream, those that a plan may use first."""
    routes, links = plan.matches.routes, plan.links
    rows = np.flatnonzero(routes.stream == node)
    ranked = rows[np.lexsort((-routes.gain[rows], routes.verdict[rows] == Verdict.FAIL))][:_MOST]
    per = f"EUR/{links.nodes.unit[node]}"
    told = [
        {
            "name": route_name(plan, row),
            "verdict": Verdict(routes.verdict[row]).word,
            "gain": routes.gain[row],
            "range": (routes.gain_low[row], routes.gain_high[row]),
            "netback": routes.netback[row],
            "carbon": routes.carbon[row],
            "km": routes.km[row],
            "why": "",
        }
        for row in ranked.tolist()
    ]
    columns = (
        Column("name", "Use", "name"),
        Column("verdict", "Verdict", "verdict"),
        Column("gain", "Gain", "change", per, "what the region gains a unit, today's outlet given up"),
        Column("range", "Range, 5 to 95 %", "range", per),
        Column("netback", "Netback", "number", per, "what reaches the owner's gate; without a stated price the most it could be"),
        Column("carbon", "Emissions", "number", f"kg CO2e/{links.nodes.unit[node]}"),
        Column("km", "Way", "number", "km"),
        Column("why", "What decides", "long"),
    )
    caption = f"{count(len(rows), 'route')} judged" + (f", the best {len(ranked)} shown" if len(rows) > len(ranked) else "")
    return sheet(
        f"routes-{links.nodes.id[node]}", caption, columns, told, "No use for it is in the register: no need accepts its material."
    )


@frozen
class Move:
    """One of the best next moves."""

    text: str
    verdict: str


@frozen
class Answer:
    """The answer in words, at the head of the report."""

    sentences: tuple[str, ...]
    moves: tuple[Move, ...]
    solved: str


def answer(plan: Plan, assessment: Assessment) -> Answer:
    """What the plan comes to, in a few sentences."""
    links, whole = plan.links, plan.potential
    rows = {row["figure"]: row for row in records(assessment.headline)}
    benefit = rows["benefit"]
    sure = figure(benefit["proven"], "EUR/a").text
    more = figure(benefit["potential"], "EUR/a", sign=True).text
    built = [str(links.nodes.name[node]) for node in links.works.node[whole.ledger.operations.built & links.works.candidate]]
    sentences = [
        f"On proven evidence the plan is worth {sure} to the region; routes that still lack a test, a permit or a decision could change that by {more}.",
        f"It would build {listed(built)}." if built else "It would build no plant.",
    ]
    networks = (plan.proven, plan.potential)
    status = {network.status for network in networks}
    gap = max(network.gap for network in networks)
    solved = f"{' and '.join(sorted(status))}, gap at most {figure(100 * gap, '%').text}, {figure(sum(network.seconds for network in networks), 's').text}"
    return Answer(tuple(sentences), _moves(plan), solved)


def _moves(plan: Plan) -> tuple[Move, ...]:
    """The three routes of the plan that gain most a year."""
    routes = plan.matches.routes
    yearly = routes.gain * plan.potential.route_flow
    best = [row for row in np.argsort(-yearly)[:3].tolist() if yearly[row] > 0]
    names = plan.links.nodes.name
    return tuple(
        Move(
            f"{names[routes.stream[row]]} to {route_name(plan, row)}: {figure(plan.potential.route_flow[row], f'{plan.links.nodes.unit[routes.stream[row]]}/a').text}, "
            f"about {figure(yearly[row], 'EUR/a').text}",
            Verdict(routes.verdict[row]).word,
        )
        for row in best
    )


def tests(plan: Plan) -> Sheet:
    """What is missing, by what it would free."""
    columns = (Column("what", "Missing", "name"), Column("amount", "Would free", "number", "*"))
    return sheet(
        "test-table",
        "Tests, permits and decisions that potential flows wait for.",
        columns,
        [],
        "Nothing is missing: every flow of the plan is proven.",
    )
