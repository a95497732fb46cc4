"""The log of changes. An entry is written once: neither this model nor the database lets it be changed or deleted."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.core.keys import ROW_KEY


class SealedError(SivuvirtaError):
    """Somebody tried to change the log of changes."""


class Entries(models.QuerySet):
    """Entries of the log."""

    def _sealed(self, *_: Any, **__: Any) -> NoReturn:
        raise SealedError("The log of changes is written once: an entry is neither changed nor deleted.")

    update = bulk_update = delete = _sealed


class Entry(models.Model):
    """What somebody did. The person is kept as text, so that the entry stays when the account goes."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    who = models.CharField(_("who"), max_length=254)
    channel = models.CharField(_("by"), max_length=10)  # web, api, command, job
    request = models.CharField(_("request"), max_length=40, blank=True)
    action = models.CharField(_("action"), max_length=20)  # add, change, remove, see ...
    register = models.CharField(_("register"), max_length=50, blank=True)
    table = models.CharField(_("table"), max_length=50)
    key = models.CharField(_("key"), max_length=ROW_KEY)
    before = models.JSONField(_("before"), null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), null=True, encoder=DjangoJSONEncoder)

    objects = Entries.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("entry of the log")
        verbose_name_plural = _("log of changes")
        indexes = (
            models.Index(fields=("register", "table", "key"), name="log_of_a_row"),
            models.Index(fields=("register", "id"), name="log_of_a_register"),  # its newest entry is read at every request
            models.Index(fields=("register", "id"), condition=models.Q(action="remove"), name="removals_of_a_register"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.who}: {self.action} {self.table} {self.key}"

    def save(self, *args: Any, **options: Any) -> None:
        """Write a new entry.

        Raises:
            SealedError: it is written already.
        """
        if self.pk is not None:
            raise SealedError("The log of changes is written once: an entry is not changed.")
        super().save(*args, **options)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Nothing.

        Raises:
            SealedError: always.
        """
        raise SealedError("The log of changes is written once: an entry is not deleted.")
