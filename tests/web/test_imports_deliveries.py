"""Deliveries by schedule: a token that reaches one organisation's exchanges, each delivery once; a folder that is watched."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.cache import cache
from django.test import Client

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.accounts.models import Place, Role, User
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.imports import watching
from sivuvirta.web.imports.models import Delivery, Source
from sivuvirta.web.imports.receiving import receive
from sivuvirta.web.imports.watching import Watcher
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.writes.changing import RefusedError, change
from web.workers import asked, at, endless, program, until

AT, PAGE = "/-/deliveries", "/three_sites/-/imports/sources"
CSV = b"exchange;stream;text;receiver;quantity [kt];year\nash_town_2024;ash;fly ash to roads;Town;1,25;2024\n"


@pytest.fixture
def editor(register, person) -> Client:
    client = Client()
    client.force_login(person("miller", organisation=Organisations.objects.get(organisation="mill_ltd"), place=Place.EDITOR))
    cache.clear()
    return client


@pytest.fixture
def token(editor) -> str:
    told = {"name": "weighbridge", "organisation": Organisations.objects.get(organisation="mill_ltd").pk, "evidence": "invented"}
    response = editor.post(PAGE, {**told, "grade": "A", "circle": "1"})
    return response.context["token"]


def delivered(token, content, number="1", **heads):
    kind = "application/json" if isinstance(content, dict) else "text/csv"
    body = json.dumps(content) if isinstance(content, dict) else content
    keyed = {"HTTP_IDEMPOTENCY_KEY": number} if number else {}
    return Client(enforce_csrf_checks=True).post(AT, body, content_type=kind, HTTP_AUTHORIZATION=f"Bearer {token}", **keyed, **heads)


def row(**changed):
    return {"exchange": "ash_2024", "stream": "ash", "text": "fly ash", "receiver": "Town", "quantity": 800, "year": 2024, **changed}


def test_a_delivery_is_kept_once(token):
    first, second = delivered(token, CSV), delivered(token, CSV)
    assert (first.status_code, first.json()) == (200, {"same": 0, "left_out": [], "delivery": "1", "added": 1, "changed": 0})
    assert second.json() == {**first.json(), "repeated": True}
    made = model("exchanges").objects.get()
    assert (made.quantity, made.donor, made.grade, made.source) == (1250.0, "Mill Ltd", "A", "invented")
    assert (str(made.holder), made.circle) == ("Mill Ltd", 1)
    entry = Entry.objects.get(table="exchanges")
    assert (entry.who, entry.channel) == ("source weighbridge", "api")
    assert len(entry.request) == 32


def test_the_number_of_another_delivery_is_refused(token):
    delivered(token, {"delivery": "d1", "rows": [row()]}, number="")
    again = delivered(token, {"delivery": "d1", "rows": [row(quantity=900)]}, number="")
    assert again.status_code == 409
    assert model("exchanges").objects.get().quantity == 800
    assert delivered(token, {"delivery": "d2", "rows": [row(quantity=900)]}, number="").json()["changed"] == 1
    assert model("exchanges").objects.get().quantity == 900


def test_a_delivery_with_bad_cells_is_refused_whole_and_all_are_told(token):
    response = delivered(token, {"rows": [row(), row(exchange="b", stream="asch", quantity="much")]})
    assert response.status_code == 422
    assert [(each["row"], each["column"]) for each in response.json()["problems"]] == [(2, "quantity"), (2, "stream")]
    assert (model("exchanges").objects.count(), Delivery.objects.count()) == (0, 0)
    assert delivered(token, {"rows": [row()]}).status_code == 200  # mended, under the same number


def test_another_organisation_s_rows_are_refused(token):
    response = delivered(token, {"rows": [row(stream="slag")]})
    assert response.status_code == 422
    assert "not be your organisation's" in response.json()["problems"][0]["message"]
    assert delivered(token, {"rows": [row(stream=None)]}).status_code == 422


@pytest.mark.parametrize("body", [b"", b"{", b'{"rows": {}}', b'{"rows": [[1]]}', b'{"rows": [{"exchange": {"a": 1}}]}', b"\x89PNG\0"])
def test_what_is_no_delivery_is_refused_in_words(token, body):
    response = delivered(token, body)
    assert response.status_code == 422
    assert response.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"rows": [{"exchange": "x\\u0000y", "stream": "ash", "text": "fly ash"}]}',
        b'{"rows": [{"exchange": "x\\ud800y", "stream": "ash", "text": "fly ash"}]}',
        b'{"rows": [{"exchange": "x", "stream": "ash\\u0000", "text": "fly ash"}]}',
        b'{"rows": [{"exchange": "x", "stream": "ash", "text": "fly ash", "quantity": NaN}]}',
        b'{"rows": [{"exchange": "x", "stream": "ash", "text": "fly ash", "quantity": ' + b"9" * 400 + b"}]}",
        b'{"rows": [{"exchange": "' + b"x" * 201 + b'", "stream": "ash", "text": "fly ash"}]}',
    ],
    ids=["no text", "half a sign", "no text as a name", "no number", "a number without end", "a long key"],
)
def test_what_no_database_holds_is_refused_in_words(token, body):
    """Each was an error of ours, and NaN was kept as unknown."""
    response = delivered(token, body)
    assert (response.status_code, Delivery.objects.count()) == (422, 0)
    assert response.json()["error"]


@pytest.mark.parametrize("number", ["\0", "\ud800"])
def test_a_number_of_a_delivery_is_written_in_plain_signs(token, number):
    assert delivered(token, {"delivery": number, "rows": [row()]}, number="").status_code == 422


def test_a_large_delivery_is_told_to_be_parted(token, settings):
    """A machine was answered with a page for people."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
    response = delivered(token, b" " * 2_000_001)
    assert (response.status_code, response.json()) == (413, {"error": "A delivery has at most 2 MB. Part it."})


