"""Roads in the report: every section says what is not known of it and why, and the nearest to strengthening stand first."""

from __future__ import annotations

from functools import cache

import pytest

import sivuvirta as sv
from sivuvirta.report.sections.economy import bought
from sivuvirta.report.sections.hauling import driven, nearest, roads

LORRIES = 2 * 4_000 / 51 / 365  # slag to the town over the western road: 51 t a load, each comes back empty


@cache
def assessed(name):
    plan = sv.plan(name)
    return plan.links, sv.assess(plan)


def with_thresholds(west, east):
    tables = {name: table.to_frame() for name, table in sv.load("three_sites").tables.items() if len(table) and name != "persistences"}
    tables = {name: frame for name, frame in tables.items() if name not in ("programmes", "programme_exchanges", "claims")}
    tables["roads"] = tables["roads"].assign(threshold=[west, east])
    plan = sv.plan(sv.region("mine", tables))
    return plan.links, sv.assess(plan)


def column(table, key):
    return [row[[each.key for each in table.columns].index(key)].text for row in table.rows]


def test_no_section_of_the_bundled_region_is_blank_without_a_reason():
    table = roads(*assessed("kemi_tornio"))
    rows = list(zip(*(column(table, key) for key in ("name", "heavy_traffic", "share", "over", "why")), strict=True))
    assert len(rows) > 20
    for name, heavy, share, over, why in rows:
        if name.startswith("Elsewhere"):
            assert why == "Belongs to no section."
            continue
        assert "" not in (heavy, share, over)
        assert "nan" not in name
        assert over in ("yes", "no") or "o threshold in the register" in why
        assert ("not known" in (heavy, share)) == why.startswith("Heavy traffic: ")
    reasons = " ".join(why for *_, why in rows)
    for part in ("a state road whose count", "a street outside the counts", "a road of Sweden", "without a road number"):
        assert part in reasons
    assert "vayla_counts" not in reasons  # its table tells it


def test_without_a_threshold_none_is_flagged_and_none_is_cleared():
    words, table = nearest(*assessed("kemi_tornio"))
    assert words.startswith("No section is flagged, and none is cleared: no source that was opened states")
    assert "All heavy traffic is known of 3" in words
    assert column(table, "name")[0] == "4 (E75): Keminmaa, vt 4 and vt 29 – Rovaniemi"  # 6.8 more on 500 before 12.8 on 1,000
    assert column(table, "left") == ["not known"] * 6


def test_the_nearest_to_its_threshold_stands_first_and_what_passes_it_is_told():
    words, table = nearest(*with_thresholds(100.2, 110.0))
    assert pytest.approx(0.43, abs=0.001) == LORRIES  # 100 + 0.43 passes 100.2
    assert words == "1 section of 2 would carry more heavy traffic than the threshold at which it needs strengthening."
    assert column(table, "name") == ["1: Works gate – Market square", "2: Market square – Mill gate"]
    assert column(table, "left")[0] == "\u22120.23"
    words, _ = nearest(*with_thresholds(101.0, None))
    assert words == "No section is flagged: of 1 section with a threshold none passes it; of the other 1 none is known."


def test_the_largest_rise_is_told_in_a_sentence():
    assert driven(*assessed("three_sites")[1:]) == "The largest rise is on road 2: 0.688 lorries a day more than today, loaded and empty."


def test_purchases_and_savings_are_told_apart_by_scope():
    words = bought(assessed("three_sites")[1]).replace("\u202f", " ")
    assert "needs buy 6,750 t/a less and plants 0 t/a less, so that 6,750 t/a less are bought" in words  # 6,000 rock, 750 fertiliser
    words = bought(assessed("kemi_tornio")[1]).replace("\u202f", " ")
    assert "540 kt/a less and plants 108 kt/a more, so that 432 kt/a less" in words
    assert "replace 88.7 kt/a less outside the region; with them 343 kt/a are saved" in words  # 540.2 - 108.3 - 88.7


def test_each_section_says_whether_heavy_traffic_rises_by_more_than_the_stated_part():
    """20 % in the bundled region; known where heavy traffic is; the teaching region states none and has no such column."""
    table = roads(*assessed("kemi_tornio"))
    heavy, rises, names = (column(table, key) for key in ("heavy_traffic", "rises", "name"))
    assert "Heavy traffic rises by over 20 %" in [each.title for each in table.columns]
    assert set(rises) <= {"yes", "no", "not known", ""}
    known = [told for told, name in zip(rises, names, strict=True) if told in ("yes", "no") and not name.startswith("Elsewhere")]
    assert known
    assert len(known) < len(heavy)  # where nobody counted it is not known, and no pass
    assert "rises" not in [each.key for each in roads(*assessed("three_sites")).columns]
