"""What a file or a delivery is answered does not tell whether a key that it guesses is that of a hidden row."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.imports.endings import keep_endings
from sivuvirta.web.imports.models import Delivery, Ending, Session, Source
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.writes.batches import StaleError
from sivuvirta.web.registry.writes.changing import change

SYSTEM = system("test")
IMPORTS = "/three_sites/-/imports/"
STREAMS = "stream,name,site,material,grade,source\n{},Mine,mill,ash.fly.wood,B,invented\n"
AMOUNTS = "table,subject,vintage,value,grade,source\nstreams,{},2024,6000,A,invented\n"
SIGNS = r"_[0-9a-f]{4}\b"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def editor(person, name, organisation) -> Client:
    client = Client()
    client.force_login(person(name, organisation=Organisations.objects.get(organisation=organisation), place=Place.EDITOR))
    return client


@pytest.fixture
def client(register, person) -> Client:
    return editor(person, "miller", "mill_ltd")


@pytest.fixture
def hidden(register):
    """The works' stream `slag`, which nobody else sees."""
    return change(model("streams").objects.get(row_key="slag"), {"circle": Level.PRIVATE, "name": "Hush"}, SYSTEM, 1)


def sent(client, text: str) -> Session:
    assert (
        client.post(
            IMPORTS, {"file": SimpleUploadedFile("quantities.csv" if text.startswith("table") else "streams.csv", text.encode())}
        ).status_code
        == 302
    )
    return Session.objects.latest("pk")


def accepted(client, text: str) -> Session:
    session = sent(client, text)
    client.post(f"{IMPORTS}{session.pk}/accept")
    session.refresh_from_db()
    return session


def answers(client, key: str) -> list[str]:
    """All that is read of a guess uploaded, accepted, taken back: difference, pages, log; guess and signs apart."""
    session = sent(client, STREAMS.format(key))
    told = [json.dumps(session.found, sort_keys=True, default=str), client.get(f"{IMPORTS}{session.pk}/").content.decode()]
    told.append((session.difference / "add.jsonl").read_text())
    told.append(client.post(f"{IMPORTS}{session.pk}/accept", follow=True).content.decode())
    session.refresh_from_db()
    log = Entry.objects.filter(table="streams", pk__gt=session.log_from).values_list("action", "key", "before", "after")
    told += [
        str(session.stage),
        json.dumps(list(log), sort_keys=True),
        client.post(f"{IMPORTS}{session.pk}/undo", follow=True).content.decode(),
    ]
    return [without(text, key, str(session.pk)) for text in told]


def without(text: str, key: str, number: str) -> str:
    plain = re.sub(rf"\b{key}{SIGNS}", "KEY", text).replace(key, "KEY").replace(f"imports/{number}/", "imports/N/")
    plain = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"digest": "\w+"|nonce="[^"]+"|X-CSRFToken[^}]+', "", plain)
    return re.sub(r"\d{1,2}:\d\d(:\d\d)?", "TIME", plain)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.FACILITATOR])
def test_an_upload_that_guesses_a_hidden_key_is_answered_as_one_that_guesses_none(register, hidden, person, role):
    client = Client()
    mill = Organisations.objects.get(organisation="mill_ltd")
    client.force_login(person("guesser", role, organisation=mill, place=Place.EDITOR))
    assert answers(client, "slag") == answers(client, "slug")
    assert accepted(client, STREAMS.format("slag")).stage == "accepted"
    now = model("streams").objects.get(pk=hidden.pk)
    assert (now.row_key, now.name, now.version, str(now.holder)) == ("slag", "Hush", hidden.version, "Works Ltd")


def test_a_hidden_row_is_not_named_by_amounts_either(client, hidden):
    told = [sent(client, AMOUNTS.format(key)).found for key in ("slag", "slug")]
    assert next(each["maps"] for each in Session.objects.values("maps"))["quantities"]["table"] == "quantities"
    one, other = (
        json.dumps({**each, "digest": ""}, sort_keys=True).replace(key, "KEY") for each, key in zip(told, ("slag", "slug"), strict=True)
    )
    assert one == other


def test_the_owner_of_a_hidden_row_goes_on_with_its_key(client, hidden, person):
    accepted(client, STREAMS.format("slag"))
    owner = editor(person, "worker", "works_ltd")
    session = accepted(owner, "stream,name\nslag,Still mine\n")
    assert session.found["counts"]["change"] == 1
    assert model("streams").objects.get(row_key="slag").name == "Still mine"


