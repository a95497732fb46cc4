"""What is new: since a day, and against an older version of the register."""

from __future__ import annotations

import json

import pytest

import sivuvirta as sv
from search_rows import made, tables
from sivuvirta.domain.search import Query
from sivuvirta.errors import OptionError, ReadError
from sivuvirta.search import Version, against, read, search, since, write

REGISTER, INDEX = made()
NOW = Version(REGISTER, INDEX)


def version(**changes):
    return Version(*made(**changes))


def told(alerts):
    return {(change.event, change.hit.key): change.what for change in alerts}


def edited(table, key, **columns):
    """A table with other cells in one row."""
    rows = tables()[table]
    return {table: [{**row, **columns} if next(iter(row.values())) == key else row for row in rows]}


def test_since_a_day_tells_what_was_added_and_changed():
    alerts = since(Query(kinds=["streams", "needs"]), NOW, "2026-10-01")
    assert told(alerts) == {
        ("new", "dregs"): ("entered 2026-10-02",),
        ("new", "road"): ("entered 2026-10-20",),
        ("changed", "ash"): ("changed 2026-10",),
    }
    assert "2 carry no date" in alerts.notes[-1]  # mud and lime


def test_a_month_without_day_may_be_its_last():
    assert ("changed", "ash") in told(since(Query(), NOW, "2026-10-31"))
    assert ("changed", "ash") not in told(since(Query(), NOW, "2026-11-01"))


def test_an_analysis_sampled_since_is_a_change_of_its_stream():
    analyses = [{"stream": "mud", "component": "Cd", "kind": "total", "value": 1, "sampled": "2026-10-09"}]
    alerts = since(Query(text="mud"), version(analyses=analyses, components=[{"component": "Cd"}]), "2026-10-01")
    assert told(alerts) == {("changed", "mud"): ("sampled 2026-10-09: Cd, total",)}


def test_since_as_a_filter_of_a_search():
    hits = search(REGISTER, INDEX, Query(kinds="streams", since="2026-10-01"))
    assert sorted(hit.key for hit in hits) == ["ash", "dregs"]
    assert hits.notes == ("1 more has no known date of entry or change, and is left out.",)


def test_against_the_same_register_nothing_is_new():
    assert len(against(Query(), NOW, version())) == 0


def test_against_an_older_version_by_hand():
    streams = [row for row in tables()["streams"] if row["stream"] != "ash"]
    old = [{**row, "name": "Bottom mud"} if row["stream"] == "mud" else row for row in streams]
    old.append({"stream": "dust", "name": "Dust", "site": "works", "material": "slag"})
    quantities = [{**row, "value": 40_000} if row["subject"] == "slag" else row for row in tables()["quantities"]]
    alerts = against(Query(kinds="streams"), NOW, version(streams=old, quantities=quantities))
    assert told(alerts) == {
        ("new", "ash"): ("entered in the register",),
        ("changed", "slag"): ("quantity: 40 000 t/a -> 50 000 t/a",),
        ("changed", "mud"): ("name: Bottom mud -> Bottom sludge",),
        ("gone", "dust"): ("left the register",),
    }
    assert [change.event for change in alerts] == ["new", "changed", "changed", "gone"]


def test_a_row_that_now_meets_the_query_is_new_and_one_that_no_more_does_is_gone():
    before = version(**edited("streams", "mud", name="Bottom ash", material="slag"))
    alerts = against(Query(text="dregs", kinds="streams"), NOW, before)
    assert told(alerts) == {("new", "mud"): ("name: Bottom ash -> Bottom sludge", "material: slag -> dregs")}
    back = against(Query(text="dregs", kinds="streams"), before, NOW)
    assert told(back) == {("gone", "mud"): ("name: Bottom sludge -> Bottom ash", "material: dregs -> slag")}


