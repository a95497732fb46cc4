"""Studies: asked by few, worked out of what their circle sees, shown to that circle and to nobody else."""

from __future__ import annotations

import json
from contextlib import nullcontext
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import override

import sivuvirta as sv
from sivuvirta.report.drawing.colours import FAMILIES
from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import VISITOR, system, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.jobs.models import State
from sivuvirta.web.jobs.running import run
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.writes.changing import RefusedError, change
from sivuvirta.web.registry.writes.snapshots import snapshot
from sivuvirta.web.studies.asking import Asked, again, ask, cancel
from sivuvirta.web.studies.files import PLAN, figures
from sivuvirta.web.studies.forms import Question, years
from sivuvirta.web.studies.models import Study
from sivuvirta.web.studies.titles import title

SYSTEM = system("test")
HERE = "/three_sites/-/studies/"


def quiet(hold):
    """No beats beside the work: the tests' database is in memory and has one connection."""
    return nullcontext()


def asked(register, circle=Level.PUBLIC, **options) -> Study:
    study = ask(register, Asked("Best use", register.vintage, circle, options), SYSTEM)
    assert run(Study, study.pk, quiet)
    study.refresh_from_db()
    return study


@pytest.fixture
def home(settings, tmp_path):
    settings.STUDIES = tmp_path
    return tmp_path


@pytest.fixture
def visit(person):
    """A browser in which somebody of a role is logged in."""

    def opened(role):
        browser = Client()
        if role is not None:
            browser.force_login(person(f"p-{role}", role))
        return browser

    return opened


class TestAnswers:
    def test_it_is_the_engine_s_answer_to_the_register(self, register, region, home):
        study = asked(register)
        assert (study.state, study.error, study.share) == (State.DONE, "", 1.0)
        plan = sv.plan(region)
        opened = sv.reopen(study.file(PLAN))
        assert opened.potential.benefit == pytest.approx(plan.potential.benefit)
        assert opened.proven.carbon == pytest.approx(plan.proven.carbon)
        labels = [item["label"] for item in figures(study)["headlines"]]
        assert labels == list(sv.assess(plan).headline["label"])
        assert [path.name for path in home.iterdir()] == [str(study.pk)]

    def test_options_are_those_that_were_asked_for(self, register, home):
        study = asked(register, objective="co2", budget=0.0)
        assert sv.reopen(study.file(PLAN)).options.objective == "co2"
        assert figures(study)["options"] == [["Investment at most", "0\u202f€"]]

    def test_the_same_question_again_is_a_study_of_its_own_with_the_same_answer(self, register, home):
        first = asked(register)
        second = again(first, SYSTEM)
        run(Study, second.pk, quiet)
        second.refresh_from_db()
        assert second.pk != first.pk
        assert figures(second)["headlines"] == figures(first)["headlines"]

    def test_what_cannot_be_met_is_told_in_words(self, register, home):
        study = asked(register, co2_limit=-1e12)
        assert study.state == State.FAILED
        assert "co2_limit" in study.error or "mission" in study.error
        assert figures(study) is None
        assert list(home.iterdir()) == []

    def test_problems_of_the_data_are_told_with_the_rows_that_they_stand_in(self, register, home, client):
        stream = model("streams").objects.filter(register=register)[1]
        model("streams").objects.filter(pk=stream.pk).update(moisture=130.0)
        study = asked(register)
        assert study.state == State.FAILED
        assert [(each["table"], each["key"], each["column"]) for each in study.problems] == [("streams", stream.stream, "moisture")]
        page = client.get(f"{HERE}{study.pk}/").content.decode()
        assert f'href="/three_sites/streams/{stream.stream}/"' in page
        assert "130" in page

    def test_an_error_of_the_engine_is_not_shown_but_logged(self, register, home, monkeypatch, caplog):
        def broken(*_, **__):
            raise ZeroDivisionError("a secret path")

        monkeypatch.setattr("sivuvirta.verbs.assess", broken)
        study = asked(register)
        assert study.state == State.FAILED
        assert "secret" not in study.error
        assert "a secret path" in caplog.text


