"""The register: what goes in comes out, each row has its holder, nobody overwrites another's change unseen."""

from __future__ import annotations

import pandas as pd
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import IntegrityError, transaction

import sivuvirta as sv
from sivuvirta.tables import schema
from sivuvirta.tables.schema import region_tables
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import MODELS, Organisations, model
from sivuvirta.web.registry.seen.depending import dependents
from sivuvirta.web.registry.writes.changing import ConflictError, RefusedError, add, change, remove
from sivuvirta.web.registry.writes.confirming import entered
from sivuvirta.web.registry.writes.packages import frames, store

SYSTEM = system("test")


def row(register, table: str, key: str):
    return model(table).objects.get(register=register, row_key=key)


@pytest.mark.parametrize("name", ["three_sites", "two_seasons", "kemi_tornio"])
def test_what_is_stored_comes_back_as_it_was(db, name):
    region = sv.load(name)
    back = sv.region(name, frames(store(region, "test")))
    for table in region.tables.values():
        if len(table):
            pd.testing.assert_frame_equal(table.to_frame(), back.tables[table.name].to_frame())
    assert {table for table, rows in back.tables.items() if len(rows)} == {table for table, rows in region.tables.items() if len(rows)}


def test_every_table_of_a_region_has_a_model_with_its_columns():
    assert set(MODELS) == set(region_tables()) - {"visibility"}
    for name, named in MODELS.items():
        assert set(schema()[name].columns) <= {field.name for field in named._meta.get_fields()}


def test_the_migrations_are_those_of_the_models(db, capsys):
    call_command("makemigrations", check=True, dry_run=True)
    assert "No changes detected" in capsys.readouterr().out


def test_visibility_of_a_package_is_kept(db, region):
    rows = [("streams", "", None, "members"), ("streams", "slag", "moisture", "private"), ("sites", "", None, "public")]
    stream = str(region.table("streams")["stream"][0])
    rows[1] = ("streams", stream, "moisture", "private")
    told = pd.DataFrame(rows, columns=["table", "key", "column", "level"])
    tables = {name: table.to_frame() for name, table in region.tables.items() if len(table)} | {"visibility": told}
    register = store(sv.region("seen", tables), "test")
    found = row(register, "streams", stream)
    assert (found.circle, found.circle_of("moisture"), found.circle_of("name")) == (Level.MEMBERS, Level.PRIVATE, Level.MEMBERS)
    out = frames(register)["visibility"]
    assert (out["table"] == "streams").all()
    assert set(out.loc[out["key"] == stream, "level"]) == {"members", "private"}


def test_bands_anonymity_and_what_is_not_matched_are_kept_by_a_package_there_and_back(register, region, tmp_path):
    slag, ash = row(register, "streams", "slag"), row(register, "streams", "ash")
    kept = ("circle", "circles", "bands", "anonymous", "matched", "unconfirmed")
    told = {"circle": Level.PRIVATE, "circles": {"name": 2}, "bands": {"moisture": 2, "name": 1}, "anonymous": 2, "matched": False}
    change(slag, told, SYSTEM, slag.version)
    change(ash, {"bands": {"moisture": 3}}, SYSTEM, ash.version)
    out = frames(register)
    sv.region("back", out).save(tmp_path / "package")
    back = store(sv.load(tmp_path / "package"), "test", Level.PUBLIC)
    for name, named in MODELS.items():
        pairs = [
            {each.row_key: tuple(getattr(each, part) for part in kept) for each in named.objects.filter(register=one)}
            for one in (register, back)
        ]
        assert pairs[0] == pairs[1], name
    found = row(back, "streams", "slag")
    assert (found.circle, found.circles, found.bands, found.anonymous, found.matched) == (
        0,
        {"name": 2},
        {"moisture": 2, "name": 1},
        2,
        False,
    )
    assert row(back, "streams", "ash").bands == {"moisture": 3}


def test_what_was_entered_for_an_organisation_waits_for_its_word_after_a_package_there_and_back(register, person, tmp_path):
    who = viewer(person("facilitator", Role.FACILITATOR))
    ash = row(register, "streams", "ash")
    change(ash, {"moisture": 17.0}, who, ash.version)
    out = frames(register)["visibility"]
    assert out.loc[out["unconfirmed"].notna(), ["table", "key", "column"]].to_numpy().tolist() == [["streams", "ash", None]]
    sv.region("back", frames(register)).save(tmp_path / "package")
    back = store(sv.load(tmp_path / "package"), "test", Level.PUBLIC)
    marked = [each.row_key for named in MODELS.values() for each in named.objects.filter(register=back, unconfirmed=True)]
    assert (marked, row(back, "streams", "ash").moisture) == (["ash"], 17.0)
    by = viewer(person("editor", organisation=row(back, "streams", "ash").holder, place=Place.EDITOR))
    assert [each.row_key for each in entered(back, by, 10)] == ["ash"]


def test_a_row_is_held_by_the_organisation_its_columns_lead_to(register, region):
    streams, sites = region.table("streams"), region.table("sites")
    for stream, site, owner in zip(streams["stream"], streams["site"], streams["organisation"], strict=True):
        expected = owner or sites["organisation"][sites.index[site]]
        assert row(register, "streams", stream).holder.organisation == expected
        held = {each.holder.organisation for each in model("quantities").objects.filter(register=register, table="streams", subject=stream)}
        assert held == {expected}
    assert row(register, "vintages", region.vintage).holder is None


def test_a_second_register_of_a_name_is_refused_and_leaves_nothing(register, region):
    count = Organisations.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        store(region, "test")
    assert Organisations.objects.count() == count


