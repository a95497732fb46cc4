"""Files that put the platform on a server: they are read, and what they call exists and takes what it is given."""

from __future__ import annotations

import json
import re
import shlex
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml
from click import Command, Context, Group

from sivuvirta.cli.catalogue import COMMANDS
from sivuvirta.cli.commands import commands
from sivuvirta.web.config.environment import environment

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SANDBOX = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelModules": "yes",
    "RestrictSUIDSGID": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "User": "sivuvirta",
}


def called(words: list[str]) -> Command:
    """The command that words call, as click reads them; its options and arguments are valid."""
    command, context = commands, Context(commands, info_name="sivuvirta")
    while isinstance(command, Group):
        assert command is not commands or words[0] in COMMANDS
        name, command, words = command.resolve_command(context, words)
        context = command.make_context(name, list(words), parent=context, resilient_parsing=isinstance(command, Group))
    return command


def unit(name: str) -> dict[str, list[str]]:
    """Settings of a unit: each name with its values, in order."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def image() -> list[tuple[str, str]]:
    """Instructions of the image that is run, in order."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    starts = [at for at, (word, _) in enumerate(lines) if word == "FROM"]
    return [(word, rest.strip()) for word, rest in lines[starts[-1] :]]


@pytest.mark.parametrize("service", ["platform", "worker"])
def test_a_container_calls_what_exists_and_may_write_nothing_but_its_home(compose, service):
    found = compose["services"][service]
    assert found["command"][0] == "sivuvirta"
    assert called(found["command"][1:]).name == {"platform": "serve", "worker": "worker"}[service]
    assert (found["read_only"], found["cap_drop"], found["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert found["user"] not in ("0", "root")
    assert found["volumes"] == [f"home:{found['environment']['SIVUVIRTA_HOME']}"]
    assert all(each.split(":")[0] in compose["volumes"] for each in found["volumes"])
    assert set(found["networks"]) <= set(compose["networks"])


def test_secrets_come_from_files_that_are_not_kept_with_the_project(compose):
    ignored = (ROOT / ".gitignore").read_text().split()
    left_out = (ROOT / ".dockerignore").read_text().split()
    files = {compose["services"]["platform"]["env_file"], compose["secrets"]["database_password"]["file"]}
    assert files == {"deploy/environment", "deploy/database.password"}
    assert files <= set(ignored)
    assert files <= set(left_out)
    database = compose["services"]["database"]
    assert "env_file" not in database  # the database is told its own password and no other secret
    assert database["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/database_password"
    assert compose["services"]["platform"]["ports"] == ["127.0.0.1:8000:8000"]
    assert compose["networks"]["back"]["internal"] is True
    assert database["networks"] == ["back"]


def test_the_image_runs_as_nobody_of_note_and_tells_its_health(image, compose):
    words = dict(image)
    assert words["USER"] == compose["services"]["platform"]["user"]
    start = json.loads(words["CMD"])
    assert called(start[1:]).name == "serve"
    assert start == compose["services"]["platform"]["command"]
    probe = json.loads(words["HEALTHCHECK"].split("CMD ", 1)[1])
    assert probe[:2] == ["python", "-c"]
    compile(probe[2], "probe", "exec")
    assert "/-/health" in probe[2]


def test_the_environment_s_example_is_read_once_its_secrets_are_filled_in(tmp_path):
    lines = [line for line in (DEPLOY / "environment.example").read_text().splitlines() if line and not line.startswith("#")]
    values = dict(line.split("=", 1) for line in lines)
    assert values["SECRET_KEY"] == values["SIVUVIRTA_METRICS_TOKEN"] == ""
    found = environment({**values, "SECRET_KEY": "k" * 50, "SIVUVIRTA_HOME": str(tmp_path)})
    assert (found.secure, found.database["HOST"], found.metrics) == (True, "database", "")
    documented = (ROOT / "docs" / "howto" / "run-the-platform.md").read_text()
    assert all(f"`{name}`" in documented for name in values)


def test_the_proxy_of_the_example_is_the_one_that_compose_sees(compose):
    example = (DEPLOY / "environment.example").read_text()
    assert re.search(r"^SIVUVIRTA_PROXY=(\S+)$", example, re.MULTILINE)[1] == compose["networks"]["front"]["ipam"]["config"][0]["gateway"]


@pytest.mark.parametrize(
    ("name", "command"), [("sivuvirta.service", "serve"), ("sivuvirta-worker.service", "worker"), ("sivuvirta-backup.service", "backup")]
)
def test_a_service_calls_what_exists_in_a_sandbox(name, command):
    parsed = RawConfigParser(strict=False)
    parsed.read(DEPLOY / name)
    assert {"Unit", "Service"} <= set(parsed.sections())
    found = unit(name)
    assert {key: found[key][-1] for key in SANDBOX} == SANDBOX
    assert found["EnvironmentFile"] == ["/etc/sivuvirta/environment"]
    words = shlex.split(found["ExecStart"][0])
    if words[0] == "/bin/sh":
        assert words[:2] == ["/bin/sh", "-c"]
        words = shlex.split(words[2].replace("$$(date --utc +%%Y-%%m-%%dT%%H%%M%%S)", "now"))[1:]
    assert words[0] == "/opt/sivuvirta/bin/sivuvirta"
    assert called(words[1:]).name == command
    home = found["Environment"][0].split()[0]
    assert home == f"SIVUVIRTA_HOME=/var/lib/{found['StateDirectory'][0].split()[0]}"


def test_the_backup_of_every_night_names_its_service_and_an_hour():
    timer = unit("sivuvirta-backup.timer")
    assert (DEPLOY / "sivuvirta-backup.service").exists()
    assert timer["OnCalendar"] == ["*-*-* 02:30"]
    assert timer["Persistent"] == ["true"]
    assert timer["WantedBy"] == ["timers.target"]
