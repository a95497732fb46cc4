"""Studies: a question, who sees it, and the answer.

A study is worked out of what its circle of people sees of the register, so its answer tells none of them more than the register does.
Where cells are closed to that circle later, the answer is withheld until the study is run anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.jobs.models import Job, State
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.writes.changing import narrowed
from sivuvirta.web.studies.titles import title

CIRCLES = tuple(choice for choice in CHOICES if choice[0] != Level.PRIVATE)
"""Who may be shown a study. One organisation's own is not among them: a study asks about the region."""


class Studies(models.QuerySet):
    """Studies."""

    def restrict(self, viewer: Viewer) -> Studies:
        """Those that a viewer may see."""
        return self.filter(circle__gte=viewer.floor)

    def answered(self) -> Studies:
        """Those whose answer may be shown."""
        return self.filter(state=State.DONE, withheld=False)


class Study(Job):
    """One question about a region."""

    doer = "sivuvirta.web.studies.computing.Computing"

    register = models.ForeignKey(Register, models.CASCADE, related_name="studies")
    name = models.CharField(_("name"), max_length=200, blank=True)  # that the asker gave; where it is empty, the question is told
    year = models.PositiveSmallIntegerField(_("year"), null=True)  # of the vintage, as the title says it
    question = models.JSONField(_("question"), default=dict)  # changes of PlanOptions by name
    steps = models.PositiveSmallIntegerField(_("plants that a route may pass"), default=1)
    vintage = models.CharField(_("vintage"), max_length=200)
    circle = models.PositiveSmallIntegerField(_("shown to"), choices=CIRCLES, default=Level.FACILITATORS)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="studies")
    asker = models.CharField(_("asked by"), max_length=254)  # as text, so that it stays when the account goes
    engine = models.CharField(_("version of the engine"), max_length=40, blank=True)
    problems = models.JSONField(default=list)  # of the data, each with the row that it stands in
    closed = models.PositiveIntegerField(default=0)  # rows that its circle does not see, or not whole
    answer = models.CharField(max_length=40, blank=True, editable=False)  # token of the run whose files are shown
    withheld = models.BooleanField(default=False)  # cells that it uses have been closed since

    objects = Studies.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        indexes = (models.Index(fields=("register", "state", "circle"), name="studies_to_show"),)

    def __str__(self) -> str:
        return str(self.name) or title(self.vintage if self.year is None else self.year, self.question)

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(settings.STUDIES) / str(self.pk)

    @property
    def shown(self) -> bool:
        """Whether its answer may be shown."""
        return self.state == State.DONE and not self.withheld

    def file(self, name: str) -> Path:
        """A file of its answer."""
        return self.folder / name


@receiver(narrowed)
def withhold(sender: Any, row: Any, low: int, high: int, **_: Any) -> None:
    """Answers of a register in which cells were closed to the people who see them are shown no more."""
    seen = Study.objects.filter(register=row.register, circle__gt=low, circle__lte=high, state__in=(State.RUNNING, State.DONE))
    seen.update(withheld=True)
