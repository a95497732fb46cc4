"""One draw for every command: indicators of circularity have the mean and range that `ranges` and `benefits` tell of the same figure."""

from __future__ import annotations

import pytest

import sivuvirta as sv

ENDS = ["mean", "low", "high"]
INDICATORS = ("diverted", "diverted_extractive", "hierarchy_recycling", "hierarchy_disposal")


def test_indicators_ranges_and_benefits_of_one_plan_agree():
    plan = sv.plan("kemi_tornio")
    ranges = sv.ranges(plan).figures.query("network == 'potential'").set_index(["table", "row"])
    frame = sv.indicators(plan, level="region", only=INDICATORS).to_frame().query("state == 'potential'").set_index("indicator")
    for name in INDICATORS:
        assert frame.loc[name, ENDS].tolist() == pytest.approx(ranges.loc[("circularity", f"{name}/region"), ENDS].tolist(), rel=1e-9), name
    assert frame.loc["diverted", ENDS].tolist() == pytest.approx(ranges.loc[("diverted", "total"), ENDS].tolist(), rel=1e-9)
    sheet = sv.benefits(plan).sheet().set_index("indicator")
    assert frame.loc["diverted", ENDS].tolist() == pytest.approx(sheet.loc["diverted", ENDS].tolist(), rel=1e-9)
