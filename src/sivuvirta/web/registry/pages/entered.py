"""The page on which an organisation's people confirm or take out what others entered for it."""

from __future__ import annotations

import re
from typing import Any

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
from sivuvirta.web.registry.writes.changing import ConflictError, RefusedError, remove
from sivuvirta.web.registry.writes.confirming import confirm
from sivuvirta.web.registry.writes.confirming import entered as waiting

_MOST = 200  # rows of a table on the page
_ROW = re.compile(r"([a-z_]{1,50}):([0-9]{1,18}):([0-9]{1,18})")  # table, number and version of a row


@login_required
def entered(request: HttpRequest, slug: str) -> HttpResponse:
    """What others entered for the viewer's organisations, each row with all that it says; confirmed or taken out by who may write it."""
    register, who = register_at(slug), viewer(request.user)
    if not who.edits:
        raise PermissionDenied
    if request.method == "POST":
        _done(request, _chosen(register, who, request.POST.getlist("row")), who)
        return redirect("entered", slug)
    rows = [(row, facts(register, row, who)) for row in waiting(register, who, _MOST)]
    return render(request, "registry/entered.html", {"register": register, "rows": rows})


def _chosen(register: Register, who: Viewer, written: list[str]) -> list[tuple[Row, int]]:
    """The rows that were chosen, each with the version that was seen; those that name others first."""
    found = [match for each in written[: _MOST * len(MODELS)] if (match := _ROW.fullmatch(each)) and match[1] in MODELS]
    order = {name: at for at, name in enumerate(MODELS)}
    chosen: list[tuple[Row, int]] = []
    for each in sorted(found, key=lambda match: -order[match[1]]):
        rows: Any = MODELS[each[1]].objects.filter(register=register, pk=int(each[2]), holder__in=who.edits)
        chosen += [(row, int(each[3])) for row in rows.restrict(who, "change").select_related("register")]
    return chosen


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
