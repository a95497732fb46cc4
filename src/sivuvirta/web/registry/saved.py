"""Saved views: a list as somebody asked for it, kept under a name, their own or shared with the people of an organisation.

What is kept is the question alone. It is asked anew, by the eyes of who opens it: rows and columns that they may not see are not told to
them, whoever made the view.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.rows import Register

LENGTH = 2000  # signs of a question at most
_PASSING = frozenset({"page", "format"})


class SavedViews(models.QuerySet):
    """Saved views."""

    def restrict(self, viewer: Viewer) -> SavedViews:
        """Those that a viewer may open: their own, and those of their organisations."""
        return self.filter(Q(owner=viewer.user) | Q(organisation__in=viewer.belongs)) if viewer.user is not None else self.none()


class SavedView(models.Model):
    """A list as somebody asked for it."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    table = models.CharField(max_length=50)
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(max_length=LENGTH, blank=True)  # of the address of the list
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    organisation = models.ForeignKey("registry.Organisations", models.CASCADE, null=True, blank=True, related_name="+")

    objects = SavedViews.as_manager()

    class Meta:
        ordering = ("name", "pk")
        app_label = "registry"
        constraints = (models.UniqueConstraint(fields=("register", "table", "owner", "name"), name="one_view_of_a_name"),)

    def __str__(self) -> str:
        return str(self.name)


def question(table: TableSchema, address: Mapping[str, str], known: tuple[str, ...]) -> str:
    """The parts of an address that ask something of a list, in their order, as the query of an address.

    Args:
        table: of the list.
        address: part by part.
        known: names that such a list can be asked for.
    """
    words = {"q", "sort", "columns"}
    parts = {part: text for part, text in address.items() if text.strip() and part not in _PASSING}
    return urlencode({part: text for part, text in parts.items() if part in words or part.partition(".")[0] in known})


def flat(asked: Any) -> dict[str, str]:
    """The parts of an address, each once; columns that were ticked one by one are joined."""
    return {name: ",".join(asked.getlist(name)) if name == "columns" else text for name, text in asked.items()}
