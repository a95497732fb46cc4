"""Listening: what django-allauth does to accounts goes into the log of changes; an invitation is taken up by who signs up with it."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from sivuvirta.web.accounts.invitations import carried, take
from sivuvirta.web.accounts.noting import note

_WORDS = (
    (user_logged_in, "log in"),
    (user_logged_out, "log out"),
    (account.user_signed_up, "sign up"),
    (account.password_set, "password set"),
    (account.password_changed, "password change"),
    (account.password_reset, "password reset"),
    (factors.authenticator_added, "factor added"),
    (factors.authenticator_removed, "factor removed"),
    (factors.authenticator_reset, "factor renewed"),
    (factors.authentication_failed, "factor refused"),
)


def begin() -> None:
    """Connect what is listened to."""
    for signal, word in _WORDS:
        signal.connect(_heard(word), weak=False, dispatch_uid=f"log of {word}")
    user_login_failed.connect(_failed, dispatch_uid="log of failure")
    account.email_changed.connect(_moved, dispatch_uid="log of address")
    account.email_confirmed.connect(_confirmed, dispatch_uid="log of confirmation")
    account.user_signed_up.connect(_taken, dispatch_uid="invitation")
    for signal, word in ((social.social_account_added, "sign-on added"), (social.social_account_updated, "sign-on used")):
        signal.connect(_linked(word), weak=False, dispatch_uid=f"log of {word}")
    social.social_account_removed.connect(_unlinked, dispatch_uid="log of sign-on removed")


def _heard(word: str) -> Any:
    def listener(sender: Any, user: Any = None, authenticator: Any = None, **_: Any) -> None:
        if user is not None:
            note(user.email, word, user.email, None, None if authenticator is None else {"kind": authenticator.type})

    return listener


def _failed(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    """A password that was wrong. What does not look like an address is not kept: it may be the password."""
    typed = str(credentials.get("email") or "").lower()[:254]
    try:
        validate_email(typed)
    except ValidationError:
        typed = ""
    note("visitor", "log in refused", typed)


def _moved(sender: Any, user: Any, from_email_address: Any, to_email_address: Any, **_: Any) -> None:
    before = from_email_address.email if from_email_address else None
    note(to_email_address.email, "address change", to_email_address.email, {"email": before}, {"email": to_email_address.email})


def _confirmed(sender: Any, email_address: Any, **_: Any) -> None:
    note(email_address.email, "address verified", email_address.email)


def _taken(sender: Any, request: Any, user: Any, **_: Any) -> None:
    found = carried(request)
    if found is not None and found.email == user.email:
        take(found, user, new=True)
        request.session.pop("invitation", None)


def _linked(word: str) -> Any:
    def listener(sender: Any, sociallogin: Any, **_: Any) -> None:
        note(sociallogin.user.email, word, sociallogin.user.email, None, {"provider": sociallogin.account.provider})

    return listener


def _unlinked(sender: Any, socialaccount: Any, **_: Any) -> None:
    note(socialaccount.user.email, "sign-on removed", socialaccount.user.email, {"provider": socialaccount.provider}, None)
