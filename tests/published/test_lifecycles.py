"""Teaching systems of life cycle assessment, to the last printed digit: electricity and fuel of Heijungs and Suh 2002, and rice."""

from __future__ import annotations

import pytest

from sivuvirta import cases
from sivuvirta.errors import UnknownNameError
from sivuvirta.lifecycle.brightway import calculation, scored
from sivuvirta.lifecycle.packages import FLOW, PROCESS
from sivuvirta.lifecycle.tables import inventory_of


def solved(name):
    tables, _ = cases.lifecycle(name)
    calculated = calculation(inventory_of(tables, name))
    lca = calculated.lca()
    score = scored(lca, calculated.inventory.system("planned"))
    return calculated.inventory, lca, score, tables["printed"].set_index("quantity")


def test_there_are_two_and_each_names_what_was_opened():
    assert cases.lifecycles() == ("electricity_2002", "rice_2016")
    for name in cases.lifecycles():
        _, answer = cases.lifecycle(name)
        for part in ("citation", "page", "url", "opened", "quote", "note"):
            assert answer[part]


def test_electricity_scales_and_flows_are_as_printed():
    inventory, lca, score, printed = solved("electricity_2002")
    names = inventory.processes.name.tolist()
    flows = dict(zip(inventory.flows, range(len(inventory.flows)), strict=True))
    for quantity, row in printed.iterrows():
        kind, key = quantity.split(" ")
        if kind == "scale":
            found = lca.supply_array[lca.dicts.activity[PROCESS + names.index(key)]]
        else:
            found = lca.inventory.sum(axis=1)[lca.dicts.biosphere[FLOW + flows[key]], 0]
        assert found == pytest.approx(row["value"], abs=row["tolerance"])
        assert found == pytest.approx(row["value"], rel=1e-12)  # the printed figures are whole
    assert score == pytest.approx(120)


def test_rice_is_as_printed_and_as_by_hand():
    """By hand: heat 2.2, gas 2.2 x 1.11 = 2.442; CO2 0.7061 + 0.4994 + 0.0783882 + 0.088 + 0.02016 = 1.3920482 Mt;
    CH4 0.0015295 + 0.0003234 + 0.003663 + 0.0000732 + 0.000024395 = 0.005613495 Mt, times 25."""
    _, _, score, printed = solved("rice_2016")
    assert score == pytest.approx(printed.at["score", "value"], abs=printed.at["score", "tolerance"])
    assert score == pytest.approx(1.3920482 + 25 * 0.005613495, rel=1e-12)


def test_another_name_is_told():
    with pytest.raises(UnknownNameError, match="electricity_2002"):
        cases.lifecycle("wheat")
