"""Ranges: every figure under many draws, benefits that may be none, and a tornado of what to measure."""

from __future__ import annotations

import math

import pandas as pd

from sivuvirta.domain.indicators import Indicators
from sivuvirta.domain.ranges import Ranges, where
from sivuvirta.report.following.basis import NOTHING
from sivuvirta.report.studies.blocks import Amount, Bars, Block, Heading, Items, Pictures, Section, Words, bars
from sivuvirta.report.studies.frames import BOUND, NETWORKS, RANGE, framed, last, merged, rested
from sivuvirta.report.studies.spreading import ranged, told_by_row
from sivuvirta.report.tables import Column, records
from sivuvirta.report.words import count, figure, sentence

_BARS = 12
_ALL = 0.995  # of the variance; more is the whole, within chance
_BOUGHT = (
    "Primary product bought less counts what needs and plants of the region buy, in tonnes; what today's sales replace outside the region "
    "is not in it, as it is in the primary product saved of the benefit sheets."
)
_DRAWN = ("benefit", "carbon", "could_be_used", "trucks")


def ranges(found: Ranges, known: Indicators | None = None) -> Section:
    """The section of ranges.

    Args:
        found: the ranges.
        known: indicators of the same plan, whose inputs their ranges rest on; None where they were not asked for.
    """
    lead = (
        f"{count(found.done, 'draw')} of {count(len(found.inputs), 'figure')} that are known within a range, with the plan held as it is."
    )
    blocks: list[Block] = []
    if len(found.alarms):
        blocks += [Heading("What cannot be claimed"), Items(tuple(_alarm(row) for row in records(found.alarms)))]
    pictures = [picture for key in _DRAWN if (picture := tornado(found, key)) is not None]
    if pictures:
        blocks += [Heading("What makes the ranges wide?"), Pictures(tuple(pictures))]
        blocks.append(Words("A bar is the range that is left if that row alone is not known: the first to measure stands on top."))
    columns = (
        Column("network", "Network"),
        Column("label", "Figure", "name"),
        Column("value", "As stated", "number", "*"),
        Column("mean", "Mean of the draws", "number", "*"),
        RANGE,
        BOUND,
        Column("alarm", "Over-claim"),
        Column("unknown", "Not known", "long"),
    )
    told = _moved(rested(found.figures, ranged(found, known)))
    rows = told.assign(alarm=told["alarm"].map({True: "may be none, by its range", False: ""}))
    rows = _together(rows)
    rows = rows.assign(unknown=rows["unknown"].where(rows["unknown"].fillna("") != "", rows["missing"]))  # of a whole, or of its rest
    blocks.append(framed("ranges-table", "Figures under the draws; 5 and 95 % points.", rows, columns, "Figures"))
    if (found.figures["row"] == "virgin").any():
        blocks.append(Words(_BOUGHT))
    blocks += [Words(text) for text in found.notes]
    return Section("ranges-section", "Ranges", "How far may the figures lie?", lead, tuple(blocks))


def _moved(figures: pd.DataFrame) -> pd.DataFrame:
    """Figures without those of networks that are as today, of which the head is told; the last network stays."""
    head = figures["table"] == "headline"
    worth = figures[head & figures["row"].isin(("benefit", "carbon"))]
    idle = {name for name, part in worth.groupby("network") if bool((part[["value", "low", "high"]].fillna(0.0) == 0.0).all(axis=None))}
    found: pd.DataFrame = figures[~figures["network"].isin(idle - {figures["network"].iloc[-1]}) | head]
    return found


def _together(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures that are not known for one reason, of several subjects such as elements, as one row."""
    parts = rows["label"].str.extract(r"^(?P<name>.*?)(?: \((?P<level>product|site|organisation|region) (?P<of>.+)\))?$").fillna("")
    found = merged(rows.assign(**parts).reset_index(drop=True), "of", ("network", "table", "name", "level", "unknown"))
    words = [f"{row['name']} ({row['level']} {row['of']})" if row["of"] else row["label"] for row in records(found)]
    return found.assign(label=words)


def _alarm(row: dict[str, object]) -> str:
    """A benefit that may be none, in words."""
    unit, (stated, low, high) = str(row["unit"]), (float(str(row[key])) for key in ("value", "low", "high"))
    network = NETWORKS.get(str(row["network"]), str(row["network"]))
    between = f"{figure(low, unit).text} and {figure(high, unit).text}"
    return f"{row['label']} ({network}): stated as {figure(stated, unit).text}, it lies between {between}, which {where(low, high)}."


def tornado(found: Ranges, key: str) -> Bars | None:
    """What each input leaves of a figure's range if it alone is not known, the widest on top; None where it was not shared out.

    An input's part of the variance, S, leaves the square root of S of the standard deviation.
    """
    shared = last(found.measure[found.measure["figure"] == key]) if len(found.measure) else pd.DataFrame()
    if shared.empty:
        return None
    network = shared["network"].iloc[0]
    of = found.figures
    row = of[(of["network"] == network) & (of["table"] == "headline") & (of["row"] == key)].iloc[0]
    width, unit = float(row["high"]) - float(row["low"]), str(row["unit"])
    amounts, measured = [], told_by_row(found)
    for one in records(shared.sort_values("total", ascending=False).head(_BARS)):
        half = width * math.sqrt(max(float(one["total"]), 0.0)) / 2.0
        share = _share(max(float(one["total"]), 0.0))
        name, text = sentence(str(one["label"])).removesuffix("."), f"± {figure(half, unit).text}"
        amounts.append(Amount(name, text, -half, 2 * half, note=share, basis=measured.get(str(one["input"]), NOTHING)))
    title = f"{row['label']}, {NETWORKS.get(str(network), str(network))}: {figure(float(row['mean']), unit).text} ± by row"
    return bars(title, amounts, ("open", "solid"))


def _share(part: float) -> str:
    """A part of the variance in words; estimated from draws it may come out above the whole, which nothing can be.

    >>> _share(0.24), _share(1.07)
    ('24 % of the variance', 'nearly all of the variance')
    """
    return f"{100 * part:.0f} % of the variance" if part < _ALL else "nearly all of the variance"
