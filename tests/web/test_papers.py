"""Papers: what a file is, who opens it, and what of it is logged."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sivuvirta.web.accounts.models import Place, Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.papers.contents import LARGEST, ContentError, read
from sivuvirta.web.papers.keeping import put
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.registry.models import model
from sivuvirta.web.registry.writes.changing import change, remove

SYSTEM = system("test")
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def stream(register):
    return model("streams").objects.filter(register=register).select_related("holder", "register").first()


@pytest.fixture
def owner(person, stream) -> Client:
    client = Client()
    client.force_login(person("owner", organisation=stream.holder, place=Place.EDITOR))
    return client


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), **options: object) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", size, "red").save(into, kind, **options)
    return into.getvalue()


def sent(owner, stream, data: bytes = PDF, name: str = "leaching.pdf"):
    return owner.post(f"/three_sites/streams/-/papers/{stream.stream}", {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_what_a_file_is_is_told_by_its_content():
    assert read(PDF).kind == "pdf"
    assert read(picture("PNG")).kind == "png"
    assert read(picture("JPEG")).kind == "jpeg"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "Only PDF"),
        (b"MZ" + b"\0" * 100, "Only PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Only PDF"),
        (b"%PDF-1.7\nbroken", "breaks off"),
        (picture("GIF"), "Only PDF"),
        (picture("PNG")[:50], "broken"),
        (PDF + b"x" * LARGEST, "larger than"),
        (b"text before %PDF-1.7 %%EOF", "Only PDF"),
    ],
)
def test_what_is_no_paper_is_refused_in_words(data, said):
    with pytest.raises(ContentError, match=said):
        read(data)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn():
    into = io.BytesIO()
    Image.new("1", (9000, 9000)).save(into, "PNG")
    with pytest.raises(ContentError, match="pixels"):
        read(into.getvalue())


def test_nothing_that_stood_beside_a_picture_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    data = picture("JPEG", exif=exif) + b"<script>hidden</script>"
    kept = read(data).data
    assert b"a secret place" in data
    assert b"a secret place" not in kept
    assert b"<script>" not in kept
    assert Image.open(io.BytesIO(kept)).size == (8, 6)


def test_a_paper_is_put_and_opened_with_safe_heads(owner, stream):
    page = sent(owner, stream, name='../../etc/Leaching "test".html')
    paper = Paper.objects.get()
    assert "is kept" in page.content.decode()
    assert paper.place.is_relative_to(settings.MEDIA_ROOT)
    assert paper.name not in str(paper.place)
    assert oct(paper.place.stat().st_mode)[-3:] == "600"
    response = owner.get(f"/three_sites/-/papers/{paper.pk}")
    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "etc" not in response["Content-Disposition"]
    assert "html" not in response["Content-Disposition"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_paper_that_is_none_leaves_nothing(owner, stream):
    assert "Only PDF" in sent(owner, stream, b"<html>", "page.pdf").content.decode()
    assert not Paper.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*")) if settings.MEDIA_ROOT.exists() else True


WHO = {"visitor": 404, "member": 404, "expert": 404, "authority": 200, "facilitator": 200, "administrator": 200, "own": 200}


@pytest.mark.parametrize("who", list(WHO))
def test_who_opens_a_paper_of_a_row_for_facilitators(stream, person, who):
    stream = change(stream, {"circle": Level.FACILITATORS}, SYSTEM, stream.version)
    paper, client = put(stream, "a.pdf", PDF, SYSTEM), Client()
    if who == "own":
        client.force_login(person(who, organisation=stream.holder))
    elif who != "visitor":
        client.force_login(person(who, Role(who)))
    response = client.get(f"/three_sites/-/papers/{paper.pk}")
    assert response.status_code == WHO[who]
    assert Entry.objects.filter(action="see", key=stream.stream).count() == (1 if WHO[who] == 200 else 0)


def test_a_row_with_one_hidden_column_hides_its_papers(stream, person):
    stream = change(stream, {"moisture": 47.11, "circles": {"moisture": 0}}, SYSTEM, stream.version)
    paper, facilitator = put(stream, "secret-report.pdf", PDF, SYSTEM), Client()
    facilitator.force_login(person("facilitator", Role.FACILITATOR))
    assert facilitator.get(f"/three_sites/-/papers/{paper.pk}").status_code == 404
    assert "secret-report" not in facilitator.get(f"/three_sites/streams/{stream.stream}/").content.decode()
    assert facilitator.post(f"/three_sites/streams/-/papers/{stream.stream}", {}).status_code == 403
    assert facilitator.post(f"/three_sites/-/papers/{paper.pk}/remove").status_code == 404


def test_what_everybody_sees_is_opened_without_a_note(client, stream):
    paper = put(stream, "open.pdf", PDF, SYSTEM)
    assert client.get(f"/three_sites/-/papers/{paper.pk}").status_code == 200
    assert not Entry.objects.filter(action="see").exists()


def test_a_newer_version_stands_in_the_place_of_the_older(owner, stream, person):
    sent(owner, stream)
    sent(owner, stream, PDF + b"\n%%EOF\n")
    assert [(each.version, each.replaced) for each in Paper.objects.all()] == [(2, False), (1, True)]
    newest = Paper.objects.get(version=2)
    owner.post(f"/three_sites/-/papers/{newest.pk}/remove")
    assert [(each.version, each.replaced) for each in Paper.objects.all()] == [(1, False)]
    said = list(Entry.objects.filter(key=stream.stream).values_list("action", flat=True))
    assert said == ["paper gone", "paper", "paper"]


def test_a_paper_taken_away_is_gone_from_the_disk(owner, stream, django_capture_on_commit_callbacks):
    sent(owner, stream)
    paper = Paper.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(f"/three_sites/-/papers/{paper.pk}/remove")
    assert not paper.place.exists()
    assert owner.get(f"/three_sites/-/papers/{paper.pk}").status_code == 404


def test_others_put_and_take_away_nothing(stream, person):
    member, paper = Client(), put(stream, "a.pdf", PDF, SYSTEM)
    member.force_login(person("member", organisation=stream.holder))
    assert member.post(f"/three_sites/streams/-/papers/{stream.stream}", {"file": SimpleUploadedFile("b.pdf", PDF)}).status_code == 403
    assert member.post(f"/three_sites/-/papers/{paper.pk}/remove").status_code == 403
    assert Paper.objects.count() == 1


def test_papers_follow_their_row(register, stream, person):
    lone = model("organisations").objects.filter(register=register).first()
    site = model("sites")(register=register, site="lone", name="Lone", holder=lone, organisation=lone.organisation, circle=3)
    site.save()
    put(site, "a.pdf", PDF, SYSTEM)
    site = change(site, {"site": "other"}, SYSTEM, 1)
    assert Paper.objects.get().key == "other"
    remove(site, SYSTEM)
    assert not Paper.objects.exists()


def test_too_many_papers_are_refused(owner, stream, monkeypatch):
    monkeypatch.setattr("sivuvirta.web.papers.keeping.MOST", 1)
    sent(owner, stream)
    assert "already" in sent(owner, stream, name="two.pdf").content.decode()
    assert Paper.objects.count() == 1


def test_a_detail_page_with_papers_costs_one_query_more(client, stream, django_assert_max_num_queries):
    address = f"/three_sites/streams/{stream.stream}/"
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        put(stream, name, PDF, SYSTEM)
    with django_assert_max_num_queries(30):
        assert client.get(address).content.decode().count("/-/papers/") == 3
