"""Addresses of accounts: ours, and those of django-allauth that are used here."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from sivuvirta.web.accounts import inviting, logged, managing, own

urlpatterns = [
    path("in", RedirectView.as_view(pattern_name="account_login", query_string=True), name="login"),
    path("account/", own.account, name="account"),
    path("account/consent", own.consent, name="consent"),
    path("account/data", own.export, name="export"),
    path("account/delete", own.delete_account, name="delete_account"),
    path("account/sessions/<int:key>/end", own.session_end, name="session_end"),
    path("account/", include("allauth.account.urls")),
    path("account/factors/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/sign-on/", include("allauth.socialaccount.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("people/", managing.people, name="people"),
    path("people/<int:key>", managing.person, name="person"),
    path("log/", logged.log, name="log"),
    path("memberships/<int:key>", managing.membership, name="membership"),
    path("organisations/<int:organisation>/people", managing.organisation_people, name="organisation_people"),
    path("organisations/<int:organisation>/invite", inviting.invite_person, name="invite_to"),
    path("invite", inviting.invite_person, name="invite"),
    path("invitation/<str:token>", inviting.invitation, name="invitation"),
    path("invitations/<int:key>/withdraw", inviting.invitation_withdraw, name="invitation_withdraw"),
]
