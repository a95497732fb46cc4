"""Backups: one moment of what is written meanwhile, read into either kind of database, all of it or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from zipfile import ZipFile

import pytest

from sivuvirta.web.backups import parts
from sivuvirta.web.backups.reading import _inside
from web.databases import database, surroundings

START = """
import sivuvirta as sv
from sivuvirta.web import serving
serving.ready()
serving.load(sv.load("three_sites"), "test")
serving.account("person@example.org", "administrator")
from django.conf import settings
(settings.HOME / "studies" / "1").mkdir(parents=True)
(settings.HOME / "studies" / "1" / "report.html").write_text("a report")
"""

# Moves a tonne from one stream to another, each with its entry in the log, until its standard input is closed.
WRITE = """
import sys, threading
from sivuvirta.web import serving
serving.ready()
from django.db import transaction
from django.db.models import F
from sivuvirta.web.audit.log import entry
from sivuvirta.web.registry.models import MODELS
one, other = MODELS["quantities"].objects.exclude(value=None).order_by("pk")[:2]
closed = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), closed.set()), daemon=True).start()
count = 0
while not closed.is_set():
    with transaction.atomic():
        MODELS["quantities"].objects.filter(pk=one.pk).update(value=F("value") - 1)
        MODELS["quantities"].objects.filter(pk=other.pk).update(value=F("value") + 1)
        entry("test", "moved", ("", "streams", "a"), None, {"count": count}).save()
    count += 1
    if count == 20:
        print("writing", flush=True)
