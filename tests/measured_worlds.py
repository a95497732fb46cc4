"""Draws made the long way: the register's figures are changed, links built anew, flows held by plain loops, and everything assessed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.assess.figures import figures
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from tests.engine.worlds import Tables
from tests.ensemble_worlds import ranged

RELATIVE = {
    "transport": ("modes", "mode", "cost"),
    "handling": ("modes", "mode", "handling"),
    "co2 transport": ("modes", "mode", "co2"),
    "fee": ("fates", "fate", "fee"),
    "revenue": ("fates", "fate", "revenue"),
    "co2 outlet": ("fates", "fate", "co2"),
    "purchase": ("prices", "subject", "value"),
    "co2 purchase": ("factors", "subject", "value"),
    "capex": ("technologies", "technology", "capex"),
}
"""Kinds drawn relative to 1 -> table, column of the key, column of the figure."""


def wide(seed: int) -> Tables:
    """A random region with ranges of everything: moistures, ratios, roads, displaced products and their factors too."""
    tables, rng = ranged(seed), np.random.default_rng([seed, 7])
    for row in tables["streams"]:
        _ends(rng, row, "moisture", "moisture_low", "moisture_high")
    for row in tables["acceptances"]:
        _ends(rng, row, "ratio", "ratio_low", "ratio_high")
        if rng.random() < 0.4:
            row["price"], row["price_basis"] = round(float(rng.uniform(-5, 15)), 2), str(rng.choice(["dry", "as_sent"]))
    for row in tables["factors"]:
        _ends(rng, row, "value", "low", "high")
    for row in tables["fates"]:
        _outlet(rng, row, str(tables["products"][0]["product"]))
    for row in tables["needs"]:
        if rng.random() < 0.3:
            row["kind"] = "market"
    return tables | _roads(tables)


def _ends(rng: np.random.Generator, row: dict, name: str, low: str, high: str) -> None:
    value = float(row.get(name) or 0.0)
    if value > 0:
        row[low], row[high] = (round(value * (1 + side * float(rng.uniform(0.05, 0.3))), 4) for side in (-1, 1))


def _outlet(rng: np.random.Generator, row: dict, product: str) -> None:
    row["basis"] = str(rng.choice(["dry", "as_sent"]))
    if row.get("stream") and rng.random() < 0.5:
        row["product"], row["ratio"], row["revenue"] = product, 0.5, round(float(rng.uniform(1, 20)), 2)
        _ends(rng, row, "ratio", "ratio_low", "ratio_high")
        _ends(rng, row, "revenue", "revenue_low", "revenue_high")
    if row.get("stream") and rng.random() < 0.5:
        row["tax"] = 10


def _roads(tables: Tables) -> Tables:
    """A road through the places of the four sites, so that each way has one course only."""
    sourced = {"grade": "A", "source": "invented"}
    places = [{"place": f"q{n}", "name": f"Place {n}", "lat": 65.5 + 0.05 * n, "lon": 24 + 0.1 * n, **sourced} for n in range(4)]
    sites = [{**row, "place": f"q{n}", "access_km": float(n)} for n, row in enumerate(tables["sites"])]
    roads = [
        {"road": f"r{n}", "from_place": f"q{n}", "to_place": f"q{n + 1}", "km": 20 + n, "km_low": 18 + n, "km_high": 23 + n, **sourced}
        for n in range(3)
    ]
    return {"places": places, "sites": sites, "roads": roads}


def changed(region: Region, inputs, delta) -> Region:
    """The register with the figures of one draw, each cell by itself."""
    columns: dict[str, dict[str, np.ndarray]] = {}

    def column(table: str, name: str) -> np.ndarray:
        return columns.setdefault(table, {}).setdefault(name, region.table(table)[name].copy())

    def where(table: str, name: str, key: str) -> np.ndarray:
        return np.asarray(region.table(table)[name].astype(str) == key)

    for one, step in zip(inputs, delta, strict=True):
        value = one.centre + one.unit * step
        if one.kind in ("amount", "demand"):
            rows = where("quantities", "subject", one.key) & (region.table("quantities")["vintage"] == region.vintage)
            rows &= region.table("quantities")["table"] == ("streams" if one.kind == "amount" else "needs")
            column("quantities", "value")[rows] *= value / one.centre
        elif one.kind == "moisture":
            column("streams", "moisture")[where("streams", "stream", one.key)] = 100 * value
        elif one.kind == "ratio":
            need, material = one.key.split(",")
            column("acceptances", "ratio")[where("acceptances", "need", need) & where("acceptances", "material", material)] = value
        elif one.kind == "replaced":
            column("fates", "ratio")[where("fates", "fate", one.key)] = value
        elif one.kind == "distance":
            column("roads", "km")[where("roads", "road", one.key)] = value
        else:
            table, key, name = RELATIVE[one.kind]
            rows, stated = where(table, key, one.key), region.table(table)
            if (stated[name][rows] == 0).any():  # a figure of 0 has no relative range
                ends = ("low", "high") if name == "value" else (f"{name}_low", f"{name}_high")
                column(table, name)[rows] += step * (stated[ends[1]][rows] - stated[ends[0]][rows]) / 3.29
            else:
                column(table, name)[rows] *= value
    tables = {name: Table(name, region.table(name).key, {**region.table(name).columns, **new}) for name, new in columns.items()}
    return evolve(region, tables={**region.tables, **tables})


def anew(links: Links, region: Region, plan: Ledger, inputs, delta) -> tuple[Ledger, Ledger]:
    """The reference and the planned ledger of one draw, over links built from the changed register."""
    drawn = build(region)
    assert drawn.arcs.kind.tolist() == links.arcs.kind.tolist()
    amount, activity = held(links, drawn, plan)
    capex = np.ones(len(links.works))
    for one, step in zip(inputs, delta, strict=True):
        if one.kind == "capex":
            capex[links.works.technology == one.key] = one.centre + one.unit * step
    done = plan.operations
    spent = done.capex * capex
    fixed = done.fixed + np.where(done.capex > 0, np.nan_to_num(links.works.annuity), 0.0) * (spent - done.capex)
    ways = drawn.ways.fixed * (done.ways > 0) if len(done.ways) else done.ways
    arc = np.flatnonzero(amount > 0).astype(np.int32)
    codes = np.zeros(len(arc), dtype=np.int8)
    operations = evolve(done, activity=activity, capex=spent, fixed=fixed, ways=ways)
    return reference(drawn), Ledger(drawn, plan.name, plan.status, arc, amount[arc], codes, codes, operations)


def held(links: Links, drawn: Links, plan: Ledger) -> tuple[np.ndarray, np.ndarray]:
    """Flows of the plan in proportion, arc by arc: the rule in words, with no matrix in it."""
    arcs, works, base = links.arcs, links.works, plan.per_arc()
    flow, used, kinds = base.copy(), np.flatnonzero(base > 0).tolist(), arcs.kind.tolist()
    share = dict(zip(links.supply.node.tolist(), (drawn.supply.value / np.maximum(links.supply.value, 1e-300)).tolist(), strict=True))
    for arc in used:
        if kinds[arc] in (ArcKind.DIRECT, ArcKind.FEED, ArcKind.FATE):
            flow[arc] = base[arc] * share[int(arcs.origin[arc])]
    fed = np.ones(len(works))
    for _ in range(1 + sum(kinds[arc] == ArcKind.PASS for arc in used)):
        for plant, node in enumerate(works.node.tolist()):
            entering = [a for a in used if kinds[a] in (ArcKind.FEED, ArcKind.PASS) and arcs.destination[a] == node]
            if entering:
                fed[plant] = sum(flow[a] for a in entering) / sum(base[a] for a in entering)
            for arc in (a for a in used if kinds[a] == ArcKind.REAGENT and arcs.destination[a] == node):
                flow[arc] = base[arc] * fed[plant]
        for arc in (a for a in used if kinds[a] in (ArcKind.DELIVER, ArcKind.RESIDUE, ArcKind.PASS)):
            before, after = (_made(one, arcs.output[arc], amounts) for one, amounts in ((links, base), (drawn, flow)))
            flow[arc] = base[arc] * (after / before if before > 0 else fed[works.outputs.plant[arcs.output[arc]]])
    _bought(links, drawn, base, flow)
    return flow, plan.operations.activity * fed


def _made(links: Links, output: int, flow: np.ndarray) -> float:
    yields = links.works.yields
    return sum(float(yields.eta[k]) * flow[yields.arc[k]] for k in np.flatnonzero(yields.output == output).tolist())


def _bought(links: Links, drawn: Links, base: np.ndarray, flow: np.ndarray) -> None:
    """Each need buys what is missing of it, and nothing where more than enough comes."""
    arcs, kinds, demand = links.arcs, links.arcs.kind, links.demand.amounts
    for at, node in enumerate(demand.node.tolist()):
        into = np.flatnonzero(arcs.destination == node).tolist()
        buys = [a for a in into if kinds[a] == ArcKind.BUY]
        whole = sum(base[a] for a in buys)
        gap = float(drawn.demand.amounts.value[at] - demand.value[at]) + whole
        for arc in (a for a in into if kinds[a] in (ArcKind.DIRECT, ArcKind.DELIVER) and base[a] > 0):
            gap -= drawn.arcs.ratio[arc] * flow[arc] - arcs.ratio[arc] * base[arc]
        for place, arc in enumerate(buys):
            flow[arc] = max(gap, 0.0) * (base[arc] / whole if whole > 0 else float(place == 0))


def told(reference_ledger: Ledger, planned: Ledger) -> dict[tuple[str, str], float]:
    """Every figure of an assessment, by table and row as ranges name them."""
    found = figures(planned, reference_ledger)
    rows: dict[tuple[str, str], float] = {("headline", r["figure"]): r["value"] for r in found.headline.to_dict("records")}
    rows |= {("money", r["term"]): r["saving"] for r in found.money.to_dict("records")}
    rows |= {("carbon", r["term"]): r["difference"] for r in found.carbon.to_dict("records")}
    for key, part in found.organisations.groupby("organisation"):
        rows["organisations", str(key)] = float(part["saving"].sum())
    for r in found.diverted.to_dict("records"):
        rows["diverted", r["stream"]] = rows.get(("diverted", r["stream"]), 0.0) + r["diverted"]
    solid = found.diverted[found.diverted["unit"] == "t/a"]
    mineral = solid["extractive"].astype(bool)
    rows["diverted", "total"] = float(solid.loc[~mineral, "diverted"].sum())
    rows["diverted", "total extractive"] = float(solid.loc[mineral, "diverted"].sum())
    rows |= {("products", f"{r['product']} {r['role']}"): r["saved"] for r in found.products.to_dict("records")}
    bought = found.products[(found.products["role"] != "displaced") & (found.products["unit"] == "t/a")]
    rows["products", "virgin"] = float(bought["saved"].sum())
    words = {"tonne-kilometres": "tkm", "loaded trips": "trips"}
    for r in found.transport.to_dict("records"):
        if r["measure"] in words:
            rows["transport", f"{r['mode']} {words[r['measure']]}"] = r["difference"]
    rows |= {("roads", r["road"]): r["planned"] for r in found.roads.to_dict("records") if r["road"]}
    rows["jobs", "posts"] = float(pd.to_numeric(found.investment["staff"]).sum()) if len(found.investment) else 0.0
    return rows
