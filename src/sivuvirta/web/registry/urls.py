"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from sivuvirta.web.registry.lists import bulk, saving, taking
from sivuvirta.web.registry.offers import listed, offering
from sivuvirta.web.registry.pages import editing, entered, measures, picking, placing, shelves, views

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/-/register/", shelves.shelves, name="shelves"),
    path("<slug:slug>/-/take", taking.take, name="take"),
    path("<slug:slug>/-/entered/", entered.entered, name="entered"),
    path("<slug:slug>/-/basemap.json", placing.map_below, name="basemap"),
    path("<slug:slug>/-/list/materials", offering.materials, name="list_materials"),
    path("<slug:slug>/-/list/<slug:name>", offering.list_it, name="list_it"),
    path("<slug:slug>/-/listed/<slug:name>/<path:key>/", listed.listed, name="listed"),
    path("<slug:slug>/<slug:name>/", views.table, name="table"),
    path("<slug:slug>/<slug:name>/-/add", editing.added, name="add"),
    path("<slug:slug>/<slug:name>/-/bulk", bulk.bulk, name="bulk"),
    path("<slug:slug>/<slug:name>/-/pick/<slug:column>", picking.pick, name="pick"),
    path("<slug:slug>/<slug:name>/-/views", saving.view_saved, name="view_saved"),
    path("<slug:slug>/<slug:name>/-/views/<int:key>/remove", saving.view_removed, name="view_removed"),
    path("<slug:slug>/<slug:name>/-/measure", measures.measure, name="measure"),
    path("<slug:slug>/<slug:name>/-/meter/<path:key>", measures.shown, name="meter"),
    path("<slug:slug>/<slug:name>/-/change/<path:key>", editing.changed, name="change"),
    path("<slug:slug>/<slug:name>/-/remove/<path:key>", editing.removed, name="remove"),
    path("<slug:slug>/<slug:name>/<path:key>/", views.detail, name="row"),
]
