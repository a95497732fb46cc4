"""A real Chromium, and reports to open in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define, field, frozen
from playwright.sync_api import Browser, BrowserContext, Page
from tests.chromium import chromium
from tests.report_studies import small, study

import sivuvirta as sv
from sivuvirta.domain.studies import STUDIES, Studies

REPORTS = (("three_sites", "2024"), ("kemi_tornio", "2018"), ("kemi_tornio", "2024"))


@frozen
class Opened:
    """A page with what it complained of and asked the network for."""

    page: Page
    errors: list[str]
    requests: list[str]


@define
class Opener:
    """Opens reports from the disk, in contexts of a size and theme."""

    browser: Browser
    contexts: list[BrowserContext] = field(factory=list)

    def __call__(self, path: Path, width: int = 1280, theme: str = "light", hash: str = "") -> Opened:  # noqa: A002
        """The page of a report."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
        self.contexts.append(context)
        page = context.new_page()
        opened = Opened(page, [], [])
        page.on("console", lambda message: opened.errors.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: opened.errors.append(str(error)))
        page.on("request", lambda request: opened.requests.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.goto(path.as_uri() + hash)
        return opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system, closed before other rooms of tests open theirs."""
    with chromium() as started:
        yield started


@pytest.fixture
def open_report(browser: Browser) -> Iterator[Opener]:
    """Opens a report; its windows are closed after the test."""
    opener = Opener(browser)
    yield opener
    for context in opener.contexts:
        context.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of the bundled regions, by "region-vintage"."""
    folder = tmp_path_factory.mktemp("reports")
    written = {}
    for region, vintage in REPORTS:
        plan = sv.plan(sv.load(region, vintage))
        written[f"{region}-{vintage}"] = sv.report(plan, folder / f"{region}-{vintage}.html")
    return written


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports with studies: all of them on a small region, the mine's expansion, and the mills that close and open."""
    folder = tmp_path_factory.mktemp("studied")
    everything = Studies(**{name: study(name) for name in STUDIES})
    mine, mills = (sv.plan(sv.load("kemi_tornio", vintage)) for vintage in ("2024", "2018"))
    return {
        "small": sv.report(small(), folder / "small.html", studies=everything),
        "mine": sv.report(mine, folder / "mine.html", studies=sv.study(mine, ["compare", "shock", "best"])),
        "mills": sv.report(mills, folder / "mills.html", studies=sv.study(mills, "compare")),
    }
