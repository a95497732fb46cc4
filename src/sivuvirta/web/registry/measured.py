"""What is kept of meters: what the engine found missing of a stream, and the job that looks for it."""

from __future__ import annotations

from django.db import models

from sivuvirta.web.jobs.models import Job
from sivuvirta.web.registry.rows import Register


class Measure(models.Model):
    """What the engine found missing of a stream, for one circle of people."""

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)  # of the stream
    scope = models.CharField(max_length=30)  # whose eyes: a level, or the holder's own
    found = models.JSONField(default=list)
    at = models.BigIntegerField()  # newest entry of the log that it knows
    made = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "registry"
        constraints = (models.UniqueConstraint(fields=("register", "key", "scope"), name="one_measure_of_a_scope"),)

    def __str__(self) -> str:
        return f"{self.key}, {self.scope}"


class Measuring(Job):
    """What is missing of some streams, by the eyes of one circle of people."""

    doer = "sivuvirta.web.registry.meters.measuring.Doing"

    register = models.ForeignKey(Register, models.CASCADE, related_name="+")
    scope = models.CharField(max_length=30, db_index=True)
    keys = models.JSONField(default=list)
    at = models.BigIntegerField(default=0)  # newest entry of the log when it was asked

    class Meta:
        app_label = "registry"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.scope}: {len(self.keys)}"
