"""Questions: what was asked about something hidden, and what was told. Its owner sees each of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.core.keys import ROW_KEY
from sivuvirta.web.registry.models import Register


class Question(models.Model):
    """One question of one asker about one hidden row, with the answer; the same question again is answered from here."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="questions")
    asker = models.CharField(max_length=40)  # the organisation, or a person of none
    organisation = models.ForeignKey("registry.Organisations", models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="questions")
    who = models.CharField(_("asked by"), max_length=254)  # as text, so that it stays when the account goes
    table = models.CharField(max_length=50)  # of the row that is asked about
    row = models.BigIntegerField()
    key = models.CharField(max_length=ROW_KEY)
    holder = models.ForeignKey("registry.Organisations", models.CASCADE, null=True, related_name="+")
    other = models.BigIntegerField()  # the asker's own row, for which it was asked
    month = models.CharField(max_length=7)
    at = models.DateTimeField(_("time"), default=timezone.now)
    fingerprint = models.CharField(max_length=64)  # of all that the engine was given
    answer = models.JSONField(null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("question")
        constraints = (models.UniqueConstraint(fields=("asker", "table", "row", "other", "fingerprint"), name="asked_once"),)
        indexes = (
            models.Index(fields=("register", "holder"), name="questions_of_a_holder"),
            models.Index(fields=("asker", "table", "row", "month"), name="questions_of_a_month"),
        )

    def __str__(self) -> str:
        return f"{self.who}: {self.table} {self.key}"