def test_a_change_is_logged_with_what_was_and_what_is(register):
    stream = model("streams").objects.filter(register=register).first()
    was = stream.moisture
    now = change(stream, {"moisture": 12.5, "name": stream.name}, SYSTEM, stream.version)
    entry = Entry.objects.first()
    assert (now.moisture, now.version) == (12.5, 2)
    assert (entry.action, entry.key, entry.before.get("moisture"), entry.after) == ("change", now.row_key, was, {"moisture": 12.5})
    assert change(now, {"moisture": 12.5}, SYSTEM, 2).version == 2  # nothing changed, nothing is logged
    assert Entry.objects.filter(action="change").count() == 1


def test_the_second_of_two_who_change_a_row_is_told(register):
    first = model("streams").objects.filter(register=register).first()
    second = model("streams").objects.get(pk=first.pk)
    change(first, {"moisture": 11.0}, SYSTEM, first.version)
    with pytest.raises(ConflictError, match="changed by somebody else") as told:
        change(second, {"moisture": 22.0}, SYSTEM, second.version)
    assert told.value.row.moisture == 11.0
    assert model("streams").objects.get(pk=first.pk).moisture == 11.0


def test_a_row_that_others_name_is_not_removed(register):
    site = model("sites").objects.filter(register=register).first()
    named = dependents(site)
    assert named["streams"] == model("streams").objects.filter(register=register, site=site.site).count()
    with pytest.raises(RefusedError, match="named by"):
        remove(site, SYSTEM)
    analysis = model("analyses").objects.filter(register=register).first()
    if analysis is not None:
        remove(analysis, SYSTEM)
        assert Entry.objects.first().before["stream"] == analysis.stream
        assert not model("analyses").objects.filter(pk=analysis.pk).exists()


def test_an_editor_adds_to_their_own_organisation_alone(register, person):
    mine, other = Organisations.objects.filter(register=register)[:2]
    editor = viewer(person("editor", organisation=mine, place=Place.EDITOR))
    site = add(register, "sites", {"site": "yard", "name": "Yard", "organisation": mine.organisation}, editor)
    assert site.holder == mine
    assert site.circle == Level.FACILITATORS
    with pytest.raises(RefusedError, match="may not add"):
        add(register, "sites", {"site": "theirs", "name": "Theirs", "organisation": other.organisation}, editor)
    with pytest.raises(RefusedError, match="may not give"):
        change(site, {"organisation": other.organisation}, editor, site.version)
    assert row(register, "sites", "yard").holder == mine


CIRCLES = {
    # who: the widest circle that they need to see a row of another organisation
    "visitor": {Level.PUBLIC},
    Role.MEMBER: {Level.PUBLIC, Level.MEMBERS},
    Role.EXPERT: {Level.PUBLIC, Level.MEMBERS},
    Role.FACILITATOR: {Level.PUBLIC, Level.MEMBERS, Level.FACILITATORS},
    Role.AUTHORITY: {Level.PUBLIC, Level.MEMBERS, Level.FACILITATORS},
    Role.ADMINISTRATOR: {Level.PUBLIC, Level.MEMBERS, Level.FACILITATORS},
}
"""The circles whose rows of other organisations each role sees. Nobody sees what another organisation holds private."""


@pytest.mark.parametrize("role", list(CIRCLES))
@pytest.mark.parametrize("circle", list(Level))
def test_who_sees_a_row_of_another_organisation(register, person, role, circle):
    who = viewer(AnonymousUser() if role == "visitor" else person("somebody", role))
    stream = model("streams").objects.filter(register=register).first()
    change(stream, {"circle": circle}, SYSTEM, stream.version)
    seen = model("streams").objects.restrict(who).filter(pk=stream.pk).exists()
    changed = model("streams").objects.restrict(who, "change").filter(pk=stream.pk).exists()
    assert seen == (circle in CIRCLES[role])
    assert changed == (seen and role in (Role.FACILITATOR, Role.ADMINISTRATOR))


@pytest.mark.parametrize("place", list(Place))
@pytest.mark.parametrize("circle", list(Level))
def test_who_sees_and_changes_a_row_of_their_own(register, person, place, circle):
    stream = model("streams").objects.filter(register=register).first()
    change(stream, {"circle": circle}, SYSTEM, stream.version)
    who = viewer(person("own", organisation=stream.holder, place=place))
    assert model("streams").objects.restrict(who).filter(pk=stream.pk).exists()
    assert model("streams").objects.restrict(who, "change").filter(pk=stream.pk).exists() == (place != Place.MEMBER)


def test_a_column_may_be_seen_by_fewer_or_by_more_than_its_row(register, person):
    stream = model("streams").objects.filter(register=register).first()
    stream = change(stream, {"circle": Level.FACILITATORS, "circles": {"name": 3, "moisture": 0}}, SYSTEM, stream.version)
    member, facilitator = viewer(person("member")), viewer(person("f", Role.FACILITATOR))
    own = viewer(person("own", organisation=stream.holder))
    streams = model("streams").objects.filter(pk=stream.pk)
    assert set(streams.restrict(member).get().shown_to(member)) == {"name"}
    assert "moisture" not in stream.shown_to(facilitator)
    assert "grade" in stream.shown_to(facilitator)
    assert set(stream.shown_to(own)) == set(stream.schema.columns)
    assert [streams.told(who, "moisture").exists() for who in (member, facilitator, own)] == [False, False, True]
    assert [streams.told(who, "grade").exists() for who in (member, facilitator, own)] == [False, True, True]
    assert streams.told(member, "name").exists()
    assert not streams.told(member, "name", "grade").exists()
