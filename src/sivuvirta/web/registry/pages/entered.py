"""The page on which an organisation's people confirm or take out what others entered for it, and put back what was taken out."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.showing import facts
from sivuvirta.web.registry.seen.titles import titles
from sivuvirta.web.registry.writes.belonging import owners
from sivuvirta.web.registry.writes.changing import ConflictError, RefusedError, remove
from sivuvirta.web.registry.writes.confirming import confirm
from sivuvirta.web.registry.writes.confirming import entered as waiting
from sivuvirta.web.registry.writes.returning import Gone, put_back, taken

_MOST = 200  # rows of a table on the page
_GONE = 50  # rows that were taken out on the page
_ROW = re.compile(r"([a-z_]{1,50}):([0-9]{1,18}):([0-9]{1,18})")  # table, number and version of a row


@login_required
def entered(request: HttpRequest, slug: str) -> HttpResponse:
    """What others entered for the viewer's organisations, each row with all that it says; confirmed or taken out by who may write it."""
    register, who = register_at(slug), viewer(request.user)
    if not who.edits:
        raise PermissionDenied
    if request.method == "POST":
        if "back" in request.POST:
            _back(request, register, who)
        else:
            _done(request, _chosen(register, who, request.POST.getlist("row")), who)
        return redirect("entered", slug)
    return render(request, "registry/entered.html", {"register": register, "cards": _cards(register, who), "gone": _gone(register, who)})


@frozen(eq=False)
class Entered:
    """A row that others entered, with those that belong to it: they are confirmed, or taken out, together."""

    row: Row
    called: str
    facts: Any
    parts: tuple[tuple[Row, str], ...]  # each with what it is called

    @property
    def chosen(self) -> str:
        """Table, number and version of all of them, as the form sends them."""
        return " ".join(f"{row.schema.name}:{row.pk}:{row.version}" for row in (self.row, *(part for part, _ in self.parts)))


def _cards(register: Register, who: Viewer) -> list[Entered]:
    """What waits for the viewer's word; titles cost the same for many rows of a table as for one."""
    rows = list(waiting(register, who, _MOST))
    owner = owners(rows)
    called: dict[Row, str] = {}
    for table in {row.schema.name for row in rows}:
        same = [row for row in rows if row.schema.name == table]
        called |= zip(same, titles(register, same, who), strict=True)
    parts: dict[Row, list[tuple[Row, str]]] = {}
    for row in owner:
        parts.setdefault(owner[row], []).append((row, called[row]))
    return [Entered(row, called[row], facts(register, row, who), tuple(parts.get(row, ()))) for row in rows if row not in owner]


def _chosen(register: Register, who: Viewer, written: list[str]) -> list[tuple[Row, int]]:
    """The rows that were chosen, each with the version that was seen; those that name others first."""
    places = [place for each in written for place in each.split()][: _MOST * len(MODELS)]
    found = [match for each in places if (match := _ROW.fullmatch(each)) and match[1] in MODELS]
    order = {name: at for at, name in enumerate(MODELS)}
    chosen: list[tuple[Row, int]] = []
    for each in sorted(found, key=lambda match: -order[match[1]]):
        rows: Any = MODELS[each[1]].objects.filter(register=register, pk=int(each[2]), holder__in=who.edits)
        chosen += [(row, int(each[3])) for row in rows.restrict(who, "change").select_related("register")]
    return chosen


@frozen(eq=False)
class Card:
    """A row that was taken out, as the page tells it."""

    gone: Gone
    called: str
    first: tuple[tuple[Gone, str], ...]  # what must be put back before it, with what each is called
    lost: bool  # it names what is gone, or not open, and cannot be put back from here


def _gone(register: Register, who: Viewer) -> list[Card]:
    """What was taken out; titles cost the same for many rows of a table as for one."""
    found = taken(register, who, _GONE)
    called: dict[Any, str] = {}
    for table in {one.entry.table for one in found}:
        same = [one for one in found if one.entry.table == table]
        called |= zip((one.place for one in same), titles(register, [one.row for one in same], who), strict=True)
    there = {one.place: one for one in found}
    cards: list[Card] = []
    for one in found:
        first = tuple((there[place], called[place]) for place in one.lost if place in there)
        cards.append(Card(one, called[one.place], first, len(first) < len(one.lost)))
    return cards


def _back(request: HttpRequest, register: Register, who: Viewer) -> None:
    """Put a row back, or say why it cannot be."""
    written = request.POST["back"]
    try:
        count = put_back(register, int(written) if re.fullmatch(r"[0-9]{1,18}", written) else 0, who)
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, ngettext("%(count)s row is back.", "%(count)s rows are back.", count) % {"count": count})


def _done(request: HttpRequest, chosen: list[tuple[Row, int]], who: Viewer) -> None:
    """Confirm or take out what was chosen; what cannot be is told and stays."""
    out, count = "out" in request.POST, 0
    for row, version in chosen:
        try:
            if out:
                remove(row, who, version)
            else:
                confirm(row, who, version)
            count += 1
        except ConflictError:
            messages.error(request, _("'%(row)s' was changed after you opened this page. Look at it again.") % {"row": row.title_to(who)})
        except RefusedError as error:
            messages.error(request, str(error))
    if count:
        said = (
            ngettext("%(count)s row is taken out.", "%(count)s rows are taken out.", count)
            if out
            else ngettext("%(count)s row is confirmed.", "%(count)s rows are confirmed.", count)
        )
        messages.success(request, said % {"count": count})
