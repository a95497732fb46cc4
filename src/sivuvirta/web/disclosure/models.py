"""Disclosures: somebody asks to see something, its holder gives it for a purpose and a time, or refuses.

What is given are rows as they stood when it was given, one by one, so that nothing that is added later is disclosed unseen. It is
honoured in one place, the gate (`registry.rows`): `accounts.viewer` reads what is in force, at every request anew.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.core.keys import ROW_KEY
from sivuvirta.web.core.prepared import Among
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row


class State(models.TextChoices):
    """What became of it."""

    ASKED = "asked", _("asked")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")  # by who asked
    REVOKED = "revoked", _("revoked")  # by who gave it


SCOPES = (("row", _("all that the row says")), ("amounts", _("how much there is")), ("analyses", _("the analyses")))
"""What may be asked for. A single column is asked for as `column`."""


class Disclosure(models.Model):
    """One request and what became of it."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="disclosures")
    table = models.CharField(max_length=50)
    row = models.BigIntegerField()  # key in the database of the row that is asked about
    key = models.CharField(max_length=ROW_KEY)
    column = models.CharField(_("column"), max_length=50, blank=True)
    scopes = models.JSONField(_("what"), default=list)
    holder = models.ForeignKey("registry.Organisations", models.CASCADE, null=True, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="disclosures")
    asked_by = models.CharField(_("asked by"), max_length=254)  # as text, so that it stays when the account goes
    organisation = models.ForeignKey("registry.Organisations", models.SET_NULL, null=True, blank=True, related_name="+")
    personal = models.BooleanField(default=True)  # for the person alone, not for an organisation
    purpose = models.TextField(_("purpose"))
    until = models.DateField(_("until"))
    made = models.DateTimeField(_("asked at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.CharField(_("decided by"), max_length=254, blank=True)
    decided = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("disclosure")
        indexes = (models.Index(fields=("register", "holder", "state"), name="disclosures_of_a_holder"),)

    def __str__(self) -> str:
        return f"{self.asked_by}: {self.table} {self.key}"

    @property
    def in_force(self) -> bool:
        """Whether what was given is seen today."""
        return self.state == State.GIVEN and self.until >= timezone.now().date()

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.state == State.GIVEN and not self.in_force

    def subject(self) -> Row | None:
        """The row that is asked about, None where it is gone."""
        found: Row | None = MODELS[self.table].objects.filter(pk=self.row, register=self.register).first()
        return found


class Given(models.QuerySet):
    """Rows given."""

    def in_force(self, user: int, today: date) -> Any:
        """What a person, or one of the organisations given with the question, is given: table, row, holder, column."""
        to = Q(disclosure__personal=True, disclosure__asker=user)
        to |= Q(Among("disclosure__organisation"), disclosure__personal=False)
        found = self.filter(to, disclosure__state=State.GIVEN, disclosure__until__gte=today)
        return found.values_list("table", "row", "disclosure__holder", "column").distinct()


class Disclosed(models.Model):
    """A row that was given, or one column of it."""

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, related_name="rows")
    table = models.CharField(max_length=50)
    row = models.BigIntegerField()
    column = models.CharField(max_length=50, blank=True)  # empty for all

    objects = Given.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("disclosure", "table", "row", "column"), name="given_once"),)

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}"
