"""The attacker: two organisations that collude, a facilitator, a member and a visitor ask all that they may, and learn a band and no more.

The same play is put on in worlds that differ in hidden figures alone. Where each figure stays within its band, all that the attackers are
answered is the same, sign by sign, so nothing in it can tell one figure of the band from another. A third world, with figures of other
bands, shows that the play does hear what may be heard.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

import sivuvirta as sv
from sivuvirta import library
from sivuvirta.web.accounts.consent import VERSION
from sivuvirta.web.accounts.models import Membership, Place, Role, User
from sivuvirta.web.accounts.viewer import system, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.matching import asking
from sivuvirta.web.matching.models import Question
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.seen.bands import band, coarse
from sivuvirta.web.registry.seen.pseudonyms import MARK, pseudonym
from sivuvirta.web.registry.writes.changing import add, change
from sivuvirta.web.registry.writes.packages import store

SYSTEM = system("test")
HOME = "/three_sites/"
pytestmark = pytest.mark.django_db

# Figure that is hidden: component and kind -> a figure at the lower end of a band, one at its upper end, one of another band.
CONTENTS = {
    ("Cd", "total"): (10.01, 20.0, 7.0),  # limits of the library lie at 10 and 20
    ("As", "total"): (20.01, 50.0, 60.0),
    ("Ni", "total"): (100.01, 200.0, 30.0),
    ("Pb", "total"): (50.01, 100.0, 300.0),
    ("leach_Cr", "leaching"): (0.51, 1.0, 3.0),
    ("leach_Mo", "leaching"): (1.01, 2.0, 0.3),  # a limit lies within the band, at 1.5
    ("leach_Sb", "leaching"): (0.51, 1.0, 0.1),  # and here, at 0.7
}
AMOUNT = (2001.0, 5000.0, 900.0)
MOISTURE = (11.0, 19.0, 45.0)
WORLDS = ("low", "high", "other")


def uses() -> list[tuple[str, str]]:
    """Every use class of the library that has a limit, with its jurisdiction."""
    table = library.tables()["limits"]
    return sorted(
        {(str(use), str(law)) for use, law in zip(table["use_class"].tolist(), table["jurisdiction"].tolist(), strict=True) if use}
    )


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back."""
    with transaction.atomic():
        cache.clear()
        yield
        transaction.set_rollback(True)


def world(number: int, person) -> dict:
    """A register with two hidden streams of one make: one that is named, and one that is listed without its name."""
    register = store(sv.load("three_sites"), "test")
    ash = model("streams").objects.get(register=register, stream="ash")
    values = {name: getattr(ash, name) for name in ash.schema.columns}
    twin = add(
        register, "streams", {**values, "stream": "ash_of_a_secret_boiler", "name": "Secret boiler", "legal_status": "waste"}, SYSTEM
    )
    for stream in (ash, twin):
        conceal(register, stream, number)
    change(twin, {"circle": Level.PRIVATE, "anonymous": int(Level.MEMBERS)}, SYSTEM, twin.version)
    works = Organisations.objects.get(register=register, organisation="works_ltd")
    need = {"need": "yard", "name": "Yard", "site": "works", "material": "aggregate", "grade": "A", "source": "invented", "status": "open"}
    add(register, "needs", need, SYSTEM, Level.PUBLIC)
    add(
        register,
        "acceptances",
        {"need": "yard", "material": "ash.fly", "ratio": 1.0, "grade": "A", "source": "invented"},
        SYSTEM,
        Level.PUBLIC,
    )
    town = Organisations.objects.get(register=register, organisation="town")
    people = {
        "town": person("town", organisation=town, place=Place.ADMIN),
        "works": person("works", organisation=works, place=Place.ADMIN),
        "facilitator": person("facilitator", Role.FACILITATOR),
        "member": person("member"),
    }
    twin.refresh_from_db()
    return {"register": register, "ash": ash, "twin": twin, "people": people}


