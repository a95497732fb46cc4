"""What else a plant must be fed with, in words."""

from __future__ import annotations

import math

import numpy as np

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.matches import Check
from sivuvirta.match.other_texts import Subject
from sivuvirta.match.plant_costs import activities
from sivuvirta.match.words import number, sentence, span


def recipe_check(subject: Subject) -> Check | None:
    """What the plant takes beside the stream, per unit of it and at least; None for a direct way, and where it takes nothing else."""
    links, way = subject.links, subject.way
    plant = int(way.plant[0])
    if plant < 0:
        return None
    slots, own = links.works.slots, int(links.arcs.slot[way.arc_in[0]])
    activity = float(activities(links, way)[0])
    parts = []
    for slot in np.flatnonzero((slots.plant == plant) & (slots.low > 0)).tolist():
        if slot != own:
            bought = _bought(subject, slot)
            source = f"which may be bought ({bought})" if bought else "which other streams must bring"
            parts.append(f"{number(activity * float(slots.low[slot]))} units of {slots.name[slot]}, {source}")
    if not parts:
        return None
    low, high = _share(subject, own)
    said = "" if math.isnan(low) else f"; it makes up {span(low, high, '%')} of the mix as sent"
    return Check(
        subject="recipe",
        verdict=Verdict.PASS,
        text=sentence(f"with each unit of it {subject.plant} takes {'; '.join(parts)}{said}"),
        low=low,
        high=high,
        unit="" if math.isnan(low) else "%",
        grade=Grade(int(links.works.grade[plant])),
        sources=_sources(subject, own),
    )


def _sources(subject: Subject, own: int) -> tuple[str, ...]:
    """Sources of the other slots' rows of the recipe."""
    works, inputs = subject.links.works, subject.links.region.table("recipe_inputs")
    plant = int(subject.way.plant[0])
    others = {works.slots.name[slot] for slot in np.flatnonzero(works.slots.plant == plant).tolist() if slot != own}
    rows = zip(inputs["technology"].tolist(), inputs["slot"].tolist(), inputs["source"].tolist(), strict=True)
    return tuple(dict.fromkeys(source for name, slot, source in rows if name == works.technology[plant] and slot in others and source))


def _share(subject: Subject, own: int) -> tuple[float, float]:
    r"""Least and largest share of the stream in a mix as sent, per cent; NaN where the plant does more than mix, or a part is not bought.

    .. math:: \theta = \frac{m_i}{m_i + \sum_s m_s r_s / r_i}

    with m t as sent per t dry and r the dry parts of the recipe.
    """
    works, arcs = subject.links.works, subject.links.arcs
    plant = int(subject.way.plant[0])
    if not works.mixes[plant]:
        return math.nan, math.nan
    mine = float(arcs.sent[subject.way.arc_in[0]])
    least, most = 0.0, 0.0
    for slot in np.flatnonzero((works.slots.plant == plant) & (np.arange(len(works.slots.plant)) != own)).tolist():
        reagent = np.flatnonzero((arcs.kind == ArcKind.REAGENT) & (arcs.slot == slot))
        if len(reagent) == 0 or not np.isfinite(works.slots.high[slot]):
            return math.nan, math.nan
        sent = float(arcs.sent[reagent].min())
        least += sent * float(works.slots.low[slot] / works.slots.high[own])
        most += sent * float(works.slots.high[slot] / works.slots.low[own])
    return 100.0 * mine / (mine + most), 100.0 * mine / (mine + least)


def _bought(subject: Subject, slot: int) -> str | None:
    """Name of the product that may be bought for a slot."""
    arcs = subject.links.arcs
    found = np.flatnonzero((arcs.kind == ArcKind.REAGENT) & (arcs.slot == slot))
    return str(subject.links.nodes.name[arcs.origin[found[0]]]) if len(found) else None
