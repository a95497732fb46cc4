"""Imports: a messy workbook read, mended, accepted and taken back; nothing half written, nobody's rows but one's own."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.imports.models import Session
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.writes.changing import change

SYSTEM = system("test")
IMPORTS = "/three_sites/-/imports/"

HEADINGS = ["Sivuvirta", "Tehdas", "Materiaali", "Kosteus, %", "Määrä (kt/a)", "Kuiva vai märkä", "Vaarallinen", "Luokka", "Lähde"]
ROWS = [
    ["Pohjatuhka", "Mill", "Puun ja turpeen pohjatuhka", "12,5", "1,2", "kuivana", "ei", "B", "invented"],
    ["Kuitusavi", "mill", "pulp.fibre_clay", 45, "3,05", "märkä", "ei", "B", "invented"],
    ["Lentotuhka 2", "Mill", "ash.fly.wood", "0,5", 0.8, "kuivana", "ei", "B", "invented"],
]


def workbook(rows, headings=HEADINGS, *, above=(), title="Sivuvirrat 2024") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in (*above, headings, *rows):
        sheet.append(row)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def upload(content: bytes, name: str = "register.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def newest() -> Session:
    return Session.objects.latest("pk")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def mill(register, person):
    return person("miller", organisation=Organisations.objects.get(organisation="mill_ltd"), place=Place.EDITOR)


@pytest.fixture
def client(mill) -> Client:
    client = Client()
    client.force_login(mill)
    return client


def sent(client, content: bytes, name: str = "register.xlsx") -> Session:
    response = client.post(IMPORTS, {"file": upload(content, name)})
    assert response.status_code == 302, response.content.decode()
    session = newest()
    assert session.works.first().error == ""
    return session


def problems(session: Session) -> list[str]:
    found = session.found
    return [problem["message"] for card in found["cards"] for problem in card["problems"]] + [each["message"] for each in found["columns"]]


class TestMessyWorkbook:
    """Finnish headings below a title, units in headings, decimal commas, names in place of keys, two bad cells."""

    @pytest.fixture
    def session(self, client) -> Session:
        rows = [list(row) for row in ROWS]
        rows[1][2] = "kuitusaviliete"  # no such material
        rows[2][3] = "noin 5"  # no number
        return sent(client, workbook(rows, above=(["Sivuvirrat ja määrät"], ["päivitetty", date(2024, 5, 13)], [])))

    def test_all_that_is_wrong_is_shown_beside_the_sheet(self, client, session):
        cards = session.found["cards"]
        assert [(card["letter"], card["line"], card["text"]) for card in cards] == [("C", 6, "kuitusaviliete"), ("D", 7, "noin 5")]
        assert session.found["columns"] == []
        assert [cell["text"] for cell in cards[0]["grid"][1]["cells"]] == ["Kuitusavi", "mill", "kuitusaviliete", "45", "3,05"]
        page = client.get(f"{IMPORTS}{session.pk}/").content.decode()
        assert page.count('class="card cell"') == 2
        assert "/accept" not in page
        assert not model("streams").objects.filter(name="Pohjatuhka").exists()

    def test_it_is_mended_accepted_and_taken_back(self, client, session, mill):
        at = f"{IMPORTS}{session.pk}/"
        before = {name: model(name).objects.count() for name in ("streams", "quantities")}
        for card, now in zip(session.found["cards"], ("pulp.fibre_clay", "5"), strict=True):
            place = {"sheet": card["sheet"], "line": card["line"], "column": card["column"], "was": card["text"]}
            response = client.post(f"{at}correct", {**place, "now": now}, HTTP_HX_REQUEST="true")
            assert response.status_code == 200
        session.refresh_from_db()
        assert problems(session) == []
        assert session.found["counts"] == {"add": 6, "change": 0, "remove": 2, "same": 0, "kept": 0}
        assert "Accept 6 changes" in client.get(at).content.decode()
        client.post(f"{at}accept")
        ash = model("streams").objects.get(name="Pohjatuhka")
        assert re.fullmatch(r"mill\.pohjatuhka_[0-9a-f]{4}", ash.row_key)
        assert (ash.name, ash.site, ash.material, ash.moisture, ash.hazardous) == ("Pohjatuhka", "mill", "ash.bottom.wood_peat", 12.5, "no")
        assert (str(ash.holder), ash.circle, ash.version) == ("Mill Ltd", Level.FACILITATORS, 1)
        dry = model("quantities").objects.get(subject=ash.row_key)
        assert (dry.value, dry.reported_value, dry.reported_unit, dry.vintage) == (1200.0, 1.2, "kt/a", "2024")
        wet = model("quantities").objects.get(subject__startswith="mill.kuitusavi_")
        assert wet.value == pytest.approx(3050 * 0.55)  # 3 050 t as sent at 45 % water
        entries = Entry.objects.filter(table__in=("streams", "quantities"), who=mill.email)
        assert (entries.count(), len(set(entries.values_list("request", flat=True)))) == (6, 1)
        assert entries.first().request
        client.post(f"{at}undo")
        session.refresh_from_db()
        assert session.stage == "undone"
        assert {name: model(name).objects.count() for name in before} == before
        assert Entry.objects.filter(action="remove", table="streams").count() == 3

    def test_a_file_is_sent_again_into_the_same_import(self, client, session):
        client.post(f"{IMPORTS}{session.pk}/again", {"file": upload(workbook(ROWS))})
        session.refresh_from_db()
        assert problems(session) == []
        assert session.found["ready"]
        assert Session.objects.count() == 1

    def test_a_row_is_left_out(self, client, session):
        for card in session.found["cards"]:
            client.post(f"{IMPORTS}{session.pk}/correct", {"sheet": card["sheet"], "line": card["line"], "column": 0, "skip": "1"})
        session.refresh_from_db()
        assert session.found["counts"]["add"] == 2


def test_one_wrong_word_is_mended_in_all_its_rows_at_once(client):
    rows = [[f"Tuhka {number}", "Mill", "tuhkaa", "", "", "", "", "B", "invented"] for number in range(4)]
    session = sent(client, workbook(rows))
    (card,) = session.found["cards"]
    assert (card["others"], card["line"]) == (3, 2)
    told = {"sheet": card["sheet"], "line": card["line"], "column": card["column"], "was": "tuhkaa", "now": "ash.fly.wood", "all": "on"}
    client.post(f"{IMPORTS}{session.pk}/correct", told)
    session.refresh_from_db()
    assert (problems(session), session.found["counts"]["add"]) == ([], 4)


def test_the_person_says_what_the_columns_mean(client):
    headings = ["Jakeen nimike X", "Paikka", "Aineluokka Q", "Väri"]
    session = sent(client, workbook([["Kuona 1", "mill", "ash.fly.wood", "harmaa"]], headings))
    name = next(iter(session.maps))
    told = {"table-0": "streams", "head-0": "1"}
    client.post(f"{IMPORTS}{session.pk}/map", told)
    session.refresh_from_db()
    targets = {f"to-0-{at}": target for at, target in enumerate(("streams.name", "streams.site", "streams.material", "streams.note"))}
    client.post(f"{IMPORTS}{session.pk}/map", {**told, **targets, "circle": "2", "fixed-streams.grade": "C"})
    session.refresh_from_db()
    assert (session.maps[name]["table"], problems(session)) == ("streams", [])
    client.post(f"{IMPORTS}{session.pk}/accept")
    made = model("streams").objects.get(name="Kuona 1")
    assert (made.note, made.grade, made.circle) == ("harmaa", "C", Level.MEMBERS)


class TestChanges:
    """Rows that are there: cell by cell, and what a person does not see stays."""

    def export(self, *rows) -> bytes:
        return "\n".join(["stream;name;moisture;grain_max", *rows]).encode()

    def test_a_change_is_shown_cell_by_cell_and_keeps_who_sees_it(self, client):
        ash = model("streams").objects.get(row_key="ash")
        change(ash, {"circle": Level.MEMBERS, "circles": {"grain_max": 0}}, SYSTEM, 1)
        session = sent(client, self.export("ash;Fly ash;2,5;"), "list.csv")
        assert session.found["counts"] == {"add": 0, "change": 1, "remove": 0, "same": 0, "kept": 0}
        page = client.get(f"{IMPORTS}{session.pk}/").content.decode()
        assert "<del>0</del> → <ins>2.5</ins>" in page
        client.post(f"{IMPORTS}{session.pk}/accept")
        now = model("streams").objects.get(pk=ash.pk)
        assert (now.moisture, now.grain_max, now.version) == (2.5, 1.0, 3)
        assert (now.circle, now.circles) == (Level.MEMBERS, {"grain_max": 0})
        entry = Entry.objects.filter(key="ash").first()
        assert (entry.before, entry.after) == ({"moisture": 0.0}, {"moisture": 2.5})

    def test_an_empty_cell_leaves_what_is_there_unless_asked(self, client):
        session = sent(client, self.export("ash;Fly ash;;"), "list.csv")
        assert session.found["counts"]["same"] == 1
        name = next(iter(session.maps))
        client.post(f"{IMPORTS}{session.pk}/map", {"table-0": session.maps[name]["table"], "clear": "on"})
        session.refresh_from_db()
        assert session.found["counts"]["change"] == 1
        client.post(f"{IMPORTS}{session.pk}/accept")
        now = model("streams").objects.get(row_key="ash")
        assert (now.moisture, now.grain_max, now.name) == (None, None, "Fly ash")

    def test_a_cell_that_the_sender_does_not_see_is_neither_told_nor_written(self, register, person):
        slag = model("streams").objects.get(row_key="slag")
        change(slag, {"circles": {"moisture": 0}}, SYSTEM, 1)
        client = Client()
        client.force_login(person("facilitator", Role.FACILITATOR))
        session = sent(client, self.export("slag;Slag 2;7;32"), "list.csv")
        assert (session.found["counts"]["change"], session.found["counts"]["kept"]) == (1, 1)
        assert "moisture" not in (session.difference / "change.jsonl").read_text()
        client.post(f"{IMPORTS}{session.pk}/accept")
        now = model("streams").objects.get(pk=slag.pk)
        assert (now.name, now.moisture, now.circles) == ("Slag 2", 0.0, {"moisture": 0})

    def test_an_import_whose_rows_were_changed_since_is_not_taken_back(self, client):
        session = sent(client, self.export("ash;Ash;2,5;"), "list.csv")
        client.post(f"{IMPORTS}{session.pk}/accept")
        change(model("streams").objects.get(row_key="ash"), {"note": "mine"}, system("somebody"), 2)
        page = client.post(f"{IMPORTS}{session.pk}/undo", follow=True).content.decode()
        assert "streams ash (somebody)" in page
        assert model("streams").objects.get(row_key="ash").name == "Ash"
        session.refresh_from_db()
        assert session.stage == "accepted"

    def test_what_others_name_since_is_not_taken_back(self, client):
        session = sent(client, workbook(ROWS[:1]))
        client.post(f"{IMPORTS}{session.pk}/accept")
        key = model("streams").objects.get(name="Pohjatuhka").row_key
        other = {
            "table": "streams",
            "subject": key,
            "vintage": "2024",
            "period": "1-3",
            "value": 1.0,
            "grade": "A",
            "source": "invented",
        }
        model("quantities").objects.create(register=session.register, circle=3, **other)
        page = client.post(f"{IMPORTS}{session.pk}/undo", follow=True).content.decode()
        assert f"quantities streams/{key}/2024/1-3" in page
        assert model("streams").objects.filter(row_key=key).exists()

    def test_what_was_changed_meanwhile_is_not_overwritten_unseen(self, client):
        session = sent(client, self.export("ash;Ash;2,5;"), "list.csv")
        change(model("streams").objects.get(row_key="ash"), {"moisture": 9.0}, SYSTEM, 1)
        page = client.post(f"{IMPORTS}{session.pk}/accept", follow=True).content.decode()
        assert "changed meanwhile" in page
        assert "<del>9</del> → <ins>2.5</ins>" in page
        assert model("streams").objects.get(row_key="ash").moisture == 9.0
        client.post(f"{IMPORTS}{session.pk}/accept")
        assert model("streams").objects.get(row_key="ash").moisture == 2.5

    def test_missing_rows_stay_unless_the_person_asks(self, client):
        client.post(f"{IMPORTS}{sent(client, workbook(ROWS)).pk}/accept")
        only = b"table,subject,vintage,value,grade,source\nstreams,ash,2024,6000,A,invented\n"
        session = sent(client, only, "quantities.csv")
        assert (session.found["counts"]["remove"], session.found["changes"]) == (3, 0)
        client.post(f"{IMPORTS}{session.pk}/map", {"remove": "on"})
        session.refresh_from_db()
        assert session.found["changes"] == 3
        client.post(f"{IMPORTS}{session.pk}/accept")
        assert not model("quantities").objects.filter(subject__startswith="mill.kuitusavi_").exists()
        assert model("quantities").objects.filter(subject="slag").exists()  # another organisation's
        client.post(f"{IMPORTS}{session.pk}/undo")
        back = model("quantities").objects.get(subject__startswith="mill.kuitusavi_")
        assert (back.circle, str(back.holder)) == (Level.FACILITATORS, "Mill Ltd")


class TestWhoMay:
    """One's organisation's rows; one's own imports."""

    def test_another_organisation_s_rows_are_refused(self, client):
        content = b"stream,name,site,material\nslag,Mine now,works,slag.ferrochrome\nnew,New,works,slag.ferrochrome\n"
        session = sent(client, content, "streams.csv")
        assert {problem["message"] for card in session.found["cards"] for problem in card["problems"]} == {
            "'slag' is a row that you may not change.",
            "This row would not be your organisation's.",
        }
        client.post(f"{IMPORTS}{session.pk}/accept")
        assert model("streams").objects.get(row_key="slag").name == "Slag"

    def test_somebody_else_s_import_is_not_there(self, client, person):
        session = sent(client, workbook(ROWS))
        other = Client()
        other.force_login(person("administrator", Role.ADMINISTRATOR))
        at = f"{IMPORTS}{session.pk}/"
        assert other.get(at).status_code == 404
        for does in ("again", "map", "correct", "accept", "undo", "cancel", "leave"):
            assert other.post(f"{at}{does}").status_code == 404
        assert client.get(at).status_code == 200

    @pytest.mark.parametrize(("role", "code"), [(Role.MEMBER, 403), (Role.AUTHORITY, 403), (Role.EXPERT, 403), (Role.FACILITATOR, 200)])
    def test_who_opens_the_page(self, register, person, role, code):
        client = Client()
        client.force_login(person("somebody", role))
        assert client.get(IMPORTS).status_code == code

    def test_who_lost_their_place_writes_nothing(self, client, mill):
        session = sent(client, workbook(ROWS))
        mill.memberships.all().delete()
        client.post(f"{IMPORTS}{session.pk}/accept")
        assert not model("streams").objects.filter(name="Pohjatuhka").exists()


