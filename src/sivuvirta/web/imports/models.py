"""Models: an import session with its file, the work done for it, and sources that deliver by themselves."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.accounts.people import has_admin
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.jobs.models import ENDED, Job
from sivuvirta.web.registry.columns import KEY_LENGTH
from sivuvirta.web.registry.models import Organisations, Register


class Stage(models.TextChoices):
    """How far an import is."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    UNDONE = "undone", _("undone")


class Sessions(models.QuerySet):
    """Import sessions."""

    def restrict(self, viewer: Viewer) -> Sessions:
        """Those of the viewer: what somebody is about to import is theirs alone until it stands in the register."""
        return self.of(viewer.user) if viewer.user is not None else self.none()

    def of(self, user: int) -> Sessions:
        """Those of an account; nothing else of its owner has to be known."""
        return self.filter(by_id=user)


class Session(models.Model):
    """A file on its way into the register."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports")
    created = models.DateTimeField(_("begun"), auto_now_add=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.OPEN)
    name = models.CharField(_("file"), max_length=200)  # as the sender called it; never a path
    kind = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    circle = models.PositiveSmallIntegerField(_("new rows are seen by"), choices=CHOICES, default=Level.FACILITATORS)
    maps = models.JSONField(default=dict)  # how each sheet is read, by its name
    fixed = models.JSONField(default=dict)  # what holds in every row, by "table.column"
    comma = models.CharField(max_length=10, default="auto")
    clear = models.BooleanField(default=False)  # an empty cell makes unknown what is there
    remove = models.BooleanField(default=False)  # rows that the file does not name are taken out
    corrections = models.JSONField(default=list)
    found = models.JSONField(default=dict)  # what the last reading found, for pages
    answer = models.CharField(max_length=40, blank=True, editable=False)  # token of the run whose difference is shown
    seen = models.BigIntegerField(default=0, editable=False)  # newest entry of the log when it was read
    written = models.CharField(max_length=40, blank=True, editable=False)  # number that its changes bear in the log
    log_from = models.BigIntegerField(default=0, editable=False)
    log_to = models.BigIntegerField(default=0, editable=False)

    objects = Sessions.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def folder(self) -> Path:
        """Where its files lie, outside of what the server hands out."""
        return Path(settings.MEDIA_ROOT) / "imports" / str(self.pk)

    @property
    def file(self) -> Path:
        """The file as it was sent."""
        return self.folder / "file"

    @property
    def difference(self) -> Path:
        """Folder of what the last reading would change."""
        return self.folder / (self.answer or "none")

    @property
    def open(self) -> bool:
        """Whether it may still be changed and accepted."""
        return self.stage == Stage.OPEN


class Does(models.TextChoices):
    """What work does."""

    READ = "read", _("reading")
    ACCEPT = "accept", _("writing")
    UNDO = "undo", _("taking back")


class Work(Job):
    """A piece of work for an import: reading it, writing it, taking it back."""

    doer = "sivuvirta.web.imports.working.Working"

    session = models.ForeignKey(Session, models.CASCADE, related_name="works")
    does = models.CharField(max_length=10, choices=Does.choices)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_does_display()}: {self.session}"


def last_work(session: Session) -> Work | None:
    """The newest piece of work for a session."""
    found: Work | None = session.works.first()
    return found


def busy(session: Session) -> bool:
    """Whether work for it waits or runs."""
    return bool(session.works.exclude(state__in=ENDED).exists())


class Source(models.Model):
    """Something that delivers by itself: a weighbridge, an ERP, a laboratory. Its token is shown once and kept as a digest."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisations, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    grade = models.CharField(_("evidence grade of what says none"), max_length=1, default="B")
    evidence = models.CharField(_("source of what says none"), max_length=200)
    circle = models.PositiveSmallIntegerField(_("new rows are seen by"), choices=CHOICES, default=Level.FACILITATORS)
    digest = models.CharField(max_length=64, editable=False)
    made = models.DateTimeField(_("made"), auto_now_add=True)
    maker = models.CharField(_("made by"), max_length=254)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    for_others = models.BooleanField(default=False, editable=False)  # made by who looks after the region, not by the organisation
    used = models.DateTimeField(_("last delivery"), null=True)
    revoked = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("register", "name"), name="one_source_of_a_name"),)

    def __str__(self) -> str:
        return str(self.name)

    def renew(self) -> str:
        """A new token, which is not kept anywhere: tell it now."""
        secret = secrets.token_urlsafe(32)
        self.digest = hashed(secret)
        self.save()
        return f"{self.pk}.{secret}"

    def holds(self, secret: str) -> bool:
        """Whether a secret is that of its token, and it delivers still."""
        return self.revoked is None and bool(constant_time_compare(self.digest, hashed(secret))) and self.viewer is not None

    @property
    def viewer(self) -> Viewer | None:
        """What it may see and write; None where it delivers no more.

        An organisation's own source sees and writes what is the organisation's. One that was made for it by who looks after the region
        has its maker's eyes, of this organisation alone, for as long as it has no admin and the maker looks after the region.
        """
        own, name = frozenset({self.organisation_id}), f"source {self.name}"
        if not self.for_others:
            return Viewer(name, floor=Level.MEMBERS, belongs=own, edits=own)
        maker = viewer(self.by) if self.by is not None and not has_admin(self.organisation_id) else None
        return None if maker is None or not maker.maintains else Viewer(name, floor=maker.floor, maintains=True, only=own)

    @property
    def shows(self) -> Level:
        """Who sees its new rows; what is delivered for others is opened to nobody."""
        return Level.FACILITATORS if self.for_others else Level(self.circle)


def hashed(secret: str) -> str:
    """A secret of 256 random bits as it is kept: a plain digest is enough, for it cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Delivery(models.Model):
    """One delivery that was kept. The same one sent again changes nothing."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="deliveries")
    number = models.CharField(_("delivery"), max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    told = models.JSONField(default=dict)  # what was answered

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("source", "number"), name="one_delivery_of_a_number"),)

    def __str__(self) -> str:
        return f"{self.source}: {self.number}"


class Ending(models.Model):
    """What a file writes for a row that it brought, and the key that the row got; see `endings`."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)
    written = models.CharField(max_length=KEY_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("register", "table", "written"), name="ending_written"),)

    def __str__(self) -> str:
        return f"{self.table}: {self.written}"
