"""The guide of a workbook: what each sheet is for, and which to fill first."""

from __future__ import annotations

from collections.abc import Iterable

from sivuvirta.tables.schema import schema

FIRST = ("vintages", "organisations", "sites", "streams", "quantities", "fates", "sources")
"""What a register needs, in the order in which it is filled."""

NEXT = ("analyses", "needs", "acceptances", "places", "roads", "links")
"""What matches and plans need beside it."""


def sheet_order(names: Iterable[str]) -> list[str]:
    """Tables in the order in which people fill them."""
    first = [*FIRST, *NEXT]
    rest = [name for name in schema() if name not in first]
    given = set(names)
    return [name for name in [*first, *rest] if name in given]


def guide_rows(title: str, names: Iterable[str]) -> list[tuple[str, ...]]:
    """Rows of the first sheet."""
    given = set(names)
    rows: list[tuple[str, ...]] = [
        (title, "A register of side streams. Point at a header to read what the column holds and in which unit.", ""),
        ("How", "Yellow columns are required, green ones are not. Leave empty what you do not know: empty means unknown, never zero.", ""),
        (
            "Keys",
            "Each row has a short key of small letters, digits, and _ . -, for example tornio_works; other sheets name it by that key.",
            "",
        ),
        ("Units", "A column may be in another unit: write it into the header, for example value [kt/a].", ""),
        ("Amounts", "In 'quantities' give the figure as reported, with unit and basis; the dry amount follows from the moisture.", ""),
        ("Check", "sivuvirta check <this file> lists every problem with its cell and its repair.", ""),
        ("", "", ""),
        ("Sheet", "What it is for", "Fill it"),
    ]
    for name in sheet_order(given):
        when = f"first, step {FIRST.index(name) + 1}" if name in FIRST else "next" if name in NEXT else "where you have it"
        rows.append((name, schema()[name].description, when))
    return rows
