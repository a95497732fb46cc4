"""What the plan rests on: amounts and money by evidence grade, never silent on any of the four."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.assess.terms import flow_cash, work_cash
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Codes, Floats

_CLASSES = {"exchanges": (ArcKind.DIRECT, ArcKind.FEED), "outlets": (ArcKind.FATE,)}


def grades(planned: Ledger) -> pd.DataFrame:
    """How much of a ledger rests on each evidence grade; a flow has the worst grade of its amount, its coefficients and its verdict.

    Returns:
        Four rows, A to D. Columns grade; exchanges_t (a year: streams to needs and plants) and outlets_t (streams to their outlets of
        today), the same of MWh and m3 where there are any; money_EUR (a year: spent and earned, both counted as positive); and, to see
        where better data would tell, supply_t: what the streams give off by the grade of that amount alone.
    """
    links, arc = planned.links, planned.arc
    kind, unit = links.arcs.kind[arc], links.units[arc]
    table = pd.DataFrame({"grade": [grade.name for grade in Grade]})
    for suffix in ("t", "MWh", "m3"):
        for name, kinds in _CLASSES.items():
            rows = np.isin(kind, kinds) & (unit == suffix)
            if suffix == "t" or rows.any():
                table[f"{name}_{suffix}"] = sums(planned.grade[rows], planned.amount[rows], len(Grade))
    money = np.maximum(planned.evidence, links.arcs.grade_eur[arc])
    flows = sums(money, np.abs(flow_cash(planned).sum(axis=1)), len(Grade))
    table["money_EUR"] = flows + sums(links.works.grade_eur, np.abs(work_cash(planned)).sum(axis=1), len(Grade))
    solid = np.isin(kind, (ArcKind.DIRECT, ArcKind.FEED, ArcKind.FATE)) & (unit == "t")
    amount_grade = np.zeros(len(links.nodes.id), dtype=np.int8)
    amount_grade[links.supply.node] = links.supply.grade
    table["supply_t"] = sums(amount_grade[links.arcs.origin[arc][solid]], planned.amount[solid], len(Grade))
    return table


def bearing_grade(grade: Codes, weight: Floats) -> str:
    """Best grade on which, or on a better one, at least 95 % of a figure rests; "" where there is nothing to grade.

    Args:
        grade: of each contribution. Shape (contributions,).
        weight: size of each contribution, in any one unit.
    """
    shares = sums(grade, np.abs(weight), len(Grade))
    if shares.sum() == 0:
        return ""
    return Grade(int(np.searchsorted(np.cumsum(shares), 0.95 * shares.sum() * (1 - 1e-12)))).name
