"""Known numbers in the tables of seven studies of the teaching region lead to what they rest on."""

from __future__ import annotations

import pytest
from tests.report_studies import section, tables

STUDIES = ("economy", "metrics", "roads", "pareto", "alternatives", "lifecycle", "indicators")


@pytest.mark.parametrize("name", STUDIES)
def test_every_known_number_of_a_table_leads_to_what_it_rests_on(name):
    found = tables(section(name)).values()
    assert found
    for sheet in found:
        for at, row in enumerate(sheet.rows):
            row_rests = bool(sheet.traces) and bool(sheet.traces[at])
            lone = [cell.text for cell in row if cell.kind == "number" and cell.sort not in {"", 0.0} and not (cell.trace or row_rests)]
            assert not lone, (sheet.id, row[0].text, lone)
