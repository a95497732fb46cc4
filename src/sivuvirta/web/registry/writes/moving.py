"""Moving: rows that follow when what they belong to gets another holder: the analyses and amounts of a stream whose site is sold.

Each table is asked once, after those that its rows name, so that a row's new holder is that of the row above it. The cost is a few
statements a table, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from sivuvirta.web.accounts.people import has_admin
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.holders import WAYS
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.rows import HOLDER, MARK
from sivuvirta.web.registry.writes.staging import done, makers, quoted

MOVE = "move"
"""What the log says of a row that followed."""

_FIRST = ("streams", "needs", "plants", "stocks")  # others name them, stocks name streams
_ORDER = (*_FIRST, *(name for name in WAYS if name not in (*_FIRST, "organisations", "sites")), "quantities")

Pair = tuple[int | None, int | None]
"""Who held rows, and who holds them now; None for the register itself."""


def may_give(pair: Pair, by: Viewer, *, whole: bool) -> bool:
    """Whether a row may go from one holder to another.

    Its holder's editors give it, and, where the holder has no admin who could be asked, who maintains the register. Unless one person
    speaks for both sides, nothing goes that the circle of the giver does not see, for the new holder's people would see it.

    Args:
        pair: who holds it and who would.
        by: who gives it.
        whole: whether others of the giver's circle see all of it.
    """
    was, to = pair
    if was == to or agreed(pair, by):
        return True
    return whole and (was is None or was in by.edits or not has_admin(was))


def agreed(pair: Pair, by: Viewer) -> bool:
    """Whether one person speaks for both sides, or the platform itself does it."""
    return by.floor == Level.PRIVATE or set(pair) <= by.edits


def move(register: Register, pairs: Iterable[Pair], by: Viewer) -> str:
    """Give rows the holder that those above them have by now, within the transaction that gave it to these.

    Args:
        register: that they stand in.
        pairs: holders between which rows went.
        by: who did it.

    Returns:
        Key of a row that may not go along, with which the transaction must not end; "" where all did.
    """
    several = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    for table in _ORDER if several else ():
        for pair in several if _rows_above(table) else ():
            if stays := _moved(register, table, pair, by):
                return stays
    return ""


def strayed(register: Register) -> Iterator[tuple[str, str, Pair]]:
    """Rows whose holder is not that of what they belong to: table and key of each, who holds it and who should.

    None comes to be so any more; `move` between these holders gives them to whom they belong.
    """
    for table in _ORDER:
        if _rows_above(table):
            rows = MODELS[table].objects.filter(register=register).annotate(goes_to=_above(table))
            none, other = Q(holder__isnull=True), Q(goes_to__isnull=True)
            apart = rows.filter((none & ~other) | (~none & other) | (~none & ~other & ~Q(holder=F("goes_to")))).order_by("pk")
            for key, was, to in apart.values_list("row_key", "holder_id", "goes_to"):
                yield table, key, (was, to)


def _moved(register: Register, table: str, pair: Pair, by: Viewer) -> str:
    (was, to), named = pair, MODELS[table]
    held = named.objects.filter(register=register, holder=was) if was is not None else named.objects.filter(register=register, holder=None)
    going = held.annotate(goes_to=_above(table)).filter(Q(goes_to__isnull=True) if to is None else Q(goes_to=to)).order_by("pk")
    entered = to is not None and by.maintains and by.floor != Level.PRIVATE and to not in by.edits
    mark = {MARK: True} if entered else {}
    if not _logged(going, (register.slug, table), [{HOLDER: _key(was)}, {HOLDER: _key(to), **mark}], by):
        return ""
    if not agreed(pair, by):
        closed = going.exclude(pk__in=held.told(by.others(), *named.schema.columns).values("pk"))
        if (key := closed.values_list("row_key", flat=True).first()) is not None:
            return str(key)
    going.order_by().update(holder=to, version=F("version") + 1, **mark)
    return ""


def _above(table: str) -> Any:
    """The holder that a row has by the rows that it names, as an expression of a query; the way is that of `holders.holder`."""
    if table == "quantities":
        cases = (When(table=other, then=_held(other, column)) for column, other in _rows_above(table))
        return Case(*cases, default=None, output_field=BigIntegerField())
    rows = [_held(other, column) for column, other in _rows_above(table)]
    rest: Any = Coalesce(*rows, None, output_field=BigIntegerField())  # of two at least
    if ("organisation", "organisations") not in WAYS[table]:  # that of a fate takes the stream, and holds nothing of it
        return rest
    own = Organisations.objects.filter(register=OuterRef("register"), row_key=OuterRef("organisation")).values("pk")[:1]
    none = Q(organisation=None) | Q(organisation="")
    return Case(When(none, then=rest), default=Subquery(own), output_field=BigIntegerField())


def _rows_above(table: str) -> list[tuple[str, str]]:
    """Columns by which a row of a table names those that its holder may follow from, each with their table."""
    columns = MODELS[table].schema.columns
    if table == "quantities":
        return [("subject", other) for other in columns["subject"].references]
    return [(column, other) for column, other in WAYS[table] if other != "organisations" and column in columns]


def _held(table: str, column: str) -> Subquery:
    """The holder of the row that a column names."""
    return Subquery(
        MODELS[table].objects.filter(register=OuterRef("register"), row_key=OuterRef(column)).values("holder")[:1],
        output_field=BigIntegerField(),
    )


def _logged(going: Any, place: tuple[str, str], sides: list[dict[str, Any]], by: Viewer) -> int:
    """An entry for each row that goes, by one statement; tells how many."""
    made = entry(by.name, MOVE, (*place, ""), *sides)
    made.at = timezone.now()
    making = makers(each for each in Entry._meta.concrete_fields if not each.primary_key)
    stamp = Entry._meta.get_field("at").get_db_prep_save(made.at, connection)
    given = {name: stamp if name == "at" else does(getattr(made, name)) for name, does in making.items() if name != "key"}
    rows, asked = going.values_list("row_key").query.sql_with_params()
    names = ", ".join(map(quoted, (*given, "key")))
    into, signs = quoted(Entry._meta.db_table), ", ".join(["%s"] * len(given))
    told = f"INSERT INTO {into} ({names}) SELECT {signs}, going.row_key FROM ({rows}) AS going"  # noqa: S608 - our own names
    return done(told, [*given.values(), *asked])


def _key(holder: int | None) -> str | None:
    """The organisation, as the log tells it."""
    found: str | None = Organisations.objects.filter(pk=holder).values_list("row_key", flat=True).first() if holder is not None else None
    return found
