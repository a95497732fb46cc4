"""Rules of table `footprints`: its subjects exist, and a row says what its role needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "site": ("of",),
    "input": ("of",),
    "separate": ("of",),
    "price": ("of", "value", "unit"),
    "gap": ("name",),
    "cutoff": ("name",),
    "alternative": ("name", "value", "unit"),
    "statement": ("value", "unit"),
}


def footprint_subjects(draft: Draft) -> Iterator[Problem]:
    """The subject of a row is a product of a site, written as site/material."""
    if not draft.present("footprints"):
        return
    for row, subject in enumerate(draft.tables["footprints"].columns["subject"].tolist()):
        if subject is None:
            continue
        site, _, product = str(subject).partition("/")
        ends = [("sites", site), ("materials", product)]
        unknown = [
            f"'{key}' is not in '{table}'." for table, key in ends if key not in draft.keys(table) and not draft.may_hold(table, key)
        ]
        if unknown:
            yield draft.problem(
                "footprints", row, "subject", "strange_subject", " ".join(unknown), "Write site/material, both by their keys."
            )


def footprint_rows(draft: Draft) -> Iterator[Problem]:
    """A row fills the columns that its role needs, and an amount has its unit."""
    if not draft.present("footprints"):
        return
    for row, cells in enumerate(draft.tables["footprints"].rows()):
        missing = [name for name in _needed(cells) if cells[name] is None and ("footprints", name, row) not in draft.unread]
        if missing:
            message = f"A row of role '{cells['role']}' needs {', '.join(missing)}."
            yield draft.problem("footprints", row, missing[0], "missing_part", message, "Fill it in, or take the row away.")


def _needed(cells: Mapping[str, Any]) -> tuple[str, ...]:
    needed = _NEEDS.get(cells["role"], ())
    if cells["role"] == "declared" and cells["factor"] is None:
        needed = ("value", "unit")
    return (*needed, "unit") if cells["value"] is not None and "unit" not in needed else needed
