"""Batches: the door for changes of many rows at once, in one transaction, each with its entry in the log as if it were the only one.

All that takes long is done before the transaction: who holds the rows, their values as the database has them, the entries of the log
(`lay_ready`). The transaction (`Ready.put`) asks whether that still holds, and writes by a few statements for each table: while it is
open nobody else writes to SQLite, so it takes seconds where the making ready takes a minute. Who may not write one of the rows writes
none. Memory grows with a part of two thousand rows, time with the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import Organisations, Register
from sivuvirta.web.registry.writes.adding import Adding
from sivuvirta.web.registry.writes.altering import Changing
from sivuvirta.web.registry.writes.changing import AlongError, RefusedError
from sivuvirta.web.registry.writes.moving import move
from sivuvirta.web.registry.writes.owners import ASKED, Owners
from sivuvirta.web.registry.writes.removing import Removing
from sivuvirta.web.registry.writes.staging import Stage, done, makers, quoted, stage
from sivuvirta.web.registry.writes.steps import ADD, CHANGE, REMOVE, Line, StaleError, Step

__all__ = ["ADD", "CHANGE", "PART", "REMOVE", "Line", "Ready", "StaleError", "lay_ready", "newest", "write"]

STEPS: Mapping[str, type[Step]] = {ADD: Adding, CHANGE: Changing, REMOVE: Removing}

PART = 2000
"""Rows made ready at once."""

_AT = "at"  # of an entry: when it was written, not when it was made ready


def write(
    register: Register, lines: Iterable[Line], by: Viewer, circle: Level = Level.FACILITATORS, seen: int | None = None
) -> Counter[str]:
    """Make all changes, or none; see `lay_ready`.

    Returns:
        How many rows were added, changed, removed.
    """
    ready = lay_ready(register, lines, by, circle, seen=seen)
    try:
        with transaction.atomic():
            return ready.put(by)
    finally:
        ready.drop()


def lay_ready(
    register: Register,
    lines: Iterable[Line],
    by: Viewer,
    circle: Level = Level.FACILITATORS,
    tell: Callable[[int], None] = lambda done: None,
    seen: int | None = None,
) -> Ready:
    """Make changes ready to be written; outside of a transaction, so that others write meanwhile.

    Args:
        register: that the rows stand in.
        lines: rows of one table and action together, tables in an order in which none comes before what it names.
        by: who does it.
        circle: who sees the new rows; rows that are there keep who sees them, column by column.
        tell: hears how many rows are done.
        seen: newest entry of the log when the lines were made; now, where None.

    Raises:
        StaleError: a row was changed by somebody else since the line was made.
        RefusedError: the viewer may not write one of them.
    """
    ready = Ready(register, by, circle, newest(register) if seen is None else seen)
    try:
        for (action, table), group in groupby(lines, key=lambda line: (line.action, line.table)):
            step = STEPS[action](register, table)
            ready.steps.append(step)
            while part := list(islice(group, PART)):
                ready.lay(step, part)
                tell(sum(ready.counts.values()))
    except BaseException:
        if isinstance(lines, Iterator) and hasattr(lines, "close"):
            lines.close()  # what it reads from the database holds the tables
        ready.drop()
        raise
    return ready


class Ready:
    """Changes that are laid ready."""

    def __init__(self, register: Register, by: Viewer, circle: Level, seen: int) -> None:
        self.register, self.by, self.circle, self.seen = register, by, circle, seen
        self.owners = Owners(register)
        self.held: set[int | None] = set()
        self.steps: list[Step] = []
        self.counts: Counter[str] = Counter()
        self._pks: dict[str, int | None] = {}
        fields = [each for each in Entry._meta.concrete_fields if not each.primary_key and each.name != _AT]
        self._making = makers(fields)
        self.log: Stage = stage(Entry, self._making)

    def lay(self, step: Step, part: list[Line]) -> None:
        """Make a part of the rows ready."""
        told = step.lay(part, self)
        self.log.put([self._entry(line) for line in told])
        self.counts[step.action] += len(part)

    def holders(self, table: str, rows: Sequence[Mapping[str, Any]]) -> list[str | None]:
        """Keys of the organisations that hold rows as they will be.

        Raises:
            RefusedError: one of them is not the viewer's to write for.
        """
        self.owners.remember(table, rows)
        self.owners.learn(table, rows)
        keys = [self.owners.key(table, row) for row in rows]
        new = sorted({key for key in keys if key and key not in self._pks})
        self._pks.update(dict.fromkeys(new))
        for at in range(0, len(new), ASKED):
            found = Organisations.objects.filter(register=self.register, organisation__in=new[at : at + ASKED])
            self._pks.update(found.values_list("organisation", "pk"))
        held = {self._pks[key] if key else None for key in keys}
        self.held |= held
        _may(self.by, held)
        return keys

    def entered(self, owner: str | None) -> bool | None:
        """Whether what is written is entered for its holder by another, or by one of its editors; None where neither is so."""
        if owner is None or self.by.floor == Level.PRIVATE:
            return None
        return self._pks.get(owner) not in self.by.edits

    def put(self, by: Viewer) -> Counter[str]:
        """Write what is ready, within a transaction.

        Args:
            by: the viewer as they are now; what they may write may have become less.

        Returns:
            How many rows were added, changed, removed.

        Raises:
            StaleError: a row was changed or made by somebody else meanwhile, or whose the rows are may be another by now.
            RefusedError: the viewer may not write one of them, or what is to be removed is named by others.
        """
        _may(by, self.held)
        for step in self.steps:
            step.hold()
        self._still()
        for step in self.steps:
            try:
                step.put()
            except IntegrityError:
                raise StaleError(
                    _("Somebody made a row of '%(table)s' with one of these keys meanwhile.") % {"table": step.table}
                ) from None
        self._along(by)
        names = ", ".join(map(quoted, self.log.columns))
        into, source = quoted(Entry._meta.db_table), quoted(self.log.name)
        done(f"INSERT INTO {into} ({quoted(_AT)}, {names}) SELECT %s, {names} FROM {source}", [_now()])  # noqa: S608 - our own names
        return self.counts

    def _along(self, by: Viewer) -> None:
        """Rows that belong to others that went to another holder follow them.

        Raises:
            AlongError: one of them may not.
        """
        gone = {each for step in self.steps for each in step.gone}
        keys = {key for _was, key in gone if key}
        found = dict(Organisations.objects.filter(register=self.register, row_key__in=keys).values_list("row_key", "pk"))
        if stays := move(self.register, [(was, found.get(key or "")) for was, key in gone], by):
            raise AlongError(stays)

    def drop(self) -> None:
        """Forget what was ready."""
        for each in (self.log, *(step.stage for step in self.steps)):
            each.drop()

    def _entry(self, line: Line) -> list[Any]:
        before = dict(line.before) if line.action != ADD else None
        after = dict(line.after) if line.action != REMOVE else None
        made = entry(self.by.name, line.action, (self.register.slug, line.table, line.key), before, after)
        return [None if (value := getattr(made, name)) is None else does(value) for name, does in self._making.items()]

    def _still(self) -> None:
        """Nothing, where no row was taken out since, and none on the way to a holder was changed.

        Rows that change are asked themselves, by their versions, when they are written.
        """
        later = Entry.objects.filter(register=self.register.slug, pk__gt=self.seen, action__in=(ADD, CHANGE, REMOVE))
        for action, table, key in later.values_list("action", "table", "key").iterator(chunk_size=PART):
            if action == REMOVE or (table, key) in self.owners.asked:
                raise StaleError(_("These rows were changed meanwhile, or are gone: %(rows)s.") % {"rows": f"{table} {key}"})


def _now() -> Any:
    """This moment, as the database has it."""
    return Entry._meta.get_field(_AT).get_db_prep_save(timezone.now(), connection)


def newest(register: Register) -> int:
    """The number of the newest entry of the log about a register; 0 where there is none."""
    found: int | None = Entry.objects.filter(register=register.slug).aggregate(newest=Max("pk"))["newest"]
    return found or 0


def _may(by: Viewer, held: set[int | None]) -> None:
    if not all(map(by.writes, held)):
        raise RefusedError(_("%(who)s may not write rows that are not their organisation's.") % {"who": by.name})
