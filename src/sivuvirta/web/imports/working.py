"""Working: what a worker does for an import. Nothing of it is seen before the transaction that ends the job."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from attrs import evolve
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sivuvirta.errors import SivuvirtaError
from sivuvirta.tables.cells import as_text
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.imports.comparing import Compared, compare, settled
from sivuvirta.web.imports.endings import Keys, forget_endings, keep_endings
from sivuvirta.web.imports.guessing import Map, from_told, guess, headings, samples, told_table
from sivuvirta.web.imports.laboratory import spread
from sivuvirta.web.imports.mapping import Plan, corrected, parts_of
from sivuvirta.web.imports.models import Does, Session, Stage, Work
from sivuvirta.web.imports.sheets import Sheet, named, read
from sivuvirta.web.imports.telling import cards
from sivuvirta.web.jobs.running import Hold
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.writes.batches import ADD, CHANGE, REMOVE, Line, Ready, lay_ready, newest
from sivuvirta.web.registry.writes.changing import RefusedError
from sivuvirta.web.registry.writes.undoing import undoing, undone

VISIBILITY = "visibility"  # of a package: it is no table of rows, but says who sees them
_GIVEN = "given.json"  # beside the difference: new keys
_SHOWN = 100  # values of a heading's row told to pages


class MeanwhileError(SivuvirtaError):
    """The register is not as it was when the difference was shown."""


class Working:
    """Does a piece of work for an import."""

    def __init__(self, work: Work, hold: Hold) -> None:
        self.work_, self.hold = work, hold
        self.session = Session.objects.select_related("register", "by").get(pk=work.session_id)
        self.who: Viewer = viewer(self.session.by)
        self.folder = self.session.folder / hold.token
        self.kept_folder = False
        self.fields: dict[str, Any] = {}
        self.ready: Ready | None = None

    def work(self) -> None:
        """Read and compare; what is to be written is only made ready."""
        if not (self.who.maintains or self.who.edits):
            raise RefusedError(_("You may not write rows of this register."))
        does = self.work_.does
        if does == Does.READ:
            self._read()
        elif does == Does.ACCEPT:
            if not self.session.found.get("ready"):
                raise RefusedError(_("There are cells to mend, or nothing to change."))
            if newest(self.session.register) != self.session.seen:
                shown = self.session.found["digest"]
                self._read()
                if self.fields["found"].get("digest") != shown:
                    Session.objects.filter(pk=self.session.pk, stage=Stage.OPEN).update(**self.fields)
                    self.kept_folder = True
                    raise MeanwhileError(_("The register was changed meanwhile. Look at what would change now, and accept it again."))
        if does != Does.READ:
            self._lay_ready()

    def keep(self) -> dict[str, Any]:
        """Make what was worked out be seen, inside the transaction that ends the job."""
        session, does = self.session, self.work_.does
        stage = {Does.READ: Stage.OPEN, Does.ACCEPT: Stage.OPEN, Does.UNDO: Stage.ACCEPTED}[Does(does)]
        now = Session.objects.select_for_update().filter(pk=session.pk, stage=stage).first()
        if now is None:
            raise RefusedError(_("This import is at another stage by now."))
        if self.ready is not None:
            self.who = viewer(now.by)
            self.fields |= self._written(self.ready) if does == Does.ACCEPT else self._undone(self.ready)
        Session.objects.filter(pk=session.pk).update(**self.fields)
        if self.fields.get("answer"):
            self.kept_folder = True
        return {}

    def failed(self, error: SivuvirtaError) -> dict[str, Any]:
        """Nothing beside the words of the error."""
        return {}

    def leave(self) -> None:
        """Take away what was not kept, and what an earlier reading left."""
        if self.ready is not None:
            self.ready.drop()
        keep = {"file", Session.objects.filter(pk=self.session.pk).values_list("answer", flat=True).first()}
        if not self.kept_folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        elif self.session.folder.is_dir():
            for old in self.session.folder.iterdir():
                if old.name not in keep and old.is_dir():
                    shutil.rmtree(old, ignore_errors=True)

    def _read(self) -> None:
        session = self.session
        before = newest(session.register)
        self.hold.tell(0.0, gettext_noop("Opening the file"))
        sheets = named(spread(read(session.kind, session.file, session.name, self.hold.tell)))
        corrected(sheets, session.corrections)
        maps = {name: _map(sheets[name], told) for name, told in session.maps.items() if name in sheets}
        maps |= {name: guess(sheet) for name, sheet in sheets.items() if name not in maps}
        if not session.maps:
            maps = _each_once(maps, sheets)
        plan = Plan(maps, session.fixed, session.comma, session.corrections, session.register.vintage)
        self.hold.tell(0.15, gettext_noop("Finding the columns"))
        parts = parts_of(sheets, plan)
        compared = compare(session.register, parts, self.who, f"import {session.pk}", clear=session.clear, tell=self.hold.tell)
        told = self._told(sheets, maps, compared)
        self.fields |= {
            "maps": {name: each.told() for name, each in maps.items()},
            "found": told,
            "answer": self.hold.token,
            "seen": before,
        }

    def _told(self, sheets: dict[str, Sheet], maps: dict[str, Any], compared: Compared) -> dict[str, Any]:
        """What pages show, and the files of the difference."""
        errors, warnings = settled(compared.problems)
        faults = [fault for sheet in sheets.values() for fault in sheet.faults]
        counts, digest = self._difference(compared, broken=bool(errors or faults))
        shown = {
            name: {
                "head": headings(sheets[name], each)[:_SHOWN],
                "samples": samples(sheets[name], each)[:_SHOWN],
                "rows": len(sheets[name].rows),
                "top": [[as_text(cell)[:40] for cell in row[:8]] for row in sheets[name].rows[:8]],
            }
            for name, each in maps.items()
        }
        changes = counts[ADD] + counts[CHANGE] + (counts[REMOVE] if self.session.remove else 0)
        told = {
            "sheets": shown,
            "counts": {**counts, "same": compared.same, "kept": compared.kept},
            "changes": changes,
            "faults": faults[:50],
            "out": [name for name, sheet in sheets.items() if not maps[name].table and told_table(sheet) == VISIBILITY],
        }
        ready = bool(changes) and not errors and not faults
        return {**told, **cards(errors, warnings, sheets, compared.parts), "ready": ready, "digest": digest}

    def _difference(self, compared: Compared, *, broken: bool) -> tuple[dict[str, int], str]:
        """Write the difference, a line a row; tells how many rows of each kind there are, and a digest of all of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        counts, digest = dict.fromkeys((ADD, CHANGE, REMOVE), 0), hashlib.sha256()
        files: dict[str, IO[str]] = {}
        try:
            for action in counts:
                files[action] = (self.folder / f"{action}.jsonl").open("w", encoding="utf-8")
            for line in () if broken else chain(compared.lines(), self._missing(compared)):
                text = json.dumps([line.table, line.key, line.version, line.before, line.after], ensure_ascii=False, default=str)
                files[line.action].write(text + "\n")
                counts[line.action] += 1
                if line.action != REMOVE or self.session.remove:
                    digest.update(f"{line.action} {text}\n".encode())
        finally:
            for file in files.values():
                file.close()
        (self.folder / _GIVEN).write_text(json.dumps(compared.given, ensure_ascii=False), encoding="utf-8")
        return counts, digest.hexdigest()

    def _missing(self, compared: Compared) -> Iterator[Line]:
        """Rows that the person may change, of the tables of the file, which the file does not name."""
        for table in reversed([name for name in MODELS if name in compared.keys]):
            named_ = set(compared.keys[table])
            rows = MODELS[table].objects.filter(register=self.session.register).restrict(self.who, "change")
            if not self.who.maintains or table in ("organisations",):
                rows = rows.filter(holder__in=self.who.edits)
            rows = rows.filter(Q(holder__in=self.who.edits) | Q(pk__in=rows.told(self.who, *MODELS[table].schema.columns)))
            for key, version in rows.order_by("pk").values_list("row_key", "version").iterator(chunk_size=5000):
                if key not in named_:
                    yield Line(REMOVE, table, key, version, {}, {})

    def _lines(self) -> Iterator[Line]:
        """The difference in the order in which it is written: what is named before what names it, removed the other way round."""
        folder = self.folder if self.fields.get("answer") else self.session.difference
        for action in (ADD, CHANGE, REMOVE) if self.session.remove else (ADD, CHANGE):
            yield from lines_of(folder, action)

    def _given(self) -> Keys:
        """New keys of the difference, by table and what the file writes."""
        place = (self.folder if self.fields.get("answer") else self.session.difference) / _GIVEN
        found: Keys = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
        return found

    def _lay_ready(self) -> None:
        """All that takes long, before the transaction: while that is open, nobody else writes to SQLite."""
        session = self.session
        accepts = self.work_.does == Does.ACCEPT
        counts = (self.fields.get("found") or session.found)["counts"]
        every = max(sum(counts[action] for action in (ADD, CHANGE, REMOVE)), 1)
        start = 0.8 if "answer" in self.fields else 0.05  # reading told how far it was up to there

        def tell(done: int) -> None:
            text = gettext_noop("Making ready to write: row %(row)s") if accepts else gettext_noop("Making ready to take back: row %(row)s")
            self.hold.tell(start + (0.95 - start) * min(done / every, 1.0), text, row=done)

        tell(0)
        if accepts:
            seen = self.fields.get("seen", session.seen)
            self.ready = lay_ready(session.register, self._lines(), self.who, Level(session.circle), tell, seen)
        else:
            lines = undoing(session.register, session.written, (session.log_from, session.log_to))
            self.ready = lay_ready(session.register, lines, self.who, tell=tell)
        self.hold.tell(0.95, gettext_noop("Writing: it cannot be stopped any more"))

    def _written(self, ready: Ready) -> dict[str, Any]:
        session = self.session
        before = newest(session.register)
        keep_endings(session.register, self._given(), self.who)
        done = ready.put(self.who)
        entry(self.who.name, "import", (session.register.slug, "imports", str(session.pk)), None, {**done, "file": session.name}).save()
        return {"stage": Stage.ACCEPTED, "written": self.hold.token, "log_from": before, "log_to": newest(session.register)}

    def _undone(self, ready: Ready) -> dict[str, Any]:
        session = self.session
        done = ready.put(self.who)
        undone(session.register, session.written, (session.log_from, session.log_to))
        forget_endings(session.register, self._given())
        entry(self.who.name, "undo", (session.register.slug, "imports", str(session.pk)), {"file": session.name}, dict(done)).save()
        return {"stage": Stage.UNDONE}


