"""The page of mathematics is the docstrings of the families."""

from __future__ import annotations

from pathlib import Path

from sivuvirta.plan.explain.equations import page
from sivuvirta.plan.program.families import FAMILIES

PAGE = Path(__file__).parents[4] / "docs" / "explanation" / "mathematics.md"


def test_the_page_is_in_sync_with_the_code():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m sivuvirta.plan.explain.equations > docs/explanation/mathematics.md"
    )


def test_every_family_has_an_equation_with_its_label():
    for family in FAMILIES:
        text = family.__doc__ or ""
        assert ".. math::" in text, family.__name__
        assert r"\text{(P" in text, family.__name__
        assert f"### `{family.__name__}`" in page()
