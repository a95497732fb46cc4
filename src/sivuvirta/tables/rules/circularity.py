"""Rules of table `circularity`: its subjects exist, and a share is a share."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft

SHARES = frozenset(
    {
        *("recycled_content", "reused_content", "renewable_content", "critical_content", "recovery_potential", "reused", "recycled"),
        *("recycled_functional", "composted", "energy_recovered", "recycling_efficiency", "feedstock_efficiency"),
    }
)
"""Quantities that are told in percent."""


def told_subjects(draft: Draft) -> Iterator[Problem]:
    """The subject of a row is a site, an organisation, a product of a site, or the region as a whole, as its level says."""
    if not draft.present("circularity"):
        return
    columns = draft.tables["circularity"].columns
    for row, (level, subject) in enumerate(zip(columns["level"].tolist(), columns["subject"].tolist(), strict=True)):
        message = _strange(draft, level, subject)
        if message:
            repair = "Write a site, an organisation, or site/product with the product's material; nothing for the region."
            yield draft.problem("circularity", row, "subject", "strange_subject", message, repair)


def _strange(draft: Draft, level: str | None, subject: str | None) -> str:
    """Why there is no such subject; empty if there is."""
    if level is None or (level == "region") != (subject is None):
        return "" if level is None else f"A row of level '{level}' names {'no' if level == 'region' else 'a'} subject."
    if level == "region":
        return ""
    site, _, product = str(subject).partition("/")
    wanted = [("organisations" if level == "organisation" else "sites", site), *([("materials", product)] if level == "product" else [])]
    unknown = [f"'{key}' is not in '{table}'." for table, key in wanted if key not in draft.keys(table) and not draft.may_hold(table, key)]
    return " ".join(unknown)


def told_shares(draft: Draft) -> Iterator[Problem]:
    """A share is told in percent and is at most 100."""
    if not draft.present("circularity"):
        return
    columns = draft.tables["circularity"].columns
    rows = zip(*(columns[name].tolist() for name in ("quantity", "unit", "value", "high")), strict=True)
    for row, (quantity, unit, value, high) in enumerate(rows):
        if quantity in SHARES and (unit != "%" or any(end is not None and end > 100 for end in (value, high))):
            message = f"'{quantity}' is a share; here it is {value:g} {unit}."
            yield draft.problem("circularity", row, "value", "no_share", message, "Write it in %, from 0 to 100.")
