"""Metrics for Prometheus: requests by view and status, their time, jobs, the database. No label tells of a person or a row."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from sivuvirta.web.core.views import reachable
from sivuvirta.web.jobs.models import State
from sivuvirta.web.jobs.seen import worker_seen
from sivuvirta.web.jobs.tasks import kinds

_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
_METHODS = frozenset({"GET", "HEAD", "POST"})
REGISTRY = CollectorRegistry()
_REQUESTS = Counter("sivuvirta_requests", "Requests answered.", ("view", "method", "status"), registry=REGISTRY)
_SECONDS = Histogram("sivuvirta_request_seconds", "Time until an answer.", ("view",), buckets=_BOUNDS, registry=REGISTRY)


class _Now:
    """What is asked of the database when metrics are read."""

    def collect(self) -> Iterable[Any]:
        database = reachable()
        yield _gauge("sivuvirta_database_up", "Whether the database answers.", [((), float(database))])
        if not database:
            return
        yield _gauge("sivuvirta_worker_up", "Whether a worker was seen in the last minute.", [((), float(worker_seen()))])
        counts: list[tuple[tuple[str, ...], float]] = []
        oldest = []
        for kind in kinds():
            name = kind._meta.label_lower
            found = dict(kind.objects.order_by().values_list("state").annotate(number=Count("pk")))
            counts += [((name, state), float(found.get(state, 0))) for state in State.values]
            since = kind.objects.aggregate(since=Min("created", filter=Q(state=State.WAITING)))["since"]
            age = 0.0 if since is None else max(0.0, (timezone.now() - since).total_seconds())
            oldest.append(((name,), age))
        yield _gauge("sivuvirta_jobs", "Jobs by kind and state.", counts, ("kind", "state"))
        yield _gauge(
            "sivuvirta_oldest_waiting_job_seconds", "Time that the oldest waiting job waits; 0 where none does.", oldest, ("kind",)
        )


def _gauge(name: str, words: str, samples: Iterable[tuple[tuple[str, ...], float]], labels: tuple[str, ...] = ()) -> Any:
    gauge = GaugeMetricFamily(name, words, labels=labels)
    for values, number in samples:
        gauge.add_metric(values, number)
    return gauge


REGISTRY.register(_Now())


def measured(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: counts requests and their time, where metrics are served.

    Raises:
        MiddlewareNotUsed: they are not.
    """
    if not settings.METRICS_TOKEN:
        raise MiddlewareNotUsed

    def counted(request: Any) -> Any:
        began = perf_counter()
        response = answer(request)
        match = getattr(request, "resolver_match", None)
        view = (match.view_name if match else "") or "none"  # a name of ours; never an address, which has names of rows
        method = request.method if request.method in _METHODS else "other"
        _REQUESTS.labels(view, method, str(response.status_code)).inc()
        _SECONDS.labels(view).observe(perf_counter() - began)
        return response

    return counted


def _all() -> CollectorRegistry:
    """What is counted: by this process, or by all that count together, those among them that are gone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    together.register(_Now())
    return together


def metrics(request: HttpRequest) -> HttpResponse:
    """Metrics as Prometheus reads them, for who shows the token in the head `Authorization: Bearer ...`; for others there is nothing.

    Raises:
        Http404: they are not served, or not to this one.
    """
    token, shown = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        raise Http404
    return HttpResponse(generate_latest(_all()), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
