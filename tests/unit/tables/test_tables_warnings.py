"""What is pointed out and stops nothing."""

from __future__ import annotations

import pytest
import registers

from sivuvirta import tables

WARNINGS = {
    "no_fate": (
        {"fates": registers.edited("fates", ("ash_landfilled,fly_ash,Landfilled,landfill,,C,report\n", ""))},
        (
            "row 4, column 'stream': What happens to 'fly_ash' today is not known: it has no fate. "
            "Add its outlet to 'fates'; benefits are counted against it."
        ),
    ),
    "split_below_parent": (
        {"streams": registers.edited("streams", ("steel_slag,subset", "steel_slag,split"))},
        (
            "row 2, column 'value': Its split parts ('slag_fines') sum to 30000, less than the 100000 of 'steel_slag': "
            "the rest is not shown as a flow. Add the rest as a part."
        ),
    ),
    "source_not_opened": (
        {"sources": registers.edited("sources", ("2025-03", ""))},
        (
            "row 2, column 'opened': Source 'report' was never opened, but 5 rows rest on it with grade A or B. "
            "Date the opening in 'opened', or grade what rests on it C or D."
        ),
    ),
    "hazard_and_code": (
        {
            "streams": registers.lines(
                "stream,name,site,material,low_code,hazardous",
                "steel_slag,Steel slag,tornio_works,slag.steel,10 02 07*,no",
                "slag_fines,Slag fines,tornio_works,slag.steel,10 02 01,no",
                "fly_ash,Fly ash,kemi_mill,ash,,",
            )
        },
        "row 2, column 'hazardous': '10 02 07' is a hazardous entry, but the stream is said not to be hazardous. Correct one of the two.",
    ),
    "not_used": (
        {"links": registers.lines("origin,destination,km,fixed_cost", "tornio_works,kemi_mill,27,1000")},
        (
            "row 2, column 'fixed_cost': The fixed cost of a link is kept, but no plan uses it yet. "
            "Put a fixed cost on a plant where it decides."
        ),
    ),
}


@pytest.mark.parametrize("rule", WARNINGS)
def test_a_warning_is_shown_and_stops_nothing(rule, tmp_path, library):
    files, text = WARNINGS[rule]
    warnings = tables.load(registers.region(tmp_path / "mill", **files), library).warnings
    assert [(warning.rule, warning.level, str(warning)) for warning in warnings] == [(rule, "warning", text)]
