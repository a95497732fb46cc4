"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.imports import machines, views

urlpatterns = [
    path("-/deliveries", machines.deliver, name="deliver"),
    path("<slug:slug>/-/imports/", views.imports, name="imports"),
    path("<slug:slug>/-/imports/template", views.template, name="import_template"),
    path("<slug:slug>/-/imports/sources", machines.sources, name="import_sources"),
    path("<slug:slug>/-/imports/sources/<int:key>/revoke", machines.revoke, name="import_source_revoke"),
    path("<slug:slug>/-/imports/<int:key>/", views.session, name="import"),
    path("<slug:slug>/-/imports/<int:key>/again", views.again, name="import_again"),
    path("<slug:slug>/-/imports/<int:key>/map", views.mapped, name="import_map"),
    path("<slug:slug>/-/imports/<int:key>/correct", views.correct, name="import_correct"),
    path("<slug:slug>/-/imports/<int:key>/accept", views.accept, name="import_accept"),
    path("<slug:slug>/-/imports/<int:key>/undo", views.undo, name="import_undo"),
    path("<slug:slug>/-/imports/<int:key>/cancel", views.cancel, name="import_cancel"),
    path("<slug:slug>/-/imports/<int:key>/leave", views.left, name="import_leave"),
]
