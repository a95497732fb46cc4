"""Rows: what every row of a register has beside its columns, and the one gate to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import CHOICES, Level

Action = Literal["view", "change"]


ROW_KEY = 900  # signs of a whole key at most


def row_key(table: TableSchema, values: Mapping[str, Any]) -> str:
    """The key of a row as one text: its parts joined by "/"; an unknown part is empty."""
    return "/".join("" if (part := values[name]) is None else str(part) for name in table.key)


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
        circle than the row. It is changed by its holder's editors, and by who maintains the register where that role sees the row.
        """
        seen = Q(widest__gte=viewer.floor)
        if action == "view":
            return self.filter(seen | Q(holder__in=viewer.belongs))
        return self.filter((seen if viewer.maintains else Q(pk__in=())) | Q(holder__in=viewer.edits))

    def told(self, viewer: Viewer, *columns: str) -> Rows:
        """The rows of which a viewer may see all of these columns.

        A list that is sorted or filtered by a column asks this first: the place of a row in it, or its absence, would tell the value.
        """
        return self.filter(*(self.open_to(viewer, column) for column in columns))

    def open_to(self, viewer: Viewer, column: str) -> Q:
        """Whether a viewer may see a column of a row, as a condition of a query."""
        narrowed, own = Q(**{f"circles__{column}__gte": int(viewer.floor)}), Q(**{f"circles__{column}__isnull": True})
        return Q(holder__in=viewer.belongs) | narrowed | (own & Q(circle__gte=viewer.floor))


class Row(models.Model):
    """A row of a table of a register.

    `circle` is who sees the row, `circles` who sees single columns where that is another. A row that two people change at once
    is kept as the first left it, and the second is told, by its `version`.
    """

    schema: ClassVar[TableSchema]

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    row_key = models.CharField(max_length=ROW_KEY, editable=False)  # the parts of its key, joined by "/"
    holder = models.ForeignKey("registry.Organisations", models.PROTECT, null=True, blank=True, related_name="+")
    circle = models.PositiveSmallIntegerField(_("seen by"), choices=CHOICES, default=Level.FACILITATORS)
    circles = models.JSONField(_("columns seen by others"), default=dict, blank=True)
    widest = models.PositiveSmallIntegerField(editable=False, db_index=True)  # the widest circle that sees any of its columns
    version = models.PositiveIntegerField(default=1)

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
        self.widest = max([int(self.circle), *map(int, self.circles.values())])
        return self

    def circle_of(self, column: str) -> Level:
        """The circle that sees a column of the row."""
        return Level(self.circles.get(column, self.circle))

    def shown_to(self, viewer: Viewer) -> dict[str, Any]:
        """The columns that a viewer may see, with their values."""
        own = self.holder_id is not None and self.holder_id in viewer.belongs
        return {name: getattr(self, name) for name in self.schema.columns if own or self.circle_of(name) >= viewer.floor}
