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
    "no_emission_factor": (
        {
            "products": registers.lines("product,name,material,unit", "sand,Sand,aggregate,t"),
            "prices": registers.lines(
                "price,subject,name,kind,value,unit,year,grade,source", "sand,sand,Sand,product,8,EUR/t,2024,C,report"
            ),
            "factors": registers.lines(
                "factor,subject,name,kind,value,unit,biogenic,grade,source", "sand,sand,Sand,product,8,kgCO2e/t,yes,C,report"
            ),
            "needs": registers.edited("needs", ("aggregate,rock", "aggregate,sand")),
        },
        (
            "row 2, column 'product': 'sand', which 'road_base' buys, has no emission factor: it would count as free of carbon. "
            "Add a row with subject 'sand' to 'factors'."
        ),
    ),
    "no_investment": (
        {
            "plants": registers.lines(
                "plant,name,technology,site,status,fixed_cost,grade,source",
                "screen,Screen,screening,tornio_works,candidate,,B,report",
                "other,Screen,screening,tornio_works,candidate,1000,B,report",
                "old,Screen,screening,tornio_works,existing,,B,report",
            ),
            "technologies": registers.lines(
                "technology,name,activity,capex,reference_capacity,grade,source", "screening,Screening,t of slag,1000000,5000,C,report"
            ),
            "acceptances": registers.added("acceptances", "road_base,aggregate,1,C,report", "road_base,dust,1,C,report"),
        },
        (
            "row 2, column 'technology': What 'screening' costs to build is not known (lifetime): no plan builds it. "
            "Give them in 'technologies', or a fixed_cost here."
        ),
    ),
    "capacity_below_today": (
        {
            "fates": registers.lines(
                "fate,stream,name,kind,share,capacity,grade,source",
                "slag_sold,steel_slag,Sold,sold,60,50000,B,report",
                "slag_stored,steel_slag,Stored,stored,40,20000,B,report",
                "fines_stored,slag_fines,Stored,stored,,30000,B,report",
                "ash_landfilled,fly_ash,Landfilled,landfill,,,C,report",
            )
        },
        (
            "row 3, column 'capacity': It takes 20000 t/a at most, but 28000 t/a of 'steel_slag' go there in 2024. "
            "Correct the capacity, the share or the quantity."
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
}


@pytest.mark.parametrize("rule", WARNINGS)
def test_a_warning_is_shown_and_stops_nothing(rule, tmp_path, library):
    files, text = WARNINGS[rule]
    warnings = tables.load(registers.region(tmp_path / "mill", **files), library).warnings
    assert [(warning.rule, warning.level, str(warning)) for warning in warnings] == [(rule, "warning", text)]
