"""What was taken out is told to the people of the organisation that held it, and put back by them with all that it said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system, viewer
from sivuvirta.web.audit.middleware import through
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.core.tidying import Age
from sivuvirta.web.papers.keeping import put
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.papers.tidying import over
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.registry.rows import KEPT
from sivuvirta.web.registry.writes.batches import REMOVE, Line, newest, write
from sivuvirta.web.registry.writes.changing import ConflictError, RefusedError, add, change, remove
from sivuvirta.web.registry.writes.returning import put_back, taken
from sivuvirta.web.registry.writes.undoing import undoing, undone

SYSTEM = system("test")
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PAGE = "/three_sites/-/entered/"
SAID = {"circle": 2, "circles": {"name": 0, "moisture": 3}, "bands": {"moisture": 3}, "anonymous": 3, "matched": False}


@pytest.fixture
def mill(register):
    return Organisations.objects.get(register=register, organisation="mill_ltd")


@pytest.fixture
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def owner(person, mill):
    return person("owner", organisation=mill, place=Place.EDITOR)


@pytest.fixture
def dust(register):
    values = {"stream": "dust", "name": "Dust", "site": "mill", "material": "slag.ferrochrome.air_cooled", "moisture": 12.5}
    row = add(register, "streams", values, SYSTEM)
    return change(row, SAID, SYSTEM, row.version)


@pytest.fixture
def analysis(register, dust):
    like = model("analyses").objects.filter(register=register).first()
    values = {name: getattr(like, name) for name in like.schema.columns} | {"stream": "dust", "analysis": "of_dust"}
    return add(register, "analyses", {name: value for name, value in values.items() if name in like.schema.columns}, SYSTEM)


def said(row) -> dict:
    return {name: getattr(row, name) for name in (*row.schema.columns, *KEPT, "holder_id")}


def number(key: str) -> int:
    return Entry.objects.filter(action="remove", key=key).first().pk


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("way", ["alone", "many"])
def test_a_row_comes_back_with_its_values_and_who_sees_what(register, mill, owner, person, dust, way):
    before = said(dust)
    if way == "alone":
        remove(dust, SYSTEM)
    else:
        write(register, [Line(REMOVE, "streams", "dust", dust.version, {}, {})], SYSTEM)
    page = browser(owner).get(PAGE).content.decode()
    assert "Taken out by test" in page
    assert f'name="back" value="{number("dust")}"' in page
    answer = browser(owner).post(PAGE, {"back": number("dust")}, follow=True).content.decode()
    assert "1 row is back." in answer
    assert "Taken out" not in answer
    row = model("streams").objects.get(register=register, stream="dust")
    assert said(row) == before
    assert Entry.objects.filter(key="dust").first().who == "owner@example.org"


def test_what_named_it_and_went_in_the_same_request_comes_back_with_it(register, owner, dust, analysis):
    with through("web", "one"):
        remove(analysis, SYSTEM)
        remove(dust, SYSTEM)
    (told,) = taken(register, viewer(owner), 9)
    assert [each.table for each in told.along] == ["analyses"]
    assert put_back(register, told.entry.pk, viewer(owner)) == 2
    assert model("analyses").objects.get(register=register, row_key=analysis.row_key).holder == dust.holder


def test_what_it_depends_on_is_put_back_first_where_it_went_apart(register, owner, dust, analysis):
    remove(analysis, SYSTEM)
    remove(dust, SYSTEM)
    page = browser(owner).get(PAGE).content.decode()
    assert "Put that back first" in page
    assert page.count(f'value="{number("dust")}"') == 2  # its own, and that before the analysis
    with pytest.raises(RefusedError, match="dust"):
        put_back(register, number(analysis.row_key), viewer(owner))
    assert put_back(register, number("dust"), viewer(owner)) == 1
    assert put_back(register, number(analysis.row_key), viewer(owner)) == 1


def test_a_key_that_is_taken_is_refused_in_words(register, owner, dust):
    remove(dust, SYSTEM)
    add(register, "streams", {"stream": "dust", "name": "Other", "site": "works"}, SYSTEM, Level.PRIVATE)
    assert (
        "A row with the key &#x27;dust&#x27; is there by now."
        in browser(owner).post(PAGE, {"back": number("dust")}, follow=True).content.decode()
    )
    assert model("streams").objects.get(register=register, stream="dust").name == "Other"


def test_what_is_hidden_and_what_is_gone_are_told_alike(register, owner, mill, dust):
    """A row names another organisation's site: whether that is hidden or taken out, who puts the row back reads the same."""
    change(dust, {"organisation": "mill_ltd"}, SYSTEM, dust.version)
    add(register, "sites", {"site": "secret", "name": "Secret", "organisation": "works_ltd", "municipality": "Kemi"}, SYSTEM, Level.PRIVATE)
    row = model("streams").objects.get(register=register, stream="dust")
    remove(change(row, {"site": "secret"}, SYSTEM, row.version), SYSTEM)
    pages = [browser(owner).get(PAGE).content.decode()]
    answers = [browser(owner).post(PAGE, {"back": number("dust")}, follow=True).content.decode()]
    remove(model("sites").objects.get(register=register, site="secret"), SYSTEM)
    pages.append(browser(owner).get(PAGE).content.decode())
    answers.append(browser(owner).post(PAGE, {"back": number("dust")}, follow=True).content.decode())
    for one, other in (pages, answers):
        assert "gone, or not open to you" in one
        assert (
            one.partition("<main")[2].partition("csrfmiddlewaretoken")[0] == other.partition("<main")[2].partition("csrfmiddlewaretoken")[0]
        )
        assert "Secret" not in one + other


