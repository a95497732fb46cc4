"""Each flow of a ledger says within which range it is known, and from which sources it came."""

from __future__ import annotations

import numpy as np
import pytest

import sivuvirta as sv


@pytest.fixture(scope="module")
def frame():
    return sv.plan("kemi_tornio").ledger.to_frame()


def test_a_flow_out_of_a_stream_has_the_range_of_its_stream(frame):
    region = sv.load("kemi_tornio")
    quantities = region.table("quantities").to_frame().query("vintage == '2024' and subject == 'pickling_sludge'").iloc[0]
    row = frame[frame["origin"] == "stream:pickling_sludge"].iloc[0]
    assert row["low"] == pytest.approx(row["amount"] * quantities["low"] / quantities["value"])
    assert row["high"] == pytest.approx(row["amount"] * quantities["high"] / quantities["value"])


def test_low_amount_and_high_are_in_order_wherever_they_are_known(frame):
    known = frame.dropna(subset=["low", "high"])
    assert len(known) > 50
    assert ((known["low"] <= known["amount"] * (1 + 1e-9)) & (known["amount"] <= known["high"] * (1 + 1e-9))).all()
    assert np.isnan(frame.loc[frame["kind"] == "deliver", "low"]).all()


def test_every_flow_of_a_stream_has_sources_that_are_rows_of_the_region(frame):
    known = set(sv.load("kemi_tornio").table("sources")["source"].tolist())
    of_streams = frame[frame["origin"].str.startswith("stream:")]
    assert (of_streams["sources"] != "").all()
    assert {name for cell in frame["sources"] for name in cell.split("; ") if name} <= known
