"""The register in a report: needs, sources, notes, and names of things by their key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import define, field

from sivuvirta.assess.sources.book import key_of
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.table import Table
from sivuvirta.domain.unknowns import unsaid
from sivuvirta.ledger.kinds import words as kinds
from sivuvirta.match import why
from sivuvirta.plan.explain.obstacles import Room, shortfall, worth_anew
from sivuvirta.report.drawing.colours import family
from sivuvirta.report.drawing.flows import place
from sivuvirta.report.following.basis import Basis
from sivuvirta.report.naming import names, spoken
from sivuvirta.report.tables import ROWS, TRACE, Column, Sheet, sheet
from sivuvirta.report.words import count, figure, listed, readable

_REFERENCE = ("technologies", "recipe_inputs", "recipe_outputs", "recoveries", "prices", "factors", "modes", "limits", "rules")
"""Tables of the library whose sources a report names; the region's own tables are all named."""


_COUNTED = "Rows of the region, and of the reference data, that name the source: these."


def material_name(links: Links, material: str | None) -> tuple[str, str]:
    """Colour family and English name of a material class."""
    if material is None:
        return "", ""
    table = links.region.table("materials")
    known = material in table.index
    return family(material).id, str(table["name_en"][table.index[material]]) if known else material


def organisation_names(links: Links) -> Mapping[str, str]:
    """Names of organisations by id."""
    table = links.region.table("organisations")
    return dict(zip(table["organisation"].tolist(), table["name"].tolist(), strict=True))


def needs(plan: Plan, left: Room) -> Sheet:
    """Needs: what they ask for, what serves them in both networks, and what is bought instead."""
    today = plan.compared
    ledgers = (("today", today), ("proven", plan.proven.ledger), ("potential", plan.potential.ledger))
    served = {state: np.full(len(plan.links.nodes.id), np.nan) if ledger is None else _served(ledger) for state, ledger in ledgers}
    columns = (
        Column("name", "Need", "name"),
        Column("where", "Where"),
        Column("use", "Asks for", "material"),
        Column("demand", "Takes", "number", "*", help="in units of the product it buys today"),
        Column("today", "From streams today", "number", "*"),
        Column("proven", "Plan, proven", "number", "*"),
        Column("potential", "Plan, with potential", "number", "*"),
        Column("short", "In short", "long"),
        Column("grade", "Grade", "grade"),
    )
    caption = "Needs of the vintage, in units of the product that is replaced. What streams do not serve is bought."
    rows = (_need(plan, left, position, served) for position in range(len(plan.links.demand.market)))
    return sheet("needs", caption, columns, rows, "No need is open.")


def _need(plan: Plan, left: Room, position: int, served: Mapping[str, Any]) -> dict[str, Any]:
    links, demand = plan.links, plan.links.demand
    node, table = int(demand.amounts.node[position]), links.region.table("needs")
    return {
        "name": links.nodes.name[node],
        TRACE: f"needs/{links.nodes.id[node]}",
        "where": place(links, node),
        "use": material_name(links, table["material"][table.index[links.nodes.id[node]]]),
        "kind": "sells to a market" if demand.market[position] else "need",
        "unit": f"{links.nodes.unit[node]}/a",
        "demand": demand.amounts.value[position],
        **{state: amounts[node] for state, amounts in served.items()},
        "short": in_short(plan, left, node) if position < ROWS else "",
        "grade": Grade(demand.amounts.grade[position]).name,
    }


def in_short(plan: Plan, left: Room, node: int) -> str:
    """Who serves a need in the network with potential; where nobody does, why, from the best route that is open."""
    routes, names = plan.matches.routes, plan.links.nodes.name
    register = plan.links.region.table("needs")
    status = register["status"][register.index[plan.links.nodes.id[node]]]
    if status in ("planned", "closed"):
        return f"{status.capitalize()}: it takes nothing at this vintage."
    rows = np.flatnonzero(routes.need == node)
    stream, flow = plan.matches.every("stream"), plan.potential.flow
    used = np.flatnonzero((plan.matches.every("need") == node) & (flow > 0))
    if len(used):
        order = used[np.argsort(-flow[used] * plan.matches.every("delivered")[used], kind="stable")]
        return f"Served by {listed(list(dict.fromkeys(str(names[stream[row]]) for row in order)), 3)}."
    if len(rows) == 0:
        return "No stream of the register is of a material that it accepts."
    free = rows[routes.verdict[rows] < Verdict.FAIL]
    best = int((free if len(free) else rows)[np.argmax(routes.gain[free if len(free) else rows])])
    stream = names[routes.stream[best]]
    if len(free) == 0:
        return readable(f"No stream may: {stream}, the best of {len(rows)}. {why(plan.matches, best)}")
    return _would(plan, left, best, f"{stream}, the best of {len(rows)},")