def test_analyses_are_compared():
    one = {"stream": "mud", "component": "Cd", "kind": "total", "value": 1.0}
    before = version(analyses=[one, {**one, "component": "Ni"}])
    now = version(analyses=[{**one, "value": 2.0}, {**one, "component": "Zn"}])
    assert told(against(Query(text="mud"), now, before)) == {
        ("changed", "mud"): ("changed analysis: Cd, total", "new analysis: Zn, total", "analysis gone: Ni, total")
    }


def frames(region):
    return {name: table.to_frame() for name, table in region.tables.items() if len(table)}


def test_a_better_verdict_is_told():
    """The dregs' or ash's verdicts of the teaching region change when all its analyses are taken away: the test is the way back."""
    now = sv.match("three_sites")
    less = frames(sv.load("three_sites"))
    less.pop("analyses")
    before = sv.match(sv.region("less", less))
    best = [{hit.key: hit.verdict for hit in sv.search(each, kinds="streams")} for each in (before, now)]
    assert best[0] != best[1]
    order = ["pass", "blend", "likely", "unknown", "fail", "no route"]
    better = {key for key in best[1] if order.index(best[1][key]) < order.index(best[0][key])}
    alerts = sv.alerts(Query(kinds="streams"), now, against=before)
    assert {change.hit.key for change in alerts.of("better")} == better
    for change in alerts.of("better"):
        assert change.what[0] == f"verdict: {best[0][change.hit.key]} -> {best[1][change.hit.key]}"
    back = sv.alerts(Query(kinds="streams"), before, against=now)
    assert {change.hit.key for change in back.of("worse")} == better


def test_a_verdict_that_is_asked_for_and_reached_now_is_better_and_not_only_new():
    now = sv.match("three_sites")
    less = frames(sv.load("three_sites"))
    less.pop("analyses")
    alerts = sv.alerts(Query(kinds="streams", verdict="proven"), now, against=sv.match(sv.region("less", less)))
    assert alerts.of("better")
    assert not alerts.of("new")


def test_a_query_is_saved_and_read_back(tmp_path):
    query = Query(text="kuona", kinds=("streams",), of=(65.8, 24.1), within_km=50.0, verdict=("pass", "blend"), since="2026-10", k=5)
    assert read(write(query, tmp_path / "deep" / "query.json")) == query
    assert read(write(Query(), tmp_path / "all.json")) == Query()
    assert sv.alerts(str(tmp_path / "all.json"), "three_sites", since="2026").query == Query(since="2026")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON"),
        ("[]", "holds no saved query"),
        ('{"format": "sivuvirta query", "version": 9, "query": {}}', "another version"),
        ('{"format": "sivuvirta query", "version": 1, "query": {"kinds": ["x"]}}', "kind 'x'"),
        ('{"format": "sivuvirta query", "version": 1, "query": {"word": "x"}}', "no 'word'"),
        ('{"format": "sivuvirta query", "version": 1, "query": {"of": [1], "within_km": "far"}}', "cannot be read"),
    ],
)
def test_a_file_that_is_no_query_is_told(tmp_path, text, message):
    path = tmp_path / "query.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=message):
        read(path)
    with pytest.raises(ReadError, match="no query at"):
        read(tmp_path / "missing.json")


def test_alerts_need_a_day_or_an_older_version():
    for wrong in ({}, {"since": "2026", "against": "three_sites"}):
        with pytest.raises(OptionError, match="Say since which day"):
            sv.alerts("slag", "three_sites", **wrong)
    with pytest.raises(OptionError, match="no date"):
        sv.alerts("slag", "three_sites", since="yesterday")


def test_alerts_are_a_frame_and_json():
    alerts = since(Query(kinds="streams"), NOW, "2026-10-01")
    assert list(alerts.to_frame()["event"]) == ["new", "changed"]
    assert json.loads(json.dumps(alerts.to_json(), allow_nan=False))["changes"][0]["key"] == "dregs"
    assert "<table" in alerts._repr_html_()
    assert repr(alerts) == "<Alerts '': 1 new, 1 changed>"
