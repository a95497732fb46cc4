"""Addresses of matching."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.matching import views

urlpatterns = [
    path("<slug:slug>/-/uses/<path:key>", views.uses, name="uses"),
    path("<slug:slug>/-/feeds/<path:key>", views.feeds, name="feeds"),
    path("<slug:slug>/-/match", views.ask, name="match_ask"),
    path("<slug:slug>/-/listings/", views.listings, name="listings"),
    path("<slug:slug>/-/questions/", views.questions, name="questions"),
]
