"""The matrix of permissions: every view and method, every role, own and other rows, every circle. It is read from `permissions.csv`.

A line is a view with a method and, where the view is about a row, whose it is. A cell has one word, or four: for rows that their
organisation alone sees, that facilitators see, members, everybody. "own" is the organisation of member, editor and admin; a dash is
what cannot be. Words: a code of HTTP; `login` (asked to log in), `again` (asked for the password once more), `done` (led on), `refused`
(led on with a reason why not), `shown` and `hidden` (in a list); lines of the gate say whether its query gives the rows.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.contrib.messages import constants, get_messages
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from sivuvirta.web.audit.models import Entry
from web import permitted
from web.permitted import ROLES, Cell, Level, World, cells

LINES = list(csv.DictReader((Path(__file__).parent / "permissions.csv").read_text(encoding="utf-8").splitlines()))
LISTS = {"table": "table", "table as csv": "table", "pick": "pick"}
GATE = "gate: "


def names(patterns) -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            found.add(pattern.name)
    return found


def words(line, role: str) -> list[str]:
    """The words of a cell of the matrix, one for each circle."""
    told = line[role].split()
    return told * len(cells(line["whose"])) if len(told) == 1 else told


def answered(client: Client, world: World, line, cell: Cell) -> str:
    """What a view says, in a word of the matrix; what it did is undone."""
    view = LISTS.get(line["view"], line["view"])
    where = permitted.address(world, view, cell)
    client.cookies.pop("messages", None)  # what an answer before this one said
    with transaction.atomic():
        if line["method"] == "GET":
            response = client.get(where, permitted.asks(world, line["view"], cell))
        else:
            response = client.post(where, permitted.sends(world, view, cell))
        said = word(response)
        if line["view"] in LISTS and said == "200":
            content = b"".join(response.streaming_content) if response.streaming else response.content
            said = "shown" if f"{cell.key}" in content.decode().replace(f'value="{cell.key}"', "", view == "table") else "hidden"
        transaction.set_rollback(True)
    return said


def word(response) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    to = response["Location"]
    if to.startswith("/-/account/login/"):
        return "login"
    if to.startswith("/-/account/reauthenticate/"):
        return "again"
    request = response.wsgi_request
    refused = any(message.level >= constants.ERROR for message in get_messages(request))
    return "refused" if refused else "done"


@pytest.fixture
def met(register, settings, tmp_path):
    settings.MEDIA_ROOT, settings.STUDIES = tmp_path / "uploads", tmp_path / "studies"

    def made(role: str) -> tuple[Client, World]:
        world, client = permitted.world(register, role), Client()
        if world.me is not None:
            client.force_login(world.me)
        return client, world

    return made


def test_every_view_has_its_lines():
    views = {LISTS.get(line["view"], line["view"]) for line in LINES if not line["view"].startswith(GATE)}
    assert names(get_resolver().url_patterns) == views
    lines = [(line["view"], line["method"], line["whose"]) for line in LINES]
    assert len(lines) == len(set(lines))
    assert all(len(words(line, role)) == len(cells(line["whose"])) for line in LINES for role in ROLES)


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_views_and_the_gate_s_query_answer_as_the_matrix_says(met, role):
    client, world = met(role)
    wrong = []
    for line in sorted(LINES, key=lambda line: line["view"].startswith(GATE)):  # the gate last: it moves rows
        for cell, expected in zip(cells(line["whose"]), words(line, role), strict=True):
            if expected == "-":
                continue
            asks = line["view"].removeprefix(GATE)
            said = answered(client, world, line, cell) if asks == line["view"] else permitted.gate(world, asks, cell)
            if said != expected:
                wrong.append(f"{line['view']} {line['method']} {cell.key}: {said}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_a_view_without_a_line_for_a_form_changes_nothing_by_one(met):
    client, world = met("administrator")
    forms = {line["view"] for line in LINES if line["method"] == "POST"}
    own = ("account", "mfa", *forms)
    reading = [line for line in LINES if line["method"] == "GET" and not line["view"].startswith(own)]
    changed = []
    for line in reading:
        with transaction.atomic():
            before = Entry.objects.count()
            view = LISTS.get(line["view"], line["view"])
            client.post(
                permitted.address(world, view, cells(line["whose"])[-1] if line["whose"] else Cell("own", Level.PUBLIC)), {"version": "1"}
            )
            if Entry.objects.exclude(action="see").count() != before:
                changed.append(line["view"])
            transaction.set_rollback(True)
    assert changed == []