class TestSnapshots:
    def test_what_everybody_sees_is_the_region(self, register, region):
        seen = snapshot(register, Level.PUBLIC)
        assert seen.closed == 0
        assert {name: len(frame) for name, frame in seen.frames.items()} == {
            name: len(table) for name, table in region.tables.items() if len(table) and name != "visibility"
        }

    @pytest.mark.parametrize("table", ["organisations", "sites", "streams", "needs", "plants", "quantities", "analyses", "fates"])
    def test_a_closed_row_is_not_in_it_nor_what_cannot_stand_without_it(self, register, table):
        row = model(table).objects.filter(register=register).first()
        if row is None:
            pytest.fail(f"three_sites has no {table}")
        row = change(row, {"circle": Level.PRIVATE}, SYSTEM, row.version)
        seen = snapshot(register, Level.FACILITATORS)
        column = row.schema.key[0]
        if len(row.schema.key) == 1 and table in seen.frames:
            assert getattr(row, column) not in set(seen.frames[table][column])
        assert seen.closed >= 1
        sv.region("narrow", seen.frames)  # what is left passes every check

    def test_a_closed_cell_is_unknown(self, register):
        stream = model("streams").objects.filter(register=register, moisture__isnull=False).first()
        change(stream, {"circles": {"moisture": int(Level.FACILITATORS)}}, SYSTEM, stream.version)
        told = {level: snapshot(register, level).frames["streams"].set_index("stream")["moisture"] for level in (1, 2)}
        assert told[1][stream.stream] == stream.moisture
        assert told[2].isna()[stream.stream]

    def test_no_table_of_circles_is_in_it(self, register):
        stream = model("streams").objects.filter(register=register).first()
        change(stream, {"circle": Level.MEMBERS}, SYSTEM, stream.version)
        assert "visibility" not in snapshot(register, Level.MEMBERS).frames


SEES = {None: 3, Role.MEMBER: 2, Role.EXPERT: 2, Role.AUTHORITY: 1, Role.FACILITATOR: 1, Role.ADMINISTRATOR: 1}
"""The narrowest circle that each role is in."""


class TestCircles:
    @pytest.mark.parametrize("role", list(SEES))
    @pytest.mark.parametrize("circle", [Level.FACILITATORS, Level.MEMBERS, Level.PUBLIC])
    def test_a_study_is_seen_by_its_circle(self, register, home, visit, role, circle):
        study = Study.objects.create(register=register, name="Secret plan", vintage="2024", circle=circle, state=State.DONE, answer="x")
        study.folder.mkdir()
        study.file("report.html").write_text("the report")
        study.file("drawn.json").write_text("{}")
        browser, seen = visit(role), circle >= SEES[role]
        status = 200 if seen else 404
        for address in ("", "state", "drawn", "report"):
            assert browser.get(f"{HERE}{study.pk}/{address}").status_code == status
        assert ("Secret plan" in browser.get(HERE).content.decode()) == seen

    def test_a_flow_of_a_closed_stream_reaches_nobody_who_may_not_see_it(self, register, home, visit):
        stream = model("streams").objects.filter(register=register).first()
        change(stream, {"circle": Level.FACILITATORS, "name": "Hush slag"}, SYSTEM, stream.version)
        public, inner = asked(register, Level.PUBLIC), asked(register, Level.FACILITATORS)
        assert (public.state, inner.state) == (State.DONE, State.DONE)
        texts = {
            each.pk: [each.file(name).read_text() for name in ("figures.json", "drawn.json", "report.html")] for each in (public, inner)
        }
        assert not any("Hush slag" in text for text in texts[public.pk])
        planned = sv.reopen(public.file(PLAN)).links
        assert stream.stream not in set(planned.region.table("streams")["stream"])
        assert stream.stream not in set(planned.nodes.id)
        assert any("Hush slag" in text for text in texts[inner.pk])
        pages = [visit(role).get("/three_sites/").content.decode() for role in (None, Role.MEMBER)]
        assert not any("Hush slag" in page for page in pages)
        assert f"/studies/{public.pk}/" in pages[0]
        assert f"/studies/{inner.pk}/" in visit(Role.FACILITATOR).get("/three_sites/").content.decode()

    def test_what_is_closed_later_takes_the_answer_away_until_it_is_asked_again(self, register, home, client):
        stream = model("streams").objects.filter(register=register).first()
        stream = change(stream, {"name": "Cinders of the west hall"}, SYSTEM, stream.version)  # words that no library has
        study = asked(register)
        assert stream.name in study.file("report.html").read_text()
        change(stream, {"circle": Level.MEMBERS}, SYSTEM, stream.version)
        page = client.get(f"{HERE}{study.pk}/").content.decode()
        assert "has been closed since" in page or "have been closed since" in page
        assert stream.name not in page
        assert [client.get(f"{HERE}{study.pk}/{what}").status_code for what in ("drawn", "report")] == [404, 404]
        assert "No study to show yet" in client.get("/three_sites/").content.decode()
        renewed = again(study, SYSTEM)
        run(Study, renewed.pk, quiet)
        assert client.get(f"{HERE}{renewed.pk}/report").status_code == 200
        assert stream.name not in renewed.file("report.html").read_text()

    def test_what_is_opened_or_closed_above_takes_nothing_away(self, register, home):
        study = asked(register, Level.FACILITATORS)
        stream = model("streams").objects.filter(register=register).first()
        stream = change(stream, {"circle": Level.FACILITATORS}, SYSTEM, stream.version)
        change(stream, {"circle": Level.PUBLIC}, SYSTEM, stream.version)
        study.refresh_from_db()
        assert study.shown
        stream.refresh_from_db()
        change(stream, {"circles": {"moisture": 0}}, SYSTEM, stream.version)
        study.refresh_from_db()
        assert not study.shown


