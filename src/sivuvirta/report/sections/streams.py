"""A section per stream: what it is, where it goes today and in both networks, why, what else could use it, what is missing to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Plan
from sivuvirta.plan.explain.reasons import reasons
from sivuvirta.plan.explain.worth import worth
from sivuvirta.report.drawing.flows import place
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.sections.courses import Course, Line
from sivuvirta.report.sections.register import material_name, organisation_names
from sivuvirta.report.sections.routes import Card, cards, missing, ranked
from sivuvirta.report.tables import TRACE, Column, Sheet, sheet
from sivuvirta.report.words import Figure, count, figure, listed, readable, sentence, span

_STATUS = {
    "by_product": "by-product",
    "end_of_waste": "ceased to be waste",
    "product": "product",
    "waste": "waste",
    "unknown": "legal status not known",
}
_HAZARD = {"yes": "hazardous", "no": "not hazardous", "mirror": "hazardous or not, a mirror entry", "unknown": "hazard not assessed"}


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


def stories(plan: Plan, found: list[Course]) -> list[Story]:
    """A story per stream that has a section of its own, in the order of the courses."""
    said: dict[str, list[str]] = {}
    for reason in reasons(plan):
        said.setdefault(reason.stream, []).append(readable(reason.text))
    worths, legs = worth(plan, plan.potential).per_unit(plan.potential.flow), Legs.of(plan.links)
    return [evolve(_story(plan, course, said), routes=cards(plan, course.node, worths, legs)) for course in found if course.told]


def summary(links: Links, found: list[Course]) -> Sheet:
    """One row a stream: how much, where today, where in the plan; with its id where some have no section of their own."""
    whole = all(course.told for course in found)
    columns = (
        Column("name", "Stream", "material"),
        *(() if whole else (Column("id", "Id", help="as `sivuvirta match` asks for it"),)),
        Column("where", "Where"),
        Column("amount", "Amount", "number", "*"),
        Column("grade", "Grade", "grade"),
        Column("today", "Today", "long"),
        Column("goes", "Plan, with potential", "long"),
        Column("verdict", "Verdict", "verdict", help="the worst of the routes that the plan takes"),
    )
    lead = "A name leads to the stream's own section." if whole else "A name in the colour of links leads to the stream's own section."
    caption = f"{count(len(found), 'stream')}; amounts a year, dry for solids. {lead}"
    return sheet("stream-table", caption, columns, (_row(links, course) for course in found))


def _row(links: Links, course: Course) -> dict[str, Any]:
    table, key = links.region.table("streams"), links.nodes.id[course.node]
    row = table.index[key]
    return {
        "name": (material_name(links, table["material"][row])[0], table["name"][row]),
        "name_link": f"#stream-{key}" if course.told else "",
        "id": key,
        TRACE: f"streams/{key}",
        "where": place(links, course.node),
        "amount": links.supply.value[course.position],
        "unit": f"{links.nodes.unit[course.node]}/a",
        "grade": Grade(links.supply.grade[course.position]).name,
        "today": listed([line.short for line in course.today], 2),
        "goes": course.goes,
        "verdict": _worst(course.potential),
    }


def left_out(found: list[Course]) -> str:
    """Why some streams have no section of their own, and where to read of them; empty where all have one."""
    told = sum(course.told for course in found)
    if told == len(found):
        return ""
    return (
        f"Of {count(len(found), 'stream')} the {told} for which the plan brings most have a section of their own, so that the page stays "
        f"small enough to open. What was found of the other {len(found) - told} is told by "
    )


def _worst(lines: tuple[Line, ...]) -> str:
    words = [word for word in (line.verdict for line in lines) if word]
    return max(words, key=lambda word: Verdict[word.upper()]) if words else ""


def _story(plan: Plan, course: Course, said: Mapping[str, list[str]]) -> Story:
    links, supply, node, position = plan.links, plan.links.supply, course.node, course.position
    table = links.region.table("streams")
    row = {name: column[table.index[links.nodes.id[node]]] for name, column in table.columns.items()}
    unit = f"{links.nodes.unit[node]}/a"
    family, material = material_name(links, row["material"])
    return Story(
        id=row["stream"],
        anchor=f"stream-{row['stream']}",
        name=row["name"],
        where=place(links, node),
        owner=_owner(links, node),
        family=family,
        what=_what(row, material),
        amount=figure(supply.value[position], unit),
        range=span(supply.low[position], supply.high[position], unit),
        grade=Grade(supply.grade[position]).name,
        source=_source(links, row["stream"]),
        today=course.today,
        proven=course.proven,
        potential=course.potential,
        goes=course.goes,
        reasons=tuple(said.get(row["stream"], ())),
        missing=_missing(plan, node),
        routes=(),
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


def _missing(plan: Plan, node: int) -> tuple[str, ...]:
    """What the routes of a stream in the plan wait for; without any in the plan, what its best open route waits for."""
    verdict, flow = plan.matches.every("verdict"), plan.potential.flow
    open_routes = [row for row in ranked(plan, node) if Verdict.BLEND < verdict[row] < Verdict.FAIL]
    used = [row for row in open_routes if flow[row] > 0]
    texts = [text for row in used or open_routes[:1] for text in missing(plan, row)]
    return tuple(sentence(text) for text in dict.fromkeys(texts))