class TestAgain:
    """The same text means the same row."""

    def test_comparing_again_draws_the_same_key_and_amounts_follow(self, client):
        text = "stream,name,site,material,grade,source,value\nnew,New,mill,ash.fly.wood,B,invented,12\n"
        session = sent(client, text)
        first = (session.difference / "add.jsonl").read_text()
        client.post(f"{IMPORTS}{session.pk}/map", {"circle": "1"})
        session.refresh_from_db()
        assert (session.difference / "add.jsonl").read_text() == first
        client.post(f"{IMPORTS}{session.pk}/accept")
        made = model("streams").objects.get(name="New")
        assert re.fullmatch(rf"new{SIGNS}", made.row_key)
        assert [row.subject for row in model("quantities").objects.filter(subject__startswith="new")] == [made.row_key]

    def test_a_file_sent_again_finds_its_rows_and_a_later_one_may_name_them(self, client, person):
        accepted(client, STREAMS.format("new"))
        colleague = editor(person, "second", "mill_ltd")
        for each in (client, colleague):
            assert sent(each, STREAMS.format("new")).found["counts"] == {"add": 0, "change": 0, "remove": 1, "same": 1, "kept": 0}
        accepted(colleague, AMOUNTS.format("new"))
        assert model("quantities").objects.get(subject__startswith="new_").value == 6000
        made = model("streams").objects.get(name="Mine")
        assert sent(client, STREAMS.format(made.row_key)).found["counts"]["same"] == 1  # by its whole key

    def test_who_is_of_another_organisation_gets_a_row_of_their_own(self, client, person):
        accepted(client, STREAMS.format("new"))
        other = editor(person, "worker", "works_ltd")
        accepted(other, STREAMS.format("new").replace("mill", "works"))
        assert [str(row.holder) for row in model("streams").objects.filter(row_key__startswith="new_").order_by("pk")] == [
            "Mill Ltd",
            "Works Ltd",
        ]

    def test_what_is_taken_back_is_forgotten(self, client):
        session = accepted(client, STREAMS.format("new"))
        assert Ending.objects.get().written == "new"
        client.post(f"{IMPORTS}{session.pk}/undo")
        assert not Ending.objects.exists()
        assert sent(client, STREAMS.format("new")).found["counts"]["add"] == 1

    def test_of_two_imports_with_the_same_new_row_the_second_is_told(self, client):
        one, other = sent(client, STREAMS.format("new")), sent(client, STREAMS.format("new"))
        for each in (one, other):
            client.post(f"{IMPORTS}{each.pk}/accept")
        assert model("streams").objects.filter(name="Mine").count() == 1
        other.refresh_from_db()
        assert (other.stage, other.found["counts"]["same"]) == ("open", 1)

    @pytest.mark.django_db
    def test_of_two_who_write_at_once_the_second_is_refused(self, client):
        accepted(client, STREAMS.format("new"))
        mill = Organisations.objects.get(organisation="mill_ltd")
        source = Source(register=mill.register, organisation=mill, name="x")
        with pytest.raises(StaleError, match="one of these keys meanwhile"):
            keep_endings(mill.register, {"streams": {"new": "new_0000"}}, source.viewer)


class TestDeliveries:
    """The same at the address for machines."""

    def put(self, token, key, number, **changed):
        row = {"exchange": key, "stream": "ash", "text": "fly ash", "receiver": "Town", "quantity": 800, "year": 2024, **changed}
        heads = {"HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_IDEMPOTENCY_KEY": number}
        return Client().post("/-/deliveries", json.dumps({"rows": [row]}), content_type="application/json", **heads)

    @pytest.fixture
    def token(self, register) -> str:
        cache.clear()
        mill = Organisations.objects.get(organisation="mill_ltd")
        return Source(register=register, organisation=mill, name="weighbridge", evidence="invented", maker="test").renew()

    @pytest.fixture
    def secret(self, register):
        works = Organisations.objects.get(organisation="works_ltd")
        told = {"exchange": "deal_7", "stream": "slag", "text": "slag", "receiver": "Town", "quantity": 1.0, "year": 2024}
        row = model("exchanges")(register=register, holder=works, circle=Level.PRIVATE, grade="A", source="invented", **told).settle()
        row.save()
        return row

    def test_a_guess_of_a_hidden_key_is_answered_as_any_other(self, token, secret):
        guess, other = self.put(token, "deal_7", "1"), self.put(token, "deal_8", "2")
        assert (guess.status_code, other.status_code) == (200, 200)
        assert {**guess.json(), "delivery": ""} == {**other.json(), "delivery": ""}
        assert model("exchanges").objects.get(pk=secret.pk).quantity == 1.0
        bad = [self.put(token, key, "3", quantity="much") for key in ("deal_7", "deal_9")]
        assert [each.json() for each in bad] == [bad[0].json()] * 2

    def test_what_is_delivered_again_is_the_same_row(self, token, secret):
        assert self.put(token, "deal_7", "1").json()["added"] == 1
        assert self.put(token, "deal_7", "1").json()["repeated"]
        assert self.put(token, "deal_7", "2").json()["same"] == 1
        assert self.put(token, "deal_7", "3", quantity=900).json()["changed"] == 1
        made = model("exchanges").objects.exclude(pk=secret.pk).get()
        assert (made.quantity, str(made.holder)) == (900, "Mill Ltd")
        assert Delivery.objects.filter(at__gt=timezone.now() - timedelta(days=1)).count() == 3
