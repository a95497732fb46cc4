"""Writing a backup: one moment of the database, whatever is written meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from attrs import frozen
from django.conf import settings
from django.db.models import Model

from sivuvirta.web.backups import parts
from sivuvirta.web.backups.parts import BackupFaultError, Kept
from sivuvirta.web.core.moments import moment

_CHUNK = 2000  # rows read at a time
_BLOCK = 1 << 20  # bytes read at a time


@frozen
class _Archive:
    """An archive being written, with the checksum of each part."""

    box: ZipFile
    sums: dict[str, str]

    def add(self, name: str, blocks: Iterator[bytes]) -> None:
        """A part, block after block."""
        digest = hashlib.sha256()
        with self.box.open(name, "w", force_zip64=True) as part:
            for block in blocks:
                digest.update(block)
                part.write(block)
        self.sums[name] = digest.hexdigest()


def write(target: Path, told: Callable[[str], None]) -> Kept:
    """Everything the platform keeps, as it was at one moment.

    SQLite reads one moment beside its writer (write-ahead log), PostgreSQL by a repeatable read; nobody waits for the backup. Files are
    read after the rows, so each file that a row names was there; one that is removed meanwhile is told. The cost grows with the rows and
    bytes kept; memory does not.

    Args:
        target: the file to be written; it appears when it is whole, for its owner alone to read.
        told: hears the name of each part as it begins.

    Raises:
        BackupFaultError: the file is there already, or cannot be written.
    """
    if target.exists():
        raise BackupFaultError(f"'{target}' is there already. Name a new file, or remove that one first.")
    if target.resolve().is_relative_to(settings.HOME):
        raise BackupFaultError(f"'{target}' lies in the platform's home, which it would hold itself next time. Name a file elsewhere.")
    made = datetime.now(tz=UTC).isoformat(timespec="seconds")
    with _whole(target) as file, ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True) as box:
        archive, counts = _Archive(box, {}), {}
        with moment() as alias:
            through = parts.migrations(alias)
            for model in parts.models():
                told(str(model._meta.verbose_name_plural))
                counts[model._meta.label_lower] = _rows(archive, model, alias)
        files, lost = _files(archive, told)
        manifest = {
            "format": parts.FORMAT,
            "made": made,
            "rows": counts,
            "files": files,
            "migrations": through,
            "columns": parts.columns(),
            "key": parts.fingerprint(),
            "sums": archive.sums,
        }
        box.writestr(parts.MANIFEST, json.dumps(manifest, indent=1))
    return Kept(sum(counts.values()), len(counts), files, target.stat().st_size, made, tuple(lost))


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole and on the disk."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.touch(0o600, exist_ok=False)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except OSError as error:
        raise BackupFaultError(f"'{target}' cannot be written: {error.strerror or error}. Name a file in a folder with room.") from error
    finally:
        part.unlink(missing_ok=True)


def _rows(archive: _Archive, model: type[Model], alias: str) -> int:
    columns, count = parts.fields(model), 0

    def blocks() -> Iterator[bytes]:
        nonlocal count
        for row in model._base_manager.using(alias).order_by("pk").iterator(chunk_size=_CHUNK):
            count += 1
            yield parts.line(row, columns).encode()

    archive.add(f"{parts.ROWS}/{model._meta.label_lower}.jsonl", blocks())
    return count


def _files(archive: _Archive, told: Callable[[str], None]) -> tuple[int, list[str]]:
    """Files of the home; how many, and which went away meanwhile."""
    count, lost = 0, []
    told("files")
    for file in parts.home_files():
        name = file.relative_to(settings.HOME).as_posix()
        try:
            with file.open("rb") as source:
                archive.add(f"{parts.FILES}/{name}", _blocks(source))
                count += 1
        except FileNotFoundError:
            lost.append(name)
    return count, lost


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(_BLOCK):
        yield block
