"""Meters: how much of what the engine asks for is known of a stream or need, and what each missing thing would bring.

What a missing test or decision would decide is worked out by the engine, in the background (`measuring`), from what a circle of people
sees of the register: it tells nobody of the circle more than the register does. Pages only read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen
from django.db.models import Exists, OuterRef, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.core.prepared import KEYS, MORE, Among, objects
from sivuvirta.web.core.prepared import asked as told_by
from sivuvirta.web.registry.measured import Measure
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row, Rows
from sivuvirta.web.registry.seen.showing import rounded
from sivuvirta.web.registry.seen.wanting import asked

ASKED: Mapping[str, tuple[str, ...]] = {
    "streams": ("amount", "low_code", "hazardous", "legal_status", "moisture", "grain_max", "has_analyses", "has_fates"),
    "needs": ("amount", "use_class", "product", "price", "moisture_max", "grain_max", "has_acceptances"),
}
"""Facts that the engine asks for, by table: columns, the amount, and whether rows of other tables tell more."""

_ELSEWHERE = {"has_analyses": ("analyses", "stream"), "has_fates": ("fates", "stream"), "has_acceptances": ("acceptances", "need")}


@frozen
class Missing:
    """One thing that is missing, in words."""

    name: str
    short: str  # in a list
    alone: int = 0  # needs that it would decide by itself
    waits: int = 0  # needs that wait for it, with or without other things
    price: str = ""


@frozen(eq=False)
class Meter:
    """How much is known."""

    table: TableSchema
    lacking: tuple[str, ...]  # facts that are not known
    missing: tuple[Missing, ...] = ()  # the worthiest first
    measured: bool = False
    waiting: bool = field(default=False)

    @property
    def all(self) -> int:
        """How many facts the engine asks for."""
        return len(ASKED[self.table.name])

    @property
    def known(self) -> int:
        """How many of them are known."""
        return self.all - len(self.lacking)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Facts that are not known, as people read them."""
        return tuple(_label(self.table, name) for name in self.lacking)

    @property
    def best(self) -> Missing | None:
        """What would bring most."""
        return self.missing[0] if self.missing else None


def with_facts(rows: Rows, table: str, register: Register, viewer: Viewer) -> Rows:
    """The rows with whether other tables tell more of them; the same rows for a table that has no meter. Costs no query."""
    wanted = [name for name in ASKED.get(table, ()) if name in _ELSEWHERE]
    key = MODELS[table].schema.key[0]
    return rows.annotate(**{name: Exists(_elsewhere(name, key, register, viewer)) for name in wanted})


def give_facts(rows: Sequence[Row], table: str, register: Register, viewer: Viewer) -> None:
    """Give rows that were read the same as `with_facts`, with one query."""
    wanted = [name for name in ASKED.get(table, ()) if name in _ELSEWHERE]
    by = {getattr(row, row.schema.key[0]): row for row in rows}
    if not (wanted and by):
        return
    for row in rows:
        row.__dict__.update(dict.fromkeys(wanted, False))
    for name, key in told_by(_telling, register.pk, tuple(wanted), viewer, given={KEYS: by}):
        setattr(by[key], name, True)


def _telling(register: int, names: tuple[str, ...], viewer: Viewer) -> Any:
    """Pairs of a fact and of a row of which another table tells it."""
    first, *others = (_pairs(register, name, viewer) for name in names)
    return first.union(*others) if others else first.distinct()


def _pairs(register: int, name: str, viewer: Viewer) -> Any:
    table, column = _ELSEWHERE[name]
    rows = MODELS[table].objects.filter(Among(column), register=register).restrict(viewer).told(viewer, column)
    return rows.order_by().values_list(Value(name), column)


def scope(row: Row, viewer: Viewer) -> str:
    """By whose eyes a viewer sees what is missing of a row: its own people's, else those of their circle."""
    own = row.holder_id is not None and row.holder_id in viewer.belongs
    return f"own {row.holder_id}" if own else f"level {int(max(viewer.floor, Level.FACILITATORS))}"


def meter(row: Row, viewer: Viewer, found: Mapping[tuple[str, str], Measure]) -> Meter | None:
    """The meter of a row that was read with its facts; None for a table that has none.

    Args:
        row: with its amount and facts.
        viewer: who looks.
        found: what was measured, by key and scope.
    """
    facts = ASKED.get(row.schema.name)
    if facts is None:
        return None
    shown = row.shown_to(viewer, [name for name in facts if name in row.schema.columns])
    lacking = tuple(name for name in facts if not _known(row, name, shown))
    measured = found.get((row.row_key, scope(row, viewer)))
    missing = () if measured is None else tuple(_missing(each) for each in measured.found)
    return Meter(row.schema, lacking, missing, measured is not None)


def measures(register: Register, rows: Iterable[Row], viewer: Viewer) -> dict[tuple[str, str], Measure]:
    """What was measured of rows, by key and scope. One query."""
    wanted = {(row.row_key, scope(row, viewer)) for row in rows if row.schema.name == "streams"}
    if not wanted:
        return {}
    keys, scopes = ({named[part] for named in wanted} for part in (0, 1))
    return {(each.key, each.scope): each for each in objects(_measures, register.pk, given={KEYS: keys, MORE: scopes})}


def _measures(register: int) -> Any:
    return Measure.objects.filter(Among("key"), Among("scope", MORE), register=register)


def _elsewhere(name: str, key: str, register: Register, viewer: Viewer) -> Any:
    table, column = _ELSEWHERE[name]
    return MODELS[table].objects.filter(register=register, **{column: OuterRef(key)}).restrict(viewer).told(viewer, column)


def _known(row: Row, name: str, shown: Mapping[str, Any]) -> bool:
    """Whether a fact is known; of a cell that the viewer is not shown only whether it says anything, which lists tell too."""
    value = getattr(row, name, None)
    hidden = name in row.schema.columns and name not in shown
    return value not in ((None, False) if hidden else (None, False, "unknown"))


def _label(table: TableSchema, name: str) -> str:
    others = {"amount": _("Amount a year"), "has_analyses": _("An analysis"), "has_fates": _("Where it goes today")}
    others |= {"has_acceptances": _("Which materials it takes")}
    return others.get(name) or str(table.columns[name].label)


def _missing(told: Mapping[str, Any]) -> Missing:
    name, alone, waits = asked(told["name"]), told["alone"], told["waits"]
    if alone:
        short = ngettext("%(name)s would decide %(count)s need", "%(name)s would decide %(count)s needs", alone)
    else:
        short = ngettext("%(name)s: %(count)s need waits for it", "%(name)s: %(count)s needs wait for it", waits)
    return Missing(name, short % {"name": name, "count": alone or waits}, alone, waits, _price(told))


def _price(told: Mapping[str, Any]) -> str:
    """About how much a test costs and how long it takes; empty where that is not known."""
    parts = [_("about %(price)s EUR") % {"price": rounded(told["eur"])}] if "eur" in told else []
    parts += [ngettext("%(days)s working day", "%(days)s working days", told["days"]) % {"days": told["days"]}] if "days" in told else []
    return ", ".join(parts)
