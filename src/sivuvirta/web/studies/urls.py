"""Addresses of studies, and of the region's own page, which shows the newest."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.studies import views

urlpatterns = [
    path("-/colours.css", views.colours, name="colours"),
    path("<slug:slug>/", views.region, name="region"),
    path("<slug:slug>/-/studies/", views.studies, name="studies"),
    path("<slug:slug>/-/studies/ask", views.ask, name="ask"),
    path("<slug:slug>/-/studies/<int:key>/", views.study, name="study"),
    path("<slug:slug>/-/studies/<int:key>/state", views.state, name="study_state"),
    path("<slug:slug>/-/studies/<int:key>/drawn", views.drawn, name="study_drawn"),
    path("<slug:slug>/-/studies/<int:key>/report", views.report, name="study_report"),
    path("<slug:slug>/-/studies/<int:key>/again", views.again, name="study_again"),
    path("<slug:slug>/-/studies/<int:key>/cancel", views.cancel, name="study_cancel"),
]
