"""Addresses of papers."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.papers import views

urlpatterns = [
    path("<slug:slug>/-/papers/<int:key>", views.paper, name="paper"),
    path("<slug:slug>/-/papers/<int:key>/remove", views.paper_removed, name="paper_removed"),
    path("<slug:slug>/<slug:name>/-/papers/<path:key>", views.paper_added, name="paper_added"),
]
