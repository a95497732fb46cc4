"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.registry import editing, views

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/<slug:name>/", views.table, name="table"),
    path("<slug:slug>/<slug:name>/-/add", editing.added, name="add"),
    path("<slug:slug>/<slug:name>/-/change/<path:key>", editing.changed, name="change"),
    path("<slug:slug>/<slug:name>/-/remove/<path:key>", editing.removed, name="remove"),
    path("<slug:slug>/<slug:name>/<path:key>/", views.detail, name="row"),
]