def test_the_file_is_deleted_with_its_import(client, folder):
    session = sent(client, workbook(ROWS))
    assert session.file.is_file()
    client.post(f"{IMPORTS}{session.pk}/leave")
    assert list((folder / "imports").iterdir()) == []
    assert not Session.objects.exists()


def test_the_template_is_an_empty_workbook_that_is_read_again(client):
    content = client.get(f"{IMPORTS}template?table=streams").content
    assert {"streams", "sources"} <= set(load_workbook(io.BytesIO(content)).sheetnames)
    session = sent(client, content, "template.xlsx")
    assert session.found["changes"] == 0


def test_a_data_package_is_read_whole(client, region, tmp_path):
    place = tmp_path / "package"
    region.save(place)
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in place.iterdir():
            archive.write(file, f"three_sites/{file.name}")
    session = sent(client, into.getvalue(), "package.zip")
    assert problems(session) == []  # most of its rows are other people's, and say what the register says
    assert session.found["counts"]["same"] == sum(len(table) for table in region.tables.values())


def test_pages_ask_as_often_however_many_rows(client, django_assert_max_num_queries):
    session = sent(client, workbook([[f"Tuhka {number}", *ROWS[0][1:]] for number in range(120)]))
    with django_assert_max_num_queries(9):
        assert "page 1 of 5" in client.get(f"{IMPORTS}{session.pk}/").content.decode()
