"""People and a register for the tests of the platform; every person is invented."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.utils import translation

import sivuvirta as sv
from sivuvirta.web.accounts.consent import VERSION
from sivuvirta.web.accounts.models import Membership, Place, Role, User
from sivuvirta.web.registry.models import Organisations, Register
from sivuvirta.web.registry.writes.packages import store
from web.databases import postgresql


@pytest.fixture(autouse=True)
def _own_language():
    """Every test begins in the language of the settings, whatever was asked for before."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def region() -> sv.Region:
    return sv.load("three_sites")


@pytest.fixture
def register(db, region) -> Register:
    return store(region, "test")


@pytest.fixture
def person(db):
    """Makes an account: of a role, or with a place in an organisation."""

    def made(name: str, role: Role = Role.MEMBER, organisation: Organisations | None = None, place: Place = Place.MEMBER) -> User:
        user = User.objects.create_user(f"{name}@example.org", "a long word for a test", role=role, consent_version=VERSION)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if organisation is not None:
            Membership.objects.create(user=user, organisation=organisation, place=place)
        return user

    return made


@pytest.fixture(scope="session")
def server():
    """Address of a PostgreSQL server of the tests' own."""
    with postgresql() as url:
        yield url
