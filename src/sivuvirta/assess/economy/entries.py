"""Entries: every payment of a ledger with the one who bears it and the one it is made to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sivuvirta.assess.terms import CASH, work_cash
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import EUR_TERMS, Codes, Flags, Floats, Ints, Links, NodeKind, Texts
from sivuvirta.domain.unknowns import unaccounted

PAYMENT = "payment"
"""What is paid between organisations of the region; it cancels in the region's sum."""

PASSED = "passed on"
"""What an organisation that runs an outlet spends of the fees it takes, or earns outside of what it pays."""

TERMS = (*CASH, PAYMENT, PASSED)
"""Terms of payments."""

OUTSIDE: Mapping[str, str] = {
    "haulage": "Hauliers",
    "lines": "Pipes, cables and belts: their builders and keepers",
    "outlets": "Outlets: what disposal itself costs",
    "state": "The state",
    "customers": "Customers outside",
    "suppliers": "Makers of primary products",
    "forgone": "Value forgone at the gate, paid to nobody",
    "consumables": "Makers of consumables",
    "energy": "Suppliers of energy",
    "lenders": "Lenders and owners of capital",
    "maintenance": "Upkeep of plants",
}
"""Who is paid outside the organisations of the region, by short name."""

PAID_TO: Mapping[str, str] = {
    "transport": "haulage",
    "handling": "haulage",
    "fee": "outlets",
    "tax": "state",
    "revenue": "customers",
    "purchase": "suppliers",
    "gate": "forgone",
    "opex": "consumables",
    "energy": "energy",
    "capital": "lenders",
    "upkeep": "maintenance",
}
"""Who outside is paid by each term."""

UNRANGED = "no range is stated for what its pipes, cables and belts cost: low and high leave it out"
"""What is told of an account or a venture with such a line."""

LINES = ("pipe", "grid", "conveyor")
"""Kinds of mode that are lines."""


def entries(planned: Ledger, reference: Ledger | None, arcs: Ints | None = None) -> pd.DataFrame:
    """What each arc and plant costs whom, by term.

    Haulage, handling, fees, taxes and revenues fall on whoever sends (prices are delivered prices), purchases on whoever buys, a plant's
    cost on its owner. `payment` is from an arc's destination to its origin.

    Args:
        planned: what would flow.
        reference: what flows today, over the same links; None where nothing is said of it.
        arcs: all that may flow, so that rows of 0 are told as well; None: what flows, without rows of 0 in both.

    Returns:
        Columns row (of arcs; plants behind them), term, bearer and partner (organisation, "" where none: who runs the outlet or the
        market, or takes a payment), outside (short name in OUTSIDE, "" for a payment), planned, reference (EUR/a, NaN where there is no
        reference, and for what goes today where nobody knows), sd (of the change), grade, unknown (part of it is not known and counts
        as 0).
    """
    links = planned.links
    flowing = planned.arc if reference is None else np.union1d(planned.arc, reference.arc).astype(np.int32)
    arc = flowing if arcs is None else arcs
    after = _cash(planned, arc)
    before = np.full(after.shape, np.nan) if reference is None else _cash(reference, arc)
    lost = np.flatnonzero(np.isin(arc, unaccounted(planned, reference)))
    before[lost, EUR_TERMS.index("fee")] = np.nan  # what is paid where nobody knows that it goes
    flows = (after != 0) | (np.nan_to_num(before) != 0) | (arcs is not None)
    flows[lost, EUR_TERMS.index("fee")] = True
    at, column = np.nonzero(flows)
    row = np.concatenate([arc, len(links.arcs) + np.arange(len(links.works))])[at]
    sides = _sides(links)
    term = np.array([*CASH, PAYMENT], dtype=object)[column]
    outside = np.array([PAID_TO.get(name, "") for name in term], dtype=object)
    lined = (term == "transport") & sides["line"][row]
    paid = term == PAYMENT
    grade, unknown = _known(planned, reference)
    return pd.DataFrame(
        {
            "row": row,
            "term": term,
            "bearer": np.where(paid, sides["destination"][row], sides["bearer"][row]),
            "partner": np.where(paid, sides["origin"][row], np.where(np.isin(term, ("fee", "revenue")), sides["partner"][row], "")),
            "outside": np.where(lined, "lines", outside),
            "planned": after[at, column],
            "reference": before[at, column],
            "sd": _sd(planned, reference, arc)[at, column],
            "grade": grade[row],
            "unknown": unknown[row],
        }
    )


