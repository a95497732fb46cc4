"""Laws of search: what must hold for every register, whatever its words."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import region
from search_rows import catalogue, tables
from sivuvirta.domain.search import KINDS, Query
from sivuvirta.search import Version, against, search
from sivuvirta.search.index import indexed

lawful = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORDS = ("Kuona", "fly ash", "Grönlutslam", "lodo", "line", "3", "Tehdas", "sludge", "äö", "de", "—", "No. 7", "x")
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
materials = st.sampled_from(["slag", "slag.ferrochrome", "dregs", "ash"])
UNRELATED = {"stream": "zz9", "name": "Qvxwqz", "site": "town", "material": "unheard"}


@st.composite
def streams(draw):
    """One to six streams with names of a few words."""
    chosen = draw(st.lists(names, min_size=1, max_size=6))
    sites = st.sampled_from(["works", "mill", "town"])
    return [{"stream": f"i{n}", "name": name, "site": draw(sites), "material": draw(materials)} for n, name in enumerate(chosen)]


def made(rows):
    unheard = {"material": "unheard", "carrier": "solid", "unit": "t", "name_en": "Wqzvx"}
    quantities = [{"table": "streams", "subject": "i0", "vintage": "now", "value": 70}]
    register = region(**tables(streams=rows, quantities=quantities, materials=[*tables()["materials"], unheard]))
    return register, indexed(register, catalogue())


@lawful
@given(streams())
def test_a_row_is_found_first_by_its_own_name_and_by_its_id(rows):
    register, index = made(rows)
    for row in rows:
        first = search(register, index, Query(text=row["name"], k=1)).hits[0]
        assert first.name.lower() == row["name"].lower()
        assert search(register, index, Query(text=row["stream"], k=1)).hits[0].key == row["stream"]


@lawful
@given(streams(), names)
def test_an_unrelated_row_never_removes_a_hit(rows, text):
    before, after = ({(hit.kind, hit.key) for hit in search(*made(each), Query(text=text, k=100))} for each in (rows, [*rows, UNRELATED]))
    assert before <= after
    assert after - before <= {("streams", "zz9")}


@lawful
@given(streams(), names, st.sampled_from(["", *KINDS]))
def test_facets_add_up_to_the_hits(rows, text, kind):
    register, index = made(rows)
    hits = search(register, index, Query(text=text, kinds=kind or (), of="works", k=100))
    assert len(hits) == hits.total
    for counts in hits.facets.values():
        assert sum(counts.values()) == hits.total
    assert {hit.kind for hit in hits} == set(hits.facets["kind"])


@lawful
@given(streams(), names, st.sampled_from([{"material": "slag"}, {"of": "works", "within_km": 30}, {"at_least": 50}, {"kinds": "streams"}]))
def test_a_filter_never_adds_a_hit_and_never_changes_a_score(rows, text, narrow):
    register, index = made(rows)
    wide = {(hit.kind, hit.key): hit.score for hit in search(register, index, Query(text=text, k=100))}
    for hit in search(register, index, Query(text=text, k=100, **narrow)):
        assert wide[hit.kind, hit.key] == hit.score


@lawful
@given(streams(), streams(), names)
def test_what_is_new_one_way_is_gone_the_other_way(one, two, text):
    now, before = (Version(*made(rows)) for rows in (one, two))
    query = Query(text=text, kinds="streams")
    forth, back = against(query, now, before), against(query, before, now)
    assert {change.hit.key for change in forth.of("new")} == {change.hit.key for change in back.of("gone")}
    assert {change.hit.key for change in forth.of("changed")} == {change.hit.key for change in back.of("changed")}
