"""How django-allauth behaves here: who may sign up, and how secrets of second factors are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from sivuvirta.web.accounts.invitations import carried


class Accounts(DefaultAccountAdapter):
    """Accounts by e-mail address and password or passkey."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Whether this visitor may make an account: by an invitation, or where the platform lets anybody."""
        return bool(settings.SIGNUP) or carried(request) is not None


class SignOn(DefaultSocialAccountAdapter):
    """Accounts by single sign-on."""

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """Whether a person whom the partner names may make an account: the invitation must be to an address that the partner verified."""
        if settings.SIGNUP:
            return True
        found = carried(request)
        return found is not None and any(each.verified and each.email.lower() == found.email for each in sociallogin.email_addresses)


class SecondFactors(DefaultMFAAdapter):
    """Second factors, whose secrets stand in the database encrypted by a key that is made from the platform's own."""

    def encrypt(self, text: str) -> str:
        """A secret as it is kept."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it was."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"sivuvirta.factors:{settings.SECRET_KEY}".encode()).digest()))
