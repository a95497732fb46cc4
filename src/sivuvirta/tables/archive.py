"""Workbooks before they are opened: an archive that unpacks to far more than it is, or whose XML defines entities, is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

from sivuvirta.errors import ReadError

MOST_UNPACKED = 2_000_000_000
"""Bytes of all parts of a workbook together, unpacked."""

HIGHEST_RATIO = 200
"""Times that a part may be larger unpacked; spreadsheets reach about 60."""

_FREE = 1_000_000  # bytes unpacked below which no ratio is asked: a small part of one letter is no bomb
_HEAD = 4096  # bytes within which XML says of what type it is


def safe(path: Path) -> None:
    """Nothing, where a workbook can be opened without harm.

    Raises:
        ReadError: it would fill the memory, or its XML has a document type, by which other files are read and texts multiplied.
        BadZipFile: it is no archive.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED or any(_bomb(part) for part in parts):
            raise ReadError(f"'{path.name}' unpacks to far more than it is, so it is not opened. Save it anew from a spreadsheet.")
        for part in parts:
            with archive.open(part) as file:
                if b"<!DOCTYPE" in file.read(_HEAD).replace(b"\0", b"").upper():
                    raise ReadError(f"'{path.name}' has XML of a type of its own, so it is not opened. Save it anew from a spreadsheet.")


def _bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _FREE and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)
