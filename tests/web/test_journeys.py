"""Journeys: people at their work in a real Chromium, on either database, with the platform as a process of its own."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from attrs import Factory, frozen
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from chromium import chromium
from web.databases import database, surroundings
from web.test_backups import command, python, writing

pytestmark = [pytest.mark.long, pytest.mark.browser]
expect.set_options(timeout=60_000)
PASSWORD = "a long word for a journey"
START = f"""
import sivuvirta as sv
from sivuvirta.web import serving
serving.ready()
region = sv.load("three_sites")
serving.load(region, "test")
from sivuvirta.web.accounts.consent import VERSION
from sivuvirta.web.accounts.models import Membership, User
from sivuvirta.web.registry.models import Organisations
for name, role in (("sme", "member"), ("mill", "member"), ("authority", "authority"), ("facilitator", "facilitator")):
    serving.account(name + "@example.org", role, name, {PASSWORD!r})
for name, key in (("sme", "works_ltd"), ("mill", "mill_ltd")):
    Membership.objects.create(user=User.objects.get(name=name), organisation=Organisations.objects.get(organisation=key), place="editor")
User.objects.update(consent_version=VERSION)
"""
HEADINGS = ["Sivuvirta", "Tehdas", "Materiaali", "Kosteus, %", "Määrä (kt/a)", "Kuiva vai märkä", "Vaarallinen", "Luokka", "Lähde"]
MESSY = [
    ["Pohjatuhka", "Mill", "Puun ja turpeen pohjatuhka", "12,5", "1,2", "kuivana", "ei", "B", "invented"],
    ["Kuitusavi", "mill", "kuitusaviliete", 45, "3,05", "märkä", "ei", "B", "invented"],  # no such material
    ["Lentotuhka 2", "Mill", "ash.fly.wood", "noin 5", 0.8, "kuivana", "ei", "B", "invented"],  # no number
]


@frozen(eq=False)
class Visit:
    """Somebody at a browser, with what the browser complained of and whom it asked."""

    page: Page
    at: str
    faults: list[str] = Factory(list)

    def heard(self) -> Visit:
        """Listen from now on; a refusal that a form tells (422) and a policy's report are told as errors of the console by the browser."""
        self.page.on("console", lambda told: self.faults.append(told.text) if told.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda asked: None if self._ours(asked.url) else self.faults.append(f"asked {asked.url}"))
        return self

    def _ours(self, url: str) -> bool:
        return urlsplit(url).netloc == urlsplit(self.at).netloc or url.startswith(("data:", "blob:"))

    def opens(self, path: str) -> Page:
        """The page of an address of the platform."""
        self.page.goto(self.at + path)
        return self.page

    def log_in(self, name: str) -> Visit:
        """By e-mail and password."""
        page = self.opens("-/in")
        page.locator("[name=login]").fill(f"{name}@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.wait_for_url(re.compile("/three_sites/"))
        return self


@contextmanager
def served(env: dict[str, str]) -> Iterator[str]:
    """The platform as a process, with a worker beside it; its address."""
    words = [sys.executable, "-m", "sivuvirta", "serve", "--port", "0", "--demo", "three_sites"]
    with subprocess.Popen(words, env={**env, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True) as process:
        told = ""
        while (found := re.search(r"answers at\s+(http://\S+/)", told)) is None:
            line = process.stdout.readline()
            assert line, told
            told += line
        try:
            yield found.group(1)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def browser():
    """One for all journeys; it is closed before other tests ask a database."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def platform(request, tmp_path_factory):
    """Surroundings and address of a platform on either database, and the way to make another beside it."""
    server = request.getfixturevalue("server") if request.param == "postgresql" else ""

    def made(name: str) -> dict[str, str]:
        home = tmp_path_factory.mktemp(f"{request.param}-{name}")
        url = database(server, home.name) if server else ""
        return {**surroundings(url, home), "SECRET_KEY": "k" * 60, "PYTHONPATH": os.pathsep.join(sys.path)}

    env = made("first")
    python(START, env)
    with served(env) as address:
        yield env, address, made


@pytest.fixture
def visit(browser, platform):
    """Opens a browser for somebody; at the end nothing may have been complained of."""
    visits = []

    def opened(name: str = "", at: str = platform[1], width: int = 1280) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB", reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(60_000)
        visits.append(Visit(page, at).heard())
        return visits[-1].log_in(name) if name else visits[-1]

    yield opened
    for each in visits:
        each.page.context.close()
        assert each.faults == []


def lists_slag(page: Page, at: str, what: str) -> None:
    """A stream listed in three fields."""
    page.goto(f"{at}three_sites/-/list/streams")
    page.get_by_label("In your own words").fill(what)
    page.get_by_role("radio").first.wait_for()
    page.get_by_label("About").fill("1,5")
    page.get_by_label("Unit").select_option("kt")
    page.get_by_label("Weighed").select_option("dry")
    page.get_by_label("A site of yours").select_option("works")
    page.get_by_role("button", name="List it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{what} is listed")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_visitor_looks_at_the_region_a_list_and_a_stream(visit, width):
    visitor = visit(width=width)
    page = visitor.opens("")
    expect(page).to_have_url(f"{visitor.at}three_sites/")
    for _ in range(60):
        if page.locator("svg").count() > 1:
            break
        page.wait_for_timeout(1000)
        page.reload()
    assert page.locator("svg").count() > 1  # map and Sankey of the question that the demonstration asks
    visitor.opens("three_sites/-/register/").locator("a[href$='/three_sites/streams/']").first.click()
    page.get_by_role("link", name="Slag", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Slag")
    assert page.get_by_role("link", name="Change", exact=True).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_sme_lists_a_stream_in_three_fields_and_sees_who_may_use_it(visit):
    sme = visit("sme")
    page = sme.page
    lists_slag(page, sme.at, "ferrochrome slag")
    assert "1,500" in page.locator("main").inner_text()
    page.get_by_role("link", name="See who, with reasons").click()
    expect(page.locator("main")).to_contain_text("Base layer of a road")
    sme.opens("three_sites/streams/?q=ferrochrome").get_by_role("link", name="ferrochrome slag").first.wait_for()
    assert visit().opens("three_sites/streams/?q=ferrochrome").get_by_role("link", name="ferrochrome slag").count() == 0


def test_a_mill_uploads_a_messy_workbook_repairs_and_accepts_it_and_takes_it_back(visit):
    book = Workbook()
    for row in (["Sivuvirrat ja määrät"], [], HEADINGS, *MESSY):
        book.active.append(row)
    book.save(into := io.BytesIO())
    mill = visit("mill")
    page = mill.opens("three_sites/-/imports/")
    page.locator("#file").set_input_files({"name": "mill.xlsx", "mimeType": "application/octet-stream", "buffer": into.getvalue()})
    page.get_by_role("button", name="Look at it").click()
    bad = page.locator("section.cell")
    expect(bad).to_have_count(2, timeout=60_000)
    assert page.get_by_role("button", name=re.compile("^Accept")).count() == 0
    for said, now, left in (("kuitusaviliete", "pulp.fibre_clay", 1), ("noin 5", "5", 0)):
        card = bad.filter(has=page.locator(f"input[name=was][value='{said}']"))
        card.locator("input[name=now]").fill(now)
        card.get_by_role("button", name="Correct").click()
        expect(bad).to_have_count(left, timeout=60_000)
    page.get_by_role("button", name=re.compile("^Accept")).click(timeout=60_000)
    undo = page.get_by_role("button", name="Take the whole import back")
    undo.wait_for()
    at = page.url
    dry = mill.opens("three_sites/streams/?q=Pohjatuhka")
    expect(dry.locator("#rows")).to_contain_text("1,200")  # 1,2 kt/a
    page.goto(at)
    undo.click()
    expect(page.locator("#work")).to_contain_text("It was taken back", timeout=60_000)
    assert mill.opens("three_sites/streams/?q=Pohjatuhka").get_by_role("link", name="Pohjatuhka").count() == 0


def test_an_authority_reads_and_cannot_change(visit):
    authority = visit("authority")
    page = authority.opens("three_sites/streams/slag/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Slag")
    assert page.get_by_role("link", name="Change", exact=True).count() == 0
    assert authority.opens("three_sites/streams/").get_by_role("link", name="List a side stream").count() == 0
    for path in ("streams/-/change/slag", "streams/-/add", "-/list/streams", "-/imports/"):
        assert page.request.get(f"{authority.at}three_sites/{path}").status == 403


def test_two_change_one_stream_and_the_second_is_told(visit):
    first, second = visit("sme"), visit("facilitator")
    pages = [each.opens("three_sites/streams/-/change/slag") for each in (first, second)]
    for page, name in zip(pages, ("Slag of the first", "Slag of the second"), strict=True):
        page.locator("#f-name").fill(name)
        page.get_by_role("button", name="Save").click()
    expect(pages[0].get_by_role("heading", level=1)).to_have_text("Slag of the first")
    told = pages[1]
    expect(told.get_by_role("alert")).to_contain_text("Somebody else changed this row")
    expect(told.locator("dl.facts")).to_contain_text("Slag of the first")
    assert second.faults.pop().startswith("Failed to load resource: the server responded with a status of 422")
    told.locator("#f-name").fill("Slag")
    told.get_by_role("button", name="Save").click()
    expect(told.get_by_role("heading", level=1)).to_have_text("Slag")


def test_an_administrator_restores_a_backup_made_during_writing(visit, platform, tmp_path):
    env, at, made = platform
    sme = visit("sme")
    lists_slag(sme.page, at, "slag to keep")
    file, new = tmp_path / "all.zip", made("second")
    with writing(env):
        kept = command(env, "backup", file)
    assert kept.returncode == 0, kept.stderr
    restored = command(new, "restore", file, "--new")
    assert restored.returncode == 0, restored.stderr
    with served(new) as address:
        again = visit("sme", address)
        page = again.opens("three_sites/streams/?q=slag+to+keep")
        page.get_by_role("link", name="slag to keep").click()
        expect(page.locator("main")).to_contain_text("1,500")
        page.context.close()
