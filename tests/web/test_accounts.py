"""Accounts: who comes in, by which way, and what of them is kept."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from sivuvirta.web.accounts.consent import VERSION
from sivuvirta.web.accounts.data import kept
from sivuvirta.web.accounts.models import Invitation, Membership, Place, Role, User
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.config import settings as product
from sivuvirta.web.core.middleware import policy
from sivuvirta.web.registry.models import Organisations, model
from sivuvirta.web.serving import account

PASSWORD = "a long word for a test"
LOGIN, INVITE, EXPORT, DELETE = "/-/account/login/", "/-/invite", "/-/account/data", "/-/account/delete"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def logged_in(user: User) -> Client:
    client = Client()
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return client


def confirmed(user: User) -> Client:
    """Logged in, and the password given once more: what is asked before data are taken or an account goes."""
    client = logged_in(user)
    client.post("/-/account/reauthenticate/", {"password": PASSWORD})
    return client


def link() -> str:
    return re.search(r"https?://testserver(\S+)", mail.outbox[-1].body).group(1)


def actions() -> list[str]:
    return list(Entry.objects.filter(table="accounts").order_by("pk").values_list("action", flat=True))


@pytest.fixture
def two(register) -> tuple[Organisations, Organisations]:
    first, second = Organisations.objects.filter(register=register)[:2]
    return first, second


@pytest.fixture
def led(person, two) -> User:
    return person("lead", organisation=two[0], place=Place.ADMIN)


def test_an_account_made_at_the_server_logs_in_at_once_and_is_asked_for_consent_once(register, settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    login = account("New@example.org", "administrator")
    client = Client()
    response = client.post(LOGIN, {"login": "new@example.org", "password": login.password})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/three_sites/")["Location"] == "/-/account/consent?next=%2Fthree_sites%2F"
    response = client.post("/-/account/consent", {"next": "//elsewhere.example.org/"})
    assert response["Location"] == "/"
    user = User.objects.get(email="new@example.org")
    assert (user.consent_version, user.password.startswith("argon2$")) == (VERSION, True)
    assert timezone.now() - user.consent_at < timedelta(minutes=5)
    assert client.get("/three_sites/").status_code == 200
    assert {"account", "log in", "consent"} <= set(actions())


def test_nobody_signs_up_without_an_invitation_unless_the_platform_says_so(db, client, settings):
    new = {"email": "stranger@example.org", "name": "S", "password1": "another long word of mine"}
    assert "by invitation" in client.get("/-/account/signup/").content.decode()
    client.post("/-/account/signup/", new)
    assert not User.objects.exists()
    settings.SIGNUP = True
    client.post("/-/account/signup/", new)
    assert User.objects.get().role == Role.MEMBER
    refused = client.post(LOGIN, {"login": new["email"], "password": new["password1"]})
    assert refused["Location"] == "/-/account/confirm-email/"  # the address is not verified yet
    client.post(link())
    assert EmailAddress.objects.get().verified


def test_an_invited_person_makes_an_account_and_is_in(led, two):
    inviting, visitor = client_of(led), Client()
    inviting.post(f"/-/organisations/{two[0].pk}/invite", {"email": "New@Example.org", "place": "editor"})
    assert mail.outbox[-1].to == ["new@example.org"]
    assert "Make an account" in visitor.get(link()).content.decode()
    assert visitor.post(link())["Location"] == "/-/account/signup/"
    other = visitor.post("/-/account/signup/", {"email": "other@example.org", "name": "N", "password1": "another long word of mine"})
    assert "to which the invitation came" in other.content.decode()
    visitor.post("/-/account/signup/", {"email": "new@example.org", "name": "N", "password1": "another long word of mine"})
    user = User.objects.get(email="new@example.org")
    place = Membership.objects.get(user=user)
    assert (user.name, user.role, place.organisation, place.place) == ("N", Role.MEMBER, two[0], Place.EDITOR)
    assert EmailAddress.objects.get(user=user).verified
    assert visitor.get("/-/account/").status_code == 302  # logged in, to be asked for consent
    assert {"invite", "invitation taken", "sign up"} <= set(actions())
    assert Client().get(link()).status_code == 404  # used


def test_a_person_joins_a_second_organisation_and_keeps_their_role(led, two, person):
    known = person("known", Role.EXPERT, organisation=two[1])
    client_of(led).post(f"/-/organisations/{two[0].pk}/invite", {"email": known.email, "place": "member"})
    visitor = Client()
    assert visitor.post(link())["Location"].startswith("/-/account/login/?next=")
    joining = client_of(known)
    assert joining.post(link())["Location"] == "/-/account/"
    known.refresh_from_db()
    assert (known.role, known.memberships.count()) == (Role.EXPERT, 2)
    assert joining.post(link()).status_code == 404


@pytest.mark.parametrize("how", ["expired", "changed link", "withdrawn", "sender closed", "sender taken out"])
def test_an_invitation_that_does_not_hold_gets_one_answer(led, two, how):
    client_of(led).post(f"/-/organisations/{two[0].pk}/invite", {"email": "new@example.org", "place": "admin"})
    where, made = link(), Invitation.objects.get()
    if how == "expired":
        Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    elif how == "changed link":
        where = where[:-3] + ("abc" if where[-3:] != "abc" else "xyz")
    elif how == "withdrawn":
        client_of(led).post(f"/-/invitations/{made.pk}/withdraw")
    elif how == "sender closed":
        User.objects.update(is_active=False)
    else:
        Membership.objects.all().delete()
    for response in (Client().get(where), Client().post(where)):
        assert response.status_code == 404
        assert "does not hold" in response.content.decode()
    assert "new@example.org" not in Client().get(where).content.decode()


def test_an_invitation_is_not_taken_by_another_address(led, two, person):
    client_of(led).post(f"/-/organisations/{two[0].pk}/invite", {"email": "new@example.org", "place": "admin"})
    thief = client_of(person("thief"))
    for response in (thief.get(link()), thief.post(link())):
        assert response.status_code == 403
        assert "new@example.org" not in response.content.decode()
    assert Membership.objects.count() == 1
    assert thief.post(f"/-/invitations/{Invitation.objects.get().pk}/withdraw").status_code == 404


WHO = {
    # who: (all people, people of the organisation, invites to it, to another with an admin, to one without, to the platform)
    "member": (404, 404, 404, 404, 404, 404),
    "expert": (404, 404, 404, 404, 404, 404),
    "authority": (404, 404, 404, 404, 404, 404),
    "facilitator": (404, 404, 404, 404, 200, 200),
    "administrator": (200, 404, 404, 404, 200, 200),
    "own member": (404, 404, 404, 404, 404, 404),
    "own editor": (404, 404, 404, 404, 404, 404),
    "own admin": (404, 200, 200, 404, 404, 404),
}


@pytest.mark.parametrize("who", list(WHO))
def test_who_opens_pages_about_others(register, person, led, who):
    own, other, none = Organisations.objects.filter(register=register)[:3]
    person("other", organisation=other, place=Place.ADMIN)
    place = who.removeprefix("own ")
    user = person("me", organisation=own, place=Place(place)) if who.startswith("own") else person("me", Role(who))
    client = client_of(user)
    addresses = ["/-/people/", f"/-/organisations/{own.pk}/people", *(f"/-/organisations/{each.pk}/invite" for each in (own, other, none))]
    assert tuple(client.get(address).status_code for address in (*addresses, INVITE)) == WHO[who]


def test_a_facilitator_makes_no_administrator_and_nobody_invites_themselves(person):
    facilitator = person("facilitator", Role.FACILITATOR)
    client = client_of(facilitator)
    client.post(INVITE, {"email": "x@example.org", "role": "administrator"})
    client.post(INVITE, {"email": facilitator.email, "role": "authority"})
    assert not Invitation.objects.exists()
    client.post(INVITE, {"email": "x@example.org", "role": "authority"})
    assert Invitation.objects.get().role == Role.AUTHORITY


def test_places_are_changed_by_admins_and_the_last_admin_stays(led, two, person):
    lead, member = led.memberships.get(), person("member", organisation=two[0])
    place = member.memberships.get()
    client, where = client_of(led), f"/-/memberships/{place.pk}"
    for stranger in (person("facilitator", Role.ADMINISTRATOR), person("other", organisation=two[1], place=Place.ADMIN)):
        assert client_of(stranger).post(where, {"place": "admin"}).status_code == 404
    assert "Only an admin" in client_of(member).post(where, {"place": "admin"}, follow=True).content.decode()
    assert "last admin" in client.post(f"/-/memberships/{lead.pk}", {"out": ""}, follow=True).content.decode()
    assert "last admin" in client.post(f"/-/memberships/{lead.pk}", {"place": "member"}, follow=True).content.decode()
    client.post(where, {"place": "admin"})
    client.post(f"/-/memberships/{lead.pk}", {"out": ""})
    assert [(each.user, each.place) for each in Membership.objects.filter(organisation=two[0])] == [(member, Place.ADMIN)]
    assert {"place", "taken out"} <= set(actions())


def test_roles_are_changed_by_administrators_and_the_last_one_stays(person):
    first, member = person("first", Role.ADMINISTRATOR), person("member")
    client = client_of(first)
    assert client_of(person("facilitator", Role.FACILITATOR)).post(f"/-/people/{member.pk}", {"role": "expert"}).status_code == 404
    assert "their own role" in client.post(f"/-/people/{first.pk}", {"role": "member"}, follow=True).content.decode()
    client.post(f"/-/people/{member.pk}", {"role": "administrator"})
    client_of(User.objects.get(pk=member.pk)).post(f"/-/people/{first.pk}", {"close": ""})
    first.refresh_from_db()
    assert not first.is_active
    assert client.get("/-/people/").status_code == 302  # closed: logged out at once
    last = confirmed(member)
    assert "last administrator" in last.post(DELETE, follow=True).content.decode()
    assert actions().count("role") == 1


def test_an_address_is_locked_after_five_wrong_passwords(person, client):
    user = person("somebody")
    for _ in range(5):
        client.post(LOGIN, {"login": user.email, "password": "wrong"})
    locked = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert "Too many failed" in locked.content.decode()
    assert client.get("/-/account/").status_code == 302
    assert actions().count("log in refused") == 5


def test_known_and_unknown_addresses_get_the_same_answer(person, led, two):
    person("known")
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        client = Client()
        wrong = client.post(LOGIN, {"login": email, "password": "wrong"})
        reset = client.post("/-/account/password/reset/", {"email": email})
        invited = client_of(led).post(f"/-/organisations/{two[0].pk}/invite", {"email": email, "place": "member"})
        told = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", wrong.content.decode()).replace(email, "")
        answers.append((wrong.status_code, told, reset.status_code, reset["Location"], invited.status_code, invited["Location"]))
    assert answers[0] == answers[1]


def test_a_session_is_ended_by_its_person_alone(person):
    user = person("somebody")
    first, second = logged_in(user), logged_in(user)
    session = UserSession.objects.order_by("pk").first()
    assert client_of(person("other")).post(f"/-/account/sessions/{session.pk}/end").status_code == 404
    assert second.get("/-/account/sessions/").content.decode().count('class="quiet">End<') == 1
    second.post(f"/-/account/sessions/{session.pk}/end")
    assert first.get("/-/account/").status_code == 302
    assert second.get("/-/account/").status_code == 200


def test_a_second_factor_is_asked_and_its_secret_is_not_readable_in_the_database(person):
    user = person("somebody")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    response = Client().post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert response["Location"] == "/-/account/factors/authenticate/"
    assert "JBSWY3DPEHPK3PXP" not in json.dumps(Authenticator.objects.get().data)


def test_the_export_has_every_table_that_points_at_the_person_and_no_secret(person, two):
    user = person("somebody", organisation=two[0])
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client = Client()
    client.force_login(user)
    assert client.get(EXPORT)["Location"].startswith("/-/account/reauthenticate/")
    Authenticator.objects.all().delete()
    client = confirmed(user)
    told = json.loads(client.get(EXPORT).content)
    assert set(told) == {"accounts.User", "audit.Entry"} | {each.related_model._meta.label for each in User._meta.related_objects}
    assert told["accounts.User"][0]["email"] == user.email
    assert told["accounts.User"][0]["consent_version"] == VERSION
    assert [row["organisation"] for row in told["accounts.Membership"]] == [two[0].pk]
    assert len(told["usersessions.UserSession"]) == 2
    assert {"log in", "data taken"} <= {row["action"] for row in told["audit.Entry"]}
    assert user.password not in json.dumps(told)
    assert kept(person("nobody"))["audit.Entry"] == []


def test_deletion_takes_the_account_and_leaves_the_register_and_the_log(person, register, two):
    user = person("somebody", organisation=two[0], place=Place.EDITOR)
    client, rows = confirmed(user), model("streams").objects.count()
    assert client.post(DELETE)["Location"] == "/"
    assert not User.objects.filter(email=user.email).exists()
    assert not any(each.objects.exists() for each in (Membership, EmailAddress, UserSession))
    assert (model("streams").objects.count(), Organisations.objects.filter(pk=two[0].pk).count()) == (rows, 1)
    assert Entry.objects.filter(who=user.email, action="account deleted").exists()
    assert client.get("/-/account/").status_code == 302


def test_single_sign_on_may_be_begun_by_a_form(settings, rf):
    def policy_of() -> str:
        return str(policy(lambda _: HttpResponse())(rf.get("/")).headers["Content-Security-Policy"])

    assert "form-action 'self';" in policy_of()
    settings.SIGN_ON_URL = "https://login.example.org/realm"
    assert "form-action 'self' https://login.example.org;" in policy_of()


@pytest.mark.parametrize("address", [LOGIN, "/-/account/", "/-/account/factors/", "/-/account/factors/webauthn/add/", "/-/account/email/"])
def test_pages_of_accounts_hold_no_script_that_runs(person, address):
    client = Client() if address == LOGIN else logged_in(person("somebody"))
    page = client.get(address, follow=True).content.decode()
    assert all(part.startswith((" src=", ' data-allauth-onload="', " data-allauth")) for part in page.split("<script")[1:])
    assert " style=" not in page
    assert " onclick=" not in page


def test_a_session_is_noted_once_a_minute_and_at_once_from_elsewhere(person, client):
    client.force_login(person("busy"))
    client.get("/-/account/")
    before = UserSession.objects.get()
    client.get("/-/account/")
    assert UserSession.objects.get().last_seen_at == before.last_seen_at
    client.get("/-/account/", HTTP_USER_AGENT="another browser")
    assert UserSession.objects.get().user_agent == "another browser"
    UserSession.objects.update(last_seen_at=before.last_seen_at - timedelta(minutes=2))
    client.get("/-/account/", HTTP_USER_AGENT="another browser")
    assert UserSession.objects.get().last_seen_at >= before.last_seen_at
