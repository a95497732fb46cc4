"""Invitations: a link that is sent to an address, signed, used once, and void after a time or when who sent it may invite no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from attrs import frozen
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.models import Invitation, Membership, Place, Role, User
from sivuvirta.web.accounts.noting import note
from sivuvirta.web.accounts.people import NotAllowedError, has_admin, leads

DAYS = 14
"""For which an invitation holds."""
_SALT = "sivuvirta.invitation"
_OFFERED: dict[Any, tuple[Any, ...]] = {
    Role.ADMINISTRATOR: tuple(map(Role, Role.values)),
    Role.FACILITATOR: tuple(role for role in map(Role, Role.values) if role != Role.ADMINISTRATOR),
}


@frozen
class Offer:
    """What somebody is invited to."""

    email: str
    role: Any = Role.MEMBER
    organisation: Any = None
    place: Any = Place.MEMBER


def offered(by: User) -> tuple[Role, ...]:
    """The roles to which a person may invite."""
    return _OFFERED.get(Role(by.role), (Role.MEMBER,))


def may_invite(by: User, role: Any, organisation: Any) -> bool:
    """Whether a person may invite to a role and an organisation.

    An organisation invites its own people, through its admins. Facilitators and administrators invite to the platform, and to an
    organisation that has no admin yet: else they could let themselves into what it holds private.
    """
    if not by.is_active or role not in offered(by):
        return False
    if organisation is None:
        return Role(by.role) in _OFFERED
    return leads(by, organisation) or (Role(by.role) in _OFFERED and not has_admin(organisation))


def invite(by: User, offer: Offer, address: Any) -> Invitation:
    """An invitation, kept, logged and sent. The answer is the same whether the address has an account or not.

    Args:
        by: who invites.
        offer: to what.
        address: makes the whole address of a page from a token.

    Raises:
        NotAllowedError: they may not, or it is their own address.
    """
    email = offer.email.strip().lower()
    if not may_invite(by, offer.role, offer.organisation):
        raise NotAllowedError(_("You may not invite to that."))
    if email == by.email:
        raise NotAllowedError(_("That is your own address."))
    with transaction.atomic():
        made = Invitation.objects.create(
            email=email,
            role=offer.role,
            organisation=offer.organisation,
            place=offer.place,
            by=by,
            expires=timezone.now() + timedelta(days=DAYS),
        )
        note(by.email, "invite", email, None, told(made))
    about = {"invitation": made, "link": address(token(made)), "days": DAYS}
    send_mail(_("An invitation to Sivuvirta"), render_to_string("accounts/letters/invitation.txt", about), None, [email])
    return made


def told(invitation: Invitation) -> dict[str, str]:
    """What an invitation offers, as the log keeps it."""
    if invitation.organisation is None:
        return {"role": str(invitation.role)}
    return {"role": str(invitation.role), "organisation": invitation.organisation.row_key, "place": str(invitation.place)}


def token(invitation: Invitation) -> str:
    """What its link says: the number of the invitation, signed."""
    return signing.dumps([invitation.pk, invitation.email], salt=_SALT)


def by_token(text: str) -> Invitation | None:
    """The invitation of a link, while it holds."""
    try:
        pk, email = signing.loads(text, salt=_SALT, max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        return None
    return _holding(pk, email)


def carried(request: Any) -> Invitation | None:
    """The invitation with which a visitor came, while it holds."""
    return None if request is None or not (pk := request.session.get("invitation")) else _holding(pk)


def _holding(pk: int, email: str | None = None) -> Invitation | None:
    found = Invitation.objects.select_related("by", "organisation").filter(pk=pk, used=None, expires__gt=timezone.now()).first()
    if found is None or email not in (None, found.email) or not may_invite(found.by, found.role, found.organisation):
        return None
    return found


def take(invitation: Invitation, user: User, new: bool = False) -> None:
    """An invitation taken up by the person of its address. The role is for new accounts: an administrator changes those that are there.

    Raises:
        NotAllowedError: it holds no more, or is for another address.
    """
    with transaction.atomic():
        used = Invitation.objects.filter(pk=invitation.pk, used=None, expires__gt=timezone.now()).update(used=timezone.now())
        if not used or user.email != invitation.email:
            raise NotAllowedError(_("The invitation does not hold any more."))
        if new:
            user.role = invitation.role
            user.save(update_fields=["role"])
        if invitation.organisation is not None:
            Membership.objects.get_or_create(user=user, organisation=invitation.organisation, defaults={"place": invitation.place})
        note(user.email, "invitation taken", user.email, {"by": invitation.by.email}, told(invitation))


def withdraw(invitation: Invitation, by: User) -> None:
    """An invitation taken back by who sent it, or by an admin of the organisation.

    Raises:
        NotAllowedError: they may not.
    """
    if invitation.by_id != by.pk and not (invitation.organisation_id and leads(by, invitation.organisation_id)):
        raise NotAllowedError(_("Only who sent an invitation takes it back."))
    with transaction.atomic():
        note(by.email, "invitation withdrawn", invitation.email, told(invitation), None)
        invitation.delete()
