"""Constraint families of change: how many links a plan adds to those of today."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.plans import Network, Plan
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Rows
from sivuvirta.plan.program.agreements import new_links
from sivuvirta.plan.program.builds import switched
from sivuvirta.plan.program.candidates import candidates
from sivuvirta.plan.program.setting import Setting

_NOTHING = 1e-6  # units a year: rounding of the solver
_SAME = 1e-9  # relative
_ENDS = ["kind", "origin", "destination", "origin_name", "destination_name", "unit"]


def change(at: Setting) -> Rows:
    r"""A link that is new against today carries nothing unless it is counted as a change.

    .. math:: x_a \le q_a u_l \qquad \forall a \in l \quad \text{(P10)}

    q is the most that can flow: the stream's supply or what the end takes. A link is a pair of ends: stream and need, stream and plant,
    plant and need, or two plants. Today's outlets and purchases, contracts in force and exchanges that run are no change.

    Args:
        at: the program and its columns; nothing is counted without `options.changes`.

    Returns:
        One row a flow over a new link.
    """
    return switched(at, "change", at.fresh.number, at.blocks.changed.columns)


def changes(at: Setting) -> Rows:
    r"""A plan makes no more changes than asked for.

    .. math:: \sum_l u_l \le N \qquad \text{(P10)}

    Args:
        at: the program and its columns; N is `options.changes`.

    Returns:
        One row where a number is given.
    """
    most = at.options.changes
    count = int(most is not None)
    columns = at.blocks.changed.columns
    entries = gather(count, Term(np.zeros(len(columns), dtype=np.int32), columns, 1.0))
    return at.lp.rows("changes", entries, upper=np.inf if most is None else float(most), label=lambda _: "network")


def made(plan: Plan, network: Network | None = None) -> pd.DataFrame:
    """The flows of a plan over links that are new against today, largest first.

    Args:
        plan: the plan, with a limit of changes or without.
        network: one of its networks; without one the potential one.

    Returns:
        Rows of the network's ledger, with those between one pair of ends as one change, numbered from 1 in column `change`.
    """
    ledger = (network or plan.potential).ledger
    number = new_links(candidates(plan.matches)).number[ledger.arc]
    frame = ledger.to_frame().assign(change=number)
    frame = frame[(number >= 0) & (ledger.amount > _NOTHING)].sort_values("amount", ascending=False, kind="stable")
    frame["change"] = 1 + pd.factorize(frame["change"])[0]
    return frame.reset_index(drop=True)


def moved(plan: Plan, network: Network | None = None) -> pd.DataFrame:
    """Flows of today that a plan makes larger or smaller, the largest difference first; new links are in `made`.

    Args:
        plan: the plan.
        network: one of its networks; without one the potential one.

    Returns:
        Columns kind, origin, destination, origin_name, destination_name, unit, today, planned, difference; one row a pair of ends.
    """
    ledger = (network or plan.potential).ledger
    frames = [book.to_frame()[[*_ENDS, "amount"]] for book in (plan.reference, ledger)]
    fresh = new_links(candidates(plan.matches)).number
    kept = [frame[fresh[book.arc] < 0] for frame, book in zip(frames, (plan.reference, ledger), strict=True)]
    today, planned = (frame.groupby(_ENDS, sort=False)["amount"].sum() for frame in kept)
    table = pd.DataFrame({"today": today, "planned": planned}).fillna(0.0).reset_index()
    table["difference"] = table["planned"] - table["today"]
    large = table["difference"].abs() > np.maximum(_NOTHING, _SAME * table[["today", "planned"]].max(axis=1))
    order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[[row for row in order if large[row]]].reset_index(drop=True)
