"""Asking in the blind: whose question it is, how many are left, what was told before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import frozen
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.matching.judging import Answer, judged, nothing
from sivuvirta.web.matching.masks import Mask, Masking
from sivuvirta.web.matching.models import Question
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.rows import Row

QUOTA = 20
"""Questions of one asker about one hidden row in a calendar month."""

_DAY = 86_400
_ENGINE = "matching-1"  # before a fingerprint: what the engine says of the same register may change with its version


class NotAskedError(SivuvirtaError):
    """The question is not answered; the message says why, in the person's language."""


@frozen
class Asker:
    """Who a question counts for."""

    key: str
    organisation: int | None


def asker(need: Row, by: Viewer) -> Asker | None:
    """Who asks about streams for a need: the organisation that holds it; who looks after the region asks in their own name. Else nobody.

    A question is asked for a need of one's own, so that the verdict is of use to who asks, and there is somebody whom the owner of the
    stream can be told. A need itself hides nothing that a verdict rests on: what of it is open settles that.
    """
    if need.own(by):
        return Asker(f"organisation {need.holder_id}", need.holder_id)
    if by.user is not None and by.floor <= Level.FACILITATORS:
        return Asker(f"person {by.user}", None)
    return None


def left(who: Asker, hidden: Row) -> int:
    """How many questions are left this month."""
    return max(0, QUOTA - _asked(who, hidden))


def _asked(who: Asker, hidden: Row) -> int:
    return Question.objects.filter(asker=who.key, table=hidden.schema.name, row=hidden.pk, month=_month()).count()


def _month() -> str:
    return timezone.now().strftime("%Y-%m")


def openly(register: Register, mask: Mask) -> dict[tuple[str, str], Answer]:
    """Answers that follow from what the asker sees, kept for a day by what the engine was given."""
    key = f"{_ENGINE}-{mask.fingerprint}"
    kept = cache.get(key)
    if kept is None:
        found = judged(register, mask)
        kept = [[*pair, answer] for pair, answer in found.items()]
        cache.set(key, kept, _DAY)
    return {(stream, need): answer for stream, need, answer in kept}


def ask(need: Row, stream: Row, by: Viewer) -> Question:
    """A question about a stream for a need, and its answer. Asked before of the same, it is answered as before.

    It is counted and logged before it is answered. What it takes rests on the mask alone, in which no hidden figure is.

    Raises:
        NotAskedError: it is not for the viewer to ask, or the month's questions are used up.
    """
    who = asker(need, by)
    if who is None or stream.own(by) or not stream.matched:
        raise NotAskedError(_("Ask for a need of your own organisation, about a stream that takes part."))
    mask = Masking(need.register, by, blind=True).mask([stream], [need])
    question = _counted(who, need, stream, by, mask)
    if question.answer is None:
        pair = (mask.called.get(("streams", stream.pk), ""), mask.called.get(("needs", need.pk), ""))
        question.answer = judged(need.register, mask).get(pair, nothing())
        question.save(update_fields=["answer"])
    return question


def _counted(who: Asker, own: Row, hidden: Row, by: Viewer, mask: Mask) -> Question:
    """The question, new or as it was asked before. The hidden row is held, so that two at once do not both take the last one."""
    table = hidden.schema.name
    about = {"asker": who.key, "table": table, "row": hidden.pk, "other": own.pk, "fingerprint": mask.fingerprint}
    with transaction.atomic():
        type(hidden).objects.select_for_update(of=("self",)).get(pk=hidden.pk)
        before = Question.objects.filter(**about).first()
        if before is not None:
            return before
        if _asked(who, hidden) >= QUOTA:
            raise NotAskedError(_("The %(count)s questions of this month about it are used up. Ask for disclosure.") % {"count": QUOTA})
        made = Question.objects.create(
            register=own.register,
            organisation_id=who.organisation,
            user_id=by.user,
            who=by.name,
            key=hidden.row_key,
            holder=hidden.holder,
            month=_month(),
            **about,
        )
        entry(by.name, "ask in the blind", (own.register.slug, table, hidden.row_key), None, {"asker": who.key}).save()
    return made


def told(pairs: Iterable[tuple[Asker | None, int, int]]) -> dict[tuple[int, int], Question]:
    """The newest answered question of each asker, stream and need, by stream and need."""
    wanted = {(who.key, stream, need) for who, stream, need in pairs if who is not None}
    askers, streams, needs = ({each[at] for each in wanted} for at in range(3))
    found: dict[tuple[int, int], Question] = {}
    for question in Question.objects.filter(asker__in=askers, table="streams", row__in=streams, other__in=needs).order_by("pk"):
        if (question.asker, question.row, question.other) in wanted and question.answer is not None:
            found[question.row, question.other] = question
    return found


def used(pairs: Iterable[tuple[Asker | None, int, int]]) -> dict[tuple[str, int], int]:
    """How many questions of this month each asker has asked about each stream."""
    wanted = [(who.key, stream) for who, stream, _ in pairs if who is not None]
    askers, streams = {key for key, _ in wanted}, {stream for _, stream in wanted}
    rows = Question.objects.filter(asker__in=askers, table="streams", row__in=streams, month=_month())
    return dict(Counter(rows.values_list("asker", "row")))
