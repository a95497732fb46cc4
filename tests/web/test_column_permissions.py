"""The matrix of permissions, cell by cell: what each view tells of what is closed, by role, own and other rows, each circle.

It is read from `columns.csv`. `closed` is "row" where the row as a whole has the circle, "columns" where everybody sees the row, and the
circle its columns but the key. A cell has four words, for what is private, open to facilitators, to members, to everybody, or one for
all: `told` where the answer, with the page that it leads to, holds any value of them, `silent` where it holds none, whatever else it
says; a dash is what cannot be. "own" is the organisation of member, editor and admin. Each organisation has an admin.
"""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from sivuvirta.web.accounts.models import Place, User
from sivuvirta.web.core.levels import Level
from sivuvirta.web.disclosure.models import Disclosure
from sivuvirta.web.papers.keeping import put
from sivuvirta.web.registry.lists import taking
from sivuvirta.web.registry.lists.listing import sortable
from sivuvirta.web.registry.models import Organisations, SavedView, model
from sivuvirta.web.registry.saved import question
from sivuvirta.web.registry.writes.changing import add, change
from web import permitted
from web.permitted import HOLDERS, ROLES, SITES, SYSTEM

LINES = list(csv.DictReader((Path(__file__).parent / "columns.csv").read_text(encoding="utf-8").splitlines()))
TEXTS = {"name": "Hush name", "note": "Hush note", "season": "Hush season"}
FIGURES = {"moisture": 31.4159, "gate_price": -27.1828, "temperature": 161.803}
SECRETS = ("Hush", "31.4", "27.18", "27.2", "161.8", "Hidden ash")
AT = "/three_sites"
ROW, PAPER, VERSION, ASKED, VIEW = "{row}", "{paper}", "{version}", "{asked}", "{view}"
VIEWS: dict[str, tuple[str, dict[str, str] | None]] = {
    "row": ("/streams/shut/", None),
    "list": ("/streams/?columns=name,moisture,note,gate_price,temperature,site", None),
    "list, searched": ("/streams/?q=Hush", None),
    "list, filtered": ("/streams/?moisture.min=31&columns=stream,hazardous", None),
    "list, sorted": ("/streams/?sort=-gate_price&columns=gate_price", None),
    "saved view of another": (f"/streams/?{VIEW}", None),
    "csv": ("/streams/?format=csv&q=shut", None),
    "xlsx": ("/streams/?format=xlsx&q=shut", None),
    "xlsx of a saved view": (f"/streams/?{VIEW}&format=xlsx", None),
    "take": ("/-/take", None),
    "pick": ("/analyses/-/pick/stream?stream=shut", None),
    "meter": ("/streams/-/meter/shut", None),
    "paper": (f"/-/papers/{PAPER}", None),
    "uses": ("/-/uses/shut", None),
    "feeds": ("/-/feeds/open_need", None),
    "match_ask": ("/-/match", {"need": "own_need", "stream": "shut"}),
    "match_ask, back": ("/-/match", {"need": "open_need", "stream": "shut", "back": "uses"}),
    "listings": ("/-/listings/", None),
    "questions": ("/-/questions/", None),
    "disclosures": ("/-/disclosures/", None),
    "disclosure_ask": ("/-/disclosures/ask/streams/shut", None),
    "share": ("/-/share/streams/shut", None),
    "share, looked at": ("/-/share/streams/shut", {"circle": "0", "preview": "1", "version": "1"}),
    "change": ("/streams/-/change/shut", None),
    "change, too late": ("/streams/-/change/shut", {"hazardous": "yes", "version": "1"}),
    "change, wrong": ("/streams/-/change/shut", {"hazardous": "perhaps", "version": VERSION}),
    "change, opened": ("/streams/-/change/shut", {"hazardous": "yes", "circle": "3", "version": VERSION}),
    "bulk": ("/streams/-/bulk", {"row": f"{ROW}:{VERSION}", "column": ""}),
    "bulk, too late": ("/streams/-/bulk", {"row": f"{ROW}:1", "column": "circle", "value": "members"}),
    "bulk, fields": ("/streams/-/bulk", {"row": f"{ROW}:{VERSION}", "column": "fields", "field": "note", "seen": "3"}),
    "remove": ("/streams/-/remove/shut", None),
    "remove, done": ("/streams/-/remove/shut", {"version": VERSION}),
    "remove, named": ("/streams/-/remove/shut", {"version": VERSION, "named": "yes"}),
    "listed": ("/-/listed/streams/shut/", None),
    "entered": ("/-/entered/", None),
    "register": ("/-/register/", None),
    "organisation": ("/organisations/{organisation}/", None),
    "site": ("/sites/{site}/", None),
}
"""Addresses of views, with what is sent to them, None for nothing."""


