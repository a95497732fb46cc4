"""Raw tables of a data package in an archive (.zip)."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sivuvirta.errors import ReadError
from sivuvirta.tables.archive import safe
from sivuvirta.tables.csv_folder import raw_folder
from sivuvirta.tables.descriptor import FILE
from sivuvirta.tables.raw import RawRegion


def raw_zip(path: Path) -> RawRegion:
    """Every table of an archive. Its names are never used as paths: tables and description are unpacked under their last names.

    Raises:
        ReadError: it cannot be opened, is not safe to open, holds no table, or tables in several folders.
    """
    try:
        safe(path)
        with zipfile.ZipFile(path) as archive, TemporaryDirectory() as place:
            names = [part for part in archive.namelist() if _is_part(PurePosixPath(part))]
            if len({PurePosixPath(name).parent for name in names}) > 1:
                raise ReadError(f"'{path.name}' holds tables in several folders. Put them into one.")
            folder = Path(place) / path.stem
            folder.mkdir()
            for name in names:
                with archive.open(name) as file, (folder / PurePosixPath(name).name).open("wb") as copy:
                    shutil.copyfileobj(file, copy)
            if not names:
                raise ReadError(f"There is no table in '{path.name}': neither CSV files named as tables nor a datapackage.json.")
            return raw_folder(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ReadError(f"'{path.name}' is no archive that can be opened: it is broken, or has a password.") from error


def _is_part(name: PurePosixPath) -> bool:
    return (name.name == FILE or name.suffix.lower() == ".csv") and not name.name.startswith(".") and name.parts[0] != "__MACOSX"
