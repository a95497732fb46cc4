"""The algebra of ledgers: sums over periods, cells of an aggregation, comparisons, splits of a node, what was realised of a plan.

Amounts of different units are never added: the unit is always told apart. Every cell keeps the arcs that made it, and `rows_behind` leads
from them to the rows of the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger, Operations, sums
from sivuvirta.domain.links import Codes, Floats
from sivuvirta.domain.provenance import ranges
from sivuvirta.errors import OptionError, ShapeError
from sivuvirta.ledger.dimensions import labels, named

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
        Columns of `by`, unit, amount, low, high (ends added up, as if all were off together; NaN where one is not known), flows (how many),
        grade (the worst), arcs (rows of `links.arcs` that made it); in the order of `by`.

    Raises:
        UnknownNameError: a dimension does not exist.
    """
    dimensions = named(by)
    low, high = ranges(ledger.links, ledger.arc, ledger.amount)
    columns = {name: labels(ledger, name, material_level=material_level, nace_digits=nace_digits) for name in dimensions}
    frame = pd.DataFrame(
        {
            **columns,
            "unit": [f"{unit}/a" for unit in ledger.links.units[ledger.arc]],
            "amount": ledger.amount,
            "low": low,
            "high": high,
            "grade": ledger.grade,
            "arcs": ledger.arc,
        }
    )
    groups = frame.groupby([*dimensions, "unit"], sort=True, dropna=False)
    found = groups.agg(
        amount=("amount", "sum"),
        low=("low", _whole),
        high=("high", _whole),
        flows=("arcs", "size"),
        grade=("grade", "max"),
        arcs=("arcs", lambda arcs: tuple(sorted({int(arc) for arc in arcs}))),
    ).reset_index()
    found["grade"] = [Grade(int(code)).name for code in found["grade"]]
    return found


def _whole(values: pd.Series) -> float:
    """Sum that is unknown where a part is."""
    return float(values.sum(skipna=False))


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
        Columns of `by`, unit, first, second, difference (first - second), arcs_first, arcs_second; what flows in one alone is 0 in the
        other.
    """
    keys = [*named(by), "unit"]
    left, right = (cells(ledger, by, **levels)[[*keys, "amount", "arcs"]] for ledger in (first, second))
    both = left.merge(right, on=keys, how="outer", suffixes=("_first", "_second"), sort=True)
    amounts = {name: both[f"amount_{name}"].fillna(0.0) for name in ("first", "second")}
    arcs = {f"arcs_{name}": [each if isinstance(each, tuple) else () for each in both[f"arcs_{name}"]] for name in ("first", "second")}
    return pd.DataFrame({**{key: both[key] for key in keys}, **amounts, "difference": amounts["first"] - amounts["second"], **arcs})


def summed(parts: Sequence[Ledger], weights: Sequence[float] | None = None, name: str = "sum") -> Ledger:
    """One ledger of several over the same links: periods of a year, or years.

    Args:
        parts: ledgers over the same links, at least one.
        weights: of each part, for example years of a period; 1 without them.
        name: of the sum.

    Returns:
        Amounts and activities added with their weights; a grade or verdict is the worst of the parts, capacity the largest.

    Raises:
        ShapeError: there is no part, the parts stand on different links, or there are not as many weights.
    """
    factors = [1.0] * len(parts) if weights is None else [float(weight) for weight in weights]
    if not parts or len(factors) != len(parts):
        raise ShapeError(f"A sum needs at least one ledger and a weight for each: {len(parts)} ledgers, {len(factors)} weights.")
    links = parts[0].links
    if any(part.links is not links for part in parts):
        raise ShapeError("Ledgers can be added only over the same links; count others by dimensions and compare them with `compared`.")
    amount = np.sum([weight * part.per_arc() for part, weight in zip(parts, factors, strict=True)], axis=0)
    arc = np.unique(np.concatenate([part.arc for part in parts])).astype(np.int32)
    worst = {field: _worst(parts, field, len(links.arcs))[arc] for field in ("verdict", "grade", "evidence")}
    status = parts[0].status if len({part.status for part in parts}) == 1 else "mixed"
    operations = _operations([part.operations for part in parts], factors)
    return Ledger(links, name, status, arc, amount[arc], worst["verdict"], worst["grade"], operations, worst["evidence"])


def _worst(parts: Sequence[Ledger], field: str, count: int) -> Codes:
    found = np.full(count, -1, dtype=np.int8)
    for part in parts:
        np.maximum.at(found, part.arc, getattr(part, field))
    return found


def _operations(parts: Sequence[Operations], weights: Sequence[float]) -> Operations:
    return Operations(
        activity=np.sum([weight * part.activity for part, weight in zip(parts, weights, strict=True)], axis=0),
        size=np.max([part.size for part in parts], axis=0),
        built=np.any([part.built for part in parts], axis=0),
        capex=np.max([part.capex for part in parts], axis=0),
        fixed=np.sum([weight * part.fixed for part, weight in zip(parts, weights, strict=True)], axis=0),
        ways=_ways(parts, weights),
    )


def _ways(parts: Sequence[Operations], weights: Sequence[float]) -> Floats:
    """Fixed cost of ways; a ledger in which none is paid has none."""
    total = np.zeros(max(len(part.ways) for part in parts))
    for part, weight in zip(parts, weights, strict=True):
        total[: len(part.ways)] += weight * part.ways
    return total


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
