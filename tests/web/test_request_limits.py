"""Limits of requests, second factors that a role needs, sessions that lie idle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.config.environment import EnvironmentFaultError, environment
from sivuvirta.web.config.proxies import behind
from sivuvirta.web.core.limiting import WINDOW, Rations

PAGE, FACTORS, LOGIN = "/three_sites/streams/", "/-/account/factors/", "/-/account/login/"


@pytest.fixture
def limits(settings, tmp_path, monkeypatch):
    """Few requests a minute, counted in a place of the test's own, in a minute that does not end."""
    settings.REQUESTS = (4, 8)
    file_based = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    settings.CACHES = {**settings.CACHES, "limits": file_based}
    monkeypatch.setattr("sivuvirta.web.core.limiting.time.time", lambda: 1000 * WINDOW + 15.0)
    return settings


class TestLimits:
    def test_a_visitor_is_refused_in_words_and_told_when_to_come_back(self, register, limits):
        client = Client()
        assert [client.get(PAGE).status_code for _ in range(6)] == [200] * 4 + [429] * 2
        refused = client.get(PAGE, headers={"accept-language": "fi"})
        assert refused["Retry-After"] == "45"  # 60 - 15 s
        assert "45 sekunnin" in refused.content.decode()
        assert "Content-Security-Policy" in refused
        assert client.get("/-/health").status_code == 200

    def test_other_addresses_and_people_have_counts_of_their_own(self, register, limits, person):
        for _ in range(6):
            Client().get(PAGE)
        assert Client(REMOTE_ADDR="192.0.2.7").get(PAGE).status_code == 200
        known = Client()
        known.force_login(person("known"))
        assert [known.get(PAGE).status_code for _ in range(10)] == [200] * 8 + [429] * 2

    def test_a_network_of_one_customer_is_one(self, register, limits):
        answers = [Client(REMOTE_ADDR=f"2001:db8:1:1::{last}").get(PAGE).status_code for last in range(5)]
        assert answers == [200] * 4 + [429]
        assert Client(REMOTE_ADDR="2001:db8:1:2::1").get(PAGE).status_code == 200

    def test_what_a_stranger_says_of_their_address_is_not_believed(self):
        told = []
        application = behind(
            lambda environ, start: told.append(environ["REMOTE_ADDR"]) or [], environment({"SECRET_KEY": "k" * 60}).proxies
        )
        for said in ("192.0.2.1", "192.0.2.2"):
            application({"REMOTE_ADDR": "198.51.100.9", "HTTP_X_FORWARDED_FOR": said}, lambda *_: None)
        assert told == ["198.51.100.9"] * 2

    def test_processes_share_one_count_and_seldom_ask_for_it(self, db, limits, monkeypatch):
        asked = []
        monkeypatch.setattr("sivuvirta.web.core.limiting._take", _counting(asked))
        processes = [Rations(), Rations(), Rations()]
        answers = [processes[at % 3].allows("somebody", 100, 0.0) for at in range(300)]
        assert sum(answers) == 100
        assert len(asked) == 20 + 3  # 100 in rations of 5, then each process is told once that nothing is left
        assert processes[0].allows("somebody", 100, float(WINDOW))

    def test_a_request_asks_the_database_for_nothing(self, register, limits, django_assert_num_queries):
        Client().get("/-/nothing/here/")
        with django_assert_num_queries(0):
            for _ in range(5):
                last = Client().get("/-/in")
        assert last.status_code == 429

    def test_no_address_can_be_read_in_the_count(self, register, limits, tmp_path):
        Client(REMOTE_ADDR="192.0.2.7").get(PAGE)
        files = [file for file in tmp_path.iterdir() if file.is_file()]
        assert len(files) == 1
        assert b"192.0.2.7" not in files[0].read_bytes()
        assert caches["limits"].get("limit.1000.192.0.2.7") is None


def _counting(asked):
    from sivuvirta.web.core import limiting  # noqa: PLC0415 - as it is before it is replaced

    take = limiting._take

    def counted(key: str, ration: int, most: int) -> int:
        asked.append(key)
        return take(key, ration, most)

    return counted


