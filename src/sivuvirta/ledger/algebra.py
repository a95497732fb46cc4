"""The algebra of ledgers: sums over periods, cells of an aggregation, comparisons, splits of a node, what was realised of a plan.

Amounts of different units are never added: the unit is always told apart. Every cell keeps the arcs that made it, and `rows_behind` leads
from them to the rows of the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import Floats, Links
from sivuvirta.domain.sums import summed
from sivuvirta.errors import OptionError
from sivuvirta.ledger.dimensions import labels, named
from sivuvirta.ledger.moving import between, ends, moves
from sivuvirta.ledger.silent import silences

__all__ = ["accumulated", "attained", "cells", "compared", "split", "summed", "throughput"]

PERIOD = "period"
"""Dimension of ledgers of several years that are counted together."""

_ONE = 1e-9  # by how much shares of a split may miss 1
_CLOSE = 0.05  # by which share a plan may be missed and still count as kept


def cells(ledger: Ledger, by: Sequence[str] | str, *, material_level: int = 0, nace_digits: int = 0) -> pd.DataFrame:
    """A ledger counted by some dimensions.

    Args:
        ledger: the flows.
        by: dimensions of `sivuvirta.ledger.dimensions`, for example `("origin.site", "material")`.
        material_level: levels of the material tree that are told apart; 0 all.
        nace_digits: digits of a sector that are told apart; 0 all.

    Returns:
        Columns of `by`, unit, amount, low, high (5 and 95 %: streams and needs are off each for itself, and flows follow them as
        `moving.moves` says; NaN where nothing is known), flows (how many), grade (the worst), arcs (rows of `links.arcs` that made it),
        unknown (why there is no range, or what it leaves out); in the order of `by`.

    Raises:
        UnknownNameError: a dimension does not exist.
    """
    found, moved = _counted(ledger, by, material_level=material_level, nace_digits=nace_digits)
    told = ends(ledger.links, moved)
    low, high = np.maximum(found["amount"] - told.below, 0.0), found["amount"] + told.above
    place = list(found.columns).index("amount") + 1
    found.insert(place, "low", low)
    found.insert(place + 1, "high", high)
    return found.assign(unknown=told.unknown)


def _counted(ledger: Ledger, by: Sequence[str] | str, *, material_level: int = 0, nace_digits: int = 0) -> tuple[pd.DataFrame, Any]:
    """Cells without their ranges, and what each moves with, sparse (cells, nodes)."""
    dimensions = named(by)
    columns = {name: labels(ledger, name, material_level=material_level, nace_digits=nace_digits) for name in dimensions}
    units = [f"{unit}/a" for unit in ledger.links.units[ledger.arc]]
    frame = pd.DataFrame({**columns, "unit": units, "amount": ledger.amount, "grade": ledger.grade, "arcs": ledger.arc})
    groups = frame.groupby([*dimensions, "unit"], sort=True, dropna=False)
    found = groups.agg(
        amount=("amount", "sum"),
        flows=("arcs", "size"),
        grade=("grade", "max"),
        arcs=("arcs", lambda arcs: tuple(sorted({int(arc) for arc in arcs}))),
    ).reset_index()
    found["grade"] = [Grade(int(code)).name for code in found["grade"]]
    gathers = csr_array((np.ones(len(frame)), (groups.ngroup(), np.arange(len(frame)))), shape=(len(found), len(frame)))
    return found, gathers @ moves(ledger)


def _whole(values: pd.Series) -> float:
    """Sum that is unknown where a part is."""
    return float(values.sum(skipna=False))


def _reasons(values: pd.Series) -> str:
    """Sentences of the parts, each once."""
    return " ".join(dict.fromkeys(value for value in values if value))


def compared(
    first: Ledger, second: Ledger, by: Sequence[str] | str = ("kind", "origin", "destination", "material"), **levels: int
) -> pd.DataFrame:
    """Two ledgers beside each other, by dimensions; they may stand on different links, vintages or regions.

    Args:
        first: what is looked at.
        second: what it is compared with.
        by: dimensions.
        levels: `material_level` and `nace_digits`, as in `cells`.

    Returns:
        Columns of `by`, unit, first, second, difference (first - second), low and high of the difference, grade (the worst of both),
        arcs_first, arcs_second, unknown (as in `cells`); what flows in one alone is 0 in the other. On the same amounts a stream or need is
        off in both alike, so that only what differs has a range, and the same stream sent elsewhere has none; else each is off for itself.
        A stream of which the other register tells no amount is not nothing there: `unknown` names it, and where nothing else is in the
        cell, that side and the difference are NaN.
    """
    keys = [*named(by), "unit"]
    counted = [_counted(ledger, by, **levels) for ledger in (first, second)]
    left, right = (found[[*keys, "amount", "grade", "arcs"]].assign(row=np.arange(len(found))) for found, _ in counted)
    both = left.merge(right, on=keys, how="outer", suffixes=("_first", "_second"), sort=True)
    amounts = {name: both[f"amount_{name}"].fillna(0.0) for name in ("first", "second")}
    arcs = {f"arcs_{name}": [each if isinstance(each, tuple) else () for each in both[f"arcs_{name}"]] for name in ("first", "second")}
    placed = [_placed(both[f"row_{name}"], moved) for name, (_, moved) in zip(("first", "second"), counted, strict=True)]
    told = between((first.links, placed[0]), (second.links, placed[1]), alike=_same(first.links, second.links))
    lost = {
        "first": silences(second.links, first.links, arcs["arcs_second"]),
        "second": silences(first.links, second.links, arcs["arcs_first"]),
    }
    amounts = {side: values.mask(lost[side].whole & (values == 0)) for side, values in amounts.items()}
    difference = amounts["first"] - amounts["second"]
    grade = both[["grade_first", "grade_second"]].fillna("").max(axis=1)
    reasons = zip(lost["first"].words, lost["second"].words, told.unknown, strict=True)
    unknown = [" ".join(text for text in each if text) for each in reasons]
    ranged = {"difference": difference, "low": difference - told.below, "high": difference + told.above}
    return pd.DataFrame({**{key: both[key] for key in keys}, **amounts, **ranged, "grade": grade, **arcs, "unknown": unknown})


def _placed(row: pd.Series, moved: Any) -> Any:
    """What cells move with, in the order of a comparison; of a cell that is not there nothing."""
    here = np.flatnonzero(row.notna())
    order = csr_array((np.ones(len(here)), (here, row.iloc[here].astype(int))), shape=(len(row), moved.shape[0]))
    return csr_array(order @ moved)


def _same(first: Links, second: Links) -> bool:
    """Whether two sets of links are of one region read twice: the same arcs, on the same amounts."""
    if first is second:
        return True
    pairs = [(getattr(first.arcs, name), getattr(second.arcs, name)) for name in ("origin", "destination", "material")]
    for one, other in ((first.supply, second.supply), (first.demand.amounts, second.demand.amounts)):
        pairs += [(getattr(one, name), getattr(other, name)) for name in ("node", "value", "low", "high")]
    alike = all(np.array_equal(one, other, equal_nan=one.dtype.kind == "f") for one, other in pairs)
    return alike and list(first.nodes.id) == list(second.nodes.id)


def split(found: pd.DataFrame, column: str, value: str, shares: Mapping[str, float]) -> pd.DataFrame:
    """Cells with one node, site or class taken apart into several.

    Args:
        found: cells, or a comparison.
        column: which dimension.
        value: what is taken apart.
        shares: share of each part; together 1.

    Returns:
        The same columns; each row of `value` is as many rows as there are parts, its amounts by their shares.

    Raises:
        OptionError: the shares do not add up to 1, one is negative, or nothing has that value.
    """
    total = sum(shares.values())
    if abs(total - 1.0) > _ONE or min(shares.values(), default=-1.0) < 0:
        raise OptionError(f"The shares of a split are 0 or more and add up to 1; these add up to {total:g}.")
    if column not in found.columns or value not in set(found[column]):
        raise OptionError(f"Nothing is '{value}' in column '{column}'.")
    numbers = [name for name in ("amount", "low", "high", "first", "second", "difference") if name in found.columns]
    pieces = [found[found[column] != value]]
    for part, share in shares.items():
        piece = found[found[column] == value].assign(**{column: part})
        piece[numbers] = piece[numbers] * share
        pieces.append(piece)
    return pd.concat(pieces).sort_index(kind="stable").reset_index(drop=True)


def attained(
    realised: Ledger, planned: Ledger, by: Sequence[str] | str = ("origin", "destination", "material"), **levels: int
) -> pd.DataFrame:
    """What was realised of a plan.

    Args:
        realised: what flows, for example from `realised.ledger_of`.
        planned: what was planned.
        by: dimensions.
        levels: as in `cells`.

    Returns:
        Columns of `by`, unit, realised, planned, difference, share (of the plan, NaN where nothing was planned), state (as planned within
        5 % | short | above | not begun | not planned), arcs_realised, arcs_planned.
    """
    both = compared(realised, planned, by, **levels)
    names = {"first": "realised", "second": "planned", "arcs_first": "arcs_realised", "arcs_second": "arcs_planned"}
    found = both.rename(columns=names)
    share = (found["realised"] / found["planned"].where(found["planned"] > 0)).to_numpy(dtype=np.float64)
    pairs = zip(found["realised"].tolist(), found["planned"].tolist(), share.tolist(), strict=True)
    told = found.assign(share=share, state=[_state(*each) for each in pairs])
    return told[[*named(by), "unit", "realised", "planned", "difference", "share", "state", "arcs_realised", "arcs_planned"]]


def _state(realised: float, planned: float, share: float) -> str:
    if planned <= 0:
        return "not planned"
    if realised <= 0:
        return "not begun"
    return "short" if share < 1 - _CLOSE else "above" if share > 1 + _CLOSE else "as planned"


def throughput(ledger: Ledger, nodes: str = "origin") -> Floats:
    """What every node sends (`origin`) or takes (`destination`), in the unit of each flow. Shape (nodes,)."""
    rows = getattr(ledger.links.arcs, nodes)[ledger.arc]
    return sums(rows, ledger.amount, len(ledger.links.nodes.id))


def accumulated(
    parts: Sequence[tuple[str, Ledger, float]], by: Sequence[str] | str, *, material_level: int = 0, nace_digits: int = 0
) -> pd.DataFrame:
    """Ledgers of several years counted together, each over links of its own.

    Args:
        parts: name of each, ledger of a year, and how many years it stands for.
        by: dimensions; among them `period`, if the parts are to be told apart.
        material_level: as in `cells`.
        nace_digits: as in `cells`.

    Returns:
        Columns as of `cells`, amounts over all the years (t, MWh, m3); `arcs` has pairs of the part's position and a row of its links.

    Raises:
        OptionError: there is no part.
        UnknownNameError: a dimension does not exist.
    """
    wanted = named(by)
    own = [name for name in wanted if name != PERIOD]
    if not parts:
        raise OptionError("Give at least one ledger to be added up.")
    frames = []
    for position, (name, ledger, years) in enumerate(parts):
        found = cells(ledger, own, material_level=material_level, nace_digits=nace_digits)
        found[["amount", "low", "high"]] *= years
        told = {"unit": [unit.removesuffix("/a") for unit in found["unit"]], PERIOD: name}
        pairs = [tuple((position, arc) for arc in arcs) for arcs in found["arcs"]]
        frames.append(found.assign(**told, arcs=pd.Series(pairs, index=found.index, dtype=object)))
    keys = [*wanted, "unit"]
    groups = pd.concat(frames, ignore_index=True).groupby(keys, sort=True, dropna=False)
    return groups.agg(
        amount=("amount", "sum"),
        low=("low", _whole),
        high=("high", _whole),
        flows=("flows", "sum"),
        grade=("grade", "max"),
        arcs=("arcs", lambda arcs: tuple(arc for each in arcs for arc in each)),
        unknown=("unknown", _reasons),
    ).reset_index()
