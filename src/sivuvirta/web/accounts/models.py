"""Accounts: people by e-mail address, their role on the platform, and their place in organisations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does on the platform as a whole. Somebody without an account is a visitor."""

    MEMBER = "member", _("member")
    EXPERT = "expert", _("expert")
    FACILITATOR = "facilitator", _("facilitator")
    AUTHORITY = "authority", _("authority")
    ADMINISTRATOR = "administrator", _("administrator")


class Place(models.TextChoices):
    """What a person does in an organisation."""

    MEMBER = "member", _("member")
    EDITOR = "editor", _("editor")
    ADMIN = "admin", _("admin")


class People(BaseUserManager):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> User:
        """A new account; without a password nobody can log in by one."""
        user: User = self.model(email=self.normalize_email(email).lower(), **values)
        user.set_password(password)
        user.save()
        return user


class User(AbstractUser):
    """A person. The e-mail address, in small letters, is the name."""

    username = None
    first_name = None
    last_name = None
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    language = models.CharField(_("language"), max_length=5, blank=True)
    consent_version = models.CharField(_("version of the purpose agreed to"), max_length=20, blank=True)
    consent_at = models.DateTimeField(_("agreed at"), null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: tuple[str, ...] = ()
    objects = People()

    def __str__(self) -> str:
        return str(self.name or self.email)

    def save(self, *args: Any, **options: Any) -> None:
        """Keep it, with the address in small letters."""
        self.email = self.email.lower()
        super().save(*args, **options)


class Membership(models.Model):
    """A person's place in an organisation of a register."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("registry.Organisations", models.CASCADE, related_name="memberships")
    place = models.CharField(_("place"), max_length=10, choices=Place.choices, default=Place.MEMBER)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "organisation"), name="one_place_in_an_organisation"),)

    def __str__(self) -> str:
        return f"{self.user}, {self.place} of {self.organisation}"


class Invitation(models.Model):
    """Somebody asked to join, by a link sent to their address; it holds once and for a time."""

    email = models.EmailField(_("e-mail address"), db_index=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    organisation = models.ForeignKey("registry.Organisations", models.CASCADE, null=True, blank=True, related_name="+")
    place = models.CharField(_("place"), max_length=10, choices=Place.choices, default=Place.MEMBER)
    by = models.ForeignKey(User, models.CASCADE, related_name="invitations")  # the invitations of somebody who left are void
    made = models.DateTimeField(_("made"), default=timezone.now)
    expires = models.DateTimeField(_("expires"))
    used = models.DateTimeField(_("used"), null=True)

    def __str__(self) -> str:
        return str(self.email)
