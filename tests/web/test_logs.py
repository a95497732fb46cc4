"""The server's log and the pages of what went wrong: enough to find a fault by, nothing that is somebody's."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse

from sivuvirta.web.audit.middleware import requests, through
from sivuvirta.web.config import urls
from sivuvirta.web.core.logs import Lines, Words, answered, cleaned, once
from sivuvirta.web.core.logs import logging as setting
from sivuvirta.web.jobs.seen import leave_mark


def fails(_, token):
    raise ValueError(f"could not read {token}")


def refuses(_):
    raise PermissionDenied


urlpatterns = [path("-/refused", refuses), *urls.urlpatterns, path("-/fails/<str:token>", fails)]
handler500 = urls.handler500


class Kept(logging.Handler):
    """Keeps what a formatter made of each event, as the handler of the server writes it."""

    def __init__(self, form: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(form)
        self.addFilter(once)
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture
def kept():
    handler, root, ours = Kept(Lines()), logging.getLogger(), logging.getLogger("sivuvirta")
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    assert ours.level == logging.INFO


def test_a_request_is_one_line_with_its_number_and_no_question(register, client, person, kept):
    user = person("somebody")
    client.force_login(user)
    response = client.get("/three_sites/streams/?q=a+secret+word")
    (line,) = kept.lines
    told = json.loads(line)
    assert told["request"] == response["X-Request-ID"]
    assert (told["method"], told["path"], told["status"]) == ("GET", "/three_sites/streams/", 200)
    assert (told["level"], told["logger"], told["user"]) == ("info", "sivuvirta.requests", user.pk)
    assert told["milliseconds"] > 0
    assert told["time"].endswith("+00:00")
    assert "secret" not in line
    assert "example.org" not in line


@pytest.mark.parametrize(
    "address",
    [
        "/-/invitation/eyJyb2xlIjoxfQ:1tXyZ:abcDEF123-_x",
        "/-/account/password/reset/key/1a-c8x9qk-4f5e6d7c8b9a0f1e2d3c/",
        "/-/account/confirm-email/MQ:1tXyZ8:5tVqk_abcdefgh/",
    ],
)
def test_the_secret_of_a_link_is_not_written(db, client, kept, address):
    client.get(address)
    secret = next(part for part in address.split("/") if len(part) > 20)
    assert cleaned("/a/somebody@example.org/b") == "/a/…/b"
    assert kept.lines
    assert all(secret not in line for line in kept.lines)
    assert cleaned(f"GET {address}").startswith("GET /-/")


def test_what_is_not_there_is_told_once_and_health_not_at_all(db, client, kept):
    assert client.get("/-/health").status_code == 200
    assert client.get("/-/nothing/").status_code == 404
    (line,) = kept.lines
    assert json.loads(line)["status"] == 404


@pytest.mark.urls("web.test_logs")
def test_a_fault_shows_a_number_and_the_log_has_its_trace_without_what_the_error_quotes(db, kept):
    response = Client(raise_request_exception=False).get("/-/fails/eyJyb2xlIjoxfQ:1tXyZ:abcDEF123")
    number, page = response["X-Request-ID"], response.content.decode()
    assert response.status_code == 500
    assert number in page
    assert "Traceback" not in page + "".join(kept.lines[1:])
    fault, answer = (json.loads(line) for line in kept.lines)
    assert fault["request"] == answer["request"] == number
    assert (fault["level"], answer["level"], answer["status"]) == ("error", "error", 500)
    assert fault["traceback"][-1] == "ValueError"
    assert any("test_logs.py" in line and "in fails" in line for line in fault["traceback"])
    assert not any("eyJyb2xl" in line for line in kept.lines)


@pytest.mark.urls("web.test_logs")
@pytest.mark.parametrize(
    ("address", "status", "words"), [("/nowhere/", 404, "nothing here for you"), ("/-/refused", 403, "not for your role")]
)
def test_pages_of_what_is_refused_are_in_the_house_style(register, client, person, address, status, words):
    client.force_login(person("somebody"))
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'class="brand"' in page


def test_a_form_from_elsewhere_is_told_in_the_house_style(db):
    response = Client(enforce_csrf_checks=True).post(reverse("set_language"), {"language": "fi"})
    assert response.status_code == 403
    assert 'class="brand"' in response.content.decode()


def test_people_at_a_terminal_read_words(rf: RequestFactory):
    handler, log = Kept(Words()), logging.getLogger("sivuvirta.requests")
    log.addHandler(handler)
    request = rf.get("/kemi_tornio/?q=x")

    def answer(_):
        return HttpResponse(status=503)

    response = requests(answered(answer))(request)
    log.removeHandler(handler)
    (line,) = handler.lines
    assert " error   GET /kemi_tornio/ 503, " in line
    assert line.endswith(f"request {response['X-Request-ID']}")


def told_of(error: BaseException, **options) -> list[str]:
    try:
        raise error
    except type(error):
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    with through("job", "7"):
        return json.loads(Lines(**options).format(record))["traceback"]


def test_an_error_says_its_words_only_where_they_quote_no_value():
    hidden = ValueError("the price is 47.11")
    assert told_of(OperationalError("connection refused"))[-1] == "OperationalError: connection refused"
    assert told_of(hidden)[-1] == "ValueError"
    assert told_of(hidden, words=True)[-1] == "ValueError: the price is 47.11"
    first = KeyError("a secret key")
    first.__cause__ = hidden
    lines = told_of(first)
    assert lines.index("ValueError") < lines.index("which led to:") < lines.index("KeyError")
    assert "secret" not in lines[-1]


def test_the_setting_takes_its_level_and_writes_json_without_a_terminal():
    made = setting("warning")
    assert made["loggers"]["sivuvirta"]["level"] == "WARNING"
    assert made["formatters"]["told"]["()"] is Lines


def test_health_tells_of_a_worker_and_of_a_database_that_is_down(db, client, monkeypatch, kept):
    assert client.get("/-/health").json() | {"version": ""} == {"status": "ok", "version": "", "database": True, "worker": False}
    leave_mark()
    assert client.get("/-/health").json()["worker"] is True

    def down():
        raise OperationalError("connection to server at 10.0.0.7 failed")

    client.cookies[settings.SESSION_COOKIE_NAME] = "of a browser that asks"  # a session would be looked for in the database
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", down)
        response = client.get("/-/health")
    assert response.status_code == 503
    assert response.json() | {"version": ""} == {"status": "failed", "version": "", "database": False, "worker": False}
    assert b"10.0.0.7" not in response.content
