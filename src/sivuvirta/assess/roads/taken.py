"""Water, heat and ground that a ledger takes: what is moved, bought, used, and what landfills and heaps grow by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.fates import GROUPS, fate_kinds
from sivuvirta.assess.roads.emissions import with_reason
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import ArcKind, Flags, Floats, Links, Texts
from sivuvirta.domain.provenance import ranges, sources
from sivuvirta.domain.traffic import REFERENCE, Driven
from sivuvirta.domain.unknowns import blind, not_accounted
from sivuvirta.domain.words import shortened
from sivuvirta.links.codes import grade_codes, picked, positions

LANDFILLS = ("landfill", "hazardous_landfill")
HEAPS = ("stored", "unused")
_TO_USE = (ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS)
_BOUGHT = (ArcKind.BUY, ArcKind.REAGENT)
_NAMED = 5  # things told by name in a reason
_ENDS = ["difference_mean", "difference_low", "difference_high"]
COLUMNS = ["state", "period", "measure", "label", "unit", "value", "low", "high", "difference", *_ENDS, "grade", "source", "unknown"]


@frozen(eq=False)
class Measured:
    """One measure: what each flow in it is worth. Shape (flows in it,)."""

    measure: str
    label: str
    unit: str
    rows: Any  # flows of the ledger
    per_unit: Floats  # of the measure, NaN where not known
    low: Floats
    high: Floats
    grade: int  # worst grade of what `per_unit` rests on
    missing: str  # what is not known, in words


def taken(years: Sequence[Driven]) -> pd.DataFrame:
    r"""Water, heat and ground by ledger.

    .. math:: V = \sum_a \frac{x_a m_a}{\rho_a}, \qquad A = \sum_a \frac{x_a m_a}{\rho_a h_a}

    with ρ the loose bulk density of the material as sent and h the height of the fill. A sum in which one term is not known is not known;
    the reason names what is missing. What the register holds nothing of is not known either. Ranges are those of the amounts, joined with
    those of the density; what leaves a plant has none.

    Args:
        years: ledgers of a year; that of the state `reference` is what the others of its year are compared with.
    """
    rows = [_row(each, one) for each in years for one in _measures(each.ledger)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    base = {(row["period"], row["measure"]): row["value"] for row in rows if row["state"] == REFERENCE}
    keys = zip(frame["period"], frame["measure"], strict=True)
    before = np.array([base.get(key, np.nan) for key in keys], dtype=np.float64)
    frame["difference"] = change(before, frame["value"].to_numpy())
    return frame if base else frame.assign(unknown=with_reason(frame["unknown"], NO_REFERENCE))


def _row(year: Driven, one: Measured) -> dict[str, Any]:
    ledger = year.ledger
    amount = ledger.amount[one.rows]
    low, high = ranges(ledger.links, ledger.arc[one.rows], amount)
    named = dict.fromkeys(name for text in sources(ledger.links, ledger.arc[one.rows]) for name in text.split("; ") if name)
    worst = int(ledger.evidence[one.rows].max(initial=0)) if len(amount) else int(Grade.D)
    none = np.nan if one.missing and not len(amount) else 0.0
    ends = {"low": none + float((low * one.low).sum()), "high": none + float((high * one.high).sum())}
    return {
        "state": year.state,
        "period": year.period,
        "measure": one.measure,
        "label": one.label,
        "unit": one.unit,
        "value": none + float((amount * one.per_unit).sum()),
        **ends,
        "difference": np.nan,
        **dict.fromkeys(_ENDS, np.nan),
        "grade": Grade(max(worst, one.grade)).name,
        "source": "; ".join(named),
        "unknown": one.missing,
    }


def _measures(ledger: Ledger) -> Iterator[Measured]:
    links, arcs, arc = ledger.links, ledger.links.arcs, ledger.arc
    flows = ledger.amount != 0
    carried = {name: _carried(links, name) for name in ("water", "heat")}
    water, heat = (carried[name][arc] & flows for name in ("water", "heat"))
    none = {name: "" if carried[name].any() else f"the register holds no {name}" for name in carried}
    bought = np.isin(arcs.kind[arc], _BOUGHT)
    used = _used(ledger) & ~bought
    moved = (arcs.mode[arc] >= 0) & ~bought
    yield _plain("water_moved", "Water piped or hauled between sites", "m3/a", water & moved, none["water"])
    yield _plain("water_reused", "Water of streams and plants that is used", "m3/a", water & used, none["water"])
    yield _plain("water_bought", "Water bought or taken", "m3/a", water & bought, none["water"])
    arriving = np.where(heat & used, arcs.arriving[arc], 0.0)
    yield _plain("heat_used", "Heat of streams and plants that arrives where it is used", "MWh/a", heat & used, none["heat"], arriving)
    yield _plain("heat_bought", "Heat bought", "MWh/a", heat & bought, none["heat"])
    for group, kinds, words in (("landfill", LANDFILLS, "landfills"), ("heap", HEAPS, "heaps and stocks")):
        yield from _ground(ledger, flows, kinds, (group, words))


def _used(ledger: Ledger) -> Flags:
    """Flows to needs and plants, and to outlets that use what they take. Shape (flows,)."""
    kind = ledger.links.arcs.kind[ledger.arc]
    used = np.isin(kind, _TO_USE)
    outlets = np.flatnonzero(np.isin(kind, (ArcKind.FATE, ArcKind.RESIDUE)))
    used[outlets] = [GROUPS[fate] == "used" for fate in fate_kinds(ledger.links, ledger.arc[outlets])]
    return used


def _plain(measure: str, label: str, unit: str, mask: Flags, missing: str, each: Floats | None = None) -> Measured:
    rows = np.flatnonzero(mask)
    value = np.ones(len(rows)) if each is None else each[rows]
    return Measured(measure, label, unit, rows, value, value, value, int(Grade.A), missing)


def _ground(ledger: Ledger, flows: Flags, kinds: tuple[str, ...], named: tuple[str, str]) -> Iterator[Measured]:
    """Tonnes as sent, cubic metres and square metres a year of what goes to some kinds of outlets."""
    links, arc, (group, words) = ledger.links, ledger.arc, named
    outlets = flows & np.isin(links.arcs.kind[arc], (ArcKind.FATE, ArcKind.RESIDUE)) & (links.units[arc] == "t")
    rows = np.flatnonzero(outlets)
    rows = rows[np.isin(fate_kinds(links, arc[rows]), kinds)]
    lost = blind(links, not_accounted(links, arc[np.flatnonzero(outlets)]))  # it may go there too
    sent = links.arcs.sent[arc[rows]] * (np.nan if lost else 1.0)
    loose, low, high, grade = density(links, links.arcs.material[arc[rows]])
    height = _height(links, arc[rows])
    dense = _told("bulk density", rows, np.isnan(loose), _materials(links, arc[rows]))
    flat = _told("height of fill", rows, np.isnan(height), links.nodes.name[links.arcs.destination[arc[rows]]])
    yield Measured(f"{group}_tonnes", f"To {words}, as sent", "t/a", rows, sent, sent, sent, int(Grade.A), lost)
    volume, least, most = (sent / each for each in (loose, high, low))
    worst = int(grade.max(initial=0))
    yield Measured(
        f"{group}_volume", f"Volume that {words} grow by", "m3/a", rows, volume, least, most, worst, "; ".join(filter(None, (lost, dense)))
    )
    missing = "; ".join(filter(None, (lost, dense, flat)))
    areas = (volume / height, least / height, most / height)
    yield Measured(f"{group}_area", f"Ground that {words} take", "m2/a", rows, *areas, worst, missing)


def _told(what: str, rows: Any, unknown: Flags, names: Texts) -> str:
    if not len(rows) or not unknown.any():
        return ""
    found = sorted({str(name) for name in names[unknown]})
    return f"not known: {what} of {shortened(found, _NAMED)}"


def _materials(links: Links, arc: Any) -> Texts:
    return np.array([links.materials[row] if row >= 0 else "a product" for row in links.arcs.material[arc]], dtype=object)


def density(links: Links, material: Any) -> tuple[Floats, Floats, Floats, Any]:
    """Loose density as sent, t/m3, with its ends and grade."""
    table = links.region.table("materials")
    rows = np.array([_dense(table, links.materials[row]) if row >= 0 else -1 for row in material], dtype=np.int64)
    value, low, high = (np.asarray(picked(table[f"bulk_density{end}"], rows, np.nan), dtype=np.float64) for end in ("", "_low", "_high"))
    grade = np.asarray(picked(grade_codes(table["grade"]), rows, int(Grade.D)), dtype=np.int64)
    return value, np.where(np.isnan(low), value, low), np.where(np.isnan(high), value, high), grade


def _dense(table: Any, material: str) -> int:
    row = int(table.index.get(material, -1))
    return -1 if row < 0 or np.isnan(table["bulk_density"][row]) else row


def _height(links: Links, arc: Any) -> Floats:
    table = links.region.table("fates")
    rows = positions(table["fate"], links.nodes.id[links.arcs.destination[arc]])
    return np.asarray(picked(table["height"], rows, np.nan), dtype=np.float64)


def _carried(links: Links, carrier: str) -> Flags:
    """Arcs that carry water, or heat: by the material, or by the product that is bought. Shape (arcs,)."""
    materials = links.region.table("materials")
    of = dict(zip(materials["material"].tolist(), materials["carrier"].tolist(), strict=True))
    by_material = np.array([*(of.get(name) == carrier for name in links.materials), False])[links.arcs.material]
    products = links.region.table("products")
    bought = {key for key, name in zip(products["product"].tolist(), products["material"].tolist(), strict=True) if of.get(name) == carrier}
    by_product = np.isin(links.nodes.id[links.arcs.origin].astype(str), sorted(bought)) & np.isin(links.arcs.kind, _BOUGHT)
    unit = {"water": "m3", "heat": "MWh"}[carrier]
    return np.asarray((by_material | by_product) & (links.units == unit), dtype=bool)