def test_only_the_people_of_its_organisation_are_told_and_put_it_back(register, person, dust):
    remove(dust, SYSTEM)
    other = Organisations.objects.get(register=register, organisation="works_ltd")
    stranger = person("stranger", organisation=other, place=Place.ADMIN)
    assert "Taken out" not in browser(stranger).get(PAGE).content.decode()
    assert "no such row" in browser(stranger).post(PAGE, {"back": number("dust")}, follow=True).content.decode()
    with pytest.raises(RefusedError):
        put_back(register, number("dust"), viewer(person("facilitator", Role.FACILITATOR)))
    assert not model("streams").objects.filter(register=register, stream="dust").exists()


def test_a_row_whose_site_has_another_holder_by_now_is_not_put_back(register, owner, dust):
    remove(dust, SYSTEM)
    site = model("sites").objects.get(register=register, site="mill")
    change(site, {"organisation": "works_ltd"}, SYSTEM, site.version)
    with pytest.raises(RefusedError):
        put_back(register, number("dust"), viewer(owner))


def test_the_page_costs_the_same_for_many_rows(register, owner, dust, django_assert_max_num_queries):
    for at in range(6):
        remove(add(register, "streams", {"stream": f"dust{at}", "name": "Dust", "site": "mill"}, SYSTEM), SYSTEM)
    inside = browser(owner)
    with django_assert_max_num_queries(45):
        assert inside.get(PAGE).content.decode().count('name="back"') == 6


def paper_of(row, name: str = "a.pdf") -> Paper:
    return put(row, name, PDF, SYSTEM)


@pytest.mark.parametrize("way", ["alone", "many"])
def test_papers_go_with_their_row_and_come_back_with_it(register, owner, dust, uploads, way, django_capture_on_commit_callbacks):
    paper = paper_of(dust)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "alone":
            remove(dust, SYSTEM)
        else:
            write(register, [Line(REMOVE, "streams", "dust", dust.version, {}, {})], SYSTEM)
    inside = browser(owner)
    assert inside.get(f"/three_sites/-/papers/{paper.pk}").status_code == 404
    put_back(register, number("dust"), viewer(owner))
    assert inside.get(f"/three_sites/-/papers/{paper.pk}").content == PDF


def test_papers_of_a_row_that_had_the_key_before_do_not_come_back(register, owner, dust, uploads):
    paper_of(dust, "old.pdf")
    remove(dust, SYSTEM)
    other = add(register, "streams", {"stream": "dust", "name": "Other", "site": "mill"}, SYSTEM)
    paper_of(other, "new.pdf")
    remove(other, SYSTEM)
    put_back(register, number("dust"), viewer(owner))
    assert [paper.name for paper in Paper.objects.all()] == ["new.pdf"]


def test_papers_of_a_row_that_went_are_kept_for_a_month(register, dust, uploads):
    paper = paper_of(dust)
    remove(dust, SYSTEM)
    now = timezone.now()
    assert [each.count for each in over(Age(now + timedelta(days=29), 90))] == [0, 0]
    gone, left = over(Age(now + timedelta(days=31), 90))
    assert (gone.count, left.count) == (1, 0)
    gone.clear()
    assert not paper.place.exists()
    assert not Paper.every.exists()


def test_papers_come_back_where_a_removal_is_undone_with_others(register, dust, uploads):
    paper_of(dust)
    start = newest(register)
    with through("web", "one"):
        write(register, [Line(REMOVE, "streams", "dust", dust.version, {}, {})], SYSTEM)
    span = start, newest(register)
    assert not Paper.objects.exists()
    write(register, undoing(register, "one", span), SYSTEM)
    undone(register, "one", span)
    assert [paper.key for paper in Paper.objects.all()] == ["dust"]


def test_whoever_holds_an_older_form_of_what_came_back_is_told(register, owner, dust):
    remove(dust, SYSTEM)
    put_back(register, number("dust"), viewer(owner))
    back = model("streams").objects.get(register=register, stream="dust")
    assert back.version > dust.version
    with pytest.raises(ConflictError):
        change(back, {"name": "Old"}, SYSTEM, dust.version)


def test_a_row_is_taken_out_with_what_belongs_to_it_and_comes_back_so(register, owner, dust, analysis):
    address, inside = "/three_sites/streams/-/remove/dust", browser(owner)
    assert "Take it out, with 1 row that belongs to it" in inside.get(address).content.decode()
    assert "named by other rows" in inside.post(address, {"version": dust.version}).content.decode()
    assert "changed by somebody else" in inside.post(address, {"version": dust.version, "along": "2"}).content.decode()
    gone = inside.post(address, {"version": dust.version, "along": "1"}, follow=True).content.decode()
    assert "went along, and comes back with it" in gone
    assert not model("analyses").objects.filter(pk=analysis.pk).exists()
    assert put_back(register, number("dust"), viewer(owner)) == 2
