"""Law of the workbook of a region: written, read and reconciled anew it is the same problem with the same answer, whatever its balances."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sivuvirta as sv
from engine import worlds
from sivuvirta.domain.reconciliations import ReconcileOptions
from sivuvirta.ledger.reconcile.stan import read_stan, write_stan
from sivuvirta.ledger.reconcile.table import reconcile_rows

KEYS = {"quantities": ["name"], "statements": ["name", "value", "sigma", "source"], "balances": ["balance"], "suspects": ["order"]}
SOURCED = {"grade": "B", "source": "invented"}


def again(found):
    """What comes out of a workbook that was written of a reconciliation."""
    with TemporaryDirectory() as folder:
        read = read_stan(write_stan(found, Path(folder) / "region.xlsx"))
    return reconcile_rows(read, found.name, ReconcileOptions(), {})


def assert_the_same(first, second):
    """Every table of both, to 1e-6; statements in any order."""
    for name, keys in KEYS.items():
        one, other = (getattr(each, name) for each in (first, second))
        if name == "statements":
            one, other = (each.sort_values(keys).reset_index(drop=True) for each in (one, other))
        pd.testing.assert_frame_equal(other, one, check_dtype=False, rtol=1e-6, atol=1e-6)
    test = ("freedom", "statistic", "critical", "probability")
    assert [getattr(second, name) for name in test] == pytest.approx([getattr(first, name) for name in test], rel=1e-6, abs=1e-6)
    assert second.vintage == first.vintage


class Making:
    """A random small region whose balances close, and sources that miss the truth by about their doubt."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tables = worlds.random_tables(seed)
        self.truth = {("streams", row["stream"]): float(self.random.uniform(50, 500)) for row in self.tables["streams"]}
        self.fresh = list(self.truth)  # streams that no balance has spoken of
        self.units, self.balances, self.heaps = {}, [], []
        for number in range(int(self.random.integers(1, 5))):
            self.balance(number)

    def region(self):
        said = [row for number, (key, about) in enumerate(self.truth.items()) for row in self.said(key, about, number)]
        more = {"balances": self.balances, "stocks": self.heaps, "statements": said}
        return worlds.region({**self.tables, **{name: rows for name, rows in more.items() if rows}})

    def said(self, key, about, number):
        """Nought to two sources, each with a range, a deviation, or a grade alone."""
        told = []
        for source in range(int(self.random.integers(0, 3))):
            doubt = ({"low": 0.8 * about, "high": 1.3 * about}, {"sd": abs(0.05 * about)}, {})[int(self.random.integers(0, 3))]
            unit = {} if key[0] == "streams" else {"unit": "t/a"}
            value = about * (1 + 0.04 * float(self.random.normal()))
            head = {"statement": f"x{number}_{source}", "table": key[0], "subject": key[1], "vintage": "now"}
            told.append({**head, "value": value, **doubt, **unit, **SOURCED})
        return told

    def balance(self, number):
        """A sum of flows, with a stock or without, a component over the same flows, a yield in a range, or an exact multiple."""
        streams = list(self.truth_of("streams"))
        outs = [streams[at] for at in self.random.choice(len(streams), size=min(2, len(streams) - 1), replace=False)]
        kind = int(self.random.integers(0, 5))
        share = float(self.random.uniform(0.1, 2.0))
        if kind == 0:
            self.stocked(number, outs)
        elif kind == 1:
            made = ("activities", f"s{number}/production/world.slag")
            self.truth[made] = self.truth[outs[0]] / share
            self.add(number, [(made, share, 0.7 * share, 1.2 * share), (outs[0], None, None, None)])
        elif kind == 2:
            self.add(number, [(self.enters(number, outs[:1], share), share, None, None), (outs[0], None, None, None)])
        else:
            feed = self.enters(number, outs, 1.0)
            self.add(number, [(key, None, None, None) for key in (feed, *outs)])
            if kind == 4:
                self.component(number, (feed, *outs))
        self.fresh = [key for key in self.fresh if key not in outs]

    def truth_of(self, table):
        return [key for key in self.truth if key[0] == table]

    def enters(self, number, outs, share, more=0.0):
        """What enters: a stream that no balance has spoken of, or a flow of its own name."""
        free = [key for key in self.fresh if key not in outs]
        key = free[0] if free and self.random.random() < 0.7 else ("flows", f"own{number}")
        self.truth[key] = (sum(self.truth[out] for out in outs) + more) / share
        self.fresh = [other for other in self.fresh if other != key]
        return key

    def stocked(self, number, outs):
        heap = ("stocks", f"heap{number}")
        feed = self.enters(number, outs, 1.0, more=20.0)
        self.truth[heap] = 20.0
        self.heaps.append({"stock": heap[1], "stream": outs[0][1], "site": "s0", **SOURCED})
        self.add(number, [(key, None, None, None) for key in (feed, *outs, heap)])

    def component(self, number, keys):
        """Contents that close, the last one unknown."""
        contents = [float(content) for content in self.random.uniform(0.1, 0.4, len(keys) - 1)]
        held = sum(content * self.truth[key] for content, key in zip(contents, keys[1:], strict=True))
        first = held / self.truth[keys[0]]
        known = [(key, each, 0.8 * each, 1.2 * each) for key, each in zip(keys, (first, *contents), strict=True)]
        known[-1] = (keys[-1], None, None, None) if keys[-1][0] == "streams" else known[-1]
        self.add(number, known, name=f"c{number}", component="Cr2O3")

    def add(self, number, terms, name=None, **more):
        for at, ((table, subject), factor, low, high) in enumerate(terms):
            head = {"balance": name or f"b{number}", "title": f"Balance {number}", "side": "out" if at else "in", **more}
            self.balances.append(
                {**head, "table": table, "subject": subject, "factor": factor, "factor_low": low, "factor_high": high, **SOURCED}
            )


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_region_that_is_written_and_read_again_reconciles_to_the_same(seed):
    first = sv.reconcile(Making(seed).region())
    second = again(first)
    assert_the_same(first, second)
    assert_the_same(first, again(second))
