"""Jobs: work that a worker does in the background. A model of an app becomes one by standing on `Job` and naming its doer.

Whoever runs a job holds it by a token, for some seconds at a time; the token is in every write that the run makes. A worker that
dies lets its hold run out and another takes the job up again; one that merely slept finds that its token is gone, and what it did
is thrown away. So a job never ends twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.jobs.faults import fault


class State(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class Job(models.Model):
    """One piece of work."""

    doer: ClassVar[str]  # where the class lies that does it, a `running.Doer`

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    share = models.FloatField(_("share done"), default=0.0)  # 0 to 1
    doing = models.CharField(_("what it does now"), max_length=300, blank=True)  # a message, whose places `doing_with` fills
    doing_with = models.JSONField(default=dict, editable=False)
    created = models.DateTimeField(_("asked"), auto_now_add=True)
    started = models.DateTimeField(_("started"), null=True)
    finished = models.DateTimeField(_("finished"), null=True)
    error = models.TextField(_("what went wrong"), blank=True)
    stop_asked = models.BooleanField(default=False)
    held_by = models.CharField(max_length=40, blank=True, editable=False)  # token of the run; empty where nobody runs it
    held_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    task = models.CharField(max_length=40, blank=True, editable=False)  # its place in the queue

    class Meta:
        abstract = True

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED

    @property
    def told(self) -> str:
        """What it does now, in the language of who reads; what an earlier version stored as a sentence stays as it is."""
        text = gettext(self.doing) if self.doing else ""
        return text % {name: _shown(value) for name, value in self.doing_with.items()} if self.doing_with else text

    @property
    def fault(self) -> str:
        """Why it failed, in the language of who reads."""
        return fault(self.error)

    def _mine(self, **where: Any) -> Any:
        return type(self).objects.filter(pk=self.pk, **where)

    def take(self, token: str) -> bool:
        """Hold a waiting job; tells whether it was free."""
        now = timezone.now()
        waiting = self._mine(state=State.WAITING, stop_asked=False)
        taken = waiting.update(
            state=State.RUNNING, held_by=token, held_until=until(now), started=now, tries=F("tries") + 1, share=0.0, error="", **_NOTHING
        )
        return bool(taken)

    def end(self, token: str, state: Any, **fields: Any) -> bool:
        """End a run in a state; tells whether it still held the job."""
        free = {"state": state, "finished": timezone.now(), "held_by": "", "held_until": None, **_NOTHING}
        return bool(self._mine(held_by=token).update(**free, **fields))

    def give_back(self, token: str) -> bool:
        """Let another run have it; tells whether this one still held it."""
        free = {"state": State.WAITING, "held_by": "", "held_until": None, "share": 0.0, "tries": F("tries") - 1, **_NOTHING}
        return bool(self._mine(held_by=token).update(**free))

    def cancel(self) -> bool:
        """Ask it to stop: at once where it waits, within a second or so where it runs. Tells whether there was anything to stop."""
        if self._mine(state=State.WAITING).update(state=State.CANCELLED, stop_asked=True, finished=timezone.now()):
            return True
        return bool(self._mine(state=State.RUNNING).update(stop_asked=True))


_NOTHING = {"doing": "", "doing_with": {}}
_DIGITS = 3  # of a share or an amount


def _shown(value: Any) -> str:
    """What stands in a place: figures with the signs of the reader's language."""
    if isinstance(value, float):
        value = float(f"{value:.{_DIGITS}g}")
    return value if isinstance(value, str) else str(number_format(value, use_l10n=True, force_grouping=True))


def until(now: datetime) -> datetime:
    """When a hold that begins or is renewed now runs out."""
    return now + timedelta(seconds=settings.JOB_LEASE)