def conceal(register, stream, number: int) -> None:
    """Hidden figures of a stream, the amount shown as a band to members."""
    change(stream, {"moisture": MOISTURE[number], "circles": {"moisture": 0}}, SYSTEM, stream.version)
    stream.refresh_from_db()
    model("analyses").objects.filter(register=register, stream=stream.stream).delete()
    for (component, kind), values in CONTENTS.items():
        row = {"stream": stream.stream, "component": component, "kind": kind, "sample": "1", "value": values[number], "basis": "dry"}
        add(register, "analyses", {**row, "below": False, "grade": "A", "source": "invented"}, SYSTEM, Level.PRIVATE)
    amount = model("quantities").objects.filter(register=register, subject=stream.stream).first()
    values = {"table": "streams", "subject": stream.stream, "vintage": register.vintage, "grade": "A", "source": "invented"}
    amount = amount or add(register, "quantities", {**values, "status": "estimated"}, SYSTEM)
    told = {"value": AMOUNT[number], "low": None, "high": None, "reported_value": AMOUNT[number]}
    change(amount, {**told, "circle": Level.PRIVATE, "bands": {"value": int(Level.MEMBERS)}}, SYSTEM, amount.version)


def heard(response) -> str:
    """An answer without what is drawn anew for every request."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith("application/vnd"):
        text = str([list(row) for row in load_workbook(io.BytesIO(content)).active.values])
    else:
        text = content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "now", text)
    text = re.sub(r'title="web [0-9a-f]{32}"', "", text)  # the number of a request
    # a pseudonym is drawn from a key of the database, which PostgreSQL never gives twice
    text = re.sub(r"(stream|need)(-[a-z2-7]{4}){3}", "pseudonym", text)
    text = re.sub(r'<option value="\d+"', "<option", text)  # so are numbers of rows
    text = re.sub(r'name="row" value="\d+:', 'name="row" value=":', text)
    return f"{response.status_code} {len(response.headers.get('Location', ''))} {text}"


def looks(told: dict, name: str) -> list[str]:
    """Addresses that look at lists, sorted, filtered, counted and exported, at rows, at what is not there."""
    found = [HOME]
    for table, column in (("streams", "moisture"), ("streams", "amount"), ("analyses", "value"), ("quantities", "value")):
        found += [f"{HOME}{table}/?{question}" for question in (f"sort={column}", f"{column}.min=15", f"{column}.max=3000", "q=ash")]
    found += [
        f"{HOME}streams/?format=csv",
        f"{HOME}analyses/?format=xlsx",
        f"{HOME}quantities/?format=csv",
        f"{HOME}streams/?amount_banded.min=3",
    ]
    found += [f"{HOME}streams/{key}/" for key in ("ash", "ash_of_a_secret_boiler", "nothing")]
    found += [f"{HOME}analyses/ash/Cd/total/1/", f"{HOME}-/uses/ash_of_a_secret_boiler"]
    if name == "visitor":
        return found
    found += [f"{HOME}-/{page}/" for page in ("listings", "questions", "disclosures")]
    found += [f"{HOME}-/{page}" for page in ("uses/ash", "feeds/road", "share/streams/ash")]
    found += [f"{HOME}streams/-/change/ash", f"{HOME}quantities/-/change/streams/ash/2024/"]
    return found + [f"{HOME}-/disclosures/ask/streams/{MARK}{pseudonym(told['twin'], viewer(each))}" for each in told["people"].values()]


def asks(client: Client, told: dict, name: str, need: str, every: list, monkeypatch) -> list[str]:
    """Classes of limits, as many as a month lets in and one more, asked by one organisation, and some of them in the next month."""
    found = []
    other = f"{MARK}{pseudonym(told['twin'], viewer(told['people'][name]))}"
    for step, (stream, use, law) in enumerate([*every, ("ash", "none", "FI"), (other, "none", "FI"), *every[:2]]):
        monkeypatch.setattr(asking, "_month", lambda step=step: "2026-01" if step < len(every) + 2 else "2026-02")
        row = model("needs").objects.get(register=told["register"], need=need)
        change(row, {"use_class": use, "jurisdiction": law, "moisture_max": 10.0 + step / 4}, SYSTEM, row.version)
        found.append(heard(client.post(f"{HOME}-/match", {"need": need, "stream": other if stream == "twin" else stream})))
    return [*found, heard(client.get(f"{HOME}-/feeds/{need}"))]


def play(number: int, person, monkeypatch) -> tuple[list[str], list[Question]]:
    """All that the attackers are answered in one world, and what was told of each question.

    The two organisations collude: what one has no questions left for, the other asks, so that every class is asked of both streams.
    """
    every = uses()
    first, second = (every[: asking.QUOTA], every[asking.QUOTA :]) if number < 2 else (every[:6], every[-6:])
    with undone():
        told = world(number, person)
        clients = {"visitor": Client()}
        for name, user in told["people"].items():
            clients[name] = Client()
            clients[name].force_login(user)
        shared = {"town": [("ash", *use) for use in first] + [("twin", *use) for use in second]}
        shared["works"] = [("ash", *use) for use in second] + [("twin", *use) for use in first]
        found = asks(clients["town"], told, "town", "road", shared["town"], monkeypatch)
        found += asks(clients["works"], told, "works", "yard", shared["works"], monkeypatch)
        if number < 2:
            found += [heard(client.get(address)) for name, client in clients.items() for address in looks(told, name)]
        questions = list(Question.objects.order_by("pk"))
    return found, questions


@pytest.fixture(scope="module")
def plays(django_db_setup, django_db_blocker):
    """What is heard in each world."""

    def person(name, role=Role.MEMBER, organisation=None, place=Place.MEMBER):
        user = User(email=f"{name}@example.org", role=role, consent_version=VERSION)
        user.set_unusable_password()
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if organisation is not None:
            Membership.objects.create(user=user, organisation=organisation, place=place)
        return user

    answered, judged = {}, asking.judged

    def once(register, mask):
        """The engine is deterministic: what it was given once, down to the last sign, it need not judge again in another world."""
        if mask.fingerprint not in answered:
            answered[mask.fingerprint] = judged(register, mask)
        return answered[mask.fingerprint]

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(asking, "judged", once)
        found = [play(number, person, monkeypatch) for number in range(len(WORLDS))]
    return dict(zip(WORLDS, found, strict=True))


def test_the_worlds_are_of_one_band_each():
    for low, high, other in [*CONTENTS.values(), AMOUNT]:
        assert band(low) == band(high) != band(other)


def test_what_is_heard_does_not_depend_on_where_in_its_band_a_figure_lies(plays):
    low, high = plays["low"][0], plays["high"][0]
    assert len(low) == len(high) > 200
    assert [at for at, (one, two) in enumerate(zip(low, high, strict=True)) if one != two] == []


def test_the_play_hears_what_may_be_heard(plays):
    low, other = ([str(each.answer) for each in plays[name][1]] for name in ("low", "other"))
    assert len(set(other) - set(low)) > 10


def test_every_use_class_was_asked_of_both_and_no_more_than_twenty_times_a_month(plays):
    questions = plays["low"][1]
    for row in {question.row for question in questions}:
        assert len({question.fingerprint for question in questions if question.row == row}) >= len(uses())
        for asker in {question.asker for question in questions}:
            months = [question.month for question in questions if (question.asker, question.row) == (asker, row)]
            assert max(months.count(month) for month in set(months)) <= asking.QUOTA


@pytest.mark.parametrize("name", WORLDS[:2])
@pytest.mark.parametrize("pair", list(CONTENTS))
def test_all_answers_together_leave_the_whole_band(plays, name, pair):
    """The attacker's own reckoning: each verdict and each band said of a component narrows it; what is left holds the band."""
    value = CONTENTS[pair][WORLDS.index(name)]
    table = library.tables()["limits"]
    low, high = 0.0, float("inf")
    for question in plays[name][1]:
        for part in question.answer["parts"]:
            if part["subject"] != "limit" or (row := table.index.get(part["limit"])) is None:
                continue
            if (table["component"][row], table["kind"][row]) != pair or part["minimum"]:
                continue
            assert part["value"] is None
            met, broken = part["verdict"] in ("pass", "likely"), part["verdict"] == "fail"
            low = max(low, part["band"][0], part["bound"] if broken else 0.0)
            high = min(high, part["band"][1] or float("inf"), part["bound"] if met else float("inf"))
    assert low <= band(value).low
    assert high >= band(value).high
    if pair[1] == "total":  # limits of content hold for both streams: each border was heard
        assert (low, high) == (coarse(value, *pair).low, coarse(value, *pair).high)


def test_no_hidden_figure_and_no_hidden_name_stands_in_anything_heard(plays):
    secrets = [f"{value:g}" for values in CONTENTS.values() for value in values[:1]] + ["2001", "2,001", "Secret", "secret_boiler"]
    text = re.sub(r"value=.secret.|q=secret", "", "\n".join(plays["low"][0]))
    assert [secret for secret in secrets if secret in text] == []
