"""Rows: what every row of a register has beside its columns, and the one gate to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar, Literal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.keys import ROW_KEY
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.registry.circles import CircleOf, Plain, Unsought
from sivuvirta.web.registry.sought import searched, sought

Action = Literal["view", "change"]
_NAMED = frozenset({"name"})
MARK = "unconfirmed"
"""Of a row that was entered for its holder by who looks after the region, until the holder confirms it."""
KEPT = ("circle", "circles", "bands", "anonymous", "matched", MARK)
"""What a row says beside its columns."""
HOLDER = "holder"
"""In the log of changes: the key of the organisation that held a row when it was taken out, or between which it went."""


def row_key(table: TableSchema, values: Mapping[str, Any]) -> str:
    """The key of a row as one text: its parts joined by "/"; an unknown part is empty."""
    return "/".join("" if (part := values[name]) is None else str(part) for name in table.key)


def widest(circle: int, circles: Mapping[str, int]) -> int:
    """The widest circle that sees any column of a row."""
    return max([int(circle), *map(int, circles.values())])


def beside(named: type[Row], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a row beside its columns: who sees it, and what else is not as it is of a new row."""
    usual = {name: named._meta.get_field(name).get_default() for name in KEPT[2:]}
    return {name: values[name] for name in KEPT if name not in usual or values[name] != usual[name]}


