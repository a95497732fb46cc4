"""Tables of money, carbon, plants, roads, marginal values and evidence, from an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.assessments import Assessment, Figures
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.unknowns import unsaid
from sivuvirta.plan.explain.obstacles import Room
from sivuvirta.report.tables import TRACE, Column, Sheet, records, sheet
from sivuvirta.report.words import TERMS, Figure, count, figure, readable

_EVIDENCE_PAIR = ("proven", "potential")

Rows = list[dict[str, Any]]


def money(assessment: Assessment) -> Sheet:
    """EUR a year by term: today, both networks, and what the plan saves with its range."""
    return _terms(
        "money",
        "What the region spends less what it earns outside, € a year. Payments between organisations of the region cancel. "
        "Ranges of terms: prices and rates vary, flows stay.",
        (assessment.proven.money, assessment.potential.money),
        "saving",
        Column("saving", "Saved with potential", "change", "EUR/a"),
    )


def carbon(assessment: Assessment) -> Sheet:
    """Emissions by term: today, both networks, and the change with its range."""
    frames = tuple(
        frame.assign(saving=-frame["difference"], low=-frame["high"], high=-frame["low"]) for frame in _both(assessment, "carbon")
    )
    return _terms(
        "carbon",
        "Fossil emissions by term; what today's sales replace elsewhere is subtracted. Ranges of terms: factors vary, flows stay.",
        (frames[0], frames[1]),
        "saving",
        Column("saving", "Saved with potential", "change", "kg CO2e/a"),
    )


def _both(assessment: Assessment, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return getattr(assessment.proven, name), getattr(assessment.potential, name)


def _terms(id: str, caption: str, frames: tuple[pd.DataFrame, pd.DataFrame], saved: str, change: Column) -> Sheet:  # noqa: A002
    proven, potential = frames
    rows: Rows = [
        {
            "term": _term(sure),
            TRACE: f"{id}/{sure['term']}",
            "today": sure["reference"],
            "proven": sure["planned"],
            "potential": whole["planned"],
            "saving": whole[saved],
            "range": (whole["low"], whole["high"]),
        }
        for sure, whole in zip(records(proven), records(potential), strict=True)
        if any(abs(value) > 0 for value in (sure["reference"], sure["planned"], whole["planned"]))
    ]
    total = {key: sum(float(row[key]) for row in rows) for key in ("today", "proven", "potential", "saving")}
    columns = (
        Column("term", "Term", "name"),
        Column("today", "Today", "number", change.unit),
        Column("proven", "Plan, proven", "number", change.unit),
        Column("potential", "Plan, with potential", "number", change.unit),
        change,
        Column("range", "Range, 5 to 95 %", "range", change.unit),
    )
    return sheet(id, caption, columns, rows, "No money or carbon moves.", {"term": "Sum", TRACE: f"{id}/sum", **total})


def organisations(assessment: Assessment) -> Sheet:
    """EUR a year by organisation: who saves and who pays, in both networks."""
    rows: dict[str, dict[str, Any]] = {}
    for evidence in _EVIDENCE_PAIR:
        frame: pd.DataFrame = getattr(assessment, evidence).organisations
        for name, part in frame.groupby("name", sort=False):
            key = f"organisations/{part['organisation'].iloc[0]}"
            today, saves = (float(part[each].sum(skipna=False)) for each in ("reference", "saving"))  # unknown without a reference
            none = 0.0 * saves
            row = rows.setdefault(str(name), {"name": name, TRACE: key, "today": today, "proven": none, "potential": none})
            row[evidence] = saves
            row[f"{evidence}_why"] = _largest(part)
    ranked = sorted(rows.values(), key=lambda row: -row["potential"])
    columns = (
        Column("name", "Organisation", "name"),
        Column("today", "Net cost today", "number", "EUR/a"),
        Column("proven", "Saves, proven", "change", "EUR/a"),
        Column("potential", "Saves, with potential", "change", "EUR/a"),
        Column("potential_why", "Mostly through", "long"),
    )
    caption = (
        "Haulage, fees and taxes fall on whoever sends, purchases on whoever buys, a plant on its owner. "
        "A fair split of the gain is another question."
    )
    return sheet("organisations", caption, columns, ranked, "No organisation pays or earns anything.")


def _largest(part: pd.DataFrame) -> str:
    ranked = part[part["saving"].abs() >= 1].sort_values("saving", key=abs, ascending=False)
    return "; ".join(f"{_term(row).lower()} {figure(row['saving'], 'EUR/a', sign=True).text}" for row in records(ranked.head(3)))


def _term(row: Mapping[str, Any]) -> str:
    return TERMS.get(row["term"], str(row["term"]))


def plants(links: Links, assessment: Assessment) -> Sheet:
    """Plants that run or are built in either network."""
    names = _organisation_names(links)
    rows: Rows = [
        {
            **row,
            TRACE: f"plants/{row['plant']}",
            "owner": names.get(row["organisation"], row["organisation"].replace("_", " ")),
            "state": {"candidate": "built", "laid": "laid"}.get(row["status"], "runs today"),
            "network": evidence,
            "full": 100 * row["utilisation"],
            "range": (row["capex_low_EUR"], row["capex_high_EUR"]),
        }
        for evidence, figures in _pair(assessment)
        for row in records(figures.investment)
    ]
    columns = (
        Column("name", "Plant", "name"),
        Column("state", "State"),
        Column("network", "Network"),
        Column("owner", "Owner"),
        Column("activity", "Takes", "number", "*"),
        Column("capacity", "Capacity", "number", "*"),
        Column("full", "Used, %", "bare", "%"),
        Column("capex_EUR", "Investment", "number", "EUR"),
        Column("range", "5 to 95 %", "range", "EUR"),
        Column("fixed_EUR", "Fixed cost", "number", "EUR/a"),
        Column("staff", "Posts", "bare"),
    )
    return sheet("plants", "Plants that run or would be built, by network.", columns, rows, "No plant runs or pays.")


def idle_plants(plan: Plan, left: Room) -> Sheet:
    """Plants through which nothing goes in the network with potential, with the reason."""
    links = plan.links
    names = _organisation_names(links)
    done = plan.potential.ledger.operations
    used = {links.nodes.id[node] for node in links.works.node[(done.activity > 0) | done.built].tolist()}
    rows: Rows = [
        {
            "name": row["name"],
            "state": "not built" if row["status"] == "candidate" else "stands idle",
            "owner": names.get(row["organisation"] or "", "investor" if row["status"] == "candidate" else ""),
            "short": readable(_unused(plan, left, row["plant"])),
        }
        for row in links.region.table("plants").rows()
        if row["plant"] not in used
    ]
    columns = (Column("name", "Plant", "name"), Column("state", "State"), Column("owner", "Owner"), Column("short", "Why not", "long"))
    return sheet("idle-plants", "Plants of the register that the plan with potential does not use.", columns, rows, "Every plant is used.")


def _unused(plan: Plan, left: Room, plant: str) -> str:
    """Why no stream goes through a plant in the network with potential."""
    links, routes = plan.links, plan.matches.routes
    works = [row for row, node in enumerate(links.works.node.tolist()) if links.nodes.id[node] == plant]
    if not works:
        return "It does not stand at this vintage."
    rows = np.flatnonzero(routes.plant == works[0])
    if len(rows) == 0:
        return "No stream of the vintage fits its recipe, or no need takes what it makes."
    free = rows[routes.verdict[rows] < Verdict.FAIL]
    if len(free) == 0:
        return f"Each of its {count(len(rows), 'route')} fails on law or a limit."
    best = int(free[np.argmax(routes.gain[free])])
    stream = links.nodes.name[routes.stream[best]]
    if unsaid(links)[routes.stream[best]]:
        return f"What its best stream, {stream}, would gain is not known: where it goes today is not."
    gain = figure(abs(routes.gain[best]), f"EUR/{links.nodes.unit[routes.stream[best]]}").text
    if routes.gain[best] <= 0:
        return f"Does not pay: its best stream, {stream}, would lose {gain}."
    return f"Its best stream, {stream}, would gain {gain}: {left.obstacle(best)}."


def _pair(assessment: Assessment) -> tuple[tuple[str, Figures], tuple[str, Figures]]:
    return ("proven", assessment.proven), ("potential", assessment.potential)


def _organisation_names(links: Links) -> Mapping[str, str]:
    table = links.region.table("organisations")
    return dict(zip(table["organisation"].tolist(), table["name"].tolist(), strict=True))


def products(assessment: Assessment) -> Sheet:
    """What is bought, and what today's sales replace outside the region."""
    proven = {(row["product"], row["role"]): row["planned"] for row in records(assessment.proven.products)}
    roles = {"bought": "bought by needs", "reagent": "bought by plants", "displaced": "replaced elsewhere by today's sales"}
    rows: Rows = [
        {
            **row,
            TRACE: f"products/{row['product']}/{row['role']}",
            "role": roles.get(row["role"], row["role"]),
            "proven": proven.get((row["product"], row["role"]), row["reference"]),
        }
        for row in records(assessment.potential.products)
    ]
    columns = (
        Column("name", "Primary product", "name"),
        Column("role", "Role"),
        Column("reference", "Today", "number", "*"),
        Column("proven", "Plan, proven", "number", "*"),
        Column("planned", "Plan, with potential", "number", "*"),
        Column("saved", "Saved with potential", "change", "*"),
    )
    return sheet(
        "products",
        "Primary products: what side streams replace, and what must be bought because of the plan.",
        columns,
        rows,
        "Nothing is bought.",
    )


