"""Papers: a file of a row. Its bytes lie outside of what the server hands out, under a name drawn at random."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.core.keys import ROW_KEY
from sivuvirta.web.registry.models import Register


class Present(models.Manager):
    """Papers of rows that are there."""

    def get_queryset(self) -> models.QuerySet:
        """All but those that went with their row."""
        return super().get_queryset().filter(gone_at=None)


class Paper(models.Model):
    """A file attached to a row, named by the row's table and key; a newer version names the older one."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="papers")
    table = models.CharField(max_length=50)
    key = models.CharField(max_length=ROW_KEY)
    name = models.CharField(_("name"), max_length=200)  # as its owner called it
    kind = models.CharField(max_length=10)  # pdf, png, jpeg: by its content
    size = models.PositiveIntegerField(_("size"))  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of what is kept
    file = models.CharField(max_length=64, unique=True, editable=False)  # its name on the disk
    version = models.PositiveIntegerField(default=1)
    replaced = models.BooleanField(default=False)  # a newer version stands in its place
    added = models.DateTimeField(_("added"), default=timezone.now)
    who = models.CharField(_("added by"), max_length=254)  # as text, so that it stays when the account goes
    gone_at = models.DateTimeField(
        null=True, editable=False
    )  # when its row was taken out; it is kept a while, so that both can be put back

    objects = Present()
    every = models.Manager()

    class Meta:
        ordering = ("name", "-version", "pk")
        indexes = (models.Index(fields=("register", "table", "key"), name="papers_of_a_row"),)

    def __str__(self) -> str:
        return str(self.name)

    @property
    def place(self) -> Path:
        """Where its bytes lie."""
        return Path(settings.MEDIA_ROOT) / "papers" / self.file[:2] / self.file

    @property
    def type(self) -> str:
        """Its type as the web calls it."""
        return {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}[self.kind]
