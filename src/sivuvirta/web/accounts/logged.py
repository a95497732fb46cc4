"""The log of changes as administrators ask for it: by person, row, request, way and time; each cell through the gate as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.accounts.doings import SHUT, gated, plain
from sivuvirta.web.accounts.people import is_administrator
from sivuvirta.web.accounts.viewer import viewer
from sivuvirta.web.audit.models import Entries, Entry

_LONG = 19  # digits that no number of an entry has
_PAGE = 50
EXACT = ("register", "table", "action", "channel", "request", "key")
"""What is asked for as it stands in the log."""

FIELDS = {
    "who": _("Person"),
    "register": _("Region"),
    "table": _("Table"),
    "key": _("Key"),
    "action": _("Action"),
    "channel": _("By"),
    "request": _("Request"),
    "since": _("From the day"),
    "until": _("To the day"),
}


def asked(entries: Entries, given: Mapping[str, str]) -> Entries:
    """Entries by what is asked: parts of a name, whole words of the other columns, and days.

    Args:
        entries: of the log.
        given: texts by the names of `FIELDS`; an empty one asks for nothing, a day that is none for nothing either.
    """
    found = entries.filter(**{name: given[name] for name in EXACT if given.get(name)})
    if given.get("who"):
        found = found.filter(who__icontains=given["who"])
    if (since := _day(given.get("since"))) is not None:
        found = found.filter(at__gte=_start(since))
    if (until := _day(given.get("until"))) is not None:
        found = found.filter(at__lt=_start(until + timedelta(days=1)))
    return found


def everything(given: Mapping[str, str], most: int) -> list[dict[str, Any]]:
    """The newest entries as the log has them, for who keeps the server."""
    return [plain(each) for each in asked(Entry.objects.all(), given)[:most]]


@login_required
def log(request: HttpRequest) -> HttpResponse:
    """The log of changes, the newest first, for administrators; for others it is not found."""
    user: Any = request.user
    if not is_administrator(user):
        raise Http404
    given = {name: text for name in FIELDS if (text := request.GET.get(name, "").strip())}
    found, before = asked(Entry.objects.all(), given), request.GET.get("before", "")
    if before.isdecimal() and len(before) < _LONG:
        found = found.filter(pk__lt=int(before))
    entries = list(found[: _PAGE + 1])
    told = gated(entries[:_PAGE], viewer(user))
    if "key" in given:  # that somebody guessed: what is not open is not told to be there
        told = [each for each in told if each["key"] != SHUT]
    older = urlencode({**given, "before": entries[_PAGE - 1].pk}) if len(entries) > _PAGE else ""
    asks = [(name, label, given.get(name, ""), "date" if name in ("since", "until") else "search") for name, label in FIELDS.items()]
    return render(request, "accounts/log.html", {"entries": [_lines(each) for each in told], "asks": asks, "older": older, "asked": given})


def _lines(each: dict[str, Any]) -> dict[str, Any]:
    """An entry with what changed, a line a column."""
    before, after = each["before"] or {}, each["after"] or {}
    lines = [(name, _said(before.get(name)), _said(after.get(name))) for name in dict.fromkeys((*before, *after))]
    return {**each, "key": _said(each["key"]), "lines": lines}


def _said(value: Any) -> Any:
    return f"({gettext('not open to you')})" if value == SHUT else value


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
