"""Rows of the demo that are hidden, told as bands or listed without a name; all of them invented and said to be so.

They show what a visitor, a member, a facilitator and the holder see of one thing. None is open to everybody, so the study of what everybody
sees, and every figure of the region itself, stay as they are.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Avg

from sivuvirta.web.accounts.models import Membership, Place, User
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.core.levels import level
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.writes.changing import add
from sivuvirta.web.registry.writes.checking import check

HOLDER, NEEDS = "demo_mill", "demo_works"
"""Organisations that hold what is hidden, and that look for something."""

_ROWS = Path(__file__).parent / "invented"
_TABLES = ("sources", "organisations", "sites", "streams", "quantities", "needs", "acceptances")


def invent(register: Register, holder: str, needing: str) -> None:
    """Put the invented rows into a register that has them not yet, and two people into the invented organisations.

    Args:
        register: of the demo.
        holder: address of the admin of the organisation whose rows are hidden.
        needing: address of an editor of the one that looks for something.
    """
    with transaction.atomic():
        if not Organisations.objects.filter(register=register, organisation=HOLDER).exists():
            around = MODELS["sites"].objects.filter(register=register).aggregate(lat=Avg("lat"), lon=Avg("lon"))
            for table in _TABLES:
                with (_ROWS / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file):
                        _put(register, table, row, around)
        for email, organisation, place in ((holder, HOLDER, Place.ADMIN), (needing, NEEDS, Place.EDITOR)):
            at = Organisations.objects.get(register=register, organisation=organisation)
            Membership.objects.get_or_create(user=User.objects.get(email=email), organisation=at, defaults={"place": place})


def _put(register: Register, table: str, row: dict[str, str], around: dict[str, Any]) -> None:
    """A row, checked as one that a person writes; whose it is to see stands beside its columns."""
    seen_by, closed, bands, anonymous = (row.pop(name) for name in ("seen_by", "closed", "bands", "anonymous"))
    by = system("demo")
    cells = {**row}
    if table == "sites":
        cells |= {name: f"{value:.4f}" for name, value in around.items()}
    if table == "quantities":
        cells["vintage"] = register.vintage
    found = check(register, table, cells, by)
    if found.errors:
        raise ValueError(f"{table} {row}: {[problem.message for problem in found.errors]}")
    kept = {"circles": _levels(closed), "bands": _levels(bands), "anonymous": int(level(anonymous)) if anonymous else None}
    add(register, table, {**found.values, **kept}, by, level(seen_by))


def _levels(text: str) -> dict[str, int]:
    """Columns with their levels, as "moisture=private; value=members" tells them."""
    return {name.strip(): int(level(word.strip())) for name, word in (part.split("=") for part in text.split(";") if part)}
