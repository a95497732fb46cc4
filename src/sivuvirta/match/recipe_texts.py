"""What else a plant must be fed with, in words."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind
from sivuvirta.domain.matches import Check
from sivuvirta.match.other_texts import Subject
from sivuvirta.match.plant_costs import activities
from sivuvirta.match.words import number, sentence


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
    technologies = links.region.table("technologies")
    source = technologies["source"][technologies.index[links.works.technology[plant]]]
    text = f"with each unit of it {subject.plant} takes {'; '.join(parts)}"
    grade = Grade(int(links.works.grade[plant]))
    return Check(subject="recipe", verdict=Verdict.PASS, text=sentence(text), grade=grade, sources=(source,) if source else ())


def _bought(subject: Subject, slot: int) -> str | None:
    """Name of the product that may be bought for a slot."""
    arcs = subject.links.arcs
    found = np.flatnonzero((arcs.kind == ArcKind.REAGENT) & (arcs.slot == slot))
    return str(subject.links.nodes.name[arcs.origin[found[0]]]) if len(found) else None