class World:
    """A stream of an organisation that is closed in one way, as somebody of a role meets it."""

    def __init__(self, register, role: str, line, level: Level) -> None:
        own, other = (Organisations.objects.get(register=register, organisation=HOLDERS[each]) for each in ("own", "other"))
        people = {whose: permitted.person(whose, organisation=held, place=Place.ADMIN) for whose, held in (("own", own), ("other", other))}
        whose, columns = line["whose"], line["closed"] == "columns"
        self.me = permitted.someone(role, own)
        told = {**TEXTS, **FIGURES, "stream": "shut", "site": SITES[whose], "material": "slag.ferrochrome.air_cooled", "hazardous": "no"}
        told |= {"source": "invented", "grade": "A"}
        row = add(register, "streams", told, SYSTEM, Level.PUBLIC if columns else level)
        if columns:
            circles = dict.fromkeys((name for name in row.schema.columns if name != "stream"), int(level))
            row = change(row, {"circles": circles}, SYSTEM, row.version)
        self.row = change(row, {"note": "Hush newer", "moisture": 31.4444}, SYSTEM, row.version)
        self.paper = put(self.row, "Hush paper.pdf", permitted.PDF, SYSTEM)
        about = {"source": "invented", "grade": "A", "material": "aggregate", "jurisdiction": "FI", "kind": "need", "status": "open"}
        for key, site in (("open_need", SITES["other"]), ("own_need", SITES["own"])):
            add(register, "needs", {**about, "need": key, "name": key, "site": site}, SYSTEM, Level.PUBLIC)
        table = model("streams").schema
        kept = {"sort": "-moisture", "columns": "name,moisture,note,gate_price,temperature"}
        self.view = SavedView.objects.create(
            register=register, table="streams", name="x", owner=people[whose], query=question(table, kept, sortable(table))
        )
        until = timezone.now().date() + timedelta(days=9)
        asked = {"register": register, "table": "streams", "row": row.pk, "key": "shut", "holder": row.holder, "until": until}
        for user in User.objects.exclude(pk=people[whose].pk):
            Disclosure.objects.create(**asked, asker=user, asked_by=user.email, purpose="x", scopes=["row"])
        self.places = {"organisation": HOLDERS[whose], "site": SITES[whose]}

    def put(self, text: str) -> str:
        """A part of an address or a form with what it names."""
        named = {"row": self.row.pk, "paper": self.paper.pk, "version": self.row.version, "view": self.view.query, **self.places}
        return text.format(**named)


def told(client: Client, world: World, view: str) -> str:
    """Whether an answer, with the page that it leads to, holds a secret; what it did is undone."""
    where, sent = VIEWS[view]
    with transaction.atomic():
        if sent and "named" in sent:
            about = {"fate": "f", "stream": "shut", "vintage": world.row.register.vintage, "kind": "landfill", "share": 100.0}
            add(world.row.register, "fates", {**about, "source": "invented", "grade": "A"}, SYSTEM, Level.PRIVATE)
        form = None if sent is None else {name: world.put(value) for name, value in sent.items()}
        here = AT + world.put(where)
        response = client.get(here, follow=True) if form is None else client.post(here, form, follow=True)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return "told" if tells(readable(content), where) or content.startswith(b"%PDF") else "silent"


def tells(found: str, where: str) -> bool:
    """Whether an answer says what is closed, or gives the row where it was asked for by that."""
    if "q=Hush" in where or "min=" in where:
        return f"{AT}/streams/shut/" in found
    return any(secret in found for secret in SECRETS)


def readable(content: bytes) -> str:
    """The text of an answer, of all files of an archive or a workbook."""
    if not is_zipfile(io.BytesIO(content)):
        return content.decode(errors="replace")
    with ZipFile(io.BytesIO(content)) as box:
        return "\n".join(box.read(name).decode(errors="replace") for name in box.namelist())


def test_every_view_has_a_line_for_each_way_to_close():
    lines = [(line["view"], line["whose"], line["closed"]) for line in LINES]
    assert sorted(lines) == sorted((view, whose, closed) for view in VIEWS for whose in SITES for closed in ("row", "columns"))


@pytest.mark.parametrize("role", ROLES)
def test_no_line_tells_more_than_its_circle(role):
    """What the table says itself: others' cells are told from the narrowest circle that the role is in, one's own to its people."""
    floor = {"visitor": 3, "facilitator": 1, "authority": 1, "administrator": 1}.get(role, 2)
    allowed = {"own": [True] * 4, "other": [level >= floor for level in range(4)]}
    for line in LINES:
        words = each(line, role)
        assert set(words) <= {"told", "silent"} or words == ["-"] * 4
        assert all(may or word != "told" for may, word in zip(allowed[line["whose"]], words, strict=True)), line


def each(line, role: str) -> list[str]:
    """The words of a cell, one for each circle."""
    words = line[role].split()
    return words * 4 if len(words) == 1 else words


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_views_tell_what_the_matrix_says(register, role, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(taking, "MOST", 10_000)  # times a minute
    wrong = []
    for at, line in {(line["whose"], line["closed"]): line for line in LINES if each(line, role)[0] != "-"}.items():
        for level in Level:
            with transaction.atomic():
                world, client = World(register, role, line, level), Client()
                if world.me is not None:
                    client.force_login(world.me)
                for one in (one for one in LINES if (one["whose"], one["closed"]) == at):
                    said = told(client, world, one["view"])
                    if said != each(one, role)[level]:
                        wrong.append(f"{one['view']}, {at}, {level.word}: {said}")
                transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def test_what_a_holder_closed_by_itself_is_not_told_of_a_row_without_its_name(register):
    told_ = {"stream": "shut", "name": "Shut", "site": "works", "material": "slag.ferrochrome.air_cooled", "hazardous": "no"}
    told_ |= {"legal_status": "by_product", "source": "invented", "grade": "A"}
    row = add(register, "streams", told_, SYSTEM, Level.PRIVATE)
    row = change(row, {"anonymous": int(Level.MEMBERS)}, SYSTEM, row.version)
    client = Client()
    client.force_login(permitted.person("m"))
    page = client.get(f"{AT}/-/listings/").content.decode()
    assert "by product" in page
    assert "slag" in page
    change(row, {"circles": {"material": 0, "legal_status": 0}}, SYSTEM, row.version)
    page = client.get(f"{AT}/-/listings/").content.decode()
    assert "not open to you" in page
    assert not any(secret in page for secret in ("by product", "by_product", "slag"))
