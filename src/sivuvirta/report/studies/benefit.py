"""Benefit sheets of exchanges and programmes, and footprints of products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from attrs import evolve

from sivuvirta.domain.benefits import INDICATORS, SCOPE, Benefits
from sivuvirta.domain.burdens import ECONOMIC
from sivuvirta.domain.footprints import Footprint
from sivuvirta.report.following.basis import Basis, basis_of
from sivuvirta.report.studies.blocks import Amount, Block, Heading, Section, Words, bars
from sivuvirta.report.studies.feeding import footed
from sivuvirta.report.studies.frames import BOUND, GRADE, NETWORKS, OVER_CLAIM, RANGE, ZERO, framed, once, rested
from sivuvirta.report.studies.lasting import lasting
from sivuvirta.report.tables import Column, records
from sivuvirta.report.words import count, figure, pretty

_BARS = 15


def benefits(found: Benefits) -> Section:
    """The section of benefit sheets."""
    alarm = {True: ZERO, False: ""}
    programmes = found.programmes.assign(alarm=found.programmes["alarm"].map(alarm))
    exchanges = found.exchanges.assign(alarm=found.exchanges["alarm"].map(alarm))
    exchanges = exchanges[(exchanges["value"] != 0) & (exchanges["exchange"] != "")]
    one = (Column("exchange", "Exchange", "name"),) if "name" not in exchanges else (Column("name", "Exchange", "name"),)
    blocks: list[Block] = [
        framed(
            "benefit-programmes",
            "Programmes: sums of their exchanges, each indicator that is not 0.",
            once(brought(programmes[programmes["value"] != 0]), "state"),
            (*_PROGRAMME, *_SHEET),
            "Sheets of programmes",
        )
    ]
    blocks.append(
        framed(
            "benefit-exchanges",
            "Exchanges, each with every indicator that is not 0.",
            once(brought(exchanges), "state"),
            (Column("state", "Network"), *one, *_SHEET),
            "Sheets of exchanges",
        )
    )
    blocks += [Words(SCOPE), *lasting(found)]
    if len(found.claims):
        blocks += [
            Heading("What parties claim"),
            framed("benefit-claims", "Claims beside the computed figure.", once(_labelled(found.claims), "state"), _CLAIMS),
        ]
    blocks += [Words(text) for text in found.notes]
    lead = "What each exchange brings against today. What nobody has attributed is told gross."
    return Section("benefits-section", "Benefits", "What does each exchange bring?", lead, tuple(blocks))


def brought(sheet: pd.DataFrame) -> pd.DataFrame:
    """Rows of a sheet with what they rest on: their sources; where none is named, the two ends of the exchange, or the programme."""
    return rested(sheet, [_brought(row) for row in records(sheet)])


def _brought(row: dict[str, Any]) -> Basis:
    said = basis_of(row)
    if said.sources:
        return said
    ends = [part.strip().partition(":") for part in str(row.get("exchange") or "").split(">")]
    rows = tuple((f"{kind}s", key.partition("@")[0]) for kind, _, key in ends if key)
    programme = str(row.get("programme") or "")
    return evolve(said, rows=rows or ((("programmes", programme),) if programme else ()))


def _labelled(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims with what they speak of in the words of the sheets."""
    return claims.assign(indicator=[INDICATORS[name][0] for name in claims["indicator"]])


def footprints(found: Sequence[Footprint]) -> Section:
    """The section of product footprints: allocations side by side, what goes in, what others print."""
    blocks: list[Block] = []
    for number, one in enumerate(found):
        blocks.append(Heading(f"{one.product_name}, {one.site_name}"))
        results = rested(one.to_frame(), footed(one))
        columns = (
            Column("state", "Network"),
            Column("method", "Allocation", "name"),
            Column("value", "Footprint", "number", "*"),
            Column("mean", "Mean", "number", "*", help="of 1,000 draws of all inputs; the range is their 5 and 95 % points"),
            RANGE,
            Column("known_part", "Known part", "number", "*"),
            BOUND,
            GRADE,
            Column("missing", "Missing", "long"),
        )
        blocks.append(framed(f"footprint-{number}", f"Per {one.functional_unit}.", results, columns))
        blocks += _parts(one, number)
    lead = f"Cradle to gate, {count(len(found), 'product')}, three allocations side by side; what misses a part is unknown, never smaller."
    return Section("footprint-section", "Footprints", "What is the footprint of a product?", lead, tuple(blocks))


def _parts(one: Footprint, number: int) -> list[Block]:
    parts: pd.DataFrame = one.contributions(ECONOMIC).dropna(subset=["value"]).sort_values("value", key=abs, ascending=False)
    amounts = [_amount(row, one.unit) for row in records(parts.head(_BARS))]
    columns = (
        Column("name", "What goes in", "name"),
        Column("value", "Part", "number", "*"),
        RANGE,
        Column("year", "Year", help="of the amount; empty where nobody says"),
        Column("factor_year", "Year of factor", help="empty where nobody says"),
        GRADE,
        Column("source", "Source"),
        Column("row", "Row of the register", "long"),
        Column("missing", "Missing", "long"),
    )
    table = framed(
        f"footprint-parts-{number}", f"Parts, {ECONOMIC} allocation, {NETWORKS['today']}.", one.contributions(ECONOMIC), columns, "Parts"
    )
    told: list[Block] = [Words(text) for text in (one.wanted, one.years(), *(f"Left out: {each}" for each in one.cutoffs)) if text]
    if len(one.compared):
        others = one.comparisons().assign(unit=lambda frame: frame["unit"].replace("1", "times"), year=lambda frame: _years(frame["year"]))
        told = [framed(f"footprint-others-{number}", "What others print, and whether it is comparable.", others, _OTHERS, "Figures"), *told]
    return [*([bars(f"What makes it, {pretty(one.unit)}, {ECONOMIC} allocation", amounts)] if amounts else []), table, *told]


def _years(years: pd.Series) -> list[str]:
    """Years as they are written, whole; empty where nobody says one."""
    return ["" if pd.isna(year) else f"{year:.0f}" for year in years]


def _amount(row: dict[str, Any], unit: str) -> Amount:
    ends = (float(row["low"]), float(row["high"]))
    return Amount(str(row["name"]), figure(row["value"], unit).text, float(row["value"]), range=ends, basis=basis_of(row))


_OTHERS = (
    Column("name", "Figure", "name"),
    Column("value", "Printed", "number", "*"),
    Column("whose", "Of whom", "long"),
    Column("year", "Year"),
    Column("definition", "What it counts", "long"),
    Column("comparable", "Comparable"),
    Column("why", "Why", "long"),
    Column("computed", "Beside it", "number", help="times this product's, of a footprint; the computed figure, of a statement"),
    Column("agreement", "Agreement", "long"),
    GRADE,
    Column("source", "Source"),
)
_PROGRAMME = (Column("state", "Network"), Column("name", "Programme", "name"))
_SHEET = (
    Column("label", "What"),
    Column("value", "Brings", "number", "*"),
    RANGE,
    Column("known_part", "Known part", "number", "*"),
    BOUND,
    Column("attributed", "Attributed", "number", "*"),
    OVER_CLAIM,
    GRADE,
    Column("unknown", "Not known", "long"),
)
_CLAIMS = (
    Column("state", "Network"),
    Column("claimant", "Who", "name"),
    Column("indicator", "What"),
    Column("claimed", "Claims", "number", "*"),
    RANGE,
    Column("computed", "Computed", "number", "*"),
    Column("agreement", "Agreement", "long"),
    GRADE,
    Column("source", "Source"),
)
