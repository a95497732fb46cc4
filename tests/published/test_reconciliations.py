"""Data reconciliation to the last printed digit: the heat circuit of VDI 2048, the heat exchanger with a bypass of Narasimhan and Jordache;
and the separator of Rao and Narasimhan 1996 within one unit of it."""

from __future__ import annotations

import pytest

from sivuvirta import cases
from sivuvirta.errors import UnknownNameError
from sivuvirta.ledger.reconcile.equations import reconcile_equations

Z = 1.96  # half width of a 95 % interval in standard deviations, as VDI 2048 has it


def solved(name):
    tables, answer = cases.reconciliation(name)
    quantities = tables["quantities"]
    if "half_width" in quantities:
        quantities = quantities.assign(sd=quantities["half_width"] / Z)
    correlated = [tuple(row) for row in tables["correlated"].itertuples(index=False)] if "correlated" in tables else []
    right = dict(tables["right"].itertuples(index=False)) if "right" in tables else {}
    found = reconcile_equations(quantities, tables["equations"], right=right, correlated=correlated)
    return found.quantities.set_index("name"), found, tables["printed"].set_index("quantity"), answer


def test_there_are_three_and_each_names_what_was_opened():
    assert cases.reconciliations() == ("bypass_2000", "flash_1996", "vdi_2048")
    for name in cases.reconciliations():
        _, answer = cases.reconciliation(name)
        for part in ("citation", "page", "url", "opened", "quote", "note"):
            assert answer[part], part
    with pytest.raises(UnknownNameError, match="There are: bypass_2000"):
        cases.reconciliation("nothing")


@pytest.mark.parametrize("name", cases.reconciliations())
def test_every_printed_value_is_met(name):
    quantities, found, printed, answer = solved(name)
    for quantity, row in printed.iterrows():
        assert quantities.loc[quantity, "reconciled"] == pytest.approx(row["value"], abs=answer["tolerance"] * (1 + 1e-9)), quantity
    assert found.freedom == answer["freedom"]


def test_vdi_2048_prints_the_uncertainties_too():
    quantities, found, printed, answer = solved("vdi_2048")
    for quantity, row in printed.iterrows():
        assert Z * quantities.loc[quantity, "sd"] == pytest.approx(row["half_width"], abs=answer["tolerance"] * (1 + 1e-9)), quantity
    assert found.critical == pytest.approx(answer["critical"], abs=5e-6)
    assert found.passed


def test_vdi_2048_tells_what_is_measured_computed_and_alone():
    quantities, *_ = solved("vdi_2048")
    assert set(quantities.loc[["mFD1", "mFD2", "mFD3", "mHDANZ"], "known"]) == {"computed"}
    assert quantities.loc["mD", "known"] == "measured, not checked"  # it stands in no equation
    assert (quantities["known"] == "measured, checked").sum() == 10


def test_the_bypass_by_hand():
    """1 = 2 + 3 = 4 + 5 = 6, 2 = 4, 3 = 5: u and v of the two branches minimise (u - 64.45)2 + (u - 64.2)2 + (v - 34.65)2 + (v - 36.44)2
    + (u + v - 101.91)2 + (u + v - 98.88)2, so 4 u + 2 v = 329.44 and 2 u + 4 v = 271.88: u = 64.5, v = 35.72."""
    quantities, found, _, _ = solved("bypass_2000")
    assert quantities.loc[["2", "3"], "reconciled"].tolist() == pytest.approx([64.5, 35.72])
    misses = [1.69, 0.05, 1.07, 0.3, 0.72, 1.34]
    assert found.statistic == pytest.approx(sum(miss**2 for miss in misses))  # 6.4075, all variances being 1
    assert quantities["sd"].tolist() == pytest.approx([3**-0.5] * 6)  # 6 measurements, 2 unknowns: a third of the variance each
