"""The platform's commands as processes: what they say and how they end when their surroundings are not as they must be."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from ipaddress import ip_network
from pathlib import Path
from threading import Event

import pytest

from sivuvirta.web.config.environment import EnvironmentFaultError, environment
from sivuvirta.web.config.proxies import behind
from sivuvirta.web.imports.files import LARGEST
from web.databases import database, surroundings

KEY = "".join(chr(97 + number * 7 % 26) for number in range(64))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A platform with its database made."""
    home = tmp_path_factory.mktemp("platform")
    assert command(env(home), "admin", "create", "person@example.org", "--new").returncode == 0
    return home


def env(home, **more: str) -> dict[str, str]:
    found = {name: value for name, value in surroundings("", home).items() if name != "DATABASE_URL"}
    return {**found, "SECRET_KEY": KEY, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def command(env, *words):
    return subprocess.run([sys.executable, "-m", "sivuvirta", *words], env=env, capture_output=True, text=True, check=False)


@contextmanager
def serving(env, *more):
    """A server on a free port: its process and its port."""
    words = [sys.executable, "-u", "-m", "sivuvirta", "serve", "--port", "0", *more]
    with subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline()
        assert said.startswith("Sivuvirta answers at http://127.0.0.1:")
        yield process, int(said.split(":")[2].split("/")[0])
        if process.poll() is None:
            process.kill()


def ask(port, address, method="GET", body=None, **heads):
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request(method, address, body, heads)
        response = connection.getresponse()
        return response, response.read().decode()


def test_a_request_larger_than_any_file_is_refused_before_it_is_read(home):
    with serving(env(home)) as (_, port), socket.create_connection(("127.0.0.1", port), timeout=60) as asked:
        asked.sendall(f"POST /-/deliveries HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGEST + 20_000_000}\r\n\r\nx".encode())
        assert b" 413 " in asked.recv(200)


@pytest.mark.long
def test_without_a_terminal_it_serves_logs_a_line_a_request_and_ends_when_asked(home):
    with serving(env(home)) as (process, port):
        response, page = ask(port, "/-/health")
        assert (response.status, json.loads(page)["database"]) == (200, True)
        assert ask(port, "/?q=secret")[0].status == 200
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate()
    (line,) = log.splitlines()
    assert (json.loads(line)["path"], json.loads(line)["status"]) == ("/", 200)
    assert "secret" not in log
    assert process.returncode == 0


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_new_home_is_made_once_where_several_start_together(tmp_path, request, kind):
    url = database(request.getfixturevalue("server"), tmp_path.name) if kind == "postgresql" else ""
    together = [sys.executable, "-m", "sivuvirta", "admin", "create"]
    found = env(tmp_path, DATABASE_URL=url)
    started = [
        subprocess.Popen([*together, f"{name}@example.org", "--new"], env=found, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    said = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    assert all("administrator" in out for out, _ in said)


UNASKED = """
import json, sys
from click.testing import CliRunner
from sivuvirta.cli.commands import commands
words = ("admin create person@example.org", "admin tidy", "admin watch . --source scales --once", "admin load three_sites", "admin check",
         "admin export three_sites out.zip", "admin log", "backup out.zip", "restore " + sys.argv[1])
print(json.dumps({each: [found.exit_code, found.stderr] for each in words for found in [CliRunner().invoke(commands, each.split())]}))
"""


def test_no_command_makes_an_empty_database_unasked(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", UNASKED, __file__], env=env(tmp_path / "none"), capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    for words, (code, said) in json.loads(done.stdout).items():
        assert code == 2, (words, said)
        assert str(tmp_path / "none") in "".join(said.split()), words
        assert "--new" in said, words
    assert not list((tmp_path / "none").glob("*.sqlite3"))


def test_a_command_names_the_database_it_works_on(home):
    said = command(env(home), "admin", "tidy", "--json")
    assert said.returncode == 0
    assert f"Database: {home}" in said.stderr
    assert json.loads(said.stdout)["cleared"] is False


def answering(process) -> set[int]:
    """Processes that a server started."""
    return set(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def until(found):
    """What is found once it is there."""
    for _ in range(600):
        if now := found():
            return now
        Event().wait(0.1)
    raise AssertionError("it did not come")


@pytest.mark.long
def test_several_processes_answer_and_who_dies_is_replaced(home):
    token = "t" * 24
    metrics = {"SIVUVIRTA_METRICS": "yes", "SIVUVIRTA_METRICS_TOKEN": token}
    with serving(env(home, **metrics), "--processes", "2") as (process, port):
        first = until(lambda: len(now := answering(process)) == 2 and now)
        os.kill(min(first), signal.SIGKILL)
        second = until(lambda: len(now := answering(process)) == 2 and now != first and now)
        assert [ask(port, "/-/health")[0].status for _ in range(6)] == [200] * 6
        _, told = ask(port, "/-/metrics", Authorization=f"Bearer {token}")
        assert 'sivuvirta_requests_total{method="GET",status="200",view="health"} 6.0' in told  # of all processes together
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate()
    assert process.returncode == 0
    assert "another takes its place" in log
    assert not any(Path(f"/proc/{number}").exists() for number in second)


@pytest.mark.long
def test_no_process_stays_where_the_one_that_started_it_is_killed(home):
    with serving(env(home), "--processes", "2") as (process, _):
        found = until(lambda: len(now := answering(process)) == 2 and now)
        process.kill()
    assert until(lambda: not any(Path(f"/proc/{number}/status").exists() for number in found))


@pytest.mark.long
def test_a_taken_port_is_told(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = command(env(home), "serve", "--port", port)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Nothing can listen on 127.0.0.1, port {port}:")
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DATABASE_URL": "postgres://side:hidden@127.0.0.1:1/streams"}, "The database 'streams' at 127.0.0.1, port 1 does not answer"),
        ({"DATABASE_URL": "sqlite:////proc/none/streams.sqlite3"}, "The database file /proc/none/streams.sqlite3 cannot be used"),
        ({"SIVUVIRTA_HOME": "/proc/none"}, "The home /proc/none cannot be made"),
        ({"SIVUVIRTA_HOME": "/proc/none", "SECRET_KEY": ""}, "The home /proc/none cannot be used"),
        ({"SIVUVIRTA_PROXY": "nginx", "SIVUVIRTA_LOG": "loud", "SIVUVIRTA_METRICS": "yes"}, "SIVUVIRTA_METRICS_TOKEN has 0 signs"),
    ],
)
def test_what_is_wrong_with_the_surroundings_is_told_in_words(tmp_path, variables, words):
    done = command(env(tmp_path, **variables), "serve", "--port", "0")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr


@pytest.mark.long
def test_a_database_of_a_form_that_no_migration_leads_from_is_told_and_left_alone(home, tmp_path):
    old = shutil.copytree(home, tmp_path / "old")
    with closing(sqlite3.connect(old / "sivuvirta.sqlite3")) as database:
        database.execute("ALTER TABLE registry_streams DROP COLUMN sought")
        database.execute("DROP TABLE registry_needs")
    done = command(env(old), "serve", "--port", "0")
    assert done.returncode == 1
    assert "before its first release and lacks registry_" in done.stderr
    assert "SIVUVIRTA_HOME" in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(old / "sivuvirta.sqlite3")) as database:
        assert database.execute("SELECT email FROM accounts_user").fetchall() == [("person@example.org",)]


@pytest.mark.long
def test_a_safe_platform_passes_the_check_of_a_deployment(home):
    safe = env(home, SIVUVIRTA_SECURE="yes", ALLOWED_HOSTS="side.example.org")
    django = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(django, env=safe, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    ours = command(safe, "admin", "check")
    assert ours.returncode == 0
    assert ours.stderr.startswith("Database: ")
    assert len(ours.stderr.splitlines()) == 1
    open_ = command(env(home), "admin", "check")
    assert open_.returncode == 1
    assert "SIVUVIRTA_SECURE is not yes" in open_.stderr


def told(heads, proxies=("10.0.0.0/8",), peer="10.1.2.3"):
    """What the application hears of a request: the client's address and how it came."""
    heard = {}

    def application(environ, start):
        heard.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    environ |= {f"HTTP_X_FORWARDED_{name}": value for name, value in heads.items()}
    list(behind(application, [ip_network(each) for each in proxies])(environ, lambda *_: None))
    return heard.get("REMOTE_ADDR"), heard.get("wsgi.url_scheme"), sorted(name for name in heard if "FORWARDED" in name)


def test_a_proxy_is_believed_about_the_address_that_asked_it():
    assert told({"FOR": "203.0.113.9", "PROTO": "https"})[:2] == ("203.0.113.9", "https")
    assert told({"FOR": "198.51.100.1, 203.0.113.9"})[0] == "203.0.113.9"  # what stands before is the client's own word
    assert told({"FOR": "2001:db8::9"}, peer="10.0.0.1")[0] == "2001:db8::9"
    assert told({"FOR": "203.0.113.9", "HOST": "evil.example.org"})[2] == ["HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"][:1]


@pytest.mark.parametrize("peer", ["192.0.2.7", "11.0.0.1", "", "localhost"])
def test_nobody_else_is_believed(peer):
    assert told({"FOR": "203.0.113.9", "PROTO": "https", "HOST": "evil.example.org"}, peer=peer) == (peer, "http", [])
    assert told({"FOR": "203.0.113.9"}, proxies=(), peer="10.1.2.3") == ("10.1.2.3", "http", [])


@pytest.mark.long
def test_a_client_cannot_fake_its_address_to_go_on_guessing_passwords(home):
    """Ten wrong passwords in a minute from one address close the door, whatever the client says of itself; a proxy's word opens another."""
    form = "login=nobody%d%%40example.org&password=wrong"
    heads = {"Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"}

    def tried(port, number, **more):
        page, text = ask(port, "/-/account/login/", **heads | more)
        token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        cookie = page.getheader("Set-Cookie").split(";")[0]
        body = form % number + f"&csrfmiddlewaretoken={token}"
        return "Too many" in ask(port, "/-/account/login/", "POST", body, Cookie=cookie, **heads | more)[1]

    def one(port):
        return [tried(port, number, **{"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(12)]

    with serving(env(home)) as (_, port):
        assert one(port)[-1]
    with serving(env(home, SIVUVIRTA_PROXY="127.0.0.1")) as (_, port):
        assert not any(one(port))


def test_proxies_metrics_and_the_log_are_read(tmp_path):
    found = environment(
        {
            "SIVUVIRTA_HOME": str(tmp_path),
            "SIVUVIRTA_PROXY": "127.0.0.1, 10.0.0.0/8",
            "SIVUVIRTA_METRICS": "yes",
            "SIVUVIRTA_METRICS_TOKEN": "t" * 20,
            "SIVUVIRTA_LOG": "Warning",
        }
    )
    assert [str(each) for each in found.proxies] == ["127.0.0.1/32", "10.0.0.0/8"]
    assert (found.metrics, found.log) == ("t" * 20, "warning")
    assert environment({"SIVUVIRTA_HOME": str(tmp_path), "SIVUVIRTA_METRICS_TOKEN": "t" * 20}).metrics == ""
    with pytest.raises(EnvironmentFaultError, match=r"'nginx', which is no address") as said:
        environment({"SIVUVIRTA_HOME": str(tmp_path), "SIVUVIRTA_PROXY": "nginx", "SIVUVIRTA_LOG": "loud", "SIVUVIRTA_METRICS": "yes"})
    assert len(str(said.value).splitlines()) == 3
