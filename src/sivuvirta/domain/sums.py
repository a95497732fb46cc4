"""Sums of ledgers over the same links."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sivuvirta.domain.ledger import Ledger, Operations
from sivuvirta.domain.links import Codes, Floats
from sivuvirta.errors import ShapeError


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
