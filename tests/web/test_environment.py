"""Settings from the environment: all problems at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from sivuvirta.web.config.environment import EnvironmentFaultError, environment


def test_nothing_said_is_a_file_and_a_key_in_the_home(tmp_path):
    first = environment({"SIVUVIRTA_HOME": str(tmp_path / "home")})
    assert first.database["NAME"] == str(tmp_path / "home" / "sivuvirta.sqlite3")
    assert len(first.secret_key) >= 50
    assert environment({"SIVUVIRTA_HOME": str(tmp_path / "home")}).secret_key == first.secret_key
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o077 == 0
    assert (first.hosts, first.secure, first.debug) == (("localhost", "127.0.0.1"), False, False)


def test_several_that_start_at_once_have_one_key_and_a_start_that_was_stopped_leaves_none(tmp_path):
    """One that came between the making of the file and its words read an empty key."""
    with ThreadPoolExecutor(8) as several:
        found = list(several.map(lambda _: environment({"SIVUVIRTA_HOME": str(tmp_path)}).secret_key, range(8)))
    assert (len(set(found)), len(found[0]) >= 50) == (1, True)
    (tmp_path / "secret.key").write_text("")
    assert len(environment({"SIVUVIRTA_HOME": str(tmp_path)}).secret_key) >= 50
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_a_server_is_read_from_its_address(tmp_path):
    url = "postgres://side:p%40ss@db.example.org:5433/streams"
    found = environment({"SIVUVIRTA_HOME": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": "x" * 50})
    server = {name: found.database[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert server == {"NAME": "streams", "USER": "side", "PASSWORD": "p@ss", "HOST": "db.example.org", "PORT": "5433"}
    assert not (tmp_path / "secret.key").exists()


def test_all_problems_are_told_at_once(tmp_path):
    wrong = {"DATABASE_URL": "mysql://x/y", "SECRET_KEY": "short", "SIVUVIRTA_SECURE": "perhaps", "SIVUVIRTA_HOME": str(tmp_path)}
    with pytest.raises(EnvironmentFaultError) as told:
        environment(wrong)
    lines = str(told.value).splitlines()
    assert len(lines) == 3
    assert all(name in str(told.value) for name in ("mysql://", "5 signs", "perhaps"))


def test_letters_go_into_files_or_by_a_server(tmp_path):
    nothing = environment({"SIVUVIRTA_HOME": str(tmp_path), "ALLOWED_HOSTS": "side.example.org"})
    assert (nothing.mail["EMAIL_FILE_PATH"], nothing.mail["DEFAULT_FROM_EMAIL"]) == (tmp_path / "letters", "sivuvirta@side.example.org")
    assert (nothing.signup, dict(nothing.sign_on)) == (False, {})
    sent = environment(
        {"SIVUVIRTA_HOME": str(tmp_path), "EMAIL_URL": "smtps://side:p%40ss@mail.example.org", "EMAIL_FROM": "a@example.org"}
    ).mail
    told = {name: sent[f"EMAIL_{name}"] for name in ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")}
    assert told == {
        "HOST": "mail.example.org",
        "PORT": 465,
        "HOST_USER": "side",
        "HOST_PASSWORD": "p@ss",
        "USE_SSL": True,
        "USE_TLS": False,
    }


def test_single_sign_on_is_whole_and_by_https(tmp_path):
    half = {"SIVUVIRTA_HOME": str(tmp_path), "SIVUVIRTA_OIDC_URL": "http://login.example.org", "EMAIL_URL": "pigeon://x"}
    with pytest.raises(EnvironmentFaultError, match="SIVUVIRTA_OIDC_CLIENT, SIVUVIRTA_OIDC_SECRET") as told:
        environment(half)
    assert "EMAIL_URL" in str(told.value)
    whole = {**half, "SIVUVIRTA_OIDC_CLIENT": "c", "SIVUVIRTA_OIDC_SECRET": "s", "EMAIL_URL": ""}
    with pytest.raises(EnvironmentFaultError, match="https"):
        environment(whole)
    found = environment({**whole, "SIVUVIRTA_OIDC_URL": "https://login.example.org/realm"})
    assert found.sign_on["name"] == "login.example.org"


def test_a_run_of_the_tests_leaves_no_home_of_the_platform_behind(tmp_path):
    """Neither alone nor with workers side by side."""
    tried = f"{__file__}::test_nothing_said_is_a_file_and_a_key_in_the_home"
    for way in ("0", "2"):
        command = [sys.executable, "-m", "pytest", "-q", "-n", way, "-p", "no:cacheprovider", tried]
        done = subprocess.run(command, env={**os.environ, "TMPDIR": str(tmp_path)}, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        assert list(tmp_path.glob("sivuvirta-platform-*")) == []


def test_options_of_a_connection_stand_after_the_question_mark(tmp_path):
    surroundings = {"SIVUVIRTA_HOME": str(tmp_path), "SECRET_KEY": "x" * 50}
    plainly = "-c jit=off -c max_parallel_workers_per_gather=0"
    socket = environment({**surroundings, "DATABASE_URL": "postgresql://side@/streams?host=/run/postgresql&connect_timeout=5"}).database
    assert (socket["HOST"], socket["NAME"], socket["OPTIONS"]) == (
        "/run/postgresql",
        "streams",
        {"connect_timeout": "5", "options": plainly},
    )
    with pytest.raises(EnvironmentFaultError, match="'sslmodus', which is none of"):
        environment({**surroundings, "DATABASE_URL": "postgres://db.example.org/streams?sslmodus=verify-full"})
