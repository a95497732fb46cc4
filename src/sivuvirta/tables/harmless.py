"""Texts that a spreadsheet does not run: what begins as a formula does is written as a text."""

from __future__ import annotations

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet reads as a formula."""


def harmless(text: str) -> str:
    """A text with a quote before it where it looks like a formula, for files that have no types, such as CSV.

    >>> harmless("=1+1"), harmless("Slag, 0-4 mm"), harmless("'=1+1")
    ("'=1+1", 'Slag, 0-4 mm', "''=1+1")
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def meant(text: str) -> str:
    """The text that `harmless` wrote, back.

    >>> meant("'=1+1"), meant(harmless("'=1+1")), meant("'t Gooi")
    ('=1+1', "'=1+1", "'t Gooi")
    """
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def harmless_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts are harmless; numbers stay."""
    return frame.map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)
