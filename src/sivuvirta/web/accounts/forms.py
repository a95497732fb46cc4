"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm as Base
from allauth.core import context
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.accounts.invitations import carried, offered
from sivuvirta.web.accounts.models import Place, Role, User


class SignupForm(Base):
    """A new account; an invited person's address is that of the invitation."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("email", "name", "password1")

    def clean_email(self) -> str:
        """The address, which must be the one that was invited, where an invitation is needed."""
        value = self.cleaned_data["email"].lower()
        found = carried(context.request)
        if not settings.SIGNUP and (found is None or value != found.email):
            raise ValidationError(_("Write the address to which the invitation came."))
        return str(super().clean_email())

    def custom_signup(self, request: Any, user: User) -> None:
        """Keep the name, too."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        super().custom_signup(request, user)


class InviteForm(forms.Form):
    """Whom to invite, and to what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role on the platform"))
    place = forms.ChoiceField(label=_("Place in the organisation"), choices=Place.choices)

    def __init__(self, *args: Any, by: User, organisation: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [(role, word) for role, word in Role.choices if role in offered(by)]
        if organisation is None:
            del self.fields["place"]
        if len(self.fields["role"].choices) == 1:
            del self.fields["role"]


class ProfileForm(forms.ModelForm):
    """What a person says of themselves."""

    class Meta:
        model = User
        fields = ("name",)
