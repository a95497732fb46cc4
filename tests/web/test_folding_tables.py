"""Tables of pages are cards on a phone: each cell names its column there."""

from __future__ import annotations

import re
from pathlib import Path

import sivuvirta.web

WEB = Path(sivuvirta.web.__file__).parent
WIDE = {
    "_bad.html",  # a part of the sender's own sheet
    "_rows.html",  # lists of the register, with the columns that the reader chose
    "_sheet.html",  # tables of a study, of up to some thousands of rows
    "bulk.html",
    "listed.html",  # fold by rules of their own
    "table.html",  # what another package fills
}
"""Templates whose tables scroll inside their frame."""


def tables() -> list[tuple[str, str]]:
    pages = sorted(WEB.glob("*/templates/**/*.html"))
    return [(page.name, table) for page in pages for table in re.findall(r"<table.*?</table>", page.read_text(encoding="utf-8"), re.DOTALL)]


def test_every_other_table_folds():
    assert {name for name, table in tables() if not re.match(r'<table [^>]*class="(\w+ )*folds"', table)} <= WIDE


def test_cells_that_fold_name_their_columns():
    folding = [(name, table) for name, table in tables() if "folds" in table.partition(">")[0] and "<thead>" in table]
    assert len(folding) > 8
    assert [name for name, table in folding if "data-label=" not in table and "{% include" not in table] == []
