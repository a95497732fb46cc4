"""What figures of an economy rest on: effects on terms and multipliers, returns on plants, accounts and payments on who pays."""

from __future__ import annotations

from typing import Any

import pandas as pd
from attrs import evolve

from sivuvirta.domain.economies import Economy
from sivuvirta.report.following.basis import NOTHING, Basis, basis_of
from sivuvirta.report.studies.frames import rested
from sivuvirta.report.tables import records

_EFFECT = "What is spent and no longer spent, by term and sector, times the multipliers of the table of the sectors."
_POSTS = "Posts that plants state, of those that run."


def spent(found: Economy) -> list[Basis]:
    """What each effect rests on: the terms that money is spent on, the sectors that they reach, and the sums of money of each term."""
    sectors = tuple(("io_sectors", str(sector)) for sector in dict.fromkeys(found.multipliers.get("sector", ())))
    plants = dict.fromkeys(str(row["venture"]) for row in records(found.ventures) if row["kind"] == "plant")
    posts = Basis(_POSTS, rows=tuple(("plants", plant) for plant in plants), figures=("money/upkeep",))
    terms: dict[tuple[str, str], dict[str, None]] = {}
    for row in records(found.spending):
        terms.setdefault((row["network"], row["when"]), {})[str(row["term"])] = None

    def behind(row: dict[str, Any]) -> Basis:
        if row["kind"] == "plants":
            return posts
        own = terms.get((row["network"], row["when"]), {})
        return Basis(_EFFECT, (*(("io_terms", term) for term in own), *sectors), figures=tuple(f"money/{term}" for term in own))

    return [evolve(behind(row), missing=basis_of(row).missing) for row in records(found.effects)]


def earned(ventures: pd.DataFrame) -> pd.DataFrame:
    """Returns with what they rest on: the plant or organisation, or the sums of money where they are of all."""
    return rested(ventures, [evolve(_venture(row), missing=basis_of(row).missing) for row in records(ventures)])


def _venture(row: dict[str, Any]) -> Basis:
    if row["kind"] == "plant":
        return Basis(rows=(("plants", str(row["venture"])),), figures=(f"plants/{row['venture']}",))
    if row["kind"] == "organisation":
        return owned_by(str(row["venture"]))
    return Basis(figures=("money/sum", "money/capital"))


def owned_by(party: str) -> Basis:
    """An organisation: its row, and what it pays and earns."""
    return Basis(rows=(("organisations", party),), figures=(f"organisations/{party}",))


def paid(payments: pd.DataFrame) -> pd.DataFrame:
    """Payments with what they rest on: their sources; where none is named, who pays and is paid, and the sum of the term."""
    return rested(payments, [_payment(row) for row in records(payments)])


def _payment(row: dict[str, Any]) -> Basis:
    said = basis_of(row)
    if said != NOTHING:
        return said
    return Basis(rows=tuple(("organisations", str(row[name])) for name in ("payer", "payee")), figures=(f"money/{row['term']}",))
