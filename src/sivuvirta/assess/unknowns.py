"""What a difference of two ledgers rests on: the grade that bears it, and what counts as 0 in it because nobody knows it."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.assess.terms import work_carbon, work_cash
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Codes, Flags, Floats, Links, NodeKind
from sivuvirta.domain.words import shortened

SHOWN = 5
"""Names told before the rest is counted."""


@frozen(eq=False)
class Changed:
    """What each arc changes, then each plant. Shape (arcs + plants,)."""

    links: Links
    amount: Floats  # EUR/a or kg CO2e/a
    grade: Codes
    unknown: Flags  # it flows or runs otherwise than today, and something of its money or emission is not known


def money_change(planned: Ledger, reference: Ledger) -> Changed:
    """What each arc and plant changes in the money, EUR/a."""
    links = planned.links
    works = (work_cash(planned) - work_cash(reference)).sum(axis=1)
    return _changed(
        (planned, reference),
        np.concatenate([links.arcs.eur.sum(axis=1), works]),
        np.concatenate([links.arcs.grade_eur, links.works.grade_eur]),
        np.concatenate([links.arcs.unknown_eur, links.works.unknown_eur]),
    )


def carbon_change(planned: Ledger, reference: Ledger) -> Changed:
    """What each arc and plant changes in the emissions, kg CO2e/a."""
    links = planned.links
    works = (work_carbon(planned) - work_carbon(reference)).sum(axis=1)
    return _changed(
        (planned, reference),
        np.concatenate([links.arcs.co2.sum(axis=1), works]),
        np.concatenate([links.arcs.grade_co2, links.works.grade_co2]),
        np.concatenate([links.arcs.unknown_co2 | links.arcs.unknown_displaced, links.works.unknown_co2]),
    )


def _changed(ledgers: tuple[Ledger, Ledger], weight: Floats, grade: Codes, unknown: Flags) -> Changed:
    """Coefficients of arcs are weighed with the change of flow; those of plants are changes already."""
    planned, reference = ledgers
    count = len(planned.links.arcs)
    moves = change(reference.per_arc(), planned.per_arc())
    runs = change(reference.operations.activity, planned.operations.activity)
    grade = grade.copy()
    for ledger in ledgers:
        grade[ledger.arc] = np.maximum(grade[ledger.arc], ledger.evidence)
    amount = np.concatenate([moves * weight[:count], weight[count:]])
    return Changed(planned.links, amount, grade, unknown & (np.concatenate([moves, runs]) != 0))


def change_grade(changed: Changed) -> str:
    """Grade that bears a difference: each arc and plant weighs what it changes. What is not known weighs nothing, so it makes it D."""
    return Grade.D.name if changed.unknown.any() else bearing_grade(changed.grade, changed.amount)


def missing(changed: Changed) -> str:
    """What counts as 0 in a difference of money because it is not known, by name; "" where all is known."""
    links, count = changed.links, len(changed.links.arcs)
    arc, plant = np.flatnonzero(changed.unknown[:count]), np.flatnonzero(changed.unknown[count:])
    bought = links.nodes.kind[links.arcs.origin[arc]] == NodeKind.PRODUCT
    node = np.concatenate([np.where(bought, links.arcs.origin[arc], links.arcs.destination[arc]), links.works.node[plant]])
    names = sorted({str(name) for name in links.nodes.name[node]})
    return f"Not known and counted as 0: part of {shortened(names, SHOWN)}." if names else ""