class TestFactors:
    @pytest.mark.parametrize("role", [Role.FACILITATOR, Role.AUTHORITY, Role.ADMINISTRATOR])
    def test_who_has_much_in_hand_is_led_to_a_second_factor_first(self, register, settings, person, role):
        settings.SECOND_FACTOR = True
        user, client = person("them", role), Client()
        client.force_login(user)
        for path in (PAGE, "/", "/three_sites/-/imports/", "/-/people/", "/-/invite"):
            assert client.get(path)["Location"] == FACTORS
        assert client.get(PAGE, headers={"HX-Request": "true"})["HX-Redirect"] == FACTORS
        assert client.post("/three_sites/streams/-/add", {"name": "x"})["Location"] == FACTORS
        assert "needs a second factor" in client.get("/-/account/").content.decode()
        Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
        assert client.get(PAGE).status_code == 302
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
        assert client.get(PAGE).status_code == 200

    @pytest.mark.parametrize("role", [Role.MEMBER, Role.EXPERT])
    def test_others_may_have_one(self, register, settings, person, role):
        settings.SECOND_FACTOR = True
        client = Client()
        client.force_login(person("them", role))
        assert client.get(PAGE).status_code == 200

    def test_who_came_by_single_sign_on_was_asked_by_the_partner(self, register, settings, person):
        settings.SECOND_FACTOR = True
        client = Client()
        client.force_login(person("them", Role.FACILITATOR))
        session = client.session
        session["account_authentication_methods"] = [{"method": "socialaccount", "provider": "sso", "uid": "1", "at": 1.0}]
        session.save()
        assert client.get(PAGE).status_code == 200

    def test_a_demo_says_that_it_asks_for_none(self, register, settings):
        assert "This is a demo" not in Client().get("/three_sites/streams/").content.decode()
        settings.DEMO = True
        assert "This is a demo" in Client().get("/three_sites/streams/").content.decode()


class TestIdle:
    @pytest.mark.parametrize(
        ("role", "minutes"), [(Role.MEMBER, 720), (Role.FACILITATOR, 60), (Role.ADMINISTRATOR, 60), (Role.EXPERT, 720)]
    )
    def test_a_session_that_lay_idle_ends(self, register, settings, person, role, minutes):
        user, client = person("them", role), Client()
        client.force_login(user)
        client.get(PAGE)
        _away(minutes - 1)
        assert client.get(PAGE).status_code == 200
        _away(minutes + 1)
        ended = client.get(f"{PAGE}?q=slag")
        assert ended["Location"] == f"{LOGIN}?next=%2Fthree_sites%2Fstreams%2F%3Fq%3Dslag"
        assert "away for long" in client.get(ended["Location"]).content.decode()
        assert "_auth_user_id" not in client.session
        assert Entry.objects.filter(action="log out", who=user.email).exists()

    def test_a_request_within_the_minute_writes_nothing(self, register, person, django_assert_num_queries):
        client = Client()
        client.force_login(person("them"))
        client.get("/-/in")
        with django_assert_num_queries(3) as asked:  # session, person, when it was last seen
            client.get("/-/in")
        assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def _away(minutes: float) -> None:
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=minutes))


class TestSurroundings:
    def test_usual_figures_and_others(self, tmp_path):
        usual = environment({"SIVUVIRTA_HOME": str(tmp_path)})
        assert (usual.requests, usual.idle, usual.second_factor) == ((300, 1200), (720, 60), True)
        told = {"LIMIT_VISITORS": "0", "LIMIT_PEOPLE": "50", "IDLE": "30", "IDLE_LEADING": "5", "SECOND_FACTOR": "no"}
        other = environment({"SIVUVIRTA_HOME": str(tmp_path), **{f"SIVUVIRTA_{name}": word for name, word in told.items()}})
        assert (other.requests, other.idle, other.second_factor) == ((0, 50), (30, 5), False)

    @pytest.mark.parametrize("word", ["many", "-1", "1.5", "9" * 30, "²"])
    def test_what_is_no_number_is_told(self, tmp_path, word):
        with pytest.raises(EnvironmentFaultError, match="SIVUVIRTA_LIMIT_VISITORS is"):
            environment({"SIVUVIRTA_HOME": str(tmp_path), "SIVUVIRTA_LIMIT_VISITORS": word})
