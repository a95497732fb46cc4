"""Rules of shares: what they sum to."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft

SLACK = 0.5
"""Per cent by which the shares of a stream may miss 100, for rounding."""


def fate_shares(draft: Draft) -> Iterator[Problem]:
    """The shares of a stream's fates sum to 100 % in every vintage; a single fate without share has all."""
    if not draft.present("fates"):
        return
    fates = draft.tables["fates"]
    seen: set[tuple[int, ...]] = set()
    for stream, vintage, rows in _groups(draft):
        if tuple(rows) not in seen:
            seen.add(tuple(rows))
            when = f" in {vintage}" if any(fates["vintage"][row] for row in rows) else ""
            yield from _group_shares(draft, rows, f"'{stream}'{when}")


def _groups(draft: Draft) -> Iterator[tuple[str, str, list[int]]]:
    """Rows of each stream that hold in each vintage."""
    fates = draft.tables["fates"]
    by_stream: dict[str, list[int]] = defaultdict(list)
    for row, stream in enumerate(fates["stream"].tolist()):
        if stream is not None:
            by_stream[stream].append(row)
    vintages = draft.tables["vintages"]["vintage"].tolist()
    for stream, rows in by_stream.items():
        for vintage in vintages:
            holding = [row for row in rows if fates["vintage"][row] in (None, vintage)]
            if holding:
                yield stream, vintage, holding


def _group_shares(draft: Draft, rows: list[int], whose: str) -> Iterator[Problem]:
    shares = [float(draft.tables["fates"]["share"][row]) for row in rows]
    if len(rows) == 1 and math.isnan(shares[0]):
        return
    missing = [row for row, share in zip(rows, shares, strict=True) if math.isnan(share)]
    for row in missing:
        message = f"{whose} has {len(rows)} fates, and this one has no share."
        yield draft.problem("fates", row, "share", "share_missing", message, "Give the share of each, so that they sum to 100.")
    total = sum(shares)
    if not missing and abs(total - 100.0) > SLACK:
        message = f"The shares of {whose} sum to {total:g} %, not to 100."
        others = ", ".join(str(draft.line("fates", row)) for row in rows[:-1])
        repair = f"Correct them; the others are in row {others}." if others else "Write 100, or leave the cell empty: there is one fate."
        yield draft.problem("fates", rows[-1], "share", "share_sum", message, repair)


def least_shares(draft: Draft) -> Iterator[Problem]:
    """The least shares of one mixture sum to 100 % at most, the largest to 100 % at least where all are given."""
    for table, group in (("acceptances", ("need",)), ("recipe_inputs", ("technology", "slot"))):
        if draft.present(table):
            columns = draft.tables[table].columns
            keys = list(zip(*(columns[name].tolist() for name in group), strict=True))
            rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for row, key in enumerate(keys):
                rows[key].append(row)
            for key, members in rows.items():
                yield from _least_and_largest(draft, table, " ".join(f"'{part}'" for part in key), members)


def _least_and_largest(draft: Draft, table: str, whose: str, rows: list[int]) -> Iterator[Problem]:
    columns = draft.tables[table].columns
    low, high = columns["share_low"][rows], columns["share_high"][rows]
    least = float(np.nansum(low))
    if least > 100.0 + SLACK:
        message = f"The least shares of {whose} sum to {least:g} %, above 100."
        yield draft.problem(table, rows[-1], "share_low", "share_sum", message, "Lower them: no mixture holds them all.")
    if table == "recipe_inputs" and np.isfinite(high).all() and float(high.sum()) < 100.0 - SLACK:
        message = f"The largest shares of {whose} sum to {float(high.sum()):g} %, below 100."
        yield draft.problem(table, rows[-1], "share_high", "share_sum", message, "Raise them, or add what fills the rest.")


def recovery_shares(draft: Draft) -> Iterator[Problem]:
    """What a technology recovers of a component sums to 100 % at most."""
    if not draft.present("recoveries"):
        return
    columns = draft.tables["recoveries"].columns
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for row, key in enumerate(zip(*(columns[name].tolist() for name in ("technology", "component", "material")), strict=True)):
        before = sums[key]
        sums[key] += float(np.nan_to_num(columns["value"][row]))
        if before <= 100.0 + SLACK < sums[key]:
            message = f"The outputs of '{key[0]}' hold {sums[key]:g} % of its {key[1]}, above 100."
            yield draft.problem("recoveries", row, "value", "share_sum", message, "Correct the shares: no more comes out than went in.")
