"""Rules of amounts: none beyond all reach, none that contradicts what must be delivered or can be taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.rules.cells import shown_unit, shown_value
from sivuvirta.tables.rules.yearly import shown, yearly
from sivuvirta.tables.schema import schema
from sivuvirta.tables.subjects import need_units, quantity_units, stream_units

MOST = 1e11
"""Units a year: more than all the world gives off, and beyond what a plan can tell from a tonne."""

SLACK = 0.005
"""By how much what goes to an outlet may exceed its capacity, for rounding of published figures."""

_A_YEAR = frozenset({"carrier/a", "unit/a"})


def reach(draft: Draft) -> Iterator[Problem]:
    """No amount a year is above 1e11 of its unit."""
    for name, table in draft.tables.items():
        for column in schema()[name].columns.values() if len(table) else ():
            if not column.numeric or column.unit not in _A_YEAR:
                continue
            with np.errstate(invalid="ignore"):
                rows = np.flatnonzero(table[column.name] > MOST).tolist()
            units = quantity_units(draft) if rows and name == "quantities" else [None] * len(table)
            for row in rows:
                written = f"{shown_value(draft, name, column.name, row)} {shown_unit(draft, name, column.name, row)}".rstrip()
                message = f"{written} is more than 1e11 {units[row] or 'a year'}."
                yield draft.problem(name, row, column.name, "beyond_reach", message, "Is that the right unit?")


def least_deliveries(draft: Draft) -> Iterator[Problem]:
    """The least that an open need must get is not more than what it takes, and what it takes is known."""
    if not draft.present("needs"):
        return
    needs = draft.tables["needs"]
    taken: dict[str, dict[str, float]] = defaultdict(dict)
    for (need, vintage), amount in yearly(draft, "needs").items():
        taken[need][vintage] = amount.value
    units = need_units(draft)
    for row in np.flatnonzero(needs["minimum"] > 0).tolist():
        need, least = needs["need"][row], float(needs["minimum"][row])
        if needs["status"][row] in ("planned", "closed") or need is None:
            continue
        if need not in taken and not draft.may_hold("quantities", need):
            message = f"'{need}' has a minimum, but no quantity: it takes nothing, and the minimum is void."
            yield draft.problem("needs", row, "minimum", "minimum_without_quantity", message, "Give its amount in 'quantities'.")
        for vintage, most in taken.get(need, {}).items():
            if 0 < most < least * (1 - 1e-9):
                unit = f"{units.get(need) or 'units'}/a"
                message = f"{shown(least)} {unit} is more than the {shown(most)} {unit} that '{need}' takes in {vintage}."
                yield draft.problem("needs", row, "minimum", "minimum_above_quantity", message, "Lower it, or correct the quantity.")


def fate_capacities(draft: Draft) -> Iterator[Problem]:
    """An outlet can take what goes there today."""
    if not draft.present("fates", "streams", "quantities") or not np.isfinite(draft.tables["fates"]["capacity"]).any():
        return
    fates = draft.tables["fates"]
    flows, units = _flows(draft), stream_units(draft)
    alone = _fates_of(draft)
    for row in np.flatnonzero(np.isfinite(fates["capacity"])).tolist():
        stream, most = fates["stream"][row], float(fates["capacity"][row])
        for vintage in draft.tables["vintages"]["vintage"].tolist():
            share = float(fates["share"][row]) if alone[stream, vintage] > 1 or np.isfinite(fates["share"][row]) else 100.0
            today = share / 100.0 * flows.get((stream, vintage), 0.0)
            if fates["vintage"][row] in (None, vintage) and today * (1 - SLACK) > most:
                unit = f"{units.get(stream) or 'units'}/a"
                message = f"It takes {shown(most)} {unit} at most, but {shown(today)} {unit} of '{stream}' go there in {vintage}."
                repair = "Correct the capacity, the share or the quantity."
                yield draft.problem("fates", row, "capacity", "capacity_below_today", message, repair, level="warning")


def _fates_of(draft: Draft) -> dict[tuple[str, str], int]:
    """How many fates a stream has in a vintage."""
    count: dict[tuple[str, str], int] = defaultdict(int)
    fates = draft.tables["fates"]
    for vintage in draft.tables["vintages"]["vintage"].tolist():
        for stream, when in zip(fates["stream"].tolist(), fates["vintage"].tolist(), strict=True):
            count[stream, vintage] += when in (None, vintage)
    return count


def _flows(draft: Draft) -> dict[tuple[str, str], float]:
    """What leaves each stream's node in each vintage: its amount without its subsets; none where its split parts flow instead."""
    amounts = {key: amount.value for key, amount in yearly(draft, "streams").items()}
    flows = dict(amounts)
    streams = draft.tables["streams"]
    parts = list(zip(*(streams[name].tolist() for name in ("stream", "parent", "part")), strict=True))
    with_subset = {parent for _, parent, part in parts if part == "subset"}
    for stream, parent, part in parts:
        for vintage in draft.tables["vintages"]["vintage"].tolist():
            if (stream, vintage) not in amounts or (parent, vintage) not in flows:
                continue
            if part == "subset":
                flows[parent, vintage] -= amounts[stream, vintage]
            elif part == "split":
                flows[parent, vintage] = -np.inf
                if parent in with_subset:
                    flows[stream, vintage] = -np.inf  # lowered by the subsets of the whole: a plan says by how much
    return flows
