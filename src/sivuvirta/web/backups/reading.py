"""Reading a backup into an empty database of either kind: all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Field, Model

from sivuvirta.web.backups import parts
from sivuvirta.web.backups.parts import BackupFaultError, Kept

_BATCH = 500  # rows written at a time
_BLOCK = 1 << 20


def read(source: Path, told: Callable[[str], None], *, other_key: bool = False) -> Kept:
    """A backup read into this platform, which must be empty.

    Every part is compared with its checksum first. Rows come in one transaction, files beside the home and then into it, so a restore
    that is stopped leaves the platform as empty as it was.

    Args:
        source: the backup.
        told: hears the name of each part as it begins.
        other_key: the platform's key is another than the backup's: second factors, which that key encrypts, are left out.

    Raises:
        BackupFaultError: it is no backup, or a damaged one, or of another version; the platform is not empty; the key is another.
    """
    with _opened(source) as (box, manifest):
        faults = [*_strange(manifest), *_full(), *_locked(manifest, other_key=other_key), *_damaged(box, manifest, told)]
        if faults:
            raise BackupFaultError("\n".join(faults))
        left = {parts.FACTORS} if other_key else set()
        models = [each for each in parts.models() if each._meta.label_lower in manifest["rows"] and each._meta.label_lower not in left]
        with transaction.atomic():
            _empty(models)
            count = sum(_rows(box, model, told) for model in models)
            _sequences(models)
            told("files")
            files = _files(box)
    return Kept(count, len(models), files, source.stat().st_size, str(manifest["made"]))


@contextmanager
def _opened(source: Path) -> Iterator[tuple[ZipFile, dict[str, Any]]]:
    try:
        with ZipFile(source) as box:
            manifest = json.loads(box.read(parts.MANIFEST))
            if manifest["format"] != parts.FORMAT:
                raise BackupFaultError(f"'{source}' is a backup of format {manifest['format']}; this version reads {parts.FORMAT}.")
            yield box, manifest
    except FileNotFoundError:
        raise BackupFaultError(f"There is no file '{source}'.") from None
    except (BadZipFile, KeyError, ValueError, TypeError, ValidationError, DataError, IntegrityError) as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise BackupFaultError(f"'{source}' is no backup of Sivuvirta, or a damaged one: {said}.") from None


def _strange(manifest: dict[str, Any]) -> list[str]:
    """Migrations that only one of backup and database has been through, and columns that only one of them has."""
    columns = manifest.get("columns", {})
    here, there = _form(parts.migrations("default"), parts.columns()), _form(manifest["migrations"], columns)
    if here == there and columns == parts.columns():
        return []
    newer, older = (", ".join(sorted(some)[:5]) for some in (there - here, here - there))
    told = "; ".join(
        part for part in (f"only the backup has {newer}" if newer else "", f"only this version has {older}" if older else "") if part
    )
    told = told or "its columns stand in another order"
    return [f"The backup was made by another version of the platform: {told}. Restore it with that version, then bring that up to date."]


def _form(migrations: Iterable[str], columns: Mapping[str, Iterable[str]]) -> set[str]:
    return {*migrations, *(f"{label}.{name}" for label, names in columns.items() for name in names)}


def _full() -> list[str]:
    """What makes this platform not empty."""
    found = [
        str(each._meta.verbose_name_plural)
        for each in parts.models()
        if each._meta.label_lower not in parts.MADE and each._base_manager.exists()
    ]
    found += [file.name for file in parts.home_files()][:3]
    if not found:
        return []
    told = (
        f"This platform is not empty; it has {', '.join(found[:5])}. A backup goes into a new one: name an empty database by DATABASE_URL "
        "and an empty folder by SIVUVIRTA_HOME, and restore there."
    )
    return [told]


def _locked(manifest: dict[str, Any], *, other_key: bool) -> list[str]:
    if other_key or manifest["key"] == parts.fingerprint():
        return []
    told = (
        "SECRET_KEY is another than the one the backup was made with, which encrypts second factors. Set that one (it may stand in "
        "`secret.key` of the old home), or restore with --other-key: then people set up their second factors anew."
    )
    return [told]


def _damaged(box: ZipFile, manifest: dict[str, Any], told: Callable[[str], None]) -> list[str]:
    told("checksums")
    names = set(box.namelist()) - {parts.MANIFEST}
    wrong = sorted(names ^ set(manifest["sums"]))
    wrong += [name for name in sorted(names & set(manifest["sums"])) if _sum(box, name) != manifest["sums"][name]]
    wrong += [name for name in sorted(names) if not _inside(name)]
    return [f"The backup is damaged: {', '.join(wrong[:5])}. Take another one."] if wrong else []


def _sum(box: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with box.open(name) as part:
            for block in iter(lambda: part.read(_BLOCK), b""):
                digest.update(block)
    except BadZipFile:
        return ""
    return digest.hexdigest()


def _inside(name: str) -> bool:
    """Whether a part's name stays in the folder that it is unpacked to, and is none of what the platform makes for itself."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or len(path.parts) < 2:
        return False
    return path.parts[0] == parts.ROWS or (path.parts[0] == parts.FILES and parts.held(path.parts[1]))


def _empty(models: Sequence[type[Model]]) -> None:
    """Takes out the rows that a new database has from its migrations."""
    for model in reversed(models):
        if model._meta.label_lower in parts.MADE:
            model._base_manager.all()._raw_delete("default")


def _rows(box: ZipFile, model: type[Model], told: Callable[[str], None]) -> int:
    told(str(model._meta.verbose_name_plural))
    columns, count = parts.fields(model), 0
    with TextIOWrapper(box.open(f"{parts.ROWS}/{model._meta.label_lower}.jsonl"), encoding="utf-8", newline="\n") as lines:
        rows = (parts.row(model, columns, text) for text in lines)
        while some := list(islice(rows, _BATCH)):
            count += len(some)
            _write(model, columns, some)
    return count


def _write(model: type[Model], columns: Sequence[Field], rows: list[Model]) -> None:
    """As they were: no column takes the time of now."""
    step = max(connection.ops.bulk_batch_size(columns, rows), 1)
    for at in range(0, len(rows), step):
        model._base_manager._insert(rows[at : at + step], fields=columns, using="default", raw=True)


def _sequences(models: Sequence[type[Model]]) -> None:
    """New rows get numbers after those that were read."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _files(box: ZipFile) -> int:
    """Files unpacked beside the home, then moved into it."""
    names = [name for name in box.namelist() if name.startswith(f"{parts.FILES}/")]
    beside: Path = settings.HOME / ".restoring"
    shutil.rmtree(beside, ignore_errors=True)
    for name in names:
        place = beside / PurePosixPath(name).relative_to(parts.FILES)
        place.parent.mkdir(parents=True, exist_ok=True)
        with box.open(name) as part, place.open("wb") as file:
            shutil.copyfileobj(part, file, _BLOCK)
    for place in beside.iterdir() if names else []:
        place.rename(settings.HOME / place.name)
    shutil.rmtree(beside, ignore_errors=True)
    return len(names)
