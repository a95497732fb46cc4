"""Published input-output tables to the last printed digit."""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta import cases
from sivuvirta.assess.inputoutput.leontief import Solved, coefficients
from sivuvirta.domain.inputoutput import ACCOUNTS, InputOutput
from sivuvirta.errors import UnknownNameError


def table(name):
    tables, _ = cases.input_output(name)
    sectors = tables["sectors"].set_index("sector")
    flows = tables["flows"].pivot(index="origin", columns="destination", values="value").loc[sectors.index, sectors.index]
    unknown = np.full(len(sectors), np.nan)
    return InputOutput(
        sectors=tuple(sectors.index),
        names=tuple(sectors.index),
        flows=flows.to_numpy(dtype=float),
        output=sectors["output"].to_numpy(dtype=float),
        accounts={each: sectors[each].to_numpy(dtype=float) if each in sectors else unknown for each in ACCOUNTS},
        households=unknown,
        household_income=float("nan"),
        year=0,
        geography=name,
        grade="B",
        source=name,
    )


def computed(solved, quantity, sector, of):
    at = {name: row for row, name in enumerate(solved.table.sectors)}
    if quantity == "coefficient":
        return coefficients(solved.table.flows, solved.table.output)[at[sector], at[of]]
    if quantity == "inverse":
        return solved.open[at[sector], at[of]]
    found = solved.multipliers(sector)
    return {"direct": found.direct, "type1": found.type1, "ratio": found.type1 / found.direct}[quantity][at[of]]


def test_there_are_three_and_each_names_what_was_opened():
    assert cases.input_outputs() == ("germany_1995", "netherlands_2000", "two_sectors_1985")
    for name in cases.input_outputs():
        _, said = cases.input_output(name)
        for part in ("title", "unit", "citation", "page", "url", "opened", "quote", "note"):
            assert said[part], part
    with pytest.raises(UnknownNameError, match="There are: germany_1995"):
        cases.input_output("nothing")


@pytest.mark.parametrize("name", cases.input_outputs())
def test_every_printed_figure_is_met_to_its_last_digit(name):
    solved = Solved.of(table(name))
    printed = cases.input_output(name)[0]["printed"]
    assert len(printed) >= 8
    for row in printed.itertuples():
        digits = len(row.value.partition(".")[2])
        assert f"{computed(solved, row.quantity, row.sector, row.of):.{digits}f}" == row.value, (row.quantity, row.sector, row.of)


def test_an_open_table_tells_no_induced_effect():
    assert np.isnan(Solved.of(table("germany_1995")).multipliers("value_added").type2).all()
