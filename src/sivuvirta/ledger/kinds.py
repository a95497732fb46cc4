r"""Kinds of tonnes in a register: side streams and extractive waste apart, dry and as sent apart, and what published lists mix.

.. math:: m_{sent} = \frac{m_{dry}}{1 - w}    (U)

with the moisture w that a stream's row states, else its material's typical one. A part of a stream is in its parent and not counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from sivuvirta.domain.region import Region
from sivuvirta.domain.words import shortened

SIDE, EXTRACTIVE = "side streams", "extractive waste and rock"
_CHAPTER = "01"  # List of Waste: wastes from mining and from treating minerals
_NAMED = 6
COLUMNS = ["kind", "streams", "dry", "as_sent", "typical", "no_moisture", "no_amount", "reported", "no_basis", "names"]


def extractive(region: Region) -> frozenset[str]:
    """Streams that are wastes of mining and of treating minerals, by their code in the List of Waste."""
    table = region.table("streams")
    pairs = zip(table["stream"].tolist(), table["low_code"].tolist(), strict=True)
    return frozenset(stream for stream, code in pairs if str(code or "").startswith(_CHAPTER))


def tonnage(region: Region, listed: str | None = None) -> pd.DataFrame:
    """What the register's tonnes of a vintage are.

    Args:
        region: a checked region.
        listed: a published list; without it all streams that are counted in tonnes.

    Returns:
        One row a kind: kind, streams (how many have an amount), dry (t/a), as_sent (t/a, of those whose moisture is known), typical (t dry
        whose moisture is the material's typical one), no_moisture (t dry of which nobody knows it), no_amount (streams without an amount),
        reported (t/a as the sources print it, bases mixed), no_basis (t/a of it whose source does not say whether dry or as sent), names.
    """
    amounts = _amounts(region)
    mined, units, water = extractive(region), _column(region, "unit"), _column(region, "moisture")
    rows: dict[str, list[dict[str, Any]]] = {SIDE: [], EXTRACTIVE: []}
    for row in region.table("streams").rows():
        counted = row["parent"] is None or row["parent"] not in amounts
        if counted and units.get(row["material"], "t") == "t" and (listed is None or listed in (row["listed"] or ())):
            rows[EXTRACTIVE if row["stream"] in mined else SIDE].append(_told(row, amounts.get(row["stream"]), water))
    return pd.DataFrame([{"kind": kind, **_sum(found)} for kind, found in rows.items() if found], columns=COLUMNS)


def _column(region: Region, name: str) -> dict[str, Any]:
    table = region.table("materials")
    return dict(zip(table["material"].tolist(), table[name].tolist(), strict=True))


def _amounts(region: Region) -> dict[str, dict[str, float]]:
    """Dry tonnes, tonnes as reported, and those of them without a basis, by stream; parts of a year added up."""
    found: dict[str, dict[str, float]] = {}
    for row in region.table("quantities").rows():
        if row["table"] == "streams" and row["vintage"] == region.vintage and row["value"] is not None:
            told = found.setdefault(row["subject"], {"dry": 0.0, "reported": 0.0, "no_basis": 0.0})
            told["dry"] += row["value"]
            if row["reported_unit"] == "t/a" and row["reported_value"] is not None:
                told["reported"] += row["reported_value"]
                told["no_basis"] += row["reported_value"] if row["reported_basis"] not in ("dry", "as_sent") else 0.0
    return found


def _told(row: Mapping[str, Any], amount: Mapping[str, float] | None, water: Mapping[str, Any]) -> dict[str, Any]:
    if amount is None:
        return {"no_amount": 1, "dry": 0.0, "names": row["name"]}
    own, typical = row["moisture"], water.get(row["material"])
    moisture = typical if own is None or own != own else own  # noqa: PLR0124 - NaN
    known = moisture is not None and moisture == moisture  # noqa: PLR0124 - NaN
    dry = amount["dry"]
    return {
        **amount,
        "streams": 1,
        "as_sent": dry / (1.0 - float(moisture) / 100.0) if known and moisture is not None else 0.0,
        "typical": dry if known and (own is None or own != own) else 0.0,  # noqa: PLR0124 - NaN
        "no_moisture": 0.0 if known else dry,
        "names": row["name"],
    }


def _sum(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    ordered = sorted(rows, key=lambda row: -row["dry"])
    numbers = {name: sum(row.get(name, 0) for row in ordered) for name in COLUMNS if name not in ("kind", "names")}
    return {**numbers, "names": tuple(row["names"] for row in ordered)}


def words(region: Region) -> tuple[str, ...]:
    """What the tonnes of a register are, in sentences: all of it, then each published list beside its printed figures."""
    kinds = [_kind(row) for row in _rows(tonnage(region))]
    told = [f"Tonnes of the register, {region.vintage}: {'; '.join(kinds)}. They are never one sum."] if kinds else []
    lists = sorted({name for row in region.table("streams").rows() for name in (row["listed"] or ())})
    return (*told, *(text for name in lists if (text := _list(region, name))))


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _kind(row: Mapping[str, Any]) -> str:
    notes = [f"{row['as_sent']:,.0f} as sent"]
    notes += [f"{row['typical']:,.0f} of them dry by the typical moisture of the material"] if row["typical"] else []
    notes += [f"of {row['no_moisture']:,.0f} dry the moisture is not known"] if row["no_moisture"] else []
    notes += [f"{row['no_amount']} without an amount"] if row["no_amount"] else []
    return f"{row['kind']} {row['dry']:,.0f} t/a dry ({', '.join(notes)})"


def _list(region: Region, name: str) -> str:
    """A published list: which kinds are inside, and what its lines are dry and as sent."""
    rows = _rows(tonnage(region, name))
    printed = sum(row["reported"] for row in rows)
    if not printed:
        return ""
    mined = next((row for row in rows if row["kind"] == EXTRACTIVE), None)
    inside = (
        f"of which {mined['reported']:,.0f} are {EXTRACTIVE} ({shortened(list(mined['names']), _NAMED)})"
        if mined
        else f"no {EXTRACTIVE} in it"
    )
    bare, dry, sent = (sum(row[key] for row in rows) for key in ("no_basis", "dry", "as_sent"))
    basis = f"whether dry or as sent is not said of {bare:,.0f}" if bare else "each with its basis"
    return (
        f"List {name}, as printed: {printed:,.0f} t/a, {inside}; {basis}. "
        f"The same lines in the register: {dry:,.0f} t/a dry, {sent:,.0f} t/a as sent."
    )
