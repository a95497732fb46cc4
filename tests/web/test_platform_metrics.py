"""Metrics: for who shows the token, with nothing of people or rows in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from sivuvirta.web.core.metrics import measured
from sivuvirta.web.jobs.models import State
from sivuvirta.web.jobs.seen import leave_mark
from sivuvirta.web.studies.models import Study

TOKEN = "a token of the tests, long enough"


@pytest.fixture
def read(settings, db, client):
    """Reads metrics: (name, labels) to value."""
    settings.METRICS_TOKEN = TOKEN

    def found():
        response = client.get("/-/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        families = text_string_to_metric_families(response.content.decode())
        return {(one.name, *sorted(one.labels.items())): one.value for family in families for one in family.samples}

    return found


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", TOKEN, "Basic " + TOKEN, "Bearer ä"])
def test_without_the_token_there_is_nothing(settings, db, client, shown):
    heads = {"Authorization": shown} if shown else {}
    assert client.get("/-/metrics", headers=heads).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/-/metrics", headers=heads).status_code == 404


def test_off_by_default_it_costs_nothing(settings):
    assert settings.METRICS_TOKEN == ""
    with pytest.raises(MiddlewareNotUsed):
        measured(lambda _: None)


def test_requests_are_counted_by_view_and_never_by_address(read, register, client):
    asked = ("sivuvirta_requests_total", ("method", "GET"), ("status", "200"), ("view", "table"))
    missing = ("sivuvirta_requests_total", ("method", "GET"), ("status", "404"), ("view", "none"))
    before = read()
    client.get("/three_sites/streams/?q=secret")
    client.get("/!/somebody@example.org/")
    after = read()
    assert after[asked] - before.get(asked, 0) == 1
    assert after[missing] - before.get(missing, 0) == 1
    assert after[("sivuvirta_request_seconds_count", ("view", "table"))] >= 1
    assert not any(word in str(after) for word in ("three_sites", "secret", "example.org"))


def test_jobs_are_told_by_state_with_the_age_of_the_oldest_that_waits(read, register):
    waiting, running = (("sivuvirta_jobs", ("kind", "studies.study"), ("state", state)) for state in ("waiting", "running"))
    oldest = ("sivuvirta_oldest_waiting_job_seconds", ("kind", "studies.study"))
    assert (read()[waiting], read()[oldest]) == (0, 0)
    for state in (State.WAITING, State.WAITING, State.RUNNING):
        Study.objects.create(register=register, name="x", vintage=register.vintage, state=state)
    Study.objects.filter(state=State.RUNNING).update(created=timezone.now() - timedelta(hours=9))
    first = Study.objects.filter(state=State.WAITING).first()
    Study.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(hours=1))
    found = read()
    assert (found[waiting], found[running]) == (2, 1)
    assert 3600 <= found[oldest] < 3700


def test_a_worker_and_the_database_are_told(read, monkeypatch):
    assert (read()[("sivuvirta_database_up",)], read()[("sivuvirta_worker_up",)]) == (1, 0)
    leave_mark()
    assert read()[("sivuvirta_worker_up",)] == 1

    def down():
        raise OperationalError("no")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", down)
        found = read()
    assert found[("sivuvirta_database_up",)] == 0
    assert ("sivuvirta_worker_up",) not in found
