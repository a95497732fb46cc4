"""Named risks of the platform as a whole: each has a test here, or in the file that the table of `docs/explanation/security.md` names."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.web import permitted
from tests.web import test_pages as known
from tests.web.test_permissions import GATE, LINES, LISTS

import sivuvirta
from sivuvirta.web.accounts.models import Membership, Place, Role
from sivuvirta.web.config.environment import EnvironmentFaultError, environment
from sivuvirta.web.registry.models import Organisations, model

SOURCE = Path(sivuvirta.__file__).parent
MACHINES = {"deliver"}
"""Addresses that take a token of their own and no cookie, so that no other site's form can use them."""
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "https:evil.example")


def addresses(world: permitted.World) -> dict[str, str]:
    """An address of every view, of something that is there."""
    found = {}
    for line in LINES:
        view = LISTS.get(line["view"], line["view"])
        if not view.startswith(GATE):
            cell = permitted.cells(line["whose"])[-1]
            found.setdefault(view, permitted.address(world, view, cell))
    return found


class Page(HTMLParser):
    """What a page runs or asks for."""

    ASKED = frozenset({"src", "srcset", "action", "formaction", "data", "poster", "background", "hx-get", "hx-post"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.script = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.script = tag if tag == "style" or (tag == "script" and "src" not in told and told.get("type") != "application/json") else ""
        for name, value in attributes:
            asked = name in self.ASKED or (name == "href" and tag in ("link", "use", "image", "base"))
            elsewhere = (
                asked and re.match(r"\s*([a-z]+:|//|/\\)", value or "", re.IGNORECASE) and not (value or "").startswith("data:image")
            )
            if name.startswith("on") or name == "style" or elsewhere or "javascript:" in (value or "").lower():
                self.wrong.append(f"<{tag} {name}={value}>")

    def handle_data(self, data):
        if self.script and data.strip():
            self.wrong.append(f"<{self.script}>{data[:40]}")

    def handle_endtag(self, tag):
        self.script = ""


@pytest.fixture
def world(register, settings, tmp_path) -> permitted.World:
    settings.MEDIA_ROOT, settings.STUDIES = tmp_path / "uploads", tmp_path / "studies"
    return permitted.world(register, "administrator")


@pytest.fixture
def everyone(world):
    """Browsers: of a visitor, and of an administrator."""
    inside = Client()
    inside.force_login(world.me)
    return {"visitor": Client(), "inside": inside}


def test_every_page_runs_nothing_of_its_own_asks_no_other_server_and_is_in_no_frame(world, everyone):
    wrong: dict[str, object] = {}
    for who, browser in everyone.items():
        for name, address in addresses(world).items():
            response = browser.get(address)
            policy = response["Content-Security-Policy"]
            heads = (response["X-Frame-Options"], response["X-Content-Type-Options"], response["Referrer-Policy"])
            sandboxed = name == "study_report" and policy.startswith("sandbox") and "allow-same-origin" not in policy
            if (
                ("unsafe" in policy and not sandboxed)
                or "frame-ancestors 'none'" not in policy
                or heads != ("DENY", "nosniff", "same-origin")
            ):
                wrong[f"{who} {name}"] = (policy, heads)
            page = response["Content-Type"].startswith("text/html") and not sandboxed
            if page and (found := Page(response.content.decode()).wrong):
                wrong[f"{who} {name}"] = found
    assert wrong == {}


def test_what_somebody_who_logged_in_is_answered_is_kept_nowhere(world, everyone):
    told = {name: everyone["inside"].get(address).get("Cache-Control") for name, address in addresses(world).items() if name != "colours"}
    files = {kind: everyone["inside"].get(f"{known.STREAMS}?format={kind}")["Cache-Control"] for kind in ("csv", "xlsx")}
    beside = {name: told.pop(name) for name in ("health", "metrics")}  # of the server, told to nobody in particular
    assert beside == {"health": "no-store", "metrics": None}  # metrics are not there without their token
    assert {name: heads for name, heads in (told | files).items() if heads != "private, no-store"} == {}


def test_no_form_of_another_site_is_taken(world):
    inside = Client(enforce_csrf_checks=True)
    inside.force_login(world.me)
    codes = {name: inside.post(address).status_code for name, address in addresses(world).items()}
    assert {name: code for name, code in codes.items() if code != 403} == dict.fromkeys(MACHINES, 401)


def test_no_template_style_or_script_names_another_server():
    asked = re.compile(
        r"""(?:src|action|srcset)=["'](?:https?:)?//|<link[^>]+href=["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import"""
    )
    called = re.compile(r"""(?:fetch|import|open|Worker|EventSource|WebSocket|sendBeacon)\(\s*["'`](?:https?:|wss?:)?//""")
    files = [each for kind in ("html", "css", "js") for each in (SOURCE / "web").rglob(f"*.{kind}")]
    files += [each for each in (SOURCE / "report" / "assets").rglob("*") if each.suffix in (".css", ".js")]
    texts = {each.name: each.read_text(encoding="utf-8") for each in files}
    assert len(texts) > 60
    assert {name: found[0] for name, text in texts.items() if (found := asked.findall(text) or called.findall(text))} == {}


def test_nothing_of_the_program_fetches_an_address():
    """Single sign-on alone asks another server, at the address of the configuration, by django-allauth; the server's sockets listen."""
    fetching = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3", "ftplib", "telnetlib", "socket"}
    found = {}
    for file in SOURCE.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
        if names & fetching:
            found[str(file.relative_to(SOURCE))] = names & fetching
    assert found == {"web/processes.py": {"socket"}}
    listening = ast.parse((SOURCE / "web" / "processes.py").read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(listening) if isinstance(node, ast.Attribute)}
    assert used & {"connect", "connect_ex", "create_connection", "sendto", "sendmsg", "makefile", "getaddrinfo"} == set()
    assert {"bind", "listen"} <= used


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(register, everyone, method):
    for browser in everyone.values():
        response = browser.generic(method, known.STREAMS)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, POST"


def test_another_host_is_not_answered(register, client):
    assert client.get(known.STREAMS, headers={"host": "evil.example"}).status_code == 400
    with pytest.raises(EnvironmentFaultError, match="write the names of the platform"):
        environment({"ALLOWED_HOSTS": "*", "SECRET_KEY": "k" * 60})


@pytest.mark.parametrize("to", ELSEWHERE)
def test_no_address_leads_elsewhere(person, client, to):
    person("somebody")
    after = [client.post(reverse("set_language"), {"language": "fi", "next": to})]
    after += [
        client.post(f"/-/account/login/?next={to}", {"login": "somebody@example.org", "password": "a long word for a test", "next": to})
    ]
    after += [client.post("/-/account/consent", {"next": to})]
    after += [client.post("/-/account/logout/", {"next": to})]
    assert [each.status_code for each in after] == [302] * 4
    assert [each["Location"] for each in after if "evil" in each["Location"] or "javascript" in each["Location"]] == []


def test_a_session_is_another_after_logging_in_and_none_after_leaving(register, person):
    person("somebody")
    browser = Client()
    browser.post(reverse("set_language"), {"language": "fi"})
    session = browser.session
    session["seen"] = 1
    session.save()
    browser.cookies["sessionid"] = before = session.session_key
    answer = browser.post("/-/account/login/", {"login": "somebody@example.org", "password": "a long word for a test"})
    cookie = answer.cookies["sessionid"]
    assert cookie.value != before
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert answer.cookies["csrftoken"]["httponly"]
    other = Client()
    other.cookies["sessionid"] = before
    assert other.get("/-/account/").status_code == 302
    browser.post("/-/account/logout/")
    other.cookies["sessionid"] = cookie.value
    assert other.get("/-/account/").status_code == 302


def test_by_https_everything_is_by_https(tmp_path):
    code = (
        "import django, json; from django.conf import settings as s; django.setup(); "
        "from django.core.checks import run_checks; "
        "names = [n for n in dir(s) if n.startswith(('SESSION_COOKIE', 'CSRF_COOKIE', 'LANGUAGE_COOKIE', 'SECURE_'))]; "
        "print(json.dumps({n: getattr(s, n) for n in names if isinstance(getattr(s, n), (str, int, bool))} | "
        "{'told': [str(c) for c in run_checks(include_deployment_checks=True) if c.level >= 30]}))"
    )
    around = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "sivuvirta.web.config.settings",
        "SIVUVIRTA_SECURE": "yes",
        "SECRET_KEY": os.urandom(40).hex(),
    }
    around |= {"SIVUVIRTA_HOME": str(tmp_path), "ALLOWED_HOSTS": "platform.example"}
    done = subprocess.run([sys.executable, "-c", code], env=around, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["told"] == []
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] and found["SECURE_SSL_REDIRECT"]  # noqa: PT018
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert all(found[f"{name}_COOKIE_{flag}"] for name in ("SESSION", "CSRF", "LANGUAGE") for flag in ("SECURE", "HTTPONLY", "SAMESITE"))
    assert found["SESSION_COOKIE_AGE"] == 12 * 3600


def test_the_way_to_https_has_the_policy_too(db, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_form_larger_than_any_form_is_refused(register, person):
    inside = Client()
    inside.force_login(person("inside", Role.ADMINISTRATOR))
    answer = inside.post("/three_sites/streams/-/add", {"note": "x" * 5_100_000})
    assert answer.status_code == 400


@pytest.mark.parametrize("address", [f"{known.STREAMS}?q=a%00b", "/three_sites/streams/a%00b/", "/three_sites/-/list/materials?what=%00"])
def test_a_sign_that_no_database_holds_is_refused(register, client, address):
    assert client.get(address).status_code == 400
    assert client.post("/-/account/login/", {"login": "a\0b@example.org", "password": "x"}).status_code == 400


@pytest.mark.parametrize("text", ["9" * 30, "9" * 5000, "-1", "1e3", "٣", "²", ""])
def test_a_number_that_is_none_breaks_no_page(register, person, text):
    inside = Client()
    inside.force_login(person("inside", Role.ADMINISTRATOR))
    stream = model("streams").objects.filter(register=register).first()
    assert inside.get(known.STREAMS, {"page": text}).status_code == 200
    assert inside.post(f"/three_sites/streams/-/change/{stream.stream}", {"version": text, "name": "Other"}).status_code == 422
    chosen = {"row": [f"{text}:1", f"{stream.pk}:{text}"], "column": "name", "value": "Other"}
    assert inside.post("/three_sites/streams/-/bulk", chosen).status_code == 302


def test_a_line_of_the_log_is_one_line(register, client, caplog):
    client.get("/nowhere%0d%0aERROR%20all%20is%20lost/")
    assert caplog.records
    assert [record for record in caplog.records if "\n" in record.getMessage() or "\r" in record.getMessage()] == []


def test_a_form_sets_only_what_it_shows(register, person):
    row, other = (
        model("streams").objects.filter(register=register).first(),
        Organisations.objects.get(register=register, organisation="town"),
    )
    holder = row.holder
    user = person("editor", organisation=holder, place=Place.EDITOR)
    inside = Client()
    inside.force_login(user)
    sent = {"name": "Another name", "version": "1", "holder": other.pk, "holder_id": other.pk, "row_key": "x", "id": "1", "widest": "3"}
    sent |= {"circles": '{"name": 3}', "bands": '{"name": 3}', "anonymous": "3", "matched": "", "register": "9"}
    before = {name: getattr(row, name) for name in ("holder_id", "row_key", "circle", "circles", "bands", "anonymous", "matched", "pk")}
    answer = inside.post(f"/three_sites/streams/-/change/{row.row_key}", sent)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.name == "Another name"
    assert {name: getattr(row, name) for name in before} == before
    inside.post("/three_sites/streams/-/bulk", {"row": f"{row.pk}:2", "column": "holder_id", "value": str(other.pk)})
    inside.post("/-/account/", {"name": "I", "role": "administrator", "is_superuser": "on", "is_staff": "on", "email": "root@example.org"})
    row.refresh_from_db()
    user.refresh_from_db()
    assert row.holder_id == holder.pk
    assert (user.name, user.role, user.is_superuser, user.is_staff, user.email) == ("I", "member", False, False, "editor@example.org")
    assert Membership.objects.get(user=user).place == Place.EDITOR
