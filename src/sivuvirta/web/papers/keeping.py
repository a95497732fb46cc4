"""Keeping papers: put beside a row, replaced by a newer version, taken away; each stands in the log of changes of its row."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.papers.contents import read
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.registry.rows import Register, Row
from sivuvirta.web.registry.writes.changing import rekeyed, taken_out
from sivuvirta.web.registry.writes.returning import returned
from sivuvirta.web.registry.writes.steps import ADD

MOST = 50  # papers of a row, older versions counted


class PaperError(SivuvirtaError):
    """A paper cannot be kept; the message says why."""


def put(row: Row, name: str, data: bytes, by: Viewer) -> Paper:
    """A paper beside a row; one of the same name is replaced by it, and its older versions are kept.

    The bytes are written before the row of the database is, so that no paper is told that is not there; a file that a failure leaves
    behind is told nowhere.

    Raises:
        ContentError: the file is not taken.
        PaperError: the row has too many.
    """
    content, called = read(data), _called(name)
    mine = Paper.objects.filter(register=row.register, table=row.schema.name, key=row.row_key)
    paper = Paper(register=row.register, table=row.schema.name, key=row.row_key, name=called, who=by.name, file=secrets.token_hex(16))
    paper.kind, paper.size, paper.digest = content.kind, len(content.data), hashlib.sha256(content.data).hexdigest()
    _write(paper, content.data)
    try:
        with transaction.atomic():
            type(row).objects.select_for_update().get(pk=row.pk)  # two papers of one name are put one after the other
            if mine.count() >= MOST:
                raise PaperError(_("There are %(most)s papers here already: take one away first.") % {"most": MOST})
            older = mine.filter(name=called, replaced=False)
            paper.version = 1 + max((each.version for each in mine.filter(name=called)), default=0)
            older.update(replaced=True)
            paper.save()
            entry(by.name, "paper", (row.register.slug, row.schema.name, row.row_key), None, _told(paper)).save()
    except BaseException:
        paper.place.unlink(missing_ok=True)
        raise
    return paper


def take_away(paper: Paper, by: Viewer) -> None:
    """A paper taken away with its bytes; that it was there stays in the log. An older version stands again where there is one."""
    with transaction.atomic():
        told = _told(paper)
        place = (paper.register.slug, paper.table, paper.key)
        older = Paper.objects.filter(register=paper.register, table=paper.table, key=paper.key, name=paper.name).exclude(pk=paper.pk)
        newest = older.order_by("-version").first()
        if not paper.replaced and newest is not None:
            Paper.objects.filter(pk=newest.pk).update(replaced=False)
        entry(by.name, "paper gone", place, told, None).save()
        file = paper.place
        paper.delete()
        transaction.on_commit(lambda: file.unlink(missing_ok=True))


def seen(paper: Paper, row: Row, by: Viewer) -> None:
    """That somebody opened the paper of a row that is not open to everybody, in the log."""
    if min([row.circle, *row.circles.values()]) < Level.PUBLIC:
        entry(by.name, "see", (paper.register.slug, paper.table, paper.key), None, {"paper": paper.name, "version": paper.version}).save()


@receiver(rekeyed)
def follow(sender: Any, row: Row, before: str, after: str, **_: Any) -> None:
    """Papers follow their row to another key, and go with it when it is taken out; their bytes are kept a while."""
    mine = Paper.objects.filter(register=row.register, table=row.schema.name, key=before)
    if after:
        mine.update(key=after)
    else:
        _gone(mine)


@receiver(taken_out)
def go(sender: Any, register: Register, table: str, keys: Any, **_: Any) -> None:
    """Papers go with their rows where many are taken out at once."""
    _gone(Paper.objects.filter(register=register, table=table, key__in=keys))


@receiver(returned)
def come_back(sender: Any, register: Register, entries: Any, **_: Any) -> None:
    """Papers that went with rows are there again when these are put back; those of a row that had the key before are not."""
    gone = Paper.every.filter(register=register).exclude(gone_at=None)
    for table in dict.fromkeys(gone.order_by().values_list("table", flat=True)):
        keys = set(gone.filter(table=table).values_list("key", flat=True))
        for went in entries.filter(table=table, key__in=keys):
            mine = gone.filter(table=table, key=went.key)
            made = Entry.objects.filter(register=register.slug, table=table, key=went.key, action=ADD, pk__lt=went.pk).first()
            (mine if made is None else mine.filter(gone_at__gt=made.at)).update(gone_at=None)


def _gone(mine: Any) -> None:
    mine.update(gone_at=timezone.now())


def _write(paper: Paper, data: bytes) -> None:
    paper.place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(paper.place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _told(paper: Paper) -> dict[str, object]:
    return {"paper": paper.name, "version": paper.version, "size": paper.size, "sha256": paper.digest}


def _called(name: str) -> str:
    """The name that its owner gave it, without folders and signs that steer a terminal or a head of an answer."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable() and sign not in '"<>:;|*?').strip()[:120] or "paper"
