"""Searching: what a search looks into follows every change of a row, and finds by what the viewer sees alone."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import Viewer, system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.lists.listing import Listing, asked
from sivuvirta.web.registry.models import MODELS, model
from sivuvirta.web.registry.seen.drawing import Drawer
from sivuvirta.web.registry.seen.showing import Cell
from sivuvirta.web.registry.sought import sought
from sivuvirta.web.registry.writes.changing import change

SYSTEM = system("test")
STREAMS = "/three_sites/streams/"


@pytest.fixture
def stream(register):
    return model("streams").objects.filter(register=register).select_related("holder", "register").first()


def found(register, who, text) -> set[str]:
    table = model("streams").schema
    return {row.stream for row in Listing(register, table, who, asked(table, {"q": text})).page().object_list}


def test_a_search_finds_a_row_as_it_is_now(register, stream):
    changed = change(stream, {"name": "Ämpäri 100%_"}, SYSTEM, 1)
    assert found(register, SYSTEM, "ÄMPÄRI") == {stream.stream}  # letters of every language, large or small
    assert found(register, SYSTEM, "100%_") == {stream.stream}
    assert found(register, SYSTEM, "1__%") == set()  # a sign of patterns stands for itself
    change(changed, {"name": "Another"}, SYSTEM, 2)
    assert found(register, SYSTEM, "ämpäri") == set()


def test_what_is_looked_into_is_kept_for_every_row_of_a_package(register):
    wrong = [
        (name, row.row_key)
        for name, named in MODELS.items()
        for row in named.objects.filter(register=register)
        if row.sought != sought(row.schema, {column: getattr(row, column) for column in row.schema.columns})
    ]
    assert wrong == []
    stream = model("streams").objects.filter(register=register).first()
    assert stream.sought.split("\n")[:2] == [stream.stream.lower(), stream.name.lower()]


@pytest.mark.parametrize("floor", [Level.FACILITATORS, Level.MEMBERS, Level.PUBLIC])
def test_a_column_is_told_found_and_shown_to_the_same_people(register, stream, floor):
    """Every circle of a row with every circle of a column of it: query, search and page agree."""
    who = Viewer("somebody", 1, floor)
    rows = model("streams").objects.filter(pk=stream.pk)
    wrong = []
    for circle, single in product(Level, (None, *Level)):
        row = rows.get()
        row.circle, row.circles, row.name = circle, {} if single is None else {"name": int(single)}, "Needle"
        row.save()
        shown = "name" in row.shown_to(who)
        told = rows.restrict(who).told(who, "name").exists()
        if not shown == told == bool(found(register, who, "needle")):
            wrong.append((circle, single, shown, told))
    assert wrong == []


def test_no_label_of_a_list_tells_a_hidden_name(register, stream, person):
    """Somebody who may choose rows of a list sees rows of others among them, of which a column is open and the name is not."""
    change(stream, {"name": "Secret sludge", "circle": Level.PRIVATE, "circles": {"moisture": 3}}, SYSTEM, 1)
    other = MODELS["organisations"].objects.filter(register=register).exclude(pk=stream.holder_id).first()
    for who in (person("editor", organisation=other, place=Place.EDITOR), person("facilitator", Role.FACILITATOR)):
        client = Client()
        client.force_login(who)
        page = client.get(STREAMS).content.decode()
        assert f"Choose {stream.stream}" in page
        assert "Secret sludge" not in page


def test_texts_of_a_list_are_written_as_texts(register, stream, client):
    change(stream, {"name": '<script>1</script> & "x"', "circle": Level.PUBLIC, "circles": {}}, SYSTEM, 1)
    for address in (STREAMS, f"{STREAMS}{stream.stream}/"):
        page = client.get(address).content.decode()
        assert "&lt;script&gt;1&lt;/script&gt; &amp; &quot;x&quot;" in page
        assert "<script>1" not in page


def test_a_figure_is_drawn_with_its_unit_and_a_band_too(register, stream, client):
    drawer = Drawer("three_sites")
    assert drawer.inside(Cell(text="2,000 to 5,000", unit="t/a")) == '2,000 to 5,000 <span class="unit">t/a</span>'
    told = drawer.inside(Cell(text="5", unit="<t>", grade="C"))
    assert told == '5 <span class="unit">&lt;t&gt;</span> <span class="grade" title="evidence">C</span>'
    change(stream, {"moisture": 12.0, "circle": Level.PUBLIC, "circles": {}}, SYSTEM, 1)
    assert '12 <span class="unit">%</span>' in client.get(f"{STREAMS}{stream.stream}/").content.decode()
    assert '<span class="unit">t' in client.get("/three_sites/quantities/").content.decode().partition("<tbody>")[2]
