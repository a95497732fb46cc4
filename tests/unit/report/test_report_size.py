"""A report with every section stays small enough to send."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.report.html import html

MOST = 3_500_000
"""Bytes of the region's report with all sections; with states that say the same as rows of their own it was 3,626,835."""


@pytest.mark.long
def test_the_report_with_all_sections_stays_small_enough_to_send():
    plan = sv.plan("kemi_tornio")
    text = html(plan, sv.assess(plan), studies=sv.study(plan))
    assert text.count('class="page study"') >= 16
    assert len(text.encode()) < MOST
