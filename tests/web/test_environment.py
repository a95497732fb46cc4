"""Settings from the environment: all problems at once."""

from __future__ import annotations

import pytest

from sivuvirta.web.config.environment import EnvironmentFaultError, environment


def test_nothing_said_is_a_file_and_a_key_in_the_home(tmp_path):
    first = environment({"SIVUVIRTA_HOME": str(tmp_path / "home")})
    assert first.database["NAME"] == str(tmp_path / "home" / "sivuvirta.sqlite3")
    assert len(first.secret_key) >= 50
    assert environment({"SIVUVIRTA_HOME": str(tmp_path / "home")}).secret_key == first.secret_key
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o077 == 0
    assert (first.hosts, first.secure, first.debug) == (("localhost", "127.0.0.1"), False, False)


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
