"""The queue: django-tasks' database backend. What stands in it is only which job to look at; the job itself knows whether it waits."""

from __future__ import annotations

from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from sivuvirta.web.jobs.models import Job, State
from sivuvirta.web.jobs.running import HELD, run

_TRIES = 3  # times that a job is begun before it is told as failed
_KEPT = timedelta(days=7)  # what is over stays in the queue's table


@task()
def run_job(kind: str, key: int) -> bool:
    """Run a job by its model and key."""
    return run(apps.get_model(kind), key)


def enqueue(job: Job) -> None:
    """Put a job, saved and waiting, into the queue; in one transaction with its making nothing is lost."""
    place = run_job.enqueue(job._meta.label, job.pk)
    type(job).objects.filter(pk=job.pk).update(task=str(place.id))


def kinds() -> list[type[Job]]:
    """All models that are jobs."""
    return [model for model in apps.get_models() if issubclass(model, Job)]


def recover() -> int:
    """Put back what was lost: jobs whose run died, and waiting ones that the queue has forgotten. Tells how many wait again."""
    return sum(_overdue(kind) + _forgotten(kind) for kind in kinds())


def hand_back() -> None:
    """Give back what this process runs, so that another worker can begin it at once."""
    for hold in tuple(HELD):
        with transaction.atomic():
            if hold.job.give_back(hold.token):
                enqueue(hold.job)


def prune() -> None:
    """Clear the queue's table of what is long over."""
    DBTaskResult.objects.filter(enqueued_at__lt=timezone.now() - _KEPT).exclude(status="READY").delete()


def _overdue(kind: type[Job]) -> int:
    waiting = 0
    for job in kind.objects.filter(state=State.RUNNING, held_until__lt=timezone.now()):
        if job.stop_asked:
            job.end(job.held_by, State.CANCELLED)
        elif job.tries >= _TRIES:
            text = _("The worker ended %(times)s times while this ran; it may be too large for its memory.")
            job.end(job.held_by, State.FAILED, error=text % {"times": job.tries})
        else:
            with transaction.atomic():
                mine = kind.objects.filter(pk=job.pk, held_by=job.held_by, held_until__lt=timezone.now())
                if mine.update(state=State.WAITING, held_by="", held_until=None, share=0.0, doing="", doing_with={}):
                    enqueue(job)
                    waiting += 1
    return waiting


def _forgotten(kind: type[Job]) -> int:
    """Waiting jobs with no place in the queue: a worker died between taking the place and taking the job."""
    found = 0
    for job in kind.objects.filter(state=State.WAITING):
        if not DBTaskResult.objects.filter(pk=job.task or None, status="READY").exists():
            enqueue(job)
            found += 1
    return found
