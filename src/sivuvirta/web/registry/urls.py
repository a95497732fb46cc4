"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.registry import views

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/", views.region, name="region"),
    path("<slug:slug>/<slug:name>/", views.table, name="table"),
    path("<slug:slug>/<slug:name>/<path:key>/", views.detail, name="row"),
]