class TestAsking:
    @pytest.mark.parametrize("role", [Role.MEMBER, Role.EXPERT, Role.AUTHORITY])
    def test_who_does_not_look_after_the_region_asks_nothing(self, register, home, visit, person, role):
        study = asked(register)
        browser = visit(role)
        assert browser.get(f"{HERE}ask").status_code == 403
        assert browser.post(f"{HERE}ask", {}).status_code == 403
        assert browser.post(f"{HERE}{study.pk}/again").status_code == 403
        assert browser.post(f"{HERE}{study.pk}/cancel").status_code == 403
        assert Study.objects.count() == 1
        with pytest.raises(RefusedError):
            cancel(study, viewer(person("other", role)))
        with pytest.raises(RefusedError):
            again(study, VISITOR)

    def test_a_facilitator_asks_by_a_form(self, register, home, visit):
        browser = visit(Role.FACILITATOR)
        form = {"vintage": register.vintage, "objective": "co2", "budget": "10 000 000", "co2_limit": "", "steps": "2", "circle": "2"}
        response = browser.post(f"{HERE}ask", form)
        study = Study.objects.get()
        assert response["Location"] == f"{HERE}{study.pk}/"
        assert (study.question, study.steps, study.circle) == ({"objective": "co2", "budget": 10e6}, 2, Level.MEMBERS)
        assert (study.name, study.year) == ("", 2024)
        assert str(study) == "Best use of 2024's side streams for the least emissions with 10\u202fM€ to invest"
        assert Entry.objects.filter(action="ask", key=str(study.pk)).exists()
        page = browser.get(f"{HERE}{study.pk}/").content.decode()
        assert 'hx-trigger="every 1s"' in page
        assert browser.post(f"{HERE}{study.pk}/cancel").status_code == 302
        study.refresh_from_db()
        assert study.state == State.CANCELLED
        assert browser.get(f"{HERE}{study.pk}/state")["HX-Refresh"] == "true"

    @pytest.mark.parametrize(
        ("field", "text"), [("budget", "much"), ("budget", "-5"), ("co2_limit", "1,234"), ("vintage", "1900"), ("circle", "0")]
    )
    def test_what_cannot_be_read_is_told(self, register, field, text):
        given = {"vintage": register.vintage, "objective": "value", "steps": "1", "circle": "1", field: text}
        form = Question(register, years(register, SYSTEM), given)
        assert not form.is_valid()
        assert list(form.errors) == [field]

    def test_a_form_with_a_fault_is_answered_as_every_other_form_is(self, register, home, visit):
        response = visit(Role.FACILITATOR).post(f"{HERE}ask", {"vintage": register.vintage, "budget": "much"})
        assert response.status_code == 422
        assert 'value="much"' in response.content.decode()
        assert not Study.objects.exists()

    def test_a_question_is_told_in_words(self):
        assert title(2024, {}) == "Best use of 2024's side streams"
        assert title(2018, {"objective": "value", "co2_limit": 5000.0}) == "Best use of 2018's side streams within 5,000\u202ft CO₂e/a"

    def test_each_reader_is_told_the_question_in_their_language_and_a_name_as_it_was_given(self, register):
        made = ask(register, Asked("", register.vintage, Level.PUBLIC, {"budget": 2.5e6}, year=2024), SYSTEM)
        given = ask(register, Asked("Ash first", register.vintage, Level.PUBLIC), SYSTEM)
        older = Study(name="", vintage="2023", question={})  # before years were kept
        with override("fi"):
            assert str(made) == "Vuoden 2024 sivuvirtojen paras käyttö – investoitavana 2,5\u202fM€"
            assert (str(given), str(older)) == ("Ash first", "Vuoden 2023 sivuvirtojen paras käyttö")
        assert str(again(made, SYSTEM)) == "Best use of 2024's side streams with 2.5\u202fM€ to invest"

    def test_names_that_were_made_are_forgotten_and_names_that_were_given_stay(self, register):
        made = "Best use of 2024's side streams for the least emissions with 10\u202fM€ to invest within 5,000\u202ft CO₂e/a"
        names = (made, "Best use of 2024's side streams, second try", "Ash first")
        kept = [Study.objects.create(register=register, name=name, vintage="2024", asker="anna") for name in names]
        import_module("sivuvirta.web.studies.migrations.0002_titles_in_every_language").forget_made_names(apps, None)
        found = [Study.objects.get(pk=study.pk) for study in kept]
        assert [(study.name, study.year) for study in found] == [("", 2024), (names[1], None), (names[2], None)]


