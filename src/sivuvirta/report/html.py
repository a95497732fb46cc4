"""The report: one HTML file with everything in it, that works offline and prints."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.studies import Studies
from sivuvirta.plan.explain.obstacles import room
from sivuvirta.report.drawing.colours import FAMILIES, OTHER, legend
from sivuvirta.report.drawing.drawn import UNITS, drawn, extractive_streams, measured
from sivuvirta.report.drawing.flows import states
from sivuvirta.report.followed import bases, figures
from sivuvirta.report.following.basis import Basis
from sivuvirta.report.following.grounds import PAGE
from sivuvirta.report.following.packed import drawn_once, lines, named, packed
from sivuvirta.report.following.traced import annex, panel
from sivuvirta.report.sections import economy, hauling
from sivuvirta.report.sections.agreement import agreement
from sivuvirta.report.sections.answer import answer, missing_sheet, published_rows
from sivuvirta.report.sections.courses import courses
from sivuvirta.report.sections.headline import headlines
from sivuvirta.report.sections.marginals import marginals
from sivuvirta.report.sections.orders import bundle_sheet, order_sheet
from sivuvirta.report.sections.register import needs, notes, sources
from sivuvirta.report.sections.streams import left_out, stories, summary
from sivuvirta.report.studies import sections
from sivuvirta.report.words import GRADES, MINUS, OBJECTIVES, SIGNS, SPACE, STATES, VERDICTS, figure

_FOLDER = Path(__file__).parent
_VENDOR = _FOLDER / "assets" / "vendor"
_STYLES = (
    _VENDOR / "leaflet" / "leaflet.css",
    *(_FOLDER / "assets" / f"{name}.css" for name in ("drawings", "report", "studies", "traces", "print")),
)
_SCRIPTS = (
    _VENDOR / "leaflet" / "leaflet.js",
    _VENDOR / "echarts" / "echarts.sankey.min.js",
    *(_FOLDER / "assets" / f"{name}.js" for name in ("page", "map", "sankey", "tables", "traces", "start")),
)
_FIGURE = re.compile(rf"(?<![\w#&]){MINUS}?\d[\d,.]*(?<![,.])(?:{SPACE}[^\s,;.<]+)?")


def write(plan: Plan, assessment: Assessment, path: Path, orders: LabOrders | None = None, studies: Studies | None = None) -> Path:
    """Write the report of a plan.

    Args:
        plan: the network, proven and potential.
        assessment: its figures; nothing is computed here.
        path: the HTML file; its folder is made if need be.
        orders: what missing tests are worth, if it was worked out.
        studies: what else was asked; each has a section of its own.

    Returns:
        The path.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(plan, assessment, orders, studies), encoding="utf-8")
    return path