def test_a_delivery_without_a_number_is_refused(token):
    assert delivered(token, CSV, number="").status_code == 422


class TestTokens:
    """Shown once, kept as a digest, scoped, revocable."""

    def test_it_is_shown_once_and_not_kept(self, editor, token):
        source = Source.objects.get()
        assert token.split(".")[1] not in (source.digest, str(vars(source)))
        assert token not in editor.get(PAGE).content.decode()

    @pytest.mark.parametrize("wrong", ["", "x", "1.", "1.wrong", "999.wrong", "-1.x", "1" * 40 + ".x"])
    def test_a_wrong_one_is_refused(self, token, wrong):
        assert delivered(wrong, CSV).status_code == 401

    def test_a_revoked_one_is_refused(self, editor, token):
        editor.post(f"{PAGE}/{Source.objects.get().pk}/revoke")
        assert delivered(token, CSV).status_code == 401
        assert Entry.objects.filter(action="revoke").exists()

    def test_it_opens_no_page(self, token):
        assert Client().get("/three_sites/-/imports/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 302
        assert Client().get(AT, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 405

    def test_nobody_makes_or_revokes_one_of_another_organisation(self, token, person):
        other = Client()
        other.force_login(person("worker", organisation=Organisations.objects.get(organisation="works_ltd"), place=Place.ADMIN))
        told = {"name": "mine", "organisation": Organisations.objects.get(organisation="mill_ltd").pk, "evidence": "invented", "grade": "A"}
        assert other.post(PAGE, {**told, "circle": "1"}).status_code == 422
        assert "miller@example.org" not in other.get(PAGE).content.decode()
        assert other.post(f"{PAGE}/{Source.objects.get().pk}/revoke").status_code == 404
        member = Client()
        member.force_login(person("member", Role.MEMBER))
        assert member.get(PAGE).status_code == 403

    def test_too_many_within_a_minute_are_refused(self, token, settings):
        settings.ACCOUNT_RATE_LIMITS = {"deliver": "2/m/key"}
        assert [delivered(token, CSV).status_code for _ in range(3)] == [200, 200, 429]


class TestFolder:
    """A watched folder."""

    @pytest.fixture
    def watcher(self, token, tmp_path) -> Watcher:
        return Watcher(tmp_path, Source.objects.get(), lambda text: None)

    def test_a_link_put_in_the_place_of_a_file_is_not_followed_and_nothing_ends(self, token, tmp_path):
        """What the link led to was read and told; and a file that may not be read ended the watching of all others."""
        said, folder = [], tmp_path / "in"
        folder.mkdir()
        (tmp_path / "other.csv").write_bytes(CSV)
        (folder / "a.csv").symlink_to(tmp_path / "other.csv")
        (folder / "b.csv").write_bytes(CSV)
        watcher = Watcher(folder, Source.objects.get(), said.append)
        watcher.look()
        assert not watcher._taken(folder / "a.csv")  # as if it had been seen as a file
        assert "cannot be read" in said[0]
        assert watcher.look() == 1

    def test_a_half_written_file_is_left_until_it_is_complete(self, watcher, tmp_path):
        file = tmp_path / "weighbridge.csv"
        file.write_bytes(CSV[:60])
        assert watcher.look() == 0
        file.write_bytes(CSV)  # it grew between two looks
        assert watcher.look() == 0
        assert watcher.look() == 1
        assert model("exchanges").objects.get().quantity == 1250.0
        (kept,) = (tmp_path / "kept").iterdir()
        assert kept.name.endswith("-weighbridge.csv")
        assert not file.exists()

    def test_a_bad_file_is_set_aside_with_a_report(self, watcher, tmp_path):
        (tmp_path / "bad.csv").write_bytes(CSV.replace(b"1,25", b"heavy"))
        assert [watcher.look(), watcher.look()] == [0, 0]
        report = next(path for path in (tmp_path / "set_aside").iterdir() if path.suffix == ".txt").read_text()
        assert "row 2, column 'quantity': 'heavy' is no number." in report
        assert not model("exchanges").objects.exists()

    def test_what_grows_hides_or_is_a_link_is_left(self, watcher, tmp_path):
        (tmp_path / "a.csv.part").write_bytes(CSV)
        (tmp_path / ".b.csv").write_bytes(CSV)
        (tmp_path / "c.csv").symlink_to(tmp_path / ".b.csv")
        assert [watcher.look(), watcher.look()] == [0, 0]
        assert not (tmp_path / "kept").exists()

    def test_a_watcher_that_died_before_it_moved_a_file_does_not_keep_it_twice(self, watcher, tmp_path, monkeypatch):
        def died(*_):
            raise KeyboardInterrupt

        file = tmp_path / "weighbridge.csv"
        file.write_bytes(CSV)
        watcher.look()
        with monkeypatch.context() as now:
            now.setattr(watching.Path, "replace", died)
            with pytest.raises(KeyboardInterrupt):
                watcher.look()
        assert file.exists()
        watcher.look()
        watcher.look()
        assert not file.exists()
        assert (Entry.objects.filter(table="exchanges").count(), Delivery.objects.count()) == (1, 1)

    def test_a_revoked_source_takes_nothing_in(self, watcher, editor, tmp_path):
        editor.post(f"{PAGE}/{watcher.source.pk}/revoke")
        (tmp_path / "a.csv").write_bytes(CSV)
        watcher.look()
        with pytest.raises(SivuvirtaError, match="revoked"):
            watcher.look()
        assert (tmp_path / "a.csv").exists()


class TestProcess:
    """`admin watch FOLDER` as a process of its own."""

    WATCH = ("admin", "watch", "--source", "weighbridge", "--every", "0.2")

    MAKE = """
import sivuvirta as sv
from sivuvirta.web import serving
serving.ready()
serving.load(sv.load("three_sites"), "test")
from sivuvirta.web.imports.models import Source
from sivuvirta.web.registry.models import Organisations, Register
told = {"evidence": "invented", "maker": "test", "name": "weighbridge"}
Source(register=Register.objects.get(), organisation=Organisations.objects.get(organisation="mill_ltd"), **told).renew()
"""

    @pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
    def test_a_folder_is_watched_until_the_process_is_stopped(self, tmp_path, stop):
        given = {"SIVUVIRTA_HOME": str(tmp_path / "home"), "SECRET_KEY": "k" * 60, "DATABASE_URL": ""}
        surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **given}
        surroundings["DJANGO_SETTINGS_MODULE"] = "sivuvirta.web.config.settings"
        subprocess.run([sys.executable, "-c", self.MAKE], env=surroundings, check=True)
        folder = tmp_path / "in"
        folder.mkdir()
        (folder / "bad.csv").write_bytes(CSV.replace(b"1,25", b"heavy"))
        (folder / "good.csv").write_bytes(CSV)
        with program(surroundings, *self.WATCH, str(folder)) as watcher:
            told = sorted(watcher.stdout.readline().strip() for _ in range(2))  # it tells what it did with each file
            watcher.send_signal(stop)
            assert watcher.wait(60) == 0
        assert [told[0].partition(":")[0], told[1]] == ["bad.csv", "good.csv: 1 new, 0 changed, 0 the same"]
        assert [path.suffix for path in sorted((folder / "set_aside").iterdir())] == [".csv", ".txt"]
        with closing(sqlite3.connect(tmp_path / "home" / "sivuvirta.sqlite3")) as base:
            ((key, *rest),) = base.execute("SELECT row_key, quantity, donor FROM registry_exchanges").fetchall()
        assert key.startswith("ash_town_2024_")
        assert rest == [1250.0, "Mill Ltd"]

    def test_a_watcher_that_is_killed_while_it_keeps_a_large_file_keeps_all_of_it_once(self, tmp_path):
        home = tmp_path / "home"
        subprocess.run([sys.executable, "-c", self.MAKE], env=at(home), check=True)
        folder = tmp_path / "in"
        folder.mkdir()
        lines = (f"ash_{number};ash;fly ash;Town;1,25;2024\n" for number in range(5000))
        (folder / "large.csv").write_text(f"exchange;stream;text;receiver;quantity [kt];year\n{''.join(lines)}", encoding="utf-8")
        with endless(home, "registry_exchanges", "ash_4000") as written, program(at(home), *self.WATCH, str(folder)) as first:
            until(lambda: written.exists() and written.stat().st_size > 10_000_000)  # in the middle of writing
            first.kill()
        assert asked(home, "SELECT count(*) FROM registry_exchanges") == (0,)
        assert asked(home, "SELECT count(*) FROM imports_delivery") == (0,)
        assert (folder / "large.csv").exists()
        with program(at(home), *self.WATCH, str(folder)) as second:
            assert second.stdout.readline().strip() == "large.csv: 5000 new, 0 changed, 0 the same"
            second.send_signal(signal.SIGINT)
            assert second.wait(60) == 0
        assert asked(home, "SELECT count(*) FROM registry_exchanges") == (5000,)
        assert asked(home, "SELECT count(*) FROM imports_delivery") == (1,)
        assert not (folder / "large.csv").exists()


@pytest.fixture
def facilitator(register, person) -> Client:
    client = Client()
    client.force_login(person("carer", Role.FACILITATOR))
    cache.clear()
    return client


def made(client, circle="1", name="scale"):
    told = {"name": name, "organisation": Organisations.objects.get(organisation="mill_ltd").pk, "evidence": "invented"}
    return client.post(PAGE, {**told, "grade": "A", "circle": circle})


def test_who_looks_after_the_region_makes_lists_and_revokes_no_source_of_an_organisation_with_an_admin(register, facilitator, person):
    """The token read and wrote the organisation's private exchanges, without the mark of what others entered."""
    mill = Organisations.objects.get(organisation="mill_ltd")
    person("boss", organisation=mill, place=Place.ADMIN)
    assert (made(facilitator, "3").status_code, Source.objects.count()) == (422, 0)
    own = Source(register=register, organisation=mill, name="own", evidence="invented")
    own.renew()
    assert list(facilitator.get(PAGE).context["sources"]) == []
    assert facilitator.post(f"{PAGE}/{own.pk}/revoke").status_code == 404
    own.refresh_from_db()
    assert own.revoked is None


def test_a_source_that_is_made_for_an_organisation_has_its_maker_s_eyes_and_opens_nothing(register, facilitator, token):
    delivered(token, {"rows": [row(exchange="secret"), row(exchange="other")]})
    secret = model("exchanges").objects.get(row_key__startswith="secret")
    change(secret, {"circle": 0}, system("test"), secret.version)
    assert made(facilitator, "3").status_code == 422
    theirs = made(facilitator).context["token"]
    told = [delivered(theirs, {"rows": [row(exchange=secret.row_key, quantity=q)]}, f"q{q}").json() for q in (800, 801)]
    assert [(each["same"], each["added"], each["changed"]) for each in told] == [(0, 1, 0), (0, 0, 1)]  # another row, made and changed
    secret.refresh_from_db()
    assert (secret.quantity, secret.version) == (800.0, 2)
    new = model("exchanges").objects.exclude(pk=secret.pk).exclude(row_key__startswith="other").get()
    assert (new.circle, new.unconfirmed, str(new.holder), new.quantity) == (1, True, "Mill Ltd", 801.0)


def test_a_source_that_is_made_for_an_organisation_writes_no_other_s_rows(register, facilitator):
    works = row(exchange="w", stream="slag_works") | {
        "stream": model("streams").objects.exclude(holder__organisation="mill_ltd").first().row_key
    }
    assert delivered(made(facilitator).context["token"], {"rows": [works]}).status_code == 422


@pytest.mark.parametrize("end", ["admin", "role", "account"])
def test_a_source_that_is_made_for_an_organisation_ends_with_its_first_admin_and_with_its_maker(register, facilitator, person, end):
    theirs = made(facilitator).context["token"]
    assert delivered(theirs, {"rows": [row()]}).status_code == 200
    source, carer = Source.objects.get(), User.objects.get(email__startswith="carer")
    if end == "admin":
        person("boss", organisation=source.organisation, place=Place.ADMIN)
    elif end == "role":
        User.objects.filter(pk=carer.pk).update(role=Role.MEMBER)
    else:
        carer.delete()
    assert delivered(theirs, {"rows": [row(quantity=900)]}, "2").status_code == 401
    source.refresh_from_db()
    with pytest.raises(RefusedError, match="delivers no more"):
        receive(source, "3", b'{"rows": []}')
