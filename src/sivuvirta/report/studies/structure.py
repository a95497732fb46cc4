"""The best structures: sets of plants to build, in order."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from sivuvirta.domain.structures import Structure, Structures
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.studies.blocks import Amount, Block, Section, Table, bars
from sivuvirta.report.studies.resting import exchanged
from sivuvirta.report.studies.told import against, percent
from sivuvirta.report.tables import Column, Sheet, sheet
from sivuvirta.report.words import count, figure


def structure(found: Structures) -> Section:
    """The section of the best structures."""
    every = "these are all there are" if found.complete else f"of up to 2 to the power of {found.candidates} that are possible"
    lead = f"The best {count(len(found), 'set')} of plants to build on {found.evidence} evidence, in order; {every}."
    unit = f"{found.unit}/a"
    legs = Legs.of(found.links)
    bases = [exchanged(legs, one.network.ledger) for one in found.found]
    amounts = [
        Amount(f"{one.rank}. {count(len(one.built), 'plant')}", _behind(one, unit), one.loss, note=_against(found, one), basis=basis)
        for one, basis in zip(found.found, bases, strict=True)
        if isfinite(one.loss)
    ]
    blocks: list[Block] = [bars("How far each stays behind the best, a year", amounts), Table(_sheet(found, unit, bases))]
    return Section("structures-section", "Structures", "Which plants to build, and which would be next best?", lead, tuple(blocks))


def _behind(one: Structure, unit: str) -> str:
    return "the best" if one.rank == 1 else figure(one.loss, unit).text


def _names(found: Structures, one: Structure) -> list[str]:
    names = dict(zip(found.links.nodes.id, found.links.nodes.name, strict=True))
    return [str(names[plant]) for plant in one.built]


def _against(found: Structures, one: Structure) -> str:
    """What differs from the best, in words; of the best, what is built."""
    return against(_names(found, one), None if one.rank == 1 else _names(found, found.found[0]))


def _sheet(found: Structures, unit: str, bases: Sequence[Basis]) -> Sheet:
    rows = [
        {
            "rank": one.rank,
            "benefit": one.network.benefit,
            "loss": one.loss,
            "capex": float(one.network.ledger.operations.capex.sum()),
            "plants": len(one.built),
            "built": _against(found, one),
            "gap": percent(one.gap),
            RESTS: basis,
        }
        for one, basis in zip(found.found, bases, strict=True)
    ]
    columns = (
        Column("rank", "Rank", "number"),
        Column("benefit", "Benefit", "number", "EUR/a"),
        Column("loss", "Behind the best", "number", unit),
        Column("capex", "Investment", "number", "EUR"),
        Column("plants", "Plants", "number"),
        Column("built", "Which, then against the best", "long"),
        Column("gap", "Rank proven to", "number", "%", "Part of the benefit by which the rank is not proven"),
    )
    return sheet("structures-table", "The best sets of plants, each with its best network.", columns, rows, "No plant may be built.")
