"""Cash: payments by counterparty, and the account of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.assess.economy.entries import OUTSIDE, PAYMENT, UNRANGED, entries, handed, name
from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.assess.unknowns import SHOWN
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Links, NodeKind
from sivuvirta.domain.provenance import sources
from sivuvirta.domain.words import shortened
from sivuvirta.units.ranges import HALF_WIDTH

_WHO = ["payer", "payee", "inside", "term"]


def cash(planned: Ledger, reference: Ledger | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Payments and accounts of a ledger.

    .. math:: account_i = \sum_j p_{ij} - \sum_j p_{ji}, \qquad \sum_i account_i = 0

    with p what i pays j; the accounts inside the region sum to its cost. Within a payment what varies is taken as fully correlated, which
    is the cautious side; within an account so are the arcs of one term, and terms are independent.

    Args:
        planned: what would flow.
        reference: what flows today, over the same links; None where nothing is said of it, and every change is NaN.

    Returns:
        Tables `payments` and `accounts` of `Economy`, without the column `network`.
    """
    rows = handed(entries(planned, reference))
    return _payments(planned, rows), _accounts(planned, rows)


def _payments(planned: Ledger, rows: pd.DataFrame) -> pd.DataFrame:
    found, known = [], _sources(planned, rows)
    for key, part in rows.groupby(_WHO, sort=False):
        payer, payee, inside, term = (*(str(each) for each in key[:2]), bool(key[2]), str(key[3]))
        before, after = float(part["reference"].sum(skipna=False)), float(part["planned"].sum())
        moved, half = float(change(before, after)), HALF_WIDTH * float(part["sd"].sum())
        found.append(
            {
                "payer": payer,
                "payer_name": name(planned, payer),
                "payee": payee,
                "payee_name": name(planned, payee) if inside else OUTSIDE[payee],
                "inside": inside,
                "term": term,
                "unit": "EUR/a",
                "reference": before,
                "planned": after,
                "change": moved,
                "low": moved - half,
                "high": moved + half,
                "grade": _grade(part),
                "sources": "; ".join(dict.fromkeys(each for row in part["row"] for each in known.get(row, ()))),
            }
        )
    columns = ["payer", "payer_name", "payee", "payee_name", "inside", "term", "unit", "reference", "planned", "change", "low", "high"]
    return pd.DataFrame(found, columns=[*columns, "grade", "sources"])


def _accounts(planned: Ledger, rows: pd.DataFrame) -> pd.DataFrame:
    pays = rows.assign(party=rows["payer"], member=True, sign=1.0)
    earns = rows.assign(party=rows["payee"], member=rows["inside"], sign=-1.0)
    found = []
    for key, part in pd.concat([pays, earns], ignore_index=True).groupby(["member", "party"], sort=True):
        member, party = bool(key[0]), str(key[1])
        before, after = (_net(part, column) for column in ("reference", "planned"))
        saving = float(change(after, before)) if np.isfinite(before) else np.nan
        half = HALF_WIDTH * spread(part)
        found.append(
            {
                "party": party,
                "name": name(planned, party) if member else OUTSIDE[party],
                "inside": member,
                "unit": "EUR/a",
                "reference": before,
                "planned": after,
                "saving": saving,
                "low": saving - half,
                "high": saving + half,
                "grade": _grade(part),
                "unknown": " ".join(text for text in (_missing(planned.links, part), _unranged(part)) if text),
            }
        )
    columns = ["party", "name", "inside", "unit", "reference", "planned", "saving", "low", "high", "grade", "unknown"]
    return pd.DataFrame(found, columns=columns).sort_values("inside", ascending=False, kind="stable", ignore_index=True)


def _net(part: pd.DataFrame, column: str) -> float:
    """What is paid less what is earned; 0 where they differ by rounding alone."""
    paid = part.loc[part["sign"] > 0, column].sum(skipna=False)
    return float(change(part.loc[part["sign"] < 0, column].sum(skipna=False), paid))


def spread(part: pd.DataFrame) -> float:
    """Standard deviation of the sum of signed rows, EUR/a.

    What is passed on takes away the uncertainty of what came in; the arcs of one term are fully correlated, terms independent.
    """
    by_row = (part["sign"] * part["sd"]).groupby([part["of"], part["row"]]).sum().abs()
    return float(np.linalg.norm(by_row.groupby(level=0).sum())) if len(by_row) else 0.0


def _grade(part: pd.DataFrame) -> str:
    """Grade that bears the money of some rows; D where part of what changes is not known."""
    changed = part["unknown"] & (part["planned"] != part["reference"])
    if changed.any():
        return Grade.D.name
    weight = (part["planned"].abs() + part["reference"].fillna(0.0).abs()).to_numpy(dtype=float)
    return bearing_grade(part["grade"].to_numpy(dtype=np.int8), weight)


def _sources(planned: Ledger, rows: pd.DataFrame) -> dict[int, list[str]]:
    """Ids of the sources behind each arc."""
    if "quantities" not in _tables(planned):
        return {}
    arc = np.unique(rows.loc[rows["row"] < len(planned.links.arcs), "row"].to_numpy(dtype=np.int32))
    return {row: text.split("; ") for row, text in zip(arc.tolist(), sources(planned.links, arc), strict=True) if text}


def _tables(planned: Ledger) -> set[str]:
    region = planned.links.region
    return {*region.tables, *region.library}


def _unranged(part: pd.DataFrame) -> str:
    """Says where the cost of a line changes and no range of it is stated."""
    lines = (part["payee"] == "lines") & ~part["inside"] & (part["planned"] != part["reference"]) & (part["sd"] == 0)
    return f"{UNRANGED[0].upper()}{UNRANGED[1:]}." if lines.any() else ""


def _missing(links: Links, part: pd.DataFrame) -> str:
    """What counts as 0 in a change because it is not known, by name."""
    rows = np.unique(part.loc[part["unknown"] & (part["planned"] != part["reference"]) & (part["term"] != PAYMENT), "row"].to_numpy())
    count = len(links.arcs)
    arc, plant = rows[rows < count].astype(int), rows[rows >= count].astype(int) - count
    bought = links.nodes.kind[links.arcs.origin[arc]] == NodeKind.PRODUCT
    node = np.concatenate([np.where(bought, links.arcs.origin[arc], links.arcs.destination[arc]), links.works.node[plant]]).astype(int)
    names = sorted({str(text) for text in links.nodes.name[node]})
    return f"Not known and counted as 0: part of {shortened(names, SHOWN)}." if names else ""