class Register(models.Model):
    """A region's register: one data package of the engine, alive."""

    slug = models.SlugField(_("short name"), unique=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    vintage = models.CharField(_("vintage shown"), max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.title or self.slug)


class Rows(models.QuerySet):
    """Rows of one table."""

    def restrict(self, viewer: Viewer, action: Action = "view") -> Rows:
        """The rows that a viewer may see or change: the one gate; no view reads a row by another way.

        A row is seen by its circle and by its holder's people; it is seen, too, where one of its columns is open to a wider
        circle than the row, and by those to whom its holder disclosed some of it. It is changed by its holder's editors, and by who
        maintains the register where that role sees the row.
        """
        seen = self._seen(viewer)
        if action == "view":
            return self.filter(seen | Q(holder__in=viewer.belongs) | self._granted(viewer))
        maintained = seen if viewer.only is None else seen & Q(holder__in=viewer.only)
        return self.filter((maintained if viewer.maintains else Q(pk__in=())) | Q(holder__in=viewer.edits))

    def told(self, viewer: Viewer, *columns: str) -> Rows:
        """The rows of which a viewer may see all of these columns.

        A list that is sorted or filtered by a column asks this first: the place of a row in it, or its absence, would tell the value.
        """
        return self.filter(*(self.open_to(viewer, column) for column in columns))

    def beyond(self, viewer: Viewer, *columns: str) -> Rows:
        """Of rows that are restricted and told to a viewer, those that others of their circle would not find by the same columns.

        All of them belong to the viewer or were disclosed to them: of any other row the gate tells everybody of a circle the same.
        """
        others = viewer.others()
        theirs = reduce(and_, (self.open_to(others, column) for column in columns), self._seen(others))
        return self.filter(Q(holder__in=viewer.belongs) | self._granted(viewer)).exclude(theirs)

    def open_to(self, viewer: Viewer, column: str) -> Q:
        """Whether a viewer may see a column of a row, as a condition of a query."""
        return self._whole(viewer) | self._single(viewer, column)

    def holding(self, viewer: Viewer, text: str) -> Rows:
        """The rows of which a text holds this one, in a column that the viewer sees of that row.

        Whether they see a row is asked before its texts are looked into, and these once: the time that a search takes tells of no other.
        """
        table, found = self.model.schema, Q(sought__contains=text.lower())
        single = reduce(or_, (self._single(viewer, name) & Q(**{f"{name}__icontains": text}) for name in searched(table)))
        parted = ~Q(Plain()) | self._granted(viewer)  # only of these `_single` tells more than `_whole`
        return self.filter((self._whole(viewer) & found) | (parted & found & single))

    def banded(self, viewer: Viewer, column: str) -> Rows:
        """The rows of which a viewer may know the band of a column that they do not see, be the row itself seen or not.

        A band makes no row seen, for the row's key would name what it is about; no list is sorted or filtered by it.
        """
        told = self.model.objects.told(viewer, column).filter(pk=OuterRef("pk"))
        return self.filter(~Exists(told), **{f"bands__{column}__gte": int(viewer.floor)})

    def told_or_banded(self, viewer: Viewer, column: str) -> Rows:
        """The rows that a viewer sees, and those of which they may know the band of a column; what of each, the row itself tells them.

        Whoever reads them takes from each what `shown_to` and `band_to` tell, and nothing else.
        """
        banded = Q(**{f"bands__{column}__gte": int(viewer.floor)})
        return self.filter(self._seen(viewer) | Q(holder__in=viewer.belongs) | self._granted(viewer) | banded)

    def listed(self, viewer: Viewer) -> Rows:
        """The rows that a viewer may know of without their names, and does not see."""
        return self.filter(~Exists(self.model.objects.restrict(viewer).filter(pk=OuterRef("pk"))), anonymous__gte=viewer.floor)

    def _seen(self, viewer: Viewer) -> Q:
        """Rows of which the circle of a viewer sees any column."""
        return Q(GreaterThanOrEqual(Unsought("widest", models.PositiveSmallIntegerField()), int(viewer.floor)))

    def _whole(self, viewer: Viewer) -> Q:
        """Rows all of which a viewer sees, told without looking at single columns; of others `open_to` says which they see."""
        return Q(holder__in=viewer.belongs) | (Q(Plain()) & Q(circle__gte=viewer.floor))

    def _single(self, viewer: Viewer, column: str) -> Q:
        """Rows of which a viewer sees a column by what is said of it, or by what was disclosed to them."""
        return Q(GreaterThanOrEqual(CircleOf(column), int(viewer.floor))) | self._granted(viewer, column)

    def _granted(self, viewer: Viewer, column: str = "") -> Q:
        """What was disclosed to a viewer of this table: any of its columns, or this one; as long as the one who gave it holds the row."""
        given = [each for each in viewer.granted if each.table == self.model.schema.name and (not column or each.column in ("", column))]
        return reduce(or_, (Q(pk=each.row, holder=each.holder) for each in given), Q(pk__in=()))


class Row(models.Model):
    """A row of a table of a register.

    `circle` is who sees the row, `circles` who sees single columns where that is another, `bands` who is told the band of a column that
    they do not see, `anonymous` the circle that may know of the row without its name. A row that two people change at once is kept as
    the first left it, and the second is told, by its `version`.
    """

    schema: ClassVar[TableSchema]

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    row_key = models.CharField(max_length=ROW_KEY, editable=False)  # the parts of its key, joined by "/"
    holder = models.ForeignKey("registry.Organisations", models.PROTECT, null=True, blank=True, related_name="+")
    circle = models.PositiveSmallIntegerField(_("seen by"), choices=CHOICES, default=Level.FACILITATORS)
    circles = models.JSONField(_("columns seen by others"), default=dict, blank=True)
    bands = models.JSONField(_("columns shown as bands"), default=dict, blank=True)
    anonymous = models.PositiveSmallIntegerField(_("listed without its name to"), choices=CHOICES, null=True, blank=True)
    matched = models.BooleanField(_("takes part in matching with what stays hidden"), default=True)
    unconfirmed = models.BooleanField(_("not confirmed by the organisation"), default=False, editable=False)
    widest = models.PositiveSmallIntegerField(editable=False)  # the widest circle that sees any of its columns
    version = models.PositiveIntegerField(default=1)
    sought = models.TextField(editable=False, default="")  # what a search looks into (`sought`)

    objects = Rows.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "name", None) or self.row_key)

    def save(self, *args: Any, **options: Any) -> None:
        """Keep it, with its widest circle."""
        self.settle()
        super().save(*args, **options)

    def settle(self) -> Row:
        """The row with what follows from its other fields."""
        self.row_key = row_key(self.schema, {name: getattr(self, name) for name in self.schema.key})
        self.widest = widest(self.circle, self.circles)
        self.sought = sought(self.schema, {name: getattr(self, name) for name in searched(self.schema)})
        return self

    def circle_of(self, column: str) -> Level:
        """The circle that sees a column of the row."""
        return Level(self.circles.get(column, self.circle))

    def shown_to(self, viewer: Viewer, columns: Iterable[str] | None = None) -> dict[str, Any]:
        """The columns that a viewer may see, of all or of these, with their values."""
        given = self.given(viewer)
        names = self.schema.columns if columns is None else columns
        if self.own(viewer) or "" in given:
            return {name: getattr(self, name) for name in names}
        row, floor, circles = int(self.circle), int(viewer.floor), self.circles
        return {name: getattr(self, name) for name in names if circles.get(name, row) >= floor or name in given}

    def own(self, viewer: Viewer) -> bool:
        """Whether the viewer is of its holder's people."""
        return self.holder_id is not None and self.holder_id in viewer.belongs

    def given(self, viewer: Viewer) -> set[str]:
        """Columns that were disclosed to a viewer, "" for all."""
        if not viewer.granted:
            return set()
        at = (self.schema.name, self.pk, self.holder_id)
        return {each.column for each in viewer.granted if (each.table, each.row, each.holder) == at}

    def band_to(self, viewer: Viewer, column: str) -> bool:
        """Whether a viewer who does not see a column may know its band."""
        return int(self.bands.get(column, -1)) >= viewer.floor

    def nameless_to(self, viewer: Viewer, columns: Iterable[str]) -> dict[str, Any]:
        """What a viewer who knows the row without its name is told of columns; None where its holder closed one of them by itself."""
        return {name: getattr(self, name) if self.circles.get(name, viewer.floor) >= viewer.floor else None for name in columns}

    def title_to(self, viewer: Viewer) -> str:
        """What it is called to a viewer: its name, where they see that, else its key."""
        return str(self.shown_to(viewer, _NAMED & self.schema.columns.keys()).get("name") or self.row_key)