class TestPages:
    def test_the_region_shows_the_answer(self, register, home, client):
        assert "No study to show yet" in client.get("/three_sites/").content.decode()
        study = asked(register)
        page = client.get("/three_sites/").content.decode()
        assert page.count('<svg class="range"') == 5
        assert 'id="map"' in page
        assert 'id="sankey"' in page
        assert f'data-address="{HERE}{study.pk}/drawn"' in page
        assert " style=" not in page
        assert all(part.startswith(" src=") for part in page.split("<script")[1:])

    def test_the_drawings_come_once(self, register, home, client):
        study = asked(register)
        first = client.get(f"{HERE}{study.pk}/drawn")
        assert set(json.loads(first.content)) >= {"map", "sankey"}
        second = client.get(f"{HERE}{study.pk}/drawn", HTTP_IF_NONE_MATCH=first["ETag"])
        assert (second.status_code, second.content) == (304, b"")
        assert "private" in first["Cache-Control"]

    def test_the_report_runs_in_a_sandbox(self, register, home, client):
        study = asked(register)
        response = client.get(f"{HERE}{study.pk}/report")
        policy = response["Content-Security-Policy"]
        assert policy.startswith("sandbox allow-scripts")
        assert "allow-same-origin" not in policy
        assert "default-src 'none'" in policy
        assert b"Sivuvirta" in response.content

    def test_the_study_has_tables_and_says_what_was_left_out(self, register, home, client):
        stream = model("streams").objects.filter(register=register).first()
        change(stream, {"circle": Level.MEMBERS}, SYSTEM, stream.version)
        study = asked(register)
        page = client.get(f"{HERE}{study.pk}/").content.decode()
        assert page.count('<div class="sheet"') == 3
        assert "Some rows of the register are not open to those who are shown this" in page
        assert study.closed > 0
        foot = page[page.index("Some rows of the register") - 40 : page.index("Some rows of the register") + 200]
        assert f" {study.closed} row" not in foot  # their number is not told

    def test_colours_are_those_of_the_report(self, db, client):
        text = client.get("/-/colours.css").content.decode()
        assert all(f"--m-{each.id}:{each.light};" in text and f"--m-{each.id}:{each.dark};" in text for each in FAMILIES)

    @pytest.mark.parametrize(("address", "queries"), [(HERE, 2), (HERE + "{}/", 1), (HERE + "{}/state", 1), (HERE + "{}/drawn", 1)])
    def test_a_page_costs_the_same_queries_however_long(self, register, home, client, django_assert_max_num_queries, address, queries):
        study = asked(register)
        with django_assert_max_num_queries(queries):
            assert client.get(address.format(study.pk)).status_code == 200
