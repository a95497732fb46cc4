"""The log of changes: written once, whatever way somebody tries."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.middleware import channel, requests, through
from sivuvirta.web.audit.models import Entry, SealedError


@pytest.fixture
def written(db) -> Entry:
    made = entry("somebody", "change", ("region", "streams", "slag"), {"moisture": 5.0}, {"moisture": 6.0})
    made.save()
    return made


def test_an_entry_is_neither_changed_nor_deleted(written):
    written.who = "nobody"
    for attempt in (written.save, written.delete, lambda: Entry.objects.update(who="nobody"), Entry.objects.all().delete):
        with pytest.raises(SealedError):
            attempt()
    assert Entry.objects.get().who == "somebody"


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET who = 'nobody'", "DELETE FROM audit_entry"])
def test_the_database_refuses_too(written, statement):
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().who == "somebody"


def test_an_entry_tells_by_which_way_it_came(db):
    with through("job", "7"):
        entry("worker", "load", ("region", "", ""), None, None).save()
    made = Entry.objects.get()
    assert (made.channel, made.request) == ("job", "7")
    assert channel().name == "command"


def test_each_request_has_a_number_of_its_own():
    numbers = []

    def answer(_):
        numbers.append((channel().name, channel().request))
        return {}

    first, second = requests(answer)(None), requests(answer)(None)
    assert numbers == [("web", first["X-Request-ID"]), ("web", second["X-Request-ID"])]
    assert first["X-Request-ID"] != second["X-Request-ID"]
