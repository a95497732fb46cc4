"""Addresses of the platform. What belongs to the platform itself stands under a word with a dot or dash that no region may be named."""

from __future__ import annotations

from django.urls import include, path

from sivuvirta.web.accounts.speaking import chosen
from sivuvirta.web.core import views as core
from sivuvirta.web.core.metrics import metrics

urlpatterns = [
    path("-/health", core.health, name="health"),
    path("-/metrics", metrics, name="metrics"),
    path("-/", include("sivuvirta.web.accounts.urls")),
    path("-/language", chosen, name="set_language"),
    path("", include("sivuvirta.web.imports.urls")),
    path("", include("sivuvirta.web.studies.urls")),
    path("", include("sivuvirta.web.papers.urls")),
    path("", include("sivuvirta.web.disclosure.urls")),
    path("", include("sivuvirta.web.matching.urls")),
    path("", include("sivuvirta.web.registry.urls")),
]
handler500 = core.failed
