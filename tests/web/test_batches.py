"""Batches: many rows made ready, then written in one short transaction, or not at all where something changed in between."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from sivuvirta.web.accounts.viewer import Viewer, system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.writes.batches import ADD, CHANGE, REMOVE, Line, StaleError, lay_ready, write
from sivuvirta.web.registry.writes.changing import RefusedError, change

SYSTEM = system("test")
NEW = Line(
    ADD, "streams", "new", 0, {}, {"stream": "new", "name": "New", "site": "mill", "material": "ash.fly.wood", "grade": "A", "source": "x"}
)


def put(ready, by=SYSTEM):
    try:
        with transaction.atomic():
            return ready.put(by)
    finally:
        ready.drop()


def test_rows_of_one_batch_name_each_other_and_find_their_holder(register):
    lines = [
        Line(ADD, "organisations", "smith", 0, {}, {"organisation": "smith", "name": "Smith"}),
        Line(ADD, "sites", "forge", 0, {}, {"site": "forge", "name": "Forge", "organisation": "smith"}),
        Line(ADD, "streams", "scale", 0, {}, {**NEW.after, "stream": "scale", "site": "forge"}),
    ]
    assert write(register, lines, SYSTEM)[ADD] == 3
    made = model("streams").objects.get(row_key="scale")
    assert (str(made.holder), str(made.holder.holder), made.circle, made.widest, made.circles) == ("Smith", "Smith", 1, 1, {})
    assert Entry.objects.filter(key="scale", action="add").get().after["site"] == "forge"
    assert made.sought == f"scale\n{NEW.after['name'].lower()}\nforge\n{NEW.after['material']}"
    write(register, [Line(CHANGE, "streams", "scale", 1, {}, {"name": "Hammer SCALE"})], SYSTEM)
    assert model("streams").objects.get(row_key="scale").sought.split("\n")[1] == "hammer scale"


def test_nothing_is_written_before_it_is_put(register):
    ready = lay_ready(register, [NEW], SYSTEM)
    assert not model("streams").objects.filter(row_key="new").exists()
    ready.drop()
    assert not [name for name in connection.introspection.table_names() if name.startswith("ready_")]


def test_a_row_that_was_changed_in_between_stays_as_it_is(register):
    ready = lay_ready(register, [NEW, Line(CHANGE, "streams", "ash", 1, {}, {"name": "Mine"})], SYSTEM)
    change(model("streams").objects.get(row_key="ash"), {"name": "Theirs"}, SYSTEM, 1)
    with pytest.raises(StaleError, match="changed meanwhile"):
        put(ready)
    assert model("streams").objects.get(row_key="ash").name == "Theirs"
    assert not model("streams").objects.filter(row_key="new").exists()


def test_whose_a_row_is_may_not_change_in_between(register):
    ready = lay_ready(register, [NEW], SYSTEM)
    change(model("sites").objects.get(row_key="mill"), {"organisation": "works_ltd"}, SYSTEM, 1)
    with pytest.raises(StaleError, match="sites mill"):
        put(ready)


def test_who_lost_their_place_in_between_writes_nothing(register):
    own = frozenset({Organisations.objects.get(organisation="mill_ltd").pk})
    ready = lay_ready(register, [NEW], Viewer("miller", floor=Level.MEMBERS, belongs=own, edits=own))
    with pytest.raises(RefusedError, match="not their organisation's"):
        put(ready, Viewer("miller"))
    assert not model("streams").objects.filter(row_key="new").exists()


def test_a_key_that_was_taken_in_between_is_told(register):
    ready = lay_ready(register, [NEW], SYSTEM)
    write(register, [NEW], SYSTEM)
    with pytest.raises(StaleError, match="one of these keys"):
        put(ready)
    assert Entry.objects.filter(key="new").count() == 1


def test_what_is_taken_out_is_whole_in_the_log_and_its_papers_go(register):
    write(register, [NEW], SYSTEM)
    model("streams").objects.filter(row_key="new").update(bands={"moisture": 2}, matched=False)
    told = {"name": "a.pdf", "kind": "pdf", "size": 1, "digest": "d", "who": "test"}
    Paper.objects.create(register=register, table="streams", key="new", file="f", **told)
    write(register, [Line(REMOVE, "streams", "new", 1, {}, {})], SYSTEM)
    before = Entry.objects.get(key="new", action="remove").before
    assert (before["bands"], before["matched"], before["name"], before["circle"]) == ({"moisture": 2}, False, "New", 1)
    assert not Paper.objects.exists()
    write(register, [Line(ADD, "streams", "new", 0, {}, before)], SYSTEM)
    back = model("streams").objects.get(row_key="new")
    assert (back.bands, back.matched, str(back.holder)) == ({"moisture": 2}, False, "Mill Ltd")
