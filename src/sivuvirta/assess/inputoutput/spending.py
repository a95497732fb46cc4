"""Spending: what a plan spends more, and what it spends less, by term and sector."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import EUR_TERMS, WORK_EUR_TERMS, Floats, Links, NodeKind, Texts
from sivuvirta.links.codes import picked, positions
from sivuvirta.links.curves import annuity
from sivuvirta.links.money import discount_rate

SPENT = ("transport", "handling", "fee", "tax", "purchase", "gate", *WORK_EUR_TERMS, "upkeep")
"""Terms that are spending of a year. What is earned, paid between organisations or paid to lenders is none."""

ONCE = "investment"
"""What is spent once, when something is built; a lender's share of it is paid back by the year, so only this is followed."""

_OWN = ("gate", "tax")  # paid for no product, so that nobody need say where it falls


@frozen(eq=False)
class Spent:
    """Change of one term, by arc or plant. Shape (rows,)."""

    term: str
    subject: Texts
    change: Floats  # EUR/a, or EUR once
    sd: Floats


def changes(planned: Ledger, reference: Ledger) -> Iterator[Spent]:
    """What changes in spending, arc by arc and plant by plant."""
    links, works = planned.links, planned.links.works
    moved = change(reference.per_arc(), planned.per_arc())
    capital = _capital(planned) - _capital(reference)
    ways = planned.way_cost() * planned.per_arc() - reference.way_cost() * reference.per_arc() - capital
    subjects = _subjects(links)
    for term in (name for name in SPENT if name in EUR_TERMS):
        column = EUR_TERMS.index(term)
        value = moved * links.arcs.eur[:, column] + (ways if term == "transport" else 0.0)
        yield Spent(term, subjects[term], value, np.abs(moved) * links.arcs.eur_sd[:, column])
    ran = change(reference.operations.activity, planned.operations.activity)
    for column, term in enumerate(WORK_EUR_TERMS):
        yield Spent(term, works.technology, ran * works.eur[:, column], np.abs(ran) * works.eur_sd[:, column])
    invested = planned.operations.capex - reference.operations.capex
    capital = np.nan_to_num(works.annuity_only) * invested
    fixed = planned.operations.fixed - reference.operations.fixed - capital
    share = np.nan_to_num(works.capex_sd)
    yield Spent("upkeep", works.technology, fixed, np.abs(fixed) * share)
    yield Spent(ONCE, works.technology, invested, np.abs(invested) * share)
    laid = planned.way_capex() - reference.way_capex()
    modes = np.array([*links.modes, ""], dtype=object)[links.ways.mode]
    yield Spent(ONCE, modes, laid, np.zeros(len(laid)))


def _capital(ledger: Ledger) -> Floats:
    r"""Annuity of pipes, cables and belts in what each arc costs a year: it is paid to lenders, and what is laid is spent once.

    .. math:: k_a = r_w (C_w \frac{x_a}{\sum_{b \in w} x_b} + c_a x_a), \qquad r_w = \frac{i}{1 - (1 + i)^{-L}}    (A)

    with C the part of the investment in way w that is the same whatever flows, c the part that grows with the flow, i the discount rate and
    L the lifetime. Where L is not known no annuity was counted, so none is taken away.

    Returns:
        EUR/a, shape (arcs,).
    """
    links, flow = ledger.links, ledger.per_arc()
    ways, group = links.ways, links.arcs.fixed_group
    table = links.region.table("modes")
    if not (ways.mode >= 0).any():
        return np.zeros(len(flow))
    lifetime = picked(table["lifetime"], positions(table["mode"], np.array([*links.modes, None], dtype=object)[ways.mode]), np.nan)
    rate = np.nan_to_num(annuity(discount_rate(links.region), np.asarray(lifetime, dtype=np.float64)))
    whole = np.divide(rate * ways.capex, ways.fixed, out=np.zeros(len(ways)), where=ways.fixed > 0)  # of what the way costs a year
    grown = np.append(rate, 0.0)[group] * links.arcs.capex
    return np.asarray(flow * (ledger.way_cost() * np.append(whole, 0.0)[group] + grown), dtype=np.float64)


def _subjects(links: Links) -> dict[str, Texts]:
    """What a row of `io_terms` may name, for each arc."""
    arcs, nodes = links.arcs, links.nodes
    mode = np.array([*links.modes, ""], dtype=object)[arcs.mode]
    product = np.where(nodes.kind[arcs.origin] == NodeKind.PRODUCT, nodes.id[arcs.origin], "")
    fates = links.region.table("fates")
    kinds = dict(zip(fates["fate"].tolist(), fates["kind"].tolist(), strict=True))
    kind = np.array([kinds.get(key, "") for key in nodes.id], dtype=object)[arcs.destination]
    nothing = np.full(len(arcs), "", dtype=object)
    return {"transport": mode, "handling": mode, "purchase": product, "fee": kind, "tax": kind, "gate": nothing}


def spending(planned: Ledger, reference: Ledger, terms: pd.DataFrame) -> pd.DataFrame:
    r"""What is spent more and less, on which sector.

    .. math:: g_s = \sum_a \sigma_{ts} \max(0, \Delta c_{at}), \qquad d_s = \sum_a \sigma_{ts} \max(0, -\Delta c_{at})

    with Delta c the change of what arc or plant a costs in term t, and sigma the share of it that falls on sector s.

    Args:
        planned: what would flow.
        reference: what flows today.
        terms: rows of `io_terms`; a row that names a subject goes before one that does not.

    Returns:
        Columns term, subject, sector ("" where none), share (per cent), when, unit, gross, displaced, net, sd (of the net), grade, missing.
    """
    found = []
    for part in changes(planned, reference):
        for subject in sorted(set(part.subject[part.change != 0].astype(str))):
            rows = part.subject.astype(str) == subject
            found += _placed(part, subject, rows, terms)
    return pd.DataFrame(found, columns=COLUMNS)


COLUMNS = ["term", "subject", "sector", "share", "when", "unit", "gross", "displaced", "net", "sd", "grade", "missing"]


def _placed(part: Spent, subject: str, rows: Texts, terms: pd.DataFrame) -> list[dict[str, object]]:
    """One term and subject on each sector that it falls on; on none where nobody says."""
    value = part.change[rows]
    gross, displaced = float(np.maximum(value, 0.0).sum()), float(np.maximum(-value, 0.0).sum())
    noise = float(part.sd[rows].sum())
    once = part.term == ONCE
    about = {"term": part.term, "subject": subject, "when": "once" if once else "a year", "unit": "EUR" if once else "EUR/a"}
    named = terms[(terms["term"] == part.term) & (terms["subject"] == subject)]
    chosen = named if len(named) else terms[(terms["term"] == part.term) & (terms["subject"] == "")]
    if len(chosen) == 0:
        why = "" if part.term in _OWN else f"the sector that '{part.term}'{f' of {subject}' if subject else ''} is paid to (`io_terms`)"
        whole = {"sector": "", "share": np.nan, "gross": gross, "displaced": displaced, "net": gross - displaced, "sd": noise}
        return [{**about, **whole, "grade": "D", "missing": why}]
    return [
        {
            **about,
            "sector": row["sector"],
            "share": row["share"],
            "gross": gross * row["share"] / 100,
            "displaced": displaced * row["share"] / 100,
            "net": (gross - displaced) * row["share"] / 100,
            "sd": noise * row["share"] / 100,
            "grade": row["grade"],
            "missing": "",
        }
        for row in chosen.to_dict("records")
    ]