def bought(assessment: Assessment) -> str:
    """What the plan changes in primary products in tonnes, by scope: bought, and replaced outside the region; empty without tonnes."""
    frame = assessment.potential.products
    tonnes = frame[frame["unit"] == "t/a"]
    if tonnes.empty or tonnes["saved"].isna().all():
        return ""
    saved = {role: float(tonnes.loc[tonnes["role"] == role, "saved"].sum()) for role in ("bought", "reagent", "displaced")}
    less = saved["bought"] + saved["reagent"]
    sizes = [figure(abs(value), "t/a").text for value in (saved["bought"], saved["reagent"], less, saved["displaced"])]
    ways = ["more" if value < 0 else "less" for value in (saved["bought"], saved["reagent"], less)]
    fewer = "less" if saved["displaced"] < 0 else "more"
    return (
        f"In tonnes, with potential: needs buy {sizes[0]} {ways[0]} and plants {sizes[1]} {ways[1]}, so that {sizes[2]} {ways[2]} are "
        f"bought (“primary product bought less” of the ranges). Today's sales replace {sizes[3]} {fewer} outside the region; with them "
        f"{figure(less + saved['displaced'], 't/a').text} are saved (“primary product saved” of the benefit sheets)."
    )


def grade_mix(assessment: Assessment) -> list[dict[str, Any]]:
    """How much of both networks rests on which evidence grade: bars of four parts, every one named."""
    bars = []
    names = {
        "exchanges_t": ("Exchanges", "t/a"),
        "outlets_t": ("Today's outlets that go on", "t/a"),
        "exchanges_MWh": ("Exchanges of energy", "MWh/a"),
        "money_EUR": ("Money, spent and earned", "EUR/a"),
    }
    for evidence, figures in _pair(assessment):
        for column, (label, unit) in names.items():
            if column not in figures.grades:
                continue
            total = float(figures.grades[column].sum())
            parts = [
                (str(row["grade"]), figure(row[column], unit), 100 * row[column] / total if total else 0.0)
                for row in records(figures.grades)
            ]
            bars.append({"network": evidence, "label": label, "parts": parts, "total": figure(total, unit)})
    return bars


def transport(assessment: Assessment) -> list[tuple[str, Figure, Figure, Figure]]:
    """Haulage over all modes: measure, today, proven, with potential."""
    proven, potential = _both(assessment, "transport")
    rows = []
    for measure, part in potential.groupby("measure", sort=False):
        unit = str(part["unit"].iloc[0])
        sure = float(proven.loc[proven["measure"] == measure, "planned"].sum())
        rows.append(
            (
                str(measure),
                figure(float(part["reference"].sum(skipna=False)), unit),
                figure(sure, unit),
                figure(float(part["planned"].sum()), unit),
            )
        )
    return rows
