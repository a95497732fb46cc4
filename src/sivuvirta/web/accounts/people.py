"""Who may do what to people: roles, places in organisations, open and closed accounts. Nobody gives themselves more."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sivuvirta.errors import SivuvirtaError
from sivuvirta.web.accounts.models import Membership, Place, Role, User
from sivuvirta.web.accounts.noting import note


class NotAllowedError(SivuvirtaError):
    """It may not be done; the message says why, in the person's language."""


def leads(user: Any, organisation: Any) -> bool:
    """Whether a person is an admin of an organisation."""
    return bool(Membership.objects.filter(user=user, organisation=organisation, place=Place.ADMIN).exists())


def has_admin(organisation: Any) -> bool:
    """Whether an organisation has an admin whose account is open."""
    return bool(Membership.objects.filter(organisation=organisation, place=Place.ADMIN, user__is_active=True).exists())


def is_administrator(user: Any) -> bool:
    """Whether a person is an administrator of the platform."""
    return bool(user.is_authenticated and user.is_active and user.role == Role.ADMINISTRATOR)


def give_place(membership: Membership, place: Place, by: User) -> None:
    """Another place in the organisation.

    Raises:
        NotAllowedError: not an admin of it, or nobody would lead it.
    """
    with transaction.atomic():
        now = _locked(membership)
        if not leads(by, now.organisation_id):
            raise NotAllowedError(_("Only an admin of the organisation gives places in it."))
        if place != Place.ADMIN:
            _keep_led(now)
        before, now.place = now.place, place
        now.save()
        note(by.email, "place", now.user.email, _told(now, before), _told(now, place))


def take_out(membership: Membership, by: User) -> None:
    """A person taken out of an organisation, by its admin, or by themselves.

    Raises:
        NotAllowedError: not an admin of it, or nobody would lead it.
    """
    with transaction.atomic():
        now = _locked(membership)
        if now.user_id != by.pk and not leads(by, now.organisation_id):
            raise NotAllowedError(_("Only an admin of the organisation takes people out of it."))
        _keep_led(now)
        note(by.email, "taken out", now.user.email, _told(now, now.place), None)
        now.delete()


def give_role(user: User, role: Role, by: User) -> None:
    """Another role on the platform.

    Raises:
        NotAllowedError: not an administrator, oneself, or no administrator would be left.
    """
    with transaction.atomic():
        now = _other(user, by)
        if role != Role.ADMINISTRATOR:
            keep_administered(now)
        before, now.role = now.role, role
        now.save()
        note(by.email, "role", now.email, {"role": before}, {"role": role})


def close(user: User, closed: bool, by: User) -> None:
    """An account closed, or opened again. A closed account does not log in; its log and rows stay.

    Raises:
        NotAllowedError: not an administrator, oneself, or no administrator would be left.
    """
    with transaction.atomic():
        now = _other(user, by)
        if closed:
            keep_administered(now)
        now.is_active = not closed
        now.save()
        note(by.email, "closed" if closed else "opened", now.email)


def keep_administered(user: User) -> None:
    """Nothing, unless a person is the last administrator.

    Raises:
        NotAllowedError: they are.
    """
    others = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if user.role == Role.ADMINISTRATOR and user.is_active and list(others.values_list("pk", flat=True)) == [user.pk]:
        raise NotAllowedError(_("This is the last administrator. Make somebody else one first."))


def _other(user: User, by: User) -> User:
    if not is_administrator(by):
        raise NotAllowedError(_("Only an administrator does that."))
    if user.pk == by.pk:
        raise NotAllowedError(_("Nobody changes their own role or closes their own account here. Ask another administrator."))
    return User.objects.select_for_update().get(pk=user.pk)


def _locked(membership: Membership) -> Membership:
    """The place as it is now, with those of the whole organisation held until the end of the transaction."""
    held = Membership.objects.select_for_update(of=("self",)).filter(organisation=membership.organisation_id)
    found = {each.pk: each for each in held.select_related("user", "organisation")}
    if membership.pk not in found:
        raise NotAllowedError(_("The person is not in the organisation any more."))
    return found[membership.pk]


def _keep_led(membership: Membership) -> None:
    others = Membership.objects.filter(organisation=membership.organisation_id, place=Place.ADMIN, user__is_active=True)
    if membership.place == Place.ADMIN and not others.exclude(pk=membership.pk).exists():
        raise NotAllowedError(_("This is the last admin of the organisation. Make somebody else one first."))


def _told(membership: Membership, place: str) -> dict[str, str]:
    return {"organisation": membership.organisation.row_key, "place": place}
