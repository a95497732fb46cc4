"""Sessions: what a person does with an import: begins it, says what its columns mean, mends cells, accepts, takes back, leaves it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sivuvirta.tables.schema import schema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.imports.files import UploadError, keep
from sivuvirta.web.imports.guessing import BESIDE
from sivuvirta.web.imports.models import Does, Session, Work, busy
from sivuvirta.web.jobs.running import Hold, run
from sivuvirta.web.jobs.tasks import enqueue
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.writes.changing import RefusedError

SMALL = 200_000
"""Bytes of a file that is read while the person waits; a worker reads larger ones."""

MOST_OPEN = 20
"""Imports that one person may have open."""

MOST_CORRECTIONS = 5000
_AUTOMATIC = {"quantities": ("subject", "table", "vintage")}


def may_import(who: Viewer) -> bool:
    """Whether somebody may begin an import at all."""
    return who.user is not None and (who.maintains or bool(who.edits))


def begin(register: Register, who: Viewer, upload: Any) -> Session:
    """A new import of a file, which is read at once or by a worker.

    Raises:
        RefusedError: the viewer may not import, or has too many open.
        UploadError: the file is not taken.
    """
    if not may_import(who):
        raise RefusedError(_("You may not write rows of this register."))
    if Session.objects.restrict(who).filter(stage="open").count() >= MOST_OPEN:
        raise RefusedError(_("You have %(most)s imports open. Accept or leave some of them first.") % {"most": MOST_OPEN})
    session = Session.objects.create(register=register, by_id=who.user, name=_called(upload))
    try:
        _take(session, upload)
    except UploadError:
        leave(session)
        raise
    start(session, Does.READ)
    return session


def again(session: Session, upload: Any) -> None:
    """Another file into the same import. What was said of the columns stays where their headings are the same.

    Raises:
        RefusedError: work for it goes on, or it is accepted.
        UploadError: the file is not taken; the one before stays.
    """
    _free(session)
    _take(session, upload)
    session.name, session.corrections = _called(upload), [one for one in session.corrections if "was" in one]
    session.save(update_fields=["name", "kind", "size", "digest", "corrections"])
    _keep_maps(session)
    start(session, Does.READ)


def mapped(session: Session, maps: Mapping[str, Any], fixed: Mapping[str, str], options: Mapping[str, Any]) -> None:
    """What the columns mean, as the person says.

    Args:
        session: that it is said of.
        maps: how each sheet is read.
        fixed: what holds in every row.
        options: comma, clear, remove, circle.
    """
    _free(session)
    session.maps, session.fixed = dict(maps), {name: text for name, text in fixed.items() if text}
    session.comma = options["comma"] if options.get("comma") in ("auto", "comma", "point") else "auto"
    session.clear, session.remove = bool(options.get("clear")), bool(options.get("remove"))
    session.circle = Level(int(options["circle"])) if str(options.get("circle")) in {str(int(level)) for level in Level} else session.circle
    session.save()
    start(session, Does.READ)


def correct(session: Session, corrections: list[dict[str, Any]]) -> None:
    """What cells should say instead; the file is read anew.

    Raises:
        RefusedError: work for it goes on, it is accepted, or too many cells are bad.
    """
    _free(session)
    if len(session.corrections) + len(corrections) > MOST_CORRECTIONS:
        raise RefusedError(_("More than %(most)s cells were mended here. Mend the file, and send it again.") % {"most": MOST_CORRECTIONS})
    session.corrections = [*session.corrections, *corrections]
    session.save(update_fields=["corrections"])
    start(session, Does.READ)


def start(session: Session, does: Any) -> Work:
    """Have work done (one of `Does`): at once where the file is small, else by a worker."""
    with transaction.atomic():
        Session.objects.select_for_update().get(pk=session.pk)
        if busy(session):
            raise RefusedError(_("Work for this import goes on. Wait until it is done."))
        work = Work.objects.create(session=session, does=does)
        if session.size > SMALL:
            enqueue(work)
    if session.size <= SMALL:
        run(Work, work.pk, _unbeaten)
    session.refresh_from_db()
    return work


@contextmanager
def _unbeaten(hold: Hold) -> Iterator[None]:
    """A short run within a request needs no sign of life."""
    yield


def leave(session: Session) -> None:
    """Forget an import with its files. What it wrote stays, and so does the log of it."""
    folder = session.folder
    session.delete()
    shutil.rmtree(folder, ignore_errors=True)


def left(session: Session, who: Viewer) -> None:
    """The same, by a person.

    Raises:
        RefusedError: work for it goes on.
    """
    if busy(session):
        raise RefusedError(_("Work for this import goes on. Wait until it is done."))
    entry(who.name, "leave", (session.register.slug, "imports", str(session.pk)), {"file": session.name}, None).save()
    leave(session)


def asked_for(maps: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Columns that may hold one text for every row: table, column, and whether the table needs it."""
    found: list[tuple[str, str, bool]] = []
    targets = {target for how in maps.values() for target in how["targets"]}
    main = {how["table"] for how in maps.values() if how["table"]}
    tables = [name for name in MODELS if name in main or any(target.startswith(f"{name}.") for target in targets)]
    for table in tables:
        beside = table not in main
        for name, column in schema()[table].columns.items():
            made = name in schema()[table].key and len(schema()[table].key) == 1
            filled = beside and (name in _AUTOMATIC.get(table, ()) or (name in ("grade", "source") and _told_above(table, name, main)))
            if f"{table}.{name}" in targets or made or filled:
                continue
            if (column.required and not column.default) or name in ("grade", "source", "reported_basis"):
                found.append((table, name, column.required and not column.default))
    return found


def _told_above(table: str, name: str, main: set[str]) -> bool:
    return any(BESIDE.get(above) == table and name in schema()[above].columns and schema()[above].columns[name].required for above in main)


def _take(session: Session, upload: Any) -> None:
    new = session.folder / "new"
    kept = keep(upload, new)
    new.replace(session.file)
    session.kind, session.size, session.digest = kept.kind, kept.size, kept.digest
    session.save(update_fields=["kind", "size", "digest"])


def _keep_maps(session: Session) -> None:
    """Nothing of a map holds for a file with other headings: it is compared when the file is read."""
    heads = {name: told["head"] for name, told in session.found.get("sheets", {}).items()}
    session.maps = {name: {**how, "heads": heads.get(name, [])} for name, how in session.maps.items()}
    session.save(update_fields=["maps"])


def _free(session: Session) -> None:
    if not session.open:
        raise RefusedError(_("This import is accepted already."))
    if busy(session):
        raise RefusedError(_("Work for this import goes on. Wait until it is done."))


def _called(upload: Any) -> str:
    """The file's own name as people read it, of which nothing is used as a path."""
    return PurePath(str(getattr(upload, "name", "") or "file").replace("\\", "/")).name[:200]
