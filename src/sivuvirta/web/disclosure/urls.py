"""Addresses of disclosure."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.disclosure import views

urlpatterns = [
    path("<slug:slug>/-/disclosures/", views.disclosures, name="disclosures"),
    path("<slug:slug>/-/disclosures/<int:key>/", views.decide, name="disclosure"),
    path("<slug:slug>/-/disclosures/ask/<slug:name>/<path:key>", views.ask, name="disclosure_ask"),
    path("<slug:slug>/-/share/<slug:name>/<path:key>", views.share, name="share"),
]
