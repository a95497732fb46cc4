"""The log of changes: written once, whatever way somebody tries."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.middleware import channel, requests, through
from sivuvirta.web.audit.models import Entry, SealedError
from sivuvirta.web.core.keys import ROW_KEY
from sivuvirta.web.registry.models import model

seal = import_module("sivuvirta.web.audit.migrations.0002_sealed")


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


def test_the_log_keeps_the_whole_key_of_a_row(db):
    key = "k" * ROW_KEY
    entry("somebody", "see", ("region", "analyses", key), None, None).save()
    assert Entry.objects.get(key=key).table == "analyses"
    assert Entry._meta.get_field("key").max_length == model("analyses")._meta.get_field("row_key").max_length


@pytest.mark.django_db(transaction=True)
def test_a_log_of_short_keys_becomes_one_of_whole_keys_and_stays_sealed():
    executor = MigrationExecutor(connection)
    executor.migrate([("audit", "0002_sealed")])
    executor.loader.project_state([("audit", "0002_sealed")]).apps.get_model("audit", "Entry").objects.create(table="streams", key="slag")
    executor = MigrationExecutor(connection)
    executor.migrate([("audit", "0003_whole_keys")])
    assert Entry.objects.get().key == "slag"
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
    with connection.schema_editor() as editor:  # as the test found it
        seal.unseal(None, editor)
        editor.execute("DELETE FROM audit_entry")
        seal.seal(None, editor)


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
