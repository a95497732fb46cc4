"""Futures: how the benefit spreads over many draws, what is sure to be built and used, and what is worth knowing better."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.ensembles import Ensemble, Outcome
from sivuvirta.domain.links import Floats
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.following.legs import Keys, Legs
from sivuvirta.report.studies.axes import axis
from sivuvirta.report.studies.blocks import Amount, Bars, Block, Heading, Mark, Pictures, Plot, Section, Table, Words, bars
from sivuvirta.report.studies.frames import rested
from sivuvirta.report.studies.mixes import kept
from sivuvirta.report.studies.resting import built, drawn, joined
from sivuvirta.report.studies.told import against
from sivuvirta.report.tables import Column, records, sheet
from sivuvirta.report.words import count, figure, listed, sentence

_BINS, _BARS, _LINKS = 24, 10, 60
_FRAME = (64.0, 14.0, 540.0, 268.0)
_KEYS = (("solid", "draws"), ("middle", "middle"), ("edge", "5 and 95 %"), ("plan", "the plan, with everything at its stated value"))
_WORDS = {"benefit": "Benefit", "co2": "Change of emissions"}
_NETWORKS = {"proven": "proven", "potential": "with potential"}


def futures(found: Ensemble) -> Section:
    """The section of an ensemble."""
    options = found.options
    held = "what is built is held as planned" if options.builds == "fixed" else "what is built is free in each draw"
    asked = f"{count(options.draws, 'draw')} of what is not known well, {count(len(found.inputs), 'figure')} in all"
    lead = f"{asked}, each solved anew; {held}. In each draw the flows follow what is known then."
    pictures = tuple(histogram(one, name) for name, one in found.networks.items() if np.isfinite(one.draws["benefit"]).any())
    legs = Legs.of(found.links)
    blocks: list[Block] = [Pictures(pictures), *_infeasible(found), _figures(found, legs)]
    blocks += [Heading("What is sure to be used?"), *_sure(found, legs), Heading("What is worth knowing better?"), *_knowing(found, legs)]
    blocks += [Heading("What if one set of plants were held in every draw?"), _structures(found, legs), *kept(found)]
    return Section("futures-section", "Futures", "How sure is it?", lead, tuple(blocks))


def histogram(one: Outcome, name: str) -> Plot:
    """How many draws have which benefit, with 5, 50 and 95 %, and what the plan says."""
    left, top, right, bottom = _FRAME
    values = one.draws["benefit"].to_numpy(float)[one.draws["feasible"].to_numpy(bool)]
    told = next(row for row in records(one.figures) if row["figure"] == "benefit")
    marked = [float(told[point]) for point in ("p5", "p50", "p95", "plan")]
    across = axis([*values.tolist(), *marked], "EUR/a", left, right)
    heights, edges = counted(values, across.low, across.high)
    up = axis([float(heights.max(initial=1))], "", bottom, top, zero=True)
    marks = [_box(across.at, up.at, edges[k : k + 2], int(heights[k])) for k in range(len(heights)) if heights[k]]
    looks = ("edge", "middle", "edge", "plan")
    marks += [Mark("line", ((across.at(value), bottom), (across.at(value), top)), look) for value, look in zip(marked, looks, strict=True)]
    low, middle, high, plan = (figure(value, "EUR/a").text for value in marked)
    text = f"Benefit of {count(len(values), 'draw')}: 5 % below {low}, middle {middle}, 5 % above {high}; the plan says {plan}."
    title = f"Benefit of the network {_NETWORKS[name]}"
    return Plot(title, text, f"Benefit, {across.unit}", "draws", across.ticks, up.ticks, tuple(marks), _KEYS)


def counted(values: Floats, low: float, high: float) -> tuple[np.ndarray, Floats]:
    """Draws in each of equal steps between two ends, and the edges of the steps."""
    heights, edges = np.histogram(values[np.isfinite(values)], bins=_BINS, range=(low, high))
    return heights, edges


def _box(across: Any, up: Any, edges: Floats, height: int) -> Mark:
    start, end, top, foot = across(float(edges[0])), across(float(edges[1])), up(float(height)), up(0.0)
    words = f"{count(height, 'draw')} from {figure(float(edges[0]), 'EUR/a').text} to {figure(float(edges[1]), 'EUR/a').text}"
    return Mark("box", ((start, top), (round(max(end - start - 1, 1.0), 1), round(foot - top, 1))), "solid", words)


def _infeasible(found: Ensemble) -> list[Block]:
    parts = []
    for name, one in found.networks.items():
        missing = int((~one.draws["feasible"]).sum())
        if missing:
            parts.append(f"in {count(missing, 'draw')} no network {_NETWORKS[name]} keeps all promises")
    return [Words(sentence(f"{listed(parts)}; they are not in the figures"))] if parts else []


def _figures(found: Ensemble, legs: Legs) -> Table:
    part = f"{100 * found.options.tail:g} %"
    columns = (
        Column("label", "Figure", "name"),
        Column("network", "Network"),
        Column("plan", "The plan says", "number", "*"),
        Column("mean", "Mean", "number", "*"),
        Column("p5", "5 %", "number", "*"),
        Column("p50", "Middle", "number", "*"),
        Column("p95", "95 %", "number", "*"),
        Column("value_at_risk", f"At risk, {part}", "number", "*", "The best of the worst part of the draws"),
        Column("tail_mean", "Mean beyond it", "number", "*", "Mean of the worst part of the draws"),
    )
    every = _drawn(found, legs)
    rows = [
        {**row, "label": _WORDS.get(row["figure"], row["figure"]), "network": _NETWORKS[name], RESTS: Basis(rows=every)}
        for name, one in found.networks.items()
        for row in records(one.figures)
    ]
    rows.sort(key=lambda row: str(row["label"]))
    caption = f"What the draws make of the plan; at risk is what the worst {part} of the draws do not exceed."
    return Table(sheet("futures-table", caption, columns, rows))


def _drawn(found: Ensemble, legs: Legs) -> Keys:
    """Rows of all figures that are drawn."""
    return tuple(dict.fromkeys(row for one in found.inputs for row in drawn(legs, one).rows))


def _sure(found: Ensemble, legs: Legs) -> list[Block]:
    """How often plants and links are used, of the network with potential."""
    one, link = found.potential, joined(legs)
    plants = one.plants[(one.plants["used"] > 0) | (one.plants["plan"] > 0)].assign(often=one.plants["used"])
    plants = rested(plants, [built(legs, [str(name)]) for name in plants["plant"]])
    behind = [link(origin, destination) for origin, destination in zip(one.links["origin"], one.links["destination"], strict=True)]
    links = rested(one.links.assign(often=one.links["probability"]), behind)
    unsure, new = links[(links["plan"] > 0) & (links["often"] < 1)], links[(links["plan"] == 0) & (links["often"] > 0)]
    pictures = [
        _often("Plants, by the part of the draws in which each runs", plants),
        _often("Links of the plan that are least sure", unsure.sort_values("often", kind="stable")),
        _often("Links that are not in the plan, and often in the draws", new.sort_values("often", ascending=False, kind="stable")),
    ]
    columns = (
        Column("name", "Link", "name"),
        Column("percent", "Used in", "number", "%", "Part of the draws"),
        Column("plan", "In the plan", "number", "*"),
        Column("p5", "5 %", "number", "*"),
        Column("p50", "Middle", "number", "*"),
        Column("p95", "95 %", "number", "*"),
    )
    rows = [{**row, "name": _link(row), "percent": 100 * row["probability"]} for row in records(links)]
    rows = [row for row in rows if row["percent"] > 0 or row["plan"] > 0]
    caption = "Links of the network with potential, the surest first."
    if len(rows) > _LINKS:
        caption += f" The first {_LINKS} of {len(rows)}."
    shown = tuple(picture for picture in pictures if picture.rows)
    return [*([Pictures(shown)] if shown else []), Table(sheet("sure-table", caption, columns, rows[:_LINKS]), "Links")]


def _often(title: str, frame: pd.DataFrame) -> Bars:
    """Bars of how often, in the order given."""
    amounts = []
    for row in records(frame.head(_BARS)):
        name = str(row["name"]) if "plant" in row else _link(row)
        note = "in the plan" if row["plan"] > 0 else "not in the plan"
        amounts.append(Amount(name, f"{100 * row['often']:.0f} %", row["often"], 1 - row["often"], note=note, basis=row[RESTS]))
    return bars(title, amounts, ("solid", "rest"))


def _link(row: dict[str, Any]) -> str:
    return f"{row['origin_name']} to {row['destination_name']}"


def _knowing(found: Ensemble, legs: Legs) -> list[Block]:
    """What each figure that is not known well explains, and what knowing it is worth."""
    by_name = {one.name: one for one in found.inputs}
    inputs = found.potential.inputs
    inputs = rested(inputs, [drawn(legs, by_name[name]) for name in inputs["input"]])
    worth = inputs[inputs["knowing"] > 0].sort_values("knowing", ascending=False, kind="stable")
    moves = inputs.reindex(inputs["correlation"].abs().sort_values(ascending=False, kind="stable").index)
    clear = moves[moves["correlation"].abs() > found.potential.noise]
    pictures = [
        bars(
            "Worth of knowing it before building, at most, a year",
            [
                Amount(_capital(row["label"]), figure(row["knowing"], "EUR/a").text, row["knowing"], note=_error(row), basis=row[RESTS])
                for row in records(worth)[:_BARS]
            ],
        ),
        bars(
            "What the benefit hangs on: rank correlation",
            [
                Amount(_capital(row["label"]), f"{row['correlation']:+.2f}", row["correlation"], basis=row[RESTS])
                for row in records(clear)[:_BARS]
            ],
        ),
    ]
    columns = (
        Column("label", "Not known well", "name"),
        Column("range", "Range", "range"),
        Column("percent", "Spread", "number", "%", "Standard deviation as a part of the figure"),
        Column("correlation", "Rank correlation with the benefit", "number"),
        Column("chance", "Stands out", help="Whether so many draws can tell the correlation from chance"),
        Column("knowing", "Worth knowing, at most", "number", "EUR/a"),
    )
    rows = [
        {**row, "label": _capital(row["label"]), "range": (row["low"], row["high"]), "percent": 100 * row["relative"]}
        | {"chance": "yes" if abs(row["correlation"]) > found.potential.noise else "no"}
        for row in records(moves.head(_LINKS))
    ]
    caption = f"Figures that are not known well, of {len(inputs)} those that the benefit hangs on most."
    shown = tuple(picture for picture in pictures if picture.rows)
    words = Words(f"{_perfect(found)} {_noise(found, len(clear))}".strip())
    return [words, *([Pictures(shown)] if shown else []), Table(sheet("knowing-table", caption, columns, rows), "Figures")]


def _noise(found: Ensemble, clear: int) -> str:
    """From when on a correlation stands out from chance."""
    noise = found.potential.noise
    if found.potential.inputs.empty or not math.isfinite(noise):
        return ""
    told = f"{count(found.options.draws, 'draw')} cannot tell a correlation below \u00b1{noise:.2f} from chance among so many figures"
    return f"{told}; those below are in the table, and not drawn." if clear else f"{told}, and none is above: more draws may show some."


def _perfect(found: Ensemble) -> str:
    if found.options.builds == "fixed":
        return "What is built is held, so knowing more beforehand changes nothing here; what the benefit hangs on tells where to look."
    one = found.potential
    error = f" (give or take {figure(one.perfect_error, 'EUR/a').text})" if one.perfect_error > 0 else ""
    return f"Knowing everything before building would be worth {figure(one.perfect, 'EUR/a').text}{error} at most."


def _error(row: dict[str, Any]) -> str:
    error = row["knowing_error"]
    return f"give or take {figure(error, 'EUR/a').text}" if math.isfinite(error) and error > 0 else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _structures(found: Ensemble, legs: Legs) -> Table:
    names = dict(zip(found.links.nodes.id, found.links.nodes.name, strict=True))
    columns = (
        Column("structure", "What is built", "name"),
        Column("mean", "Mean benefit", "number", "EUR/a"),
        Column("tail_mean", "Mean of the worst", "number", "EUR/a"),
        Column("regret_mean", "Mean regret", "number", "EUR/a", "Against the best of these sets in each draw"),
        Column("regret_most", "Largest regret", "number", "EUR/a"),
        Column("percent", "Best in", "number", "%", "Part of the draws"),
        Column("built", "Plants, then against the first", "long"),
    )
    rows: list[dict[str, Any]] = []
    plan: list[str] | None = None
    for row in records(found.potential.structures):
        ids = [plant for plant in row["built"].split(", ") if plant]
        stand = [str(names.get(plant, plant)) for plant in ids]
        told = against(stand, plan) if stand else "none"
        more = {"structure": _capital(row["structure"]), "percent": 100 * row["best"], "built": told}
        rows.append({**row, **more, RESTS: built(legs, ids) if ids else Basis(rows=_drawn(found, legs))})
        plan = stand if plan is None else plan
    return Table(sheet("regret-table", "Sets of plants held in every draw: mean, worst and regret.", columns, rows), "Sets of plants")
