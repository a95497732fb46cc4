"""The log of changes as administrators read it: what is asked for, rows that are gone, and nothing that is closed to them."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from sivuvirta.cli.commands import commands
from sivuvirta.web import serving
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.middleware import through
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.seen.histories import MOST, history
from sivuvirta.web.registry.writes.changing import change, remove

PAGE = "/-/log/"


@pytest.fixture
def mill(register, person):
    return person("miller", organisation=Organisations.objects.get(organisation="mill_ltd"), place=Place.EDITOR)


@pytest.fixture
def reads(person) -> Client:
    client = Client()
    client.force_login(person("keeper", Role.ADMINISTRATOR))
    return client


def entries(client, **asked):
    return client.get(PAGE, asked).context["entries"]


def moistened(mill, moisture, request=""):
    row = model("streams").objects.get(row_key="ash")
    with through("web", request):
        change(row, {"moisture": moisture}, viewer(mill), version=row.version)


def test_a_change_is_told_with_what_it_was_and_by_which_request(mill, reads):
    model("streams").objects.filter(row_key="ash").update(circle=Level.PUBLIC)
    moistened(mill, 12.0, "a1b2")
    moistened(mill, 14.0, "c3d4")
    (told,) = entries(reads, request="c3d4")
    assert (told["who"], told["action"], told["table"], told["key"], told["channel"]) == (mill.email, "change", "streams", "ash", "web")
    assert ("moisture", 12.0, 14.0) in told["lines"]
    assert [each["request"] for each in entries(reads, table="streams", action="change", who="miller")] == ["c3d4", "a1b2"]
    assert not entries(reads, table="needs", who="miller")
    assert not entries(reads, who="miller", until="2020-01-01")
    assert len(entries(reads, who="miller", since=str(timezone.localdate()))) == 2


def test_what_is_closed_stays_closed_and_a_guessed_key_tells_nothing(mill, reads):
    model("streams").objects.filter(row_key="ash").update(circle=Level.PRIVATE)
    moistened(mill, 12.0)
    (told,) = entries(reads, who="miller", table="streams")
    assert told["key"] == "(not open to you)"
    assert ("moisture", None, 12.0) not in told["lines"]
    assert {line[2] for line in told["lines"]} <= {"(not open to you)", None}
    assert entries(reads, key="ash", table="streams") == entries(reads, key="nothing", table="streams") == []


@pytest.mark.parametrize(("circle", "told"), [(Level.PUBLIC, True), (Level.PRIVATE, False)])
def test_a_row_that_is_gone_is_told_as_far_as_it_was_open(mill, reads, circle, told):
    row = model("quantities").objects.filter(row_key__startswith="streams/ash").first()
    key, row.circle = row.row_key, circle
    row.save()
    remove(row, viewer(mill))
    assert [each["key"] for each in entries(reads, who="miller", table="quantities")] == [key if told else "(not open to you)"]
    assert bool(entries(reads, key=key, table="quantities", action="remove")) is told


def test_the_log_has_pages_and_one_number_of_queries(mill, reads, django_assert_max_num_queries):
    model("streams").objects.filter(row_key="ash").update(circle=Level.PUBLIC)
    for step in range(60):
        moistened(mill, float(step + 1))
    with django_assert_max_num_queries(16):
        first = reads.get(PAGE, {"who": "miller"})
    assert [len(first.context["entries"]), "before=" in first.context["older"]] == [50, True]
    rest = reads.get(f"{PAGE}?{first.context['older']}")
    assert [len(rest.context["entries"]), rest.context["older"]] == [10, ""]
    assert reads.get(PAGE, {"before": "9" * 5000, "since": "2024-02-31"}).status_code == 200


@pytest.mark.parametrize("role", [Role.MEMBER, Role.FACILITATOR, Role.AUTHORITY])
def test_it_is_for_administrators(register, person, role):
    client = Client()
    client.force_login(person("other", role))
    assert client.get(PAGE).status_code == 404


def test_the_command_tells_all_of_it(mill, monkeypatch):
    model("streams").objects.filter(row_key="ash").update(circle=Level.PRIVATE)
    moistened(mill, 12.0, "a1b2")
    monkeypatch.setattr("sivuvirta.cli.platform.admin.there", lambda: serving)
    asked = ["admin", "log", "--key", "ash", "--action", "change", "--since", f"{timezone.localdate()}"]
    told = CliRunner().invoke(commands, asked)
    assert "change three_sites streams ash (web a1b2)" in told.output
    assert " -> 12.0" in told.output
    (one,) = json.loads(CliRunner().invoke(commands, [*asked, "--json"]).output)["entries"]
    assert (one["request"], one["after"]["moisture"]) == ("a1b2", 12.0)
    assert datetime.fromisoformat(one["at"]) == Entry.objects.get(request="a1b2").at
    assert "no such entry" in CliRunner().invoke(commands, ["admin", "log", "--who", "nobody at all"]).output


def test_who_opened_a_row_before_it_was_changed_is_told_and_takes_nothing_out(mill):
    client = Client()
    client.force_login(mill)
    row = model("quantities").objects.filter(row_key__startswith="streams/ash").first()
    address = f"/three_sites/quantities/-/remove/{row.row_key}"
    assert f'name="version" value="{row.version}"' in client.get(address).content.decode()
    change(row, {"value": 7.0}, viewer(mill), version=row.version)
    told = client.post(address, {"version": str(row.version)})
    assert (told.status_code, "was changed by somebody else" in told.content.decode()) == (422, True)
    assert model("quantities").objects.get(pk=row.pk).value == 7.0
    assert client.post(address, {"version": str(row.version + 1)}).status_code == 302
    assert not model("quantities").objects.filter(pk=row.pk).exists()


def test_the_history_of_a_row_is_told_page_by_page_to_its_first_entry(mill):
    row = model("streams").objects.select_related("register").get(row_key="ash")
    place = (row.register.slug, "streams", "ash")
    for at in range(2 * MOST):
        entry("x", "change", place, {"moisture": float(at)}, {"moisture": float(at + 1)}).save()
    pages = [history(row.register, row, viewer(mill), start) for start in (0, MOST, 2 * MOST)]
    assert [(len(told), older) for told, older in pages] == [(MOST, True), (MOST, False), (0, False)]
    assert pages[1][0][-1].lines[0].after.split()[0] == "1"
    client = Client()
    client.force_login(mill)
    first, second = (client.get(f"/three_sites/streams/ash/?history={start}").content.decode() for start in (0, MOST))
    assert f'rel="next" href="?history={MOST}#history"' in first
    assert 'rel="prev" href="?history=0#history"' in second
    assert 'rel="next"' not in second
    assert client.get("/three_sites/streams/ash/?history=-1").content.decode().count('rel="next"') == 1
