"""Shelves: the first page of the register: what it holds, in plain words, with the way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sivuvirta import library
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.seen.counting import counted
from sivuvirta.web.registry.writes import confirming

SHELVES = ("streams", "needs", "organisations", "sites", "analyses", "plants", "technologies", "products", "exchanges")
"""What a person looks for first, in this order."""


@frozen
class Shelf:
    """One kind of thing."""

    title: str
    words: str
    href: str
    count: int | None = None
    below: int = 0  # more of them in the library
    add: str = ""  # where one is added


def shelves(request: HttpRequest, slug: str) -> HttpResponse:
    """All kinds of things that the register holds."""
    register, who = register_at(slug), viewer(request.user)
    found = counted(register, who)
    told: dict[str, Any] = {"register": register, "shelves": [*_main(register, who, found), *_entered(register, who), _people(request)]}
    told["rest"] = [(named.schema, count) for name, named in MODELS.items() if name not in SHELVES and (count := found[name])]
    return render(request, "registry/shelves.html", told)


def _main(register: Register, who: Viewer, found: Mapping[str, int]) -> list[Shelf]:
    words = {
        "streams": _("Side streams: what a process gives off beside what it is run to make."),
        "needs": _("Who could use what: at a site, or in an area."),
        "organisations": _("Companies, municipalities, researchers, authorities."),
        "sites": _("Where streams arise and needs stand, on the map."),
        "analyses": _("What a stream contains, with the laboratory's papers."),
        "plants": _("Works that turn streams into something else: they stand, or might be built."),
        "technologies": _("Processes with recipe and cost, of this region's own."),
        "products": _("What is bought today and could be replaced."),
        "exchanges": _("Who gives what to whom already, or did."),
    }
    may_add = who.maintains or bool(who.edits)
    return [
        Shelf(
            title=MODELS[name].schema.title,
            words=words[name],
            href=reverse("table", args=(register.slug, name)),
            count=found[name],
            below=len(library.tables()[name]) if name in library.tables() else 0,
            add=_add(register, name) if may_add else "",
        )
        for name in SHELVES
    ]


def _add(register: Register, name: str) -> str:
    return reverse("list_it" if name in ("streams", "needs") else "add", args=(register.slug, name))


def _entered(register: Register, who: Viewer) -> list[Shelf]:
    """What others entered for one's own organisations, and what of theirs was taken out."""
    if not who.edits:
        return []
    words = _("What others entered for your organisation, to confirm; and what of it was taken out, to put back.")
    return [Shelf(_("Entered for you"), words, reverse("entered", args=(register.slug,)), confirming.count(register, who))]


def _people(request: HttpRequest) -> Shelf:
    """People: all of them for an administrator, one's own account and organisations for others."""
    sees_all = request.user.is_authenticated and request.user.role == "administrator"
    words = _("Accounts, roles and places in organisations.") if sees_all else _("Your account, and the people of your organisations.")
    return Shelf(_("People"), words, reverse("people" if sees_all else "account"))