def _would(plan: Plan, left: Room, best: int, stream: str) -> str:
    """What the best route to a need that nobody serves would bring, and what stands against it."""
    routes = plan.matches.routes
    if unsaid(plan.links)[routes.stream[best]]:
        return f"What {stream} would gain is not known: where it goes today is not."
    unit = plan.links.nodes.unit[routes.stream[best]]
    gain = figure(abs(routes.gain[best]), f"EUR/{unit}").text
    if routes.gain[best] <= 0:
        outlet = float(routes.gain[best]) - worth_anew(plan.matches, best)  # what a unit costs where it goes today
        because = shortfall(plan.matches, best, outlet)
        return readable(f"Does not pay: {stream} would lose {gain}, because {because}.")
    return readable(f"{stream.partition(',')[0]} would gain {gain}, but {left.obstacle(best)}.")


def _served(ledger: Ledger) -> Any:
    """What each need receives from streams and plants, product units a year. Shape (nodes,)."""
    arcs = ledger.links.arcs
    rows = np.isin(arcs.kind[ledger.arc], (ArcKind.DIRECT, ArcKind.DELIVER))
    arc, amount = ledger.arc[rows], ledger.amount[rows]
    return np.bincount(arcs.destination[arc], weights=np.nan_to_num(arcs.ratio[arc]) * amount, minlength=len(ledger.links.nodes.id))


def sources(links: Links) -> Sheet:
    """Every source that a figure of the region or of the reference data names, with where it is cited."""
    region = links.region
    cited: dict[str, _Citation] = {}
    for name, table in region.tables.items():
        _cite(cited, table, "region", name)
    for name in _REFERENCE:
        if name in region.library:
            _cite(cited, region.library[name], "reference data", name)
    rows = [
        {
            "citation": row["citation"],
            "id": row["source"],
            "citation_link": row["url"] if str(row["url"] or "").startswith(("http://", "https://")) else "",
            "page": row["page"],
            "opened": row["opened"] or "not opened",
            "grades": ", ".join(sorted(cited[row["source"]].grades)),
            "used": len(cited[row["source"]].rows),
            "used_rests": Basis(_COUNTED, rows=tuple(cited[row["source"]].rows)),
            "where": ", ".join(sorted(cited[row["source"]].where)),
            "licence": row["licence"],
        }
        for row in region.table("sources").rows()
        if row["source"] in cited
    ]
    columns = (
        Column("citation", "Source", "link"),
        Column("id", "Id"),
        Column("page", "Page, table"),
        Column("opened", "Opened"),
        Column("grades", "Grades"),
        Column("used", "Rows", "number"),
        Column("where", "Used in"),
        Column("licence", "Terms"),
    )
    caption = f"{count(len(rows), 'source')} that the figures name. What was not opened is from memory or general knowledge and graded D."
    return sheet("source-table", caption, columns, sorted(rows, key=lambda row: -int(row["used"])), "No figure names a source.")


@define
class _Citation:
    """Which rows name a source, on which grades, and in which tables."""

    rows: list[tuple[str, str]] = field(factory=list)  # table and key
    grades: set[str] = field(factory=set)
    where: set[str] = field(factory=set)


def _cite(cited: dict[str, _Citation], table: Table, scope: str, name: str) -> None:
    if "source" not in table.columns or name == "sources":
        return
    grades = table["grade"].tolist() if "grade" in table.columns else [None] * len(table)
    for at, (source, grade) in enumerate(zip(table["source"].tolist(), grades, strict=True)):
        if source is not None:
            entry = cited.setdefault(source, _Citation())
            entry.rows.append((name, key_of(table, at)))
            entry.grades |= {grade} - {None}
            entry.where.add(name.replace("_", " ") if scope == "region" else scope)


def notes(links: Links) -> list[tuple[str, str]]:
    """What was assumed on the way, by topic, and the remarks on the vintage."""
    vintages = links.region.table("vintages")
    remark = vintages["note"][vintages.index[links.region.vintage]] if links.region.vintage in vintages.index else None
    known = names(links.region)
    assumed = [(topic.replace("_", " ").capitalize(), spoken(known, text)) for topic, text in links.notes.items()]
    tonnes = " ".join(kinds(links.region))
    told = [("The vintage", remark), ("Kinds of tonnes", tonnes)]
    return [*((topic, str(text)) for topic, text in told if text), *assumed]
