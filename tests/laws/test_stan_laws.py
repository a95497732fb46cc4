"""Law of the workbook: a table of flows that is written and read again is the same table, and reconciles to the same figures."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sivuvirta.domain.reconciliations import ReconcileOptions
from sivuvirta.ledger.reconcile.stan import outside, read_stan, write_stan
from sivuvirta.ledger.reconcile.table import reconcile_rows, reconcile_table

SHARES = {"A": 0.02, "B": 0.05, "C": 0.25}
KEYS = {"quantities": ["name"], "statements": ["name", "value", "source"], "balances": ["balance"]}


def tables(seed):
    """A chain of processes with side branches: several sources, grades, units, a substance, stocks, names, transfer coefficients."""
    random = np.random.default_rng(seed)
    unit, count = random.choice(["t/a", "", "kt/month"]), int(random.integers(1, 4))
    flows, processes, transfers = [], [], []
    amount = 100.0
    for at in range(count):
        share = float(random.uniform(0.2, 0.8))
        ends = {"from": "" if at == 0 else f"P:{at - 1}", "to": f"P:{at}"}
        flows += _stated(random, f"f@{at}", ends, amount, unit)
        flows += _stated(random, f"out:in:{at}", {"from": f"P:{at}"}, amount * (1 - share), unit)
        amount *= share
        word = str(random.choice(["yes", "substances", "no"]))
        stock = word != "no" and random.random() < 0.5
        row = {"process": f"P:{at}", "name": f"Process number {at}", "balancing": word, "stock": "yes" if stock else ""}
        changes = [{"stock change": 1.0, "± stock change": 2.0}, {"stock change": 3.0, "± stock change": 1.0}][: int(random.integers(0, 3))]
        processes += [row | change for change in changes] if stock and changes else [row]
        if random.random() < 0.5:
            one = {"process": f"P:{at}", "flow": f"out:in:{at}", "layer": random.choice(["goods", "Cr"]), "source": "s"}
            transfers += [{**one, "tc": 1 - share, "± tc": 0.1}, {**one, "tc": 0.9 * (1 - share), "± tc": 0.2}][
                : int(random.integers(1, 3))
            ]
    flows += _stated(random, "last", {"from": f"P:{count - 1}"}, amount, unit)
    return pd.DataFrame(flows), pd.DataFrame(processes), pd.DataFrame(transfers) if transfers else None


def _stated(random, flow, ends, amount, unit):
    head = {"flow": flow, "name": f"Flow {flow}", **ends}
    rows = [{**head, "unit": unit}]
    sources = [{"±": 0.1 * amount, "source": "s", "note": "read"}, {"grade": str(random.choice(list(SHARES))), "source": "t"}]
    rows += [
        {**head, "unit": unit, "mass flow": amount * random.uniform(0.9, 1.1), **each} for each in sources[: int(random.integers(0, 3))]
    ]
    if random.random() < 0.7:
        rows.append({**head, "layer": "Cr", "concentration": 0.2 * random.uniform(0.9, 1.1), "± concentration": 0.02, "grade": "B"})
    return rows


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_written_and_read_again_is_the_same(seed):
    first = reconcile_table(*tables(seed), shares=SHARES)
    with TemporaryDirectory() as folder:
        read = read_stan(write_stan(first, Path(folder) / "flows.xlsx"))
    second = reconcile_rows(read, "table", ReconcileOptions(), {})
    assert outside(first) == {}
    assert second.places == first.places
    for name, keys in KEYS.items():
        one, other = (getattr(each, name).sort_values(keys).reset_index(drop=True) for each in (first, second))
        pd.testing.assert_frame_equal(other, one, check_dtype=False, rtol=1e-6, atol=1e-6)
    assert (second.freedom, second.statistic) == (first.freedom, pytest.approx(first.statistic, abs=1e-6))


def test_errors_that_go_together_are_kept_in_a_sheet_that_stan_leaves_alone(tmp_path):
    flows = pd.DataFrame([{"flow": "a", "to": "P", "mass flow": 10, "±": 1}, {"flow": "b", "from": "P", "mass flow": 12, "±": 1}])
    found = reconcile_table(flows, correlated=[("a", "b", 0.5)])
    assert outside(found) == {"correlations": 1}
    again = reconcile_rows(read_stan(write_stan(found, tmp_path / "flows.xlsx")), "again", ReconcileOptions(), {})
    assert again.notes["correlated"] == "a and b (0.5)"
    assert again.statistic == pytest.approx(found.statistic)
    assert found.statistic == pytest.approx(4.0)  # the difference of 2 has a variance of 1 + 1 - 2 x 0.5


def test_a_stock_of_a_process_that_is_not_balanced_is_said_not_to_be_used():
    flows = pd.DataFrame([{"flow": "a", "to": "P", "mass flow": 10, "±": 1}])
    found = reconcile_table(flows, pd.DataFrame([{"process": "P", "balancing": "no", "stock change": 2}]))
    assert found.notes["stocks"] == "Not used, for the process is not balanced: stock of P."