def _sides(links: Links) -> dict[str, Texts]:
    """Who bears and who is paid, for every arc, then every plant. Shape (arcs + plants,) each."""
    arcs, nodes = links.arcs, links.nodes
    owner = np.array([key or "" for key in nodes.organisation], dtype=object)
    bought = nodes.kind[arcs.origin] == NodeKind.PRODUCT
    out = np.isin(nodes.kind[arcs.destination], (NodeKind.FATE, NodeKind.NEED)) & ~bought
    modes = links.region.table("modes")
    kind = dict(zip(modes["mode"].tolist(), modes["kind"].tolist(), strict=True)) if "kind" in modes.columns else {}
    lines = np.array([*(kind.get(mode) in LINES for mode in links.modes), False], dtype=bool)
    plant = owner[links.works.node]
    nobody, none = np.full(len(plant), "", dtype=object), np.zeros(len(plant), dtype=bool)
    return {
        "bearer": np.concatenate([owner[np.where(bought, arcs.destination, arcs.origin)], plant]),
        "partner": np.concatenate([np.where(out, owner[arcs.destination], ""), nobody]),
        "origin": np.concatenate([owner[arcs.origin], plant]),
        "destination": np.concatenate([owner[arcs.destination], plant]),
        "line": np.concatenate([lines[arcs.mode], none]),
    }


def _cash(ledger: Ledger, arc: Ints) -> Floats:
    """EUR/a of some arcs, then of all plants, by term and, last, payments. Shape (arcs + plants, CASH + 1)."""
    links, amount = ledger.links, ledger.per_arc()[arc]
    cash = np.zeros((len(arc) + len(links.works), len(CASH) + 1))
    cash[: len(arc), : len(EUR_TERMS)] = amount[:, None] * links.arcs.eur[arc]
    cash[: len(arc), EUR_TERMS.index("transport")] += amount * ledger.way_cost()[arc]
    cash[: len(arc), -1] = amount * np.nan_to_num(links.arcs.payment[arc])
    cash[len(arc) :, len(EUR_TERMS) : -1] = work_cash(ledger)
    return cash


def _sd(planned: Ledger, reference: Ledger | None, arc: Ints) -> Floats:
    """Standard deviation of the change of each; without a reference of the planned. Shape as _cash."""
    links, works, now = planned.links, planned.links.works, planned.operations
    before = np.zeros(len(arc)) if reference is None else reference.per_arc()[arc]
    ran, invested, fixed = (
        (0.0, 0.0, 0.0) if reference is None else (reference.operations.activity, reference.operations.capex, reference.operations.fixed)
    )
    sd = np.zeros((len(arc) + len(works), len(CASH) + 1))
    sd[: len(arc), : len(EUR_TERMS)] = np.abs(change(before, planned.per_arc()[arc]))[:, None] * links.arcs.eur_sd[arc]
    capital = np.nan_to_num(works.annuity_only) * (now.capex - invested)
    running = np.abs(now.activity - ran)[:, None] * works.eur_sd
    share = np.nan_to_num(works.capex_sd)
    sd[len(arc) :, len(EUR_TERMS) : -1] = np.column_stack([running, np.abs(capital) * share, np.abs(now.fixed - fixed - capital) * share])
    return sd


def _known(planned: Ledger, reference: Ledger | None) -> tuple[Codes, Flags]:
    """Worst grade of the money of each arc and plant, and whether part of it is not known. Shape (arcs + plants,)."""
    links = planned.links
    grade = np.concatenate([links.arcs.grade_eur, links.works.grade_eur])
    for ledger in (planned, reference):
        if ledger is not None:
            grade[ledger.arc] = np.maximum(grade[ledger.arc], ledger.evidence)
    return grade, np.concatenate([links.arcs.unknown_eur, links.works.unknown_eur])


def handed(entries: pd.DataFrame) -> pd.DataFrame:
    """Payments from payer to payee, with what is passed on where an organisation runs the outlet or the market.

    A fee to an organisation's outlet is paid to the organisation, which spends it on the outlet; what it pays for a material it earns
    outside. So each of its payments is told, and the region's sum stays that of the plan, which knows no more of outlets and markets.

    Args:
        entries: as `entries` returns them.

    Returns:
        The same rows with columns payer, payee, inside (the payee is of the region), of (the term that is passed on); payments to
        oneself are left out.
    """
    through = (entries["partner"] != "") & (entries["partner"] != entries["bearer"]) | (entries["term"] == PAYMENT)
    first = entries.assign(
        payer=entries["bearer"], payee=entries["outside"].where(~through, entries["partner"]), inside=through, of=entries["term"]
    )
    passed = through & (entries["term"] != PAYMENT)
    own = entries[passed]
    second = own.assign(payer=own["partner"], payee=own["outside"], inside=False, of=own["term"]).assign(term=PASSED)
    both = pd.concat([first, second], ignore_index=True) if len(own) else first
    return both[~(both["inside"] & (both["payer"] == both["payee"]))].reset_index(drop=True)


def name(ledger: Ledger, key: str) -> str:
    """An organisation's name as people read it."""
    if key == "":
        return "Not in the register"
    table = ledger.links.region.table("organisations")
    return str(table["name"][table.index[key]]) if key in table.index else key.replace("_", " ").capitalize()
