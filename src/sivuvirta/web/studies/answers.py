"""Answers: what pages show of a plan, read from the report's own rooms, so that page and report say the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import attrs

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.domain.plans import Plan
from sivuvirta.report.drawing.colours import legend
from sivuvirta.report.drawing.drawn import UNITS, drawn, extractive_streams
from sivuvirta.report.drawing.flows import FATES, Flow, fate_kind, states
from sivuvirta.report.html import options_told, vintage_told
from sivuvirta.report.sections import economy
from sivuvirta.report.sections.answer import Move, answer
from sivuvirta.report.sections.courses import courses
from sivuvirta.report.sections.headline import headlines
from sivuvirta.report.sections.register import material_name, sources
from sivuvirta.report.sections.streams import summary
from sivuvirta.report.tables import Column, Sheet, sheet
from sivuvirta.report.words import OBJECTIVES

Shown = Mapping[str, list[Flow]]
_STREAM = "#stream-"


def drawings(plan: Plan, assessment: Assessment) -> tuple[dict[str, Any], Shown]:
    """What map and Sankey draw, and the flows by state that they draw."""
    shown = states(plan)
    return drawn(plan, extractive_streams(plan, assessment), shown), shown


def told(plan: Plan, assessment: Assessment, drawing: Mapping[str, Any], shown: Shown) -> dict[str, Any]:
    """What the pages of a study say, as JSON can hold it."""
    links = plan.links
    found = courses(plan, shown, extractive_streams(plan, assessment))
    said = answer(plan, assessment, frozenset(str(links.nodes.id[course.node]) for course in found))
    place = drawing["map"]
    return _plain(
        {
            "vintage": vintage_told(plan),
            "objective": OBJECTIVES[plan.options.objective],
            "options": options_told(plan),
            "headlines": [attrs.asdict(each) | {"unknown_short": each.unknown_short} for each in headlines(assessment)],
            "sentences": said.sentences,
            "moves": [_move(move) for move in said.moves],
            "solved": said.solved,
            "units": {unit: UNITS[unit] for unit in drawing["units"]},
            "undrawn": drawing["undrawn"],
            "has_map": place["whole"] is not None,
            "has_core": place["core"] is not None,
            "has_rock": any("rock" in scope for scope in drawing["sankey"]),
            "legend": [(family.id, family.name) for family in legend(flow.family for rows in shown.values() for flow in rows)],
            "mix": _mix(assessment),
            "sources": len(sources(links)),
            "sheets": [
                _sheet(each) for each in (summary(links, found), _flows(links, shown["potential"]), economy.plants(links, assessment))
            ],
        }
    )


def _move(move: Move) -> dict[str, Any]:
    return {**attrs.asdict(move), "key": move.anchor.removeprefix(_STREAM)}


def _mix(assessment: Assessment) -> list[dict[str, Any]]:
    """How much of the exchanges of both networks rests on which grade."""
    return [
        {"network": bar["network"], "parts": [(grade, amount.text, round(share, 1)) for grade, amount, share in bar["parts"]]}
        for bar in economy.grade_mix(assessment)
        if bar["label"] == "Exchanges"
    ]


def _flows(links: Links, rows: list[Flow]) -> Sheet:
    """Every flow of the network with potential, the largest first."""
    columns = (
        Column("from", "From", "name"),
        Column("to", "To"),
        Column("material", "Material", "material"),
        Column("amount", "Amount", "number", "*"),
        Column("km", "Way", "number", "km"),
        Column("state", "State"),
        Column("verdict", "Verdict", "verdict"),
        Column("grade", "Grade", "grade"),
    )
    told = (_flow(links, flow) for flow in rows)
    return sheet("flow-table", "Flows of the plan with potential; amounts a year, dry for solids.", columns, told)


def _flow(links: Links, flow: Flow) -> dict[str, Any]:
    names = links.nodes.name
    fate = links.nodes.kind[flow.destination] == NodeKind.FATE
    return {
        "from": names[flow.origin],
        "to": FATES[fate_kind(links, flow.destination)] if fate else names[flow.destination],
        "material": (flow.family, material_name(links, flow.material)[1]),
        "amount": flow.amount,
        "unit": f"{flow.unit}/a",
        **({"km": flow.km} if flow.km > 0 else {}),
        "state": "new" if flow.new else "as today",
        "verdict": flow.verdict,
        "grade": flow.grade,
    }


def _sheet(found: Sheet) -> dict[str, Any]:
    cells = [[{name: getattr(cell, name) for name in ("kind", "text", "full", "mark", "sign")} for cell in row] for row in found.rows]
    heads = [(column.title, column.kind, column.help) for column in found.columns]
    return {"id": found.id, "caption": found.caption, "heads": heads, "rows": cells, "empty": found.empty}


def _plain(value: Any) -> Any:
    """The same without numbers that JSON has not."""
    if attrs.has(type(value)):
        return _plain(attrs.asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
