"""Tables of exchanges as people bring them: a frame, rows, or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from sivuvirta.errors import ReadError


def table_of(source: pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path | None) -> pd.DataFrame | None:
    """A table of exchanges as a frame; None where there is none.

    Raises:
        ReadError: there is no such file, or it cannot be read as CSV.
    """
    if source is None or isinstance(source, pd.DataFrame):
        return source
    return read(Path(source)) if isinstance(source, str | Path) else pd.DataFrame(list(source))


def read(path: Path) -> pd.DataFrame:
    """A CSV file with a header, all cells as text; comma, semicolon or tab between them, in UTF-8, else in Windows-1252 as Excel writes it.

    How the letters were read stands in the frame's `attrs` under `note`, where it was not UTF-8.

    Raises:
        ReadError: there is no such file, or it cannot be read as CSV.
    """
    if not path.is_file():
        raise ReadError(f"There is nothing at '{path}'. Give the path of a CSV file with a header.")
    try:
        letters = path.read_bytes()
        text, note = _decoded(letters, path.name)
        sign = max(",;\t", key=text.split("\n", 1)[0].count)
        frame = pd.read_csv(StringIO(text), dtype=str, sep=sign, keep_default_na=False, na_values=[""])
        frame.attrs["note"] = note
        return frame
    except (ValueError, OSError) as error:
        raise ReadError(f"'{path}' cannot be read as CSV: {error}. Save it as CSV with UTF-8 letters.") from error


def _decoded(letters: bytes, name: str) -> tuple[str, str]:
    """A text, and a sentence where it was not written in UTF-8."""
    try:
        return letters.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return letters.decode(
            "cp1252"
        ), f"'{name}' is not UTF-8; it was read as Windows-1252, as Excel writes it: look whether ä, ö, ñ are right."