def html(plan: Plan, assessment: Assessment, orders: LabOrders | None = None, studies: Studies | None = None) -> str:
    """The report as text."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["figured"] = _figured
    asked = sections(studies, plan.links.region.vintage)
    told = {"sections": asked, "contents": [(each.id, each.nav) for each in asked]}
    page = _page(plan, assessment) | _orders(orders) | told
    traces = panel(assessment.traces, figures(page), bases(page), plan.links.region) | {"grades": GRADES}
    return environment.get_template("report.html").render(**page | {"data": _embedded(page["data"] | {"traces": traces})}, **_words())


def _page(plan: Plan, assessment: Assessment) -> dict[str, Any]:
    links, shown, left = plan.links, states(plan), room(plan, plan.potential)
    extractive = extractive_streams(plan, assessment)
    drawings = drawn(plan, extractive, shown)
    measures = measured(plan, shown)
    found = courses(plan, shown, extractive)
    told = frozenset(str(links.nodes.id[course.node]) for course in found if course.told)
    page: dict[str, Any] = {
        "grounds": {**PAGE, "printed": Basis("Amounts as published lists print them, summed a list.", published_rows(links))},
        "region": links.region,
        "vintage": vintage_told(plan),
        "objective": OBJECTIVES[plan.options.objective],
        "options": options_told(plan),
        "stated": Basis("Stated with the year shown, for the whole of it.", (("vintages", str(links.region.vintage)),)),
        "written": datetime.now(UTC).date().isoformat(),
        "headlines": headlines(assessment),
        "draws": int(assessment.headline["draws"].iloc[0]),
        "answer": answer(plan, assessment, told),
        "units": {unit: UNITS[unit] for unit in drawings["units"]},
        "measures": {unit: UNITS[unit] for unit in drawings["units"]} | {key: each["name"] for key, each in measures.items()},
        "has_rock": bool(extractive),
        "has_map": drawings["map"]["whole"] is not None,
        "has_core": drawings["map"]["core"] is not None,
        "undrawn": drawings.pop("undrawn"),
        "legend": legend(flow.family for rows in shown.values() for flow in rows),
        "stories": stories(plan, found),
        "left_out": left_out(found),
        "stream_sheet": summary(links, found),
        "missing_sheet": missing_sheet(plan, told),
        "need_sheet": needs(plan, left),
        "plant_sheet": economy.plants(links, assessment),
        "idle_sheet": economy.idle_plants(plan, left),
        "money": economy.money(assessment),
        "organisations": economy.organisations(assessment),
        "carbon": economy.carbon(assessment),
        "products": economy.products(assessment),
        "roads": hauling.roads(links, assessment),
        "driven": hauling.driven(assessment),
        "flagged": hauling.nearest(links, assessment)[0],
        "nearest": hauling.nearest(links, assessment)[1],
        "bought": economy.bought(assessment),
        "transport": economy.transport(assessment),
        "marginals": marginals(plan),
        "mix": economy.grade_mix(assessment),
        "agreement": agreement(links.region),
        "source_sheet": sources(links),
        "notes": notes(links),
        "annex": annex(assessment.traces),
    }
    drawings["map"]["base"] = {name: lines(rings) for name, rings in drawings["map"]["base"].items()}
    ends: dict[tuple[Any, ...], int] = {}
    flows = {
        "sankey": {scope: {unit: drawn_once(one, ends) for unit, one in units.items()} for scope, units in drawings.pop("sankey").items()},
        "measured": {key: drawn_once(each["drawings"], ends) for key, each in measures.items()},
    }
    return page | {"data": drawings | packed(flows | {"ends": named(ends)})}


def _orders(orders: LabOrders | None) -> dict[str, Any]:
    if orders is None:
        return {"order_sheet": None, "bundle_sheet": None}
    return {"order_sheet": order_sheet(orders), "bundle_sheet": bundle_sheet(orders)}


def _words() -> dict[str, Any]:
    return {
        "grades": GRADES,
        "verdicts": VERDICTS,
        "signs": SIGNS,
        "states": STATES,
        "families": (*FAMILIES, OTHER),
        "style": _ours("\n".join(_offline(file) for file in _STYLES)),
        "scripts": [_ours(_offline(file)) for file in _SCRIPTS],
        "icon": _ours((_FOLDER / "assets" / "icon.svg").read_text(encoding="utf-8")),
    }


def vintage_told(plan: Plan) -> dict[str, Any]:
    """The year shown, of which year its money is, and the rate of interest."""
    table = plan.links.region.table("vintages")
    row = table.index[plan.links.region.vintage]
    year = int(table["year"][row])
    money = table["price_year"][row]
    return {
        "title": table["title"][row],
        "year": year,
        "price_year": year if np.isnan(money) else int(money),
        "rate": figure(table["discount_rate"][row], "%"),
    }


def options_told(plan: Plan) -> list[tuple[str, str]]:
    """What was asked beside the objective: label and amount."""
    options = plan.options
    stated = (
        ("Investment at most", options.budget, "EUR"),
        ("Emissions at most", options.co2_limit, "t CO2e/a"),
        ("To landfill and stock at most", options.disposal_limit, "t/a"),
        ("Shadow price of carbon", options.carbon_price or None, "EUR/t CO2e"),
    )
    return [(label, figure(value, unit).text) for label, value, unit in stated if value is not None]


def _figured(text: str) -> Markup:
    """A sentence in which each figure, with its unit, is one that can be clicked."""
    return _ours(_FIGURE.sub(lambda found: f'<span class="num">{found[0]}</span>', str(escape(text))))


def _embedded(data: dict[str, Any]) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "&<>":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return _ours(text)


def _ours(text: str) -> Markup:
    """Text that is put into the page as it is: our own files, and JSON in which no sign of markup is left."""
    return Markup(text)  # noqa: S704


def _offline(file: Path) -> str:
    """A style or script without what would ask the network: pictures that are never shown, maps for debuggers."""
    lines = file.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("//# sourceMappingURL"))
    return text.replace("url(images/", "url(data:,")