print(count, flush=True)
"""

TOLD = """
import json
from sivuvirta.web import serving
serving.ready()
from django.apps import apps
from django.conf import settings
from sivuvirta.web.accounts.models import User
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.registry.models import MODELS
one, other = MODELS["quantities"].objects.exclude(value=None).order_by("pk")[:2]
moved = [each for each in Entry.objects.filter(action="moved")]
user = User.objects.get()
new = User.objects.create_user("new@example.org", "a long word for a test")
print(json.dumps({
    "amounts": [one.value, other.value],
    "moved": len(moved),
    "at": [each.at.isoformat() for each in moved[:1]],
    "user": [user.email, user.password[:7]],
    "new": new.pk > user.pk,
    "report": (settings.HOME / "studies" / "1" / "report.html").read_text(),
}))
"""


def python(code, env):
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(env, *words):
    return subprocess.run([sys.executable, "-m", "sivuvirta", *map(str, words)], env=env, capture_output=True, text=True, check=False)


@contextmanager
def writing(env):
    """A process that writes all the while."""
    with subprocess.Popen([sys.executable, "-c", WRITE], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "writing\n"
        yield process
        process.stdin.close()
        process.stdin = None
        process.wait()


@pytest.fixture
def platform(tmp_path):
    """Makes the surroundings of a platform of its own on SQLite, or on PostgreSQL where a server is given."""

    def made(name: str, server: str = "", key: str = "k" * 60) -> dict[str, str]:
        (tmp_path / name).mkdir()
        url = database(server, f"{tmp_path.name}-{name}") if server else ""
        return {**surroundings(url, tmp_path / name), "SECRET_KEY": key, "PYTHONPATH": os.pathsep.join(sys.path)}

    return made


@pytest.mark.long
@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")], ids="-".join)
def test_a_backup_made_during_writing_is_one_moment_and_is_read_by_either_database(platform, tmp_path, server, kinds):
    old, new = (platform(kind, server if kind == "postgresql" else "") for kind in kinds)
    python(START, old)
    before = json.loads(python(TOLD.replace('User.objects.create_user("new@example.org", "a long word for a test")', "user"), old))
    file = tmp_path / "all.zip"
    with writing(old):
        kept = command(old, "backup", file, "--json")
    assert kept.returncode == 0, kept.stderr
    assert file.stat().st_mode & 0o077 == 0
    restored = command(new, "restore", file, "--new")
    assert restored.returncode == 0, restored.stderr
    after = json.loads(python(TOLD, new))
    moved = after["moved"]
    assert moved >= 20
    assert after["amounts"] == [before["amounts"][0] - moved, before["amounts"][1] + moved]  # the rows and their log, of one moment
    assert after["user"] == ["person@example.org", before["user"][1]]
    assert after["new"]
    assert after["report"] == "a report"


def told(result) -> str:
    """What a command that refuses said, on one line."""
    assert result.returncode == 1, result.stdout
    return " ".join(result.stderr.split())


def whole_with(file, parts):
    """The backup with some parts that somebody put in, each with its checksum."""
    made = file.with_name("forged.zip")
    with ZipFile(file) as whole, ZipFile(made, "w") as box:
        about = json.loads(whole.read("manifest.json"))
        about["sums"] |= {name: sha256(content).hexdigest() for name, content in parts.items()}
        for name in {*whole.namelist(), *parts}:
            box.writestr(name, json.dumps(about) if name == "manifest.json" else parts.get(name) or whole.read(name))
    return made


def test_counts_of_requests_are_no_part_of_a_backup(settings, tmp_path):
    """They lie in Python's own form, by which who reads one runs what it says; and a restore wrote over the database and its key."""
    settings.HOME = tmp_path
    for name in ("limits/a.djcache", "letters/a", "uploads/a", "studies/a", "secret.key", ".restoring/a"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a")
    assert [file.relative_to(tmp_path).as_posix() for file in parts.home_files()] == ["studies/a", "uploads/a"]
    inside = {name: _inside(f"files/{name}") for name in ("uploads/a", "limits/a", "secret.key", ".x/a", "letters/a", "../a")}
    assert inside == {"uploads/a": True, **dict.fromkeys(("limits/a", "secret.key", ".x/a", "letters/a", "../a"), False)}


@pytest.mark.long
def test_what_cannot_be_restored_is_told_and_leaves_the_platform_as_it_was(platform, tmp_path):
    old, new, other = platform("old"), platform("new"), platform("other", key="o" * 60)
    python(START, old)
    file = tmp_path / "all.zip"
    assert command(old, "backup", file).returncode == 0
    assert "is there already" in told(command(old, "backup", file))
    assert "lies in the platform's home" in told(command(old, "backup", tmp_path / "old" / "all.zip"))
    assert "not empty" in told(command(old, "restore", file, "--new"))
    assert "SECRET_KEY is another" in told(command(other, "restore", file, "--new"))
    assert command(other, "restore", file, "--other-key", "--new").returncode == 0
    for name, change in (("cut", lambda data: data[: len(data) // 2]), ("text", lambda data: b"no backup")):
        (tmp_path / name).write_bytes(change(file.read_bytes()))
        assert "no backup of Sivuvirta, or a damaged one" in told(command(new, "restore", tmp_path / name, "--new"))
    for name, bad in (("files/../../out.txt", "outside"), ("rows/accounts.user.jsonl", "[]\n")):
        with ZipFile(file) as whole, ZipFile(tmp_path / "bad.zip", "w") as box:
            for part in whole.namelist():
                box.writestr(part, bad if part == name else whole.read(part))
            if name not in whole.namelist():
                box.writestr(name, bad)
        assert f"The backup is damaged: {name}" in told(command(new, "restore", tmp_path / "bad.zip", "--new"))
    assert not (tmp_path / "out.txt").exists()
    forged = ("files/.restoring/a", "files/letters/a", "files/limits/a.djcache", "files/secret.key", "files/sivuvirta.sqlite3")
    refused = told(command(new, "restore", whole_with(file, dict.fromkeys(forged, b"another's")), "--new"))
    assert f"The backup is damaged: {', '.join(forged)}." in refused
    assert "must be an integer" in told(
        command(new, "restore", whole_with(file, {"rows/registry.register.jsonl": b'["x", "a", "", ""]\n'}), "--new")
    )
    older = json.loads(ZipFile(file).read("manifest.json"))
    older["columns"]["accounts.user"].remove("name")
    with ZipFile(file) as whole, ZipFile(tmp_path / "older.zip", "w") as box:
        for part in whole.namelist():
            box.writestr(part, json.dumps(older) if part == "manifest.json" else whole.read(part))
    assert "only this version has accounts.user.name" in told(command(new, "restore", tmp_path / "older.zip", "--new"))
    assert command(new, "restore", file, "--new").returncode == 0
