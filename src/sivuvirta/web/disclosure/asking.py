"""Asking and answering: every step is one transaction with its entry in the log of changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from attrs import frozen
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.accounts.models import Membership, Place
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.disclosure.models import Disclosed, Disclosure, State
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.pseudonyms import MARK, called

LONGEST = timedelta(days=730)
"""How long something may be given at most; who needs it longer asks again."""
SUBJECTS = ("streams", "needs")
"""Tables whose rows have amounts, and are listed without their names."""


class NotGivenError(SivuvirtaError):
    """It is not done; the message says why, in the person's language."""


@frozen
class Asked:
    """What is asked for, what for, and how long."""

    scopes: tuple[str, ...]
    purpose: str
    until: date
    column: str = ""
    organisation: int | None = None  # for whom; None for the person alone


def subject(register: Register, table: str, key: str, by: Viewer) -> Row | None:
    """The row that a person means: by its key, where they see it, else by the pseudonym that they know it by. None where there is none."""
    rows = MODELS[table].objects.filter(register=register)
    if not key.startswith(MARK):
        seen: Row | None = rows.restrict(by).filter(row_key=key).first()
        return seen
    return called(rows.listed(by), by, key.removeprefix(MARK)) if table in SUBJECTS else None


def ask(row: Row, asked: Asked, by: Viewer) -> Disclosure:
    """A request to the holder of a row.

    Raises:
        NotGivenError: the person has no account, asks for nothing, for another's organisation, for too long, or has asked already.
    """
    _may_ask(row, asked, by)
    told = {"scopes": list(asked.scopes), "column": asked.column, "purpose": asked.purpose, "until": asked.until}
    with transaction.atomic():
        waiting = Disclosure.objects.filter(table=row.schema.name, row=row.pk, asker=by.user, state=State.ASKED)
        if waiting.exists():
            raise NotGivenError(_("You have asked already, and an answer is awaited."))
        made = Disclosure.objects.create(
            register=row.register,
            table=row.schema.name,
            row=row.pk,
            key=row.row_key,
            holder=row.holder,
            asker_id=by.user,
            asked_by=by.name,
            organisation_id=asked.organisation,
            personal=asked.organisation is None,
            **told,
        )
        _log(made, "ask disclosure", by, told)
    return made


def _may_ask(row: Row, asked: Asked, by: Viewer) -> None:
    if by.user is None:
        raise NotGivenError(_("Log in to ask."))
    if row.own(by):
        raise NotGivenError(_("It is your own organisation's: you see all of it."))
    if not asked.purpose.strip() or not (asked.scopes or asked.column):
        raise NotGivenError(_("Say what you ask for, and what for."))
    if asked.column and asked.column not in row.schema.columns:
        raise NotGivenError(_("There is no such column."))
    if asked.organisation is not None and asked.organisation not in by.belongs:
        raise NotGivenError(_("Ask for yourself, or for an organisation of yours."))
    _lasts(asked.until)


def _lasts(until: date) -> None:
    today = timezone.now().date()
    if not today <= until <= today + LONGEST:
        raise NotGivenError(_("Name a last day from today on, two years away at most."))


def decides(disclosure: Disclosure, by: Viewer) -> bool:
    """Whether a person decides: an admin of the organisation that holds the row; who maintains the register, where none does."""
    if disclosure.holder_id is None:
        return by.maintains
    return leads(disclosure.holder_id, by)


def leads(organisation: int, by: Viewer) -> bool:
    """Whether a person is an admin of an organisation."""
    return by.user is not None and Membership.objects.filter(user=by.user, organisation=organisation, place=Place.ADMIN).exists()


def give(disclosure: Disclosure, until: date, by: Viewer) -> None:
    """Give what was asked for, until a day.

    Raises:
        NotGivenError: the person does not decide, it was decided already, the row is gone or another's now, or the day is too far.
    """
    with transaction.atomic():
        now = _decided(disclosure, by, State.ASKED)
        _lasts(until)
        if until > now.until:
            raise NotGivenError(_("Give it for as long as was asked at most."))
        row = now.subject()
        if row is None or row.holder_id != now.holder_id:
            raise NotGivenError(_("The row is gone, or another organisation holds it now."))
        rows = [Disclosed(disclosure=now, table=table, row=key, column=column) for table, key, column in given(row, now)]
        Disclosed.objects.bulk_create(rows)
        now.until = until
        _close(now, State.GIVEN, "", by)
        _log(now, "disclose", by, {"to": _to(now), "purpose": now.purpose, "until": until, "rows": len(rows)})


