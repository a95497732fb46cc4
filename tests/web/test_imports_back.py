"""What a register hands out comes back in: a package taken and imported changes nothing, and one cell changed is one change."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import sivuvirta as sv
from sivuvirta.web import serving
from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.core.levels import Level
from sivuvirta.web.imports import sessions
from sivuvirta.web.imports.models import Session
from sivuvirta.web.registry.models import MODELS, Organisations, model
from sivuvirta.web.registry.writes.changing import change
from sivuvirta.web.registry.writes.packages import store

SYSTEM = system("test")
SAME = {"add": 0, "change": 0, "remove": 0, "kept": 0}
OUT = "it says who sees rows, and an import changes no circle"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    monkeypatch.setattr(sessions, "SMALL", 10**9)  # read at once


def put(register, key: str, **values) -> None:
    found = model("streams").objects.get(register=register, row_key=key)
    change(found, values, SYSTEM, found.version)


@pytest.fixture
def told(register):
    """A register of which `visibility` speaks: a private row, a private column, a band, and a text that a spreadsheet would run."""
    put(register, "slag", circle=Level.PRIVATE)
    put(register, "ash", circles={"name": int(Level.FACILITATORS)}, bands={"moisture": int(Level.PUBLIC)}, note="=1+1")
    return register


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def editor(person, register, organisation: str) -> Client:
    holder = Organisations.objects.get(register=register, organisation=organisation)
    return client_of(person("editor", organisation=holder, place=Place.EDITOR))


def taken(client, register) -> bytes:
    response = client.get(f"/{register.slug}/-/take")
    return b"".join(response.streaming_content) if response.streaming else response.content


def sent(client, register, content: bytes, name: str = "back.zip") -> Session:
    assert client.post(f"/{register.slug}/-/imports/", {"file": SimpleUploadedFile(name, content)}).status_code == 302
    return Session.objects.latest("pk")


def page(client, session) -> str:
    return client.get(f"/{session.register.slug}/-/imports/{session.pk}/").content.decode()


def with_cell(content: bytes, table: str, key: str, column: str, text: str) -> bytes:
    """The package with another text in one cell."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == f"{table}.csv":
                rows = list(csv.reader(io.StringIO(data.decode())))
                next(row for row in rows if row[0] == key)[rows[0].index(column)] = text
                stream = io.StringIO()
                csv.writer(stream).writerows(rows)
                data = stream.getvalue().encode()
            new.writestr(name, data)
    return made.getvalue()


def rows_seen(register) -> int:
    return sum(named.objects.filter(register=register).count() for named in MODELS.values())


def test_what_a_facilitator_takes_comes_back_as_no_change(told, person):
    client = client_of(person("facilitator", Role.FACILITATOR))
    session = sent(client, told, taken(client, told))
    assert session.found["counts"] == {**SAME, "same": rows_seen(told) - 1}  # all but the private row
    assert (session.found["errors"], session.found["faults"], session.found["out"]) == (0, [], [])
    assert "Nothing: the register says all of it already." in page(client, session)


@pytest.mark.parametrize("organisation", ["mill_ltd", "works_ltd"])
def test_what_an_editor_takes_comes_back_as_no_change(told, person, organisation):
    client = editor(person, told, organisation)
    content = taken(client, told)
    session = sent(client, told, content)
    hidden = model("streams").objects.filter(register=told, row_key="ash", holder__organisation=organisation).count()
    assert {**session.found["counts"], "same": 0, "kept": 0} == {**SAME, "same": 0}
    assert (session.found["errors"], session.found["faults"], session.works.get().error) == (0, [], "")
    assert session.found["counts"]["kept"] == 1 - hidden  # the name that the sender does not see, and that the file leaves empty
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        speaks = "visibility.csv" in archive.namelist()
    assert session.found["out"] == (["visibility"] if speaks else [])
    assert (OUT in page(client, session)) is speaks
    assert speaks


@pytest.mark.parametrize("role", [Role.MEMBER, Role.FACILITATOR])
def test_one_cell_changed_in_what_was_taken_is_that_one_change(told, person, role):
    client = client_of(person("facilitator", role)) if role == Role.FACILITATOR else editor(person, told, "mill_ltd")
    session = sent(client, told, with_cell(taken(client, told), "streams", "ash", "moisture", "12.5"))
    counts = session.found["counts"]
    assert ((counts["add"], counts["change"], counts["remove"]), session.found["errors"]) == ((0, 1, 0), 0)
    sessions.start(session, "accept")
    row = model("streams").objects.get(register=told, row_key="ash")
    assert (row.moisture, row.note, row.circles) == (12.5, "=1+1", {"name": int(Level.FACILITATORS)})
    assert session.works.latest("pk").state == "done"


def test_a_row_of_others_that_is_changed_in_what_was_taken_is_refused(told, person):
    client = editor(person, told, "works_ltd")
    session = sent(client, told, with_cell(taken(client, told), "streams", "ash", "moisture", "12.5"))
    assert (session.found["errors"], session.found["ready"]) == (1, False)
    assert "'ash' is a row that you may not change." in session.found["cards"][0]["problems"][0]["message"]


@pytest.mark.parametrize("name", ["three_sites", "two_seasons", "kemi_tornio"])
@pytest.mark.parametrize("ending", ["", ".zip", ".xlsx"])
def test_what_is_exported_whole_is_read_and_changes_nothing(db, person, tmp_path, name, ending):
    register = store(sv.load(name), "test")
    first = MODELS["streams"].objects.filter(register=register).order_by("pk")[0]
    change(first, {"circles": {"moisture": int(Level.PRIVATE)}}, SYSTEM, first.version)
    serving.export(name, tmp_path / f"out{ending}")
    content = (tmp_path / f"out{ending}").read_bytes() if ending else folder(tmp_path / "out")
    client = client_of(person("administrator", Role.ADMINISTRATOR))
    session = sent(client, register, content, f"back{ending or '.zip'}")
    work = session.works.get()
    assert (work.state, work.error) == ("done", "")
    assert session.found["counts"] == {**SAME, "same": rows_seen(register), "kept": 1}
    assert (session.found["errors"], session.found["faults"], session.found["out"]) == (0, [], ["visibility"])


def folder(path) -> bytes:
    """A folder as people send it: in an archive, below its own name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for each in sorted(path.iterdir()):
            archive.write(each, f"out/{each.name}")
    return made.getvalue()


def test_a_table_of_visibility_alone_is_left_out(told, person):
    client = client_of(person("administrator", Role.ADMINISTRATOR))
    text = b"table,key,column,level,band,anonymous,matched\nstreams,ash,,public,,,\n"
    session = sent(client, told, text, "visibility.csv")
    assert (session.found["out"], session.found["changes"], session.found["ready"]) == (["visibility"], 0, False)
    assert OUT in page(client, session)