def _map(sheet: Sheet, told: dict[str, Any]) -> Map:
    """How a sheet is read: as the person said, or guessed anew within what they said."""
    if told.get("ask"):
        return guess(sheet, told["table"], told.get("head"))
    found = from_told(told)
    now = [as_text(cell) for cell in (sheet.rows[found.head] if found.head < len(sheet.rows) else [])]
    if "heads" in told and [text for text in now if text] != [text for text in told["heads"] if text]:
        return guess(sheet)  # another file was sent, with other headings
    return found


def _each_once(maps: dict[str, Map], sheets: dict[str, Sheet]) -> dict[str, Map]:
    """What is guessed gives no table twice: the sheet with most rows has it, the others wait for the person."""
    taken: set[str] = set()
    found = dict(maps)
    for name in sorted(maps, key=lambda each: -len(sheets[each].rows)):
        tables = {maps[name].table, *(target.partition(".")[0] for target in maps[name].targets)} - {""}
        if maps[name].table in taken:
            found[name] = evolve(maps[name], table="", targets=tuple("" for _ in maps[name].targets))
        else:
            clear = tuple("" if target.partition(".")[0] in taken else target for target in maps[name].targets)
            found[name] = evolve(maps[name], targets=clear)
            taken |= tables
    return found


def lines_of(folder: Path, action: str, start: int = 0, most: int | None = None) -> Iterator[Line]:
    """Rows of a difference of one kind, from one on, as many as are asked for."""
    place = folder / f"{action}.jsonl"
    if not place.is_file():
        return
    with place.open(encoding="utf-8") as file:
        for text in islice(file, start, None if most is None else start + most):
            table, key, version, before, after = json.loads(text)
            yield Line(action, table, key, version, before, after)
