"""Tables in tutorials are printed whole: no column is cut to an ellipsis."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pandas as pd
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "plan-the-region.md"


def test_the_first_tables_of_the_tutorial_are_whole():
    """The first two blocks: totals, flows and the five dearest needs, run as a reader would."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[:2]
    told = io.StringIO()
    with contextlib.redirect_stdout(told), pd.option_context("display.width", 80):
        exec("\n".join(blocks), {})  # noqa: S102 - the page is ours
    assert "..." not in told.getvalue()
    assert "verdict" in told.getvalue()


@pytest.mark.parametrize("frame", ["front.to_frame()", "futures.potential.figures"])
def test_later_tables_are_whole_too(frame):
    assert f"print({frame}.to_string())" in PAGE.read_text(encoding="utf-8")