def given(row: Row, disclosure: Disclosure) -> list[tuple[str, int, str]]:
    """What a request asks for, row by row: table, key in the database, column. What another organisation holds is not among it."""
    wanted: list[tuple[str, int, str]] = []
    if disclosure.column:
        wanted.append((row.schema.name, row.pk, disclosure.column))
    if "row" in disclosure.scopes:
        wanted.append((row.schema.name, row.pk, ""))
        if row.schema.name in SUBJECTS and row.site:
            wanted += _rows("sites", row, site=row.site)
    if "amounts" in disclosure.scopes and row.schema.name in SUBJECTS:
        wanted += _rows("quantities", row, table=row.schema.name, subject=row.row_key)
    if "analyses" in disclosure.scopes and row.schema.name == "streams":
        wanted += _rows("analyses", row, stream=row.row_key)
    return wanted


def _rows(named: str, row: Row, **where: Any) -> list[tuple[str, int, str]]:
    found = MODELS[named].objects.filter(register=row.register, holder=row.holder, **where)
    return [(named, key, "") for key in found.values_list("pk", flat=True)]


def refuse(disclosure: Disclosure, reason: str, by: Viewer) -> None:
    """Refuse, with a reason that the asker reads.

    Raises:
        NotGivenError: the person does not decide, gives no reason, or it was decided already.
    """
    if not reason.strip():
        raise NotGivenError(_("Say why, so that the asker knows."))
    with transaction.atomic():
        now = _decided(disclosure, by, State.ASKED)
        _close(now, State.REFUSED, reason, by)
        _log(now, "refuse disclosure", by, {"to": _to(now), "reason": reason})


def revoke(disclosure: Disclosure, reason: str, by: Viewer) -> None:
    """Take back what was given, from this moment on.

    Raises:
        NotGivenError: the person does not decide, or nothing is given.
    """
    with transaction.atomic():
        now = _decided(disclosure, by, State.GIVEN)
        _close(now, State.REVOKED, reason, by)
        _log(now, "revoke disclosure", by, {"to": _to(now), "reason": reason})


def withdraw(disclosure: Disclosure, by: Viewer) -> None:
    """Take back one's own request, or give up what was given.

    Raises:
        NotGivenError: it is another's, or over.
    """
    with transaction.atomic():
        now = Disclosure.objects.select_for_update(of=("self",)).get(pk=disclosure.pk)
        if now.asker_id != by.user or now.state not in (State.ASKED, State.GIVEN):
            raise NotGivenError(_("There is nothing of yours to withdraw."))
        now.state = State.WITHDRAWN
        now.save(update_fields=["state"])
        _log(now, "withdraw", by, {})


def _decided(disclosure: Disclosure, by: Viewer, state: Any) -> Disclosure:
    now = Disclosure.objects.select_for_update(of=("self",)).select_related("register", "organisation").get(pk=disclosure.pk)
    if not decides(now, by):
        raise NotGivenError(_("Only an admin of the organisation that holds it decides."))
    if now.state != state:
        raise NotGivenError(_("It was decided meanwhile. Look at it again."))
    return now


def _close(now: Disclosure, state: Any, reason: str, by: Viewer) -> None:
    now.state, now.reason, now.decided_by, now.decided = state, reason.strip(), by.name, timezone.now()
    now.save()


def _to(now: Disclosure) -> str:
    return now.asked_by if now.organisation is None else f"{now.asked_by}, {now.organisation.row_key}"


def _log(now: Disclosure, action: str, by: Viewer, told: dict[str, Any]) -> None:
    entry(by.name, action, (now.register.slug, now.table, now.key), None, told).save()
