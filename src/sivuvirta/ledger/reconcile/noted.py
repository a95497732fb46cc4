"""What a reader of the tables should know of how they were read: what was left out, and which names are nearly those of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from math import isnan

from sivuvirta.domain.words import shortened
from sivuvirta.ledger.reconcile.belonging import Placed, folded
from sivuvirta.ledger.reconcile.beyond import QUANTITIES, Known
from sivuvirta.ledger.reconcile.spans import spans

_MOST = 10  # names that a sentence tells
_NEAR = 0.8  # likeness of two names of which one may be a slip of the pen


def sheets(names: Iterable[str]) -> str:
    """Sheets that are not read."""
    told = ", ".join(f"'{name}'" for name in names)
    return f"Sheets that are not read, for their names mean nothing here: {told}." if told else ""


def columns(unread: Mapping[str, Sequence[str]]) -> str:
    """Columns that are not read."""
    told = ", ".join(f"'{column}' of the sheet '{sheet}'" for sheet, names in unread.items() for column in names)
    return f"Not read, for their names mean nothing here: {told}." if told else ""


def nameless(skipped: Mapping[str, Sequence[int | None]]) -> str:
    """Rows without a key and without a figure."""
    told = "; ".join(f"{spans(numbers)} of the sheet '{sheet}'" for sheet, numbers in skipped.items())
    return f"Not read, for they name nothing and hold no figure: {told}." if told else ""


def near_ends(tables: Placed) -> str:
    """Ends of flows that are nearly the name of a process and count as places of their own."""
    ends, given = tables.ends(), {row.process for _, row in tables.processes}
    sides = [{end for _, row in tables.flows if (end := getattr(row, side))} for side in ("origin", "destination")]
    balanced = given | (sides[0] & sides[1])
    found = []
    for end, at in ends.items():
        if end in given or (not given and end in balanced):
            continue
        near = _near(end, balanced - {end})
        if near:
            found.append(f"'{end}' (row {at[1]}), nearest '{near}'")
    return f"Taken as places of their own, though their names are nearly those of processes: {'; '.join(found)}." if found else ""


def lone(tables: Placed, quantities: Iterable[Known]) -> str:
    """What one sheet tells of and the others do not."""
    ends, flows, given = tables.ends(), {row.flow for _, row in tables.flows}, {row.process for _, row in tables.processes}
    placed = (row.name for row in quantities if row.kind in ("flow", "production") and (row.origin or row.destination))
    lost = {
        "No flow enters or leaves processes of the sheet 'processes'": [name for name in dict.fromkeys(given) if name not in ends],
        "Balanced where flows both enter and leave, for the sheet 'processes' does not tell of them": [
            name for name in ends if given and name not in given
        ],
        f"In no row of the sheet 'flows', though they stand in '{QUANTITIES}'": [name for name in placed if name not in flows],
    }
    return " ".join(f"{what}: {_some(sorted(names))}." for what, names in lost.items() if names)


def exact(tables: Placed) -> str:
    """Figures with neither an uncertainty nor a grade."""
    found: dict[str, list[int | None]] = {}
    for at, figures, cited in (
        *((at, (row.amount, row.content), row.cited) for at, row in tables.flows),
        *((at, (row.change,), row.cited) for at, row in tables.processes),
        *((at, (row.share,), row.cited) for at, row in tables.transfers),
    ):
        if not cited.grade and any(figure.known and isnan(figure.sd) for figure in figures):
            found.setdefault(at[0], []).append(at[1])
    told = "; ".join(f"{spans(numbers)} of the sheet '{sheet}'" for sheet, numbers in found.items())
    return f"Counted as exact, for they have neither an uncertainty nor a grade: {told}." if told else ""


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more."""
    return shortened([f"'{name}'" for name in names], _MOST)


def _near(name: str, names: Iterable[str]) -> str:
    """The name that is most like another one, unless they differ by a number; "" if there is none."""
    same = {folded(other): other for other in sorted(names) if _digits(other) == _digits(name)}
    return next((same[match] for match in get_close_matches(folded(name), list(same), 1, _NEAR)), "")


def _digits(name: str) -> str:
    return "".join(sign for sign in name if sign.isdigit())
