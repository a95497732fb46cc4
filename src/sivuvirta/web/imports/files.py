"""Files: what a person sent, known by its content and never by its name, and bounded before anything of it is read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from attrs import frozen
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.tables.descriptor import FILE

LARGEST = 50_000_000
"""Bytes of a file that is taken."""

MOST_PARTS = 2000
"""Files in an archive."""

MOST_UNPACKED = 600_000_000
"""Bytes of all files of an archive together, unpacked."""

HIGHEST_RATIO = 200
"""Times that a file of an archive may be larger unpacked; spreadsheets reach about 60."""

_FREE = 1_000_000  # bytes unpacked below which no ratio is asked: a small file of one letter is no bomb
_CHUNK = 1 << 20
_LOOK = 256  # bytes by which XML is known
_BEFORE = b"\xef\xbb\xbf\xff\xfe \t\r\n"  # marks of encodings and blanks, before the first element
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MACROS = frozenset({"vbaproject.bin", "vbadata.xml"})


class UploadError(SivuvirtaError):
    """A file that is not taken; the message says why and what to do."""


@frozen
class Kept:
    """A file as it was kept."""

    kind: str  # xlsx, csv, package
    size: int
    digest: str  # SHA-256


def keep(source: Any, place: Path) -> Kept:
    """Write what was sent to a place and tell what it is; nothing stays there where it is not taken.

    Args:
        source: in parts of bytes (`chunks()`), as Django gives an upload.
        place: of the new file, outside of what the server hands out.

    Raises:
        UploadError: it is too large, of a kind that is not read, or not safe to open.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with place.open("wb") as file:
            for part in source.chunks():
                size += len(part)
                if size > LARGEST:
                    raise UploadError(_("The file is larger than %(most)s MB. Part it, or send it as CSV.") % {"most": LARGEST // 10**6})
                digest.update(part)
                file.write(part)
        return Kept(kind(place), size, digest.hexdigest())
    except UploadError:
        place.unlink(missing_ok=True)
        raise


def kind(place: Path) -> str:
    """What a file is, by its content: xlsx, package or csv.

    Raises:
        UploadError: none of them, or not safe to open.
    """
    with place.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise UploadError(_("The file is empty."))
    if head.startswith(_OLD):
        raise UploadError(_("This is a workbook of the old kind (.xls), or one with a password. Save it as .xlsx without a password."))
    if head.startswith(_ZIP):
        return _archive(place)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" not in head and not head.lstrip().startswith((b"<", b"{", b"%PDF"))):
        return "csv"
    raise UploadError(_("The file is neither a workbook (.xlsx), nor a table as text (CSV), nor a data package (zip)."))


def _archive(place: Path) -> str:
    try:
        with zipfile.ZipFile(place) as archive:
            parts = safe_parts(archive)
            names = {part.filename for part in parts}
            if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
                _plain_workbook(archive, parts)
                return "xlsx"
            if any(PurePosixPath(name).name == FILE or name.lower().endswith(".csv") for name in names):
                return "package"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UploadError(_("The archive cannot be opened: it is broken, or has a password.")) from error
    raise UploadError(_("The archive is neither a workbook (.xlsx) nor a data package: it holds no table as CSV."))


def safe_parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of an archive, none of which leaves its folder or is a bomb.

    What an archive says of its sizes may be a lie: `unpacked` counts again while it reads.

    Raises:
        UploadError: something of it is not safe.
    """
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MOST_PARTS:
        raise UploadError(_("The archive holds more than %(most)s files.") % {"most": MOST_PARTS})
    if len({part.filename for part in parts}) < len(parts):
        raise UploadError(_("The archive holds two files of one name."))
    for part in parts:
        _inside(part)
        if part.file_size > _FREE and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1):
            raise UploadError(_("The archive unpacks to far more than it is: it is not opened."))
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UploadError(_("The archive unpacks to more than %(most)s MB.") % {"most": MOST_UNPACKED // 10**6})
    return parts


def unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a file of an archive, never more than the archive said.

    Raises:
        UploadError: it is more.
    """
    size = 0
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > part.file_size:
                raise UploadError(_("The archive unpacks to far more than it is: it is not opened."))
            yield chunk


def unpack(place: Path, into: Path) -> Path:
    """The tables of a data package in a folder of ours; tells the folder in which they lie.

    Names of the archive are never used as paths: what is a table, or the description of the package, is written under its last name.

    Raises:
        UploadError: something of it is not safe, or two folders hold tables.
    """
    into.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place) as archive:
        wanted = [part for part in safe_parts(archive) if _is_table(part.filename)]
        roots = {str(PurePosixPath(part.filename).parent) for part in wanted}
        if len(roots) > 1:
            raise UploadError(_("The archive holds tables in several folders. Put them into one."))
        for part in wanted:
            with (into / PurePosixPath(part.filename).name).open("wb") as file:
                for chunk in unpacked(archive, part):
                    file.write(chunk)
    return into


def _is_table(name: str) -> bool:
    last = PurePosixPath(name).name
    return (last == FILE or last.lower().endswith(".csv")) and not last.startswith(".") and not name.startswith("__MACOSX/")


def _inside(part: zipfile.ZipInfo) -> None:
    name = part.filename
    path = PurePosixPath(name)
    linked = (part.external_attr >> 16) & 0o170000 == 0o120000
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or linked:
        raise UploadError(_("The archive names a file outside of itself: it is not opened."))


def _plain_workbook(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Nothing, where a workbook holds no program and its XML defines nothing of its own."""
    for part in parts:
        if PurePosixPath(part.filename).name.lower() in _MACROS:
            raise UploadError(_("The workbook holds macros. Save it as .xlsx without them."))
        with archive.open(part) as file:
            head = file.read(_LOOK)
        if _is_xml(part.filename, head):  # a sheet may have any name: what refers to it says where it is
            with archive.open(part) as file:
                _plain_xml(file)


def _is_xml(name: str, head: bytes) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml")) or head.replace(b"\0", b"").lstrip(_BEFORE).startswith(b"<")


def _plain_xml(file: IO[bytes]) -> None:
    """A document type stands before the first element, so reading stops there."""
    try:
        for _event, _element in iterparse(file, events=("start",), forbid_dtd=True, forbid_entities=True, forbid_external=True):
            return
    except DefusedXmlException as error:
        raise UploadError(_("The workbook's XML defines entities or refers to other files: it is not opened.")) from error
    except (ParseError, UnicodeError, ValueError, io.UnsupportedOperation) as error:
        raise UploadError(_("The workbook is broken. Open it in a spreadsheet and save it again.")) from error
