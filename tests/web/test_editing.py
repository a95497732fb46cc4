"""Forms: the engine's checks at the field where something is wrong; nothing is lost, nothing overwritten unseen."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.writes.changing import add, change
from sivuvirta.web.registry.writes.checking import check

SYSTEM = system("test")
LEVELS = {"seen": Level.PUBLIC, "hidden": Level.PRIVATE}
ADD, CHANGE, REMOVE = ("/three_sites/streams/-/add", "/three_sites/streams/-/change/{}", "/three_sites/streams/-/remove/{}")


@pytest.fixture
def stream(register):
    return model("streams").objects.filter(register=register).first()


@pytest.fixture
def facilitator(person) -> Client:
    client = Client()
    client.force_login(person("facilitator", Role.FACILITATOR))
    return client


def written(stream, **changed: str) -> dict[str, str]:
    told = {"stream": stream.stream, "name": stream.name, "site": stream.site, "material": stream.material, "version": str(stream.version)}
    return {**told, "circle": "3", **changed}


def test_a_figure_is_read_as_the_engine_reads_it(register, stream):
    cells = {"table": "streams", "subject": stream.stream, "vintage": register.vintage, "reported_value": "1,5", "reported_unit": "kt"}
    found = check(register, "quantities", {**cells, "reported_basis": "dry", "grade": "B", "source": "x"}, SYSTEM)
    assert found.values["value"] == 1500.0
    assert [problem.column for problem in found.errors] == ["source"]
    assert [problem.column for problem in found.warnings] == ["reported_value"]


def test_all_that_is_wrong_is_told_at_once_and_what_was_written_stays(facilitator, register):
    response = facilitator.post(ADD, {"stream": "new", "name": "New", "site": "nowhere", "material": "slagg", "moisture": "wet"})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count('class="problem"') == 3
    assert all(f'value="{text}"' in page for text in ("new", "New", "nowhere", "slagg", "wet"))
    assert not model("streams").objects.filter(stream="new").exists()


def test_a_row_is_added_by_three_fields(facilitator, register, stream):
    response = facilitator.post(ADD, {"stream": "new", "name": "New", "site": stream.site, "material": stream.material, "circle": "2"})
    made = model("streams").objects.get(register=register, stream__startswith="new_")
    assert response["Location"] == f"/three_sites/streams/{made.stream}/"
    assert (made.circle, made.holder, made.hazardous) == (Level.MEMBERS, stream.holder, "unknown")


@pytest.mark.parametrize("taken_by", ["", "seen", "hidden"])
def test_a_key_is_never_taken_so_no_answer_tells_whether_a_hidden_row_has_it(facilitator, register, stream, taken_by):
    if taken_by:
        add(register, "streams", {"stream": "dust", "site": stream.site, "material": stream.material}, SYSTEM, LEVELS[taken_by])
    response = facilitator.post(ADD, {"stream": "dust", "name": "Dust", "site": stream.site, "material": stream.material})
    made = model("streams").objects.get(register=register, name="Dust")
    assert (response.status_code, response["Location"]) == (302, f"/three_sites/streams/{made.stream}/")
    assert re.fullmatch("dust_[0-9a-f]{4}", made.stream)
    renamed = facilitator.post(CHANGE.format(made.stream), {**written(made), "stream": "dust"})
    key = model("streams").objects.get(pk=made.pk).stream
    assert (renamed.status_code, renamed["Location"]) == (302, f"/three_sites/streams/{key}/")
    assert re.fullmatch("dust_[0-9a-f]{4}", key)
    assert key != made.stream


def test_a_key_that_nobody_writes_is_made_from_the_name(facilitator, register, stream):
    facilitator.post(ADD, {"name": "Crème brûlée dust", "site": stream.site, "material": stream.material})
    assert re.fullmatch("creme_brulee_dust_[0-9a-f]{4}", model("streams").objects.get(name="Crème brûlée dust").stream)


def test_what_organisations_do_not_hold_keeps_the_key_that_is_written(facilitator, register):
    facilitator.post("/three_sites/components/-/add", {"component": "xyz", "kind": "element", "unit": "mg/kg", "name_en": "Xyz"})
    again = facilitator.post("/three_sites/components/-/add", {"component": "xyz", "kind": "element", "unit": "mg/kg", "name_en": "Other"})
    assert model("components").objects.filter(register=register, component="xyz").count() == 1
    assert again.status_code == 422
    assert "already" in again.content.decode()


def test_the_second_of_two_is_shown_what_the_first_wrote_and_may_then_keep_theirs(facilitator, stream):
    change(stream, {"name": "First"}, SYSTEM, stream.version)
    response = facilitator.post(CHANGE.format(stream.stream), written(stream, name="Second"))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="Second"' in page
    assert "First" in page
    assert model("streams").objects.get(pk=stream.pk).name == "First"
    facilitator.post(CHANGE.format(stream.stream), written(stream, name="Second", version="2"))
    assert model("streams").objects.get(pk=stream.pk).name == "Second"


def test_a_field_that_is_emptied_is_unknown_and_one_that_was_not_sent_stays(facilitator, stream):
    stream = change(stream, {"moisture": 12.0, "note": "kept"}, SYSTEM, stream.version)
    facilitator.post(CHANGE.format(stream.stream), written(stream, moisture=""))
    now = model("streams").objects.get(pk=stream.pk)
    assert (now.moisture, now.note) == (None, "kept")


def test_who_may_not_see_a_column_neither_reads_nor_loses_it(facilitator, stream):
    stream = change(stream, {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, stream.version)
    page = facilitator.get(CHANGE.format(stream.stream)).content.decode()
    assert "47.1" not in page
    assert 'name="moisture"' not in page
    facilitator.post(CHANGE.format(stream.stream), written(stream, moisture="1", name="Renamed"))
    now = model("streams").objects.get(pk=stream.pk)
    assert (now.moisture, now.name, now.circles) == (47.11, "Renamed", {"moisture": 0})


def test_a_row_that_others_name_is_not_taken_out(facilitator, stream):
    page = facilitator.get(REMOVE.format(stream.stream)).content.decode()
    assert "These rows name it" in page
    assert "Quantities" in page
    response = facilitator.post(REMOVE.format(stream.stream), follow=True)
    assert "named by" in response.content.decode()
    assert model("streams").objects.filter(pk=stream.pk).exists()
    facilitator.post(ADD, {"stream": "lone", "name": "Lone", "site": stream.site, "material": stream.material})
    lone = model("streams").objects.get(name="Lone").stream
    assert "Nothing else names it" in facilitator.get(REMOVE.format(lone)).content.decode()
    facilitator.post(REMOVE.format(lone))
    assert not model("streams").objects.filter(name="Lone").exists()


WHO = {
    # who: (adds their own, changes another organisation's row that they see, changes their own)
    "visitor": (302, 302, 302),
    "member": (403, 403, 403),
    "editor": (302, 403, 302),
    "authority": (403, 403, 403),
    "expert": (403, 403, 403),
    "administrator": (302, 302, 302),
}


@pytest.mark.parametrize("who", list(WHO))
def test_who_adds_and_changes(register, stream, person, who):
    client, other = Client(), Organisations.objects.filter(register=register).exclude(pk=stream.holder_id).first()
    if who in ("member", "editor"):
        client.force_login(person(who, organisation=other, place=Place(who)))
    elif who != "visitor":
        client.force_login(person(who, Role(who)))
    own_site = model("sites").objects.filter(register=register, holder=other).first()
    adds = client.post(ADD, {"stream": "mine", "name": "Mine", "site": own_site.site, "material": stream.material})
    changes = client.post(CHANGE.format(stream.stream), written(stream, name="Renamed"))
    mine = model("streams").objects.filter(name="Mine").first()
    if mine is None:
        change_own = client.post("/three_sites/sites/-/change/" + own_site.site, {"name": "X", "version": "1"})
    else:
        change_own = client.post(CHANGE.format(mine.stream), {"name": "X", "version": "1", "circle": "1"})
    assert (adds.status_code, changes.status_code, change_own.status_code) == WHO[who]
    done = model("streams").objects.get(pk=stream.pk).name == "Renamed"
    assert done == (who == "administrator")
    if who == "visitor":
        assert adds["Location"].startswith("/-/account/login/")


def test_a_row_that_is_not_seen_is_not_found_for_change_either(person, stream):
    change(stream, {"circle": Level.PRIVATE}, SYSTEM, stream.version)
    client = Client()
    client.force_login(person("facilitator", Role.FACILITATOR))
    assert client.get(CHANGE.format(stream.stream)).status_code == 404
    assert client.post(REMOVE.format(stream.stream)).status_code == 404


def test_a_figure_with_the_unit_of_its_field_and_a_comma_is_kept_without_a_word(facilitator, stream):
    address = CHANGE.format(stream.stream)
    page = facilitator.post(address, written(stream, moisture="12,5 %"), follow=True).content.decode()
    assert model("streams").objects.get(pk=stream.pk).moisture == 12.5
    assert "decimal sign" not in page
    assert "more than a number" in facilitator.post(address, written(stream, moisture="12,5 t", version="2")).content.decode()
