"""The page of published cases says what the plan computes today."""

from pathlib import Path

from tests.published.cases_page import page

FILE = Path(__file__).parents[2] / "docs" / "reference" / "cases.md"


def test_the_page_is_what_the_cases_compute():
    assert FILE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.published.cases_page > docs/reference/cases.md"
