"""The page of pooling is the docstrings of the room."""

from __future__ import annotations

from pathlib import Path

from sivuvirta.pooling.equations import page

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "pooling.md"


def test_the_page_is_in_sync_with_the_code():
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m sivuvirta.pooling.equations > docs/explanation/pooling.md"
