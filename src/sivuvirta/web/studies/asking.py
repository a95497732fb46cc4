"""Asking: new studies, and the same question again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from django.db import transaction
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.jobs.tasks import enqueue
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.writes.changing import RefusedError
from sivuvirta.web.studies.models import Study


@frozen
class Asked:
    """What is asked."""

    name: str  # given by the asker; empty: the question is told in the language of each reader
    vintage: str  # year of the register
    circle: Level  # who is shown the study; it is worked out of what they see
    options: Mapping[str, Any] = {}  # of a plan by name, as `sv.plan` takes them
    steps: int = 1  # most plants that a route may pass
    year: int | None = None  # of the vintage, for the title


def ask(register: Register, asked: Asked, by: Viewer) -> Study:
    """A new study, which a worker takes up.

    Raises:
        RefusedError: the viewer may not ask.
    """
    may_ask(by)
    told = {
        "name": asked.name,
        "question": dict(asked.options),
        "vintage": asked.vintage,
        "steps": asked.steps,
        "year": asked.year,
        "circle": int(asked.circle),
    }
    with transaction.atomic():
        study = Study.objects.create(register=register, asked_by_id=by.user, asker=by.name, **told)
        enqueue(study)
        entry(by.name, "ask", (register.slug, "studies", str(study.pk)), None, told).save()
    return study


def again(study: Study, by: Viewer) -> Study:
    """The same question to the register as it is now, as a study of its own."""
    same = Asked(study.name, study.vintage, Level(study.circle), study.question, study.steps, study.year)
    return ask(study.register, same, by)


def cancel(study: Study, by: Viewer) -> bool:
    """Stop a study; tells whether there was anything to stop.

    Raises:
        RefusedError: the viewer may not.
    """
    may_ask(by)
    with transaction.atomic():
        stopped = study.cancel()
        if stopped:
            entry(by.name, "cancel", (study.register.slug, "studies", str(study.pk)), None, None).save()
    return stopped


def may_ask(by: Viewer) -> None:
    """Studies of a region are asked by those who look after it.

    Raises:
        RefusedError: the viewer does not.
    """
    if not by.maintains:
        raise RefusedError(_("Studies are asked by facilitators and administrators."))
