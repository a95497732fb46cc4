"""Tables of exchanges as people bring them: a frame, rows, or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """A CSV file with a header, all cells as text; comma, semicolon or tab between them.

    Raises:
        ReadError: there is no such file, or it cannot be read as CSV.
    """
    if not path.is_file():
        raise ReadError(f"There is nothing at '{path}'. Give the path of a CSV file with a header.")
    try:
        head = path.read_text(encoding="utf-8-sig").split("\n", 1)[0]
        sign = max(",;\t", key=head.count)
        return pd.read_csv(path, dtype=str, sep=sign, encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    except (ValueError, OSError) as error:
        raise ReadError(f"'{path}' cannot be read as CSV: {error}. Save it as CSV with UTF-8 letters.") from error
