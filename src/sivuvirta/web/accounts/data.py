"""A person's own data: all that is kept about them, as one file, and their account taken away.

What is kept is found from the models themselves, so that a table made later that points at people is in the file too.
"""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q

from sivuvirta.web.accounts.doings import BLIND, SHUT, gated, plain
from sivuvirta.web.accounts.models import Invitation, User
from sivuvirta.web.accounts.noting import note
from sivuvirta.web.accounts.people import keep_administered
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.registry.models import MODELS

_SECRET = frozenset({"password", "data", "session_key", "extra_data"})
"""Columns whose values would let others in, or that are another's; the file says that they are there."""
_COUNTED = frozenset({"mfa.Authenticator", "usersessions.UserSession", "accounts.User"})
"""Tables in which the columns of `_SECRET` are secrets."""
_NAMED = {"disclosure.Disclosure": ("row", "key", "holder"), "matching.Question": ("row", "key", "holder", "fingerprint")}
"""Columns that name a row of the register, by table: a person may have asked about a row of which they know a pseudonym alone."""


def kept(user: User) -> dict[str, Any]:
    """All that is kept about a person, by table."""
    found: dict[str, Any] = {"accounts.User": [_row(user)]}
    for relation in User._meta.related_objects:
        model = relation.related_model
        rows = model._default_manager.filter(**{relation.field.name: user})
        found.setdefault(model._meta.label, []).extend(_row(row) for row in rows)
    asked = Invitation.objects.filter(email=user.email).exclude(by=user)
    found["accounts.Invitation"] += [_row(row) for row in asked]
    about = Entry.objects.filter(Q(who=user.email) | Q(table="accounts", key=user.email))
    who = viewer(user)
    found["audit.Entry"] = gated(list(about), who)
    _nameless(found, who)
    return found


def _nameless(found: dict[str, Any], who: Viewer) -> None:
    """Takes the names of rows that the person does not see out of what they asked about them."""
    for label, columns in _NAMED.items():
        for told in found.get(label, ()):
            if not MODELS[told["table"]].objects.filter(pk=told["row"]).restrict(who).exists():
                told.update(dict.fromkeys(columns, SHUT))
    for told in found["audit.Entry"]:
        if told["action"] in BLIND:
            rows = MODELS[told["table"]].objects.filter(register__slug=told["register"], row_key__startswith=told["key"])
            if not rows.restrict(who).exists():
                told["key"] = SHUT


def delete(user: User) -> None:
    """The account taken away with all that hangs on it. Rows of the register stay; the log of changes keeps the address as text.

    Raises:
        NotAllowedError: it is the last administrator.
    """
    with transaction.atomic():
        keep_administered(user)
        for session in UserSession.objects.filter(user=user):
            session.end()
        Invitation.objects.filter(email=user.email).delete()
        note(user.email, "account deleted", user.email)
        user.delete()


def _row(row: Any) -> dict[str, Any]:
    shut = _SECRET if row._meta.label in _COUNTED else frozenset()
    return {name: "(secret)" if name in shut else value for name, value in plain(row).items() if name not in ("is_superuser", "is_staff")}
