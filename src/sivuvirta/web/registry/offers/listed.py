"""The page after a listing: what may be so, to confirm or drop; who may use it; what more would bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from sivuvirta.suggest import Ask, answer
from sivuvirta.tables.cells import as_text
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.core.phrases import Phrases, numbers
from sivuvirta.web.registry.addresses import register_at, users_of
from sivuvirta.web.registry.meters.meters import with_facts
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.offers.inferring import SAMPLE, Proposal, proposals
from sivuvirta.web.registry.offers.moist import follow, said
from sivuvirta.web.registry.offers.offering import LISTED
from sivuvirta.web.registry.offers.offers import TOLD
from sivuvirta.web.registry.pages.editing import altered
from sivuvirta.web.registry.pages.measures import told as metered
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.amounts import with_amount
from sivuvirta.web.registry.seen.names import units
from sivuvirta.web.registry.seen.showing import amount
from sivuvirta.web.registry.writes.changing import ConflictError, add, change
from sivuvirta.web.registry.writes.checking import check, written

_USES = 5
_REASONS = Phrases(
    (gettext_noop("a use of %(stream)s, as near as %(near)s of 1 (source %(source)s)"),), {"near": r"[\d.]+"}, {"near": numbers}
)


@frozen
class Use:
    """What others do with such a stream."""

    text: str
    receivers: str
    reason: str


@login_required
def listed(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """What was listed, with everything that can be said of it now."""
    register, who = register_at(slug), viewer(request.user)
    row = _row(register, name, key, who)
    offered = proposals(register, row, who) if name == "streams" and row.holder_id is not None and _sees_all(row, who) else []
    if request.method == "POST":
        taken = [each for each in offered if each.id in request.POST.getlist("take")]
        if _kept(request, register, row, taken, who):
            return redirect("listed", slug, name, key)
    counted = amount(row, units(register, [row]))
    told = {
        **metered(register, row, who),
        "amount": counted,
        "said": said(register, row, who, counted.unit) if name == "streams" and _sees_all(row, who) else "",
        "proposals": offered,
        "users": users_of(register, row),
        "uses": _uses(row, who) if name == "streams" else [],
        "called": row.title_to(who),
    }
    return render(request, "registry/listed.html", told)


def _row(register: Register, name: str, key: str, who: Viewer) -> Row:
    if name not in LISTED:
        raise Http404
    rows = with_facts(with_amount(MODELS[name].objects.filter(register=register).restrict(who), name, register, who), name, register, who)
    row: Row = get_object_or_404(rows.select_related("register"), row_key=key)
    if not MODELS[name].objects.filter(pk=row.pk).restrict(who, "change").exists():
        raise PermissionDenied
    return row


def _sees_all(row: Row, who: Viewer) -> bool:
    """Whether all columns are open to the viewer: what is proposed tells which are empty."""
    return len(row.shown_to(who)) == len(row.schema.columns)


def _kept(request: HttpRequest, register: Register, row: Row, taken: list[Proposal], who: Viewer) -> bool:
    """Put what was confirmed into the register, all or nothing; tells whether it was."""
    try:
        with transaction.atomic():
            _columns(register, row, [each for each in taken if each.column], who)
            for each in taken:
                if each.figures:
                    _analysis(register, row, each, who)
    except (ConflictError, IntegrityError):
        messages.error(request, _("Somebody else changed this meanwhile. Look at it again."))
        return True
    except ValueError as error:
        messages.error(request, str(error))
        return False
    count = len(taken)
    messages.success(
        request,
        ngettext("%(count)s thing is confirmed, at grade C.", "%(count)s things are confirmed, at grade C.", count) % {"count": count},
    )
    return True


def _columns(register: Register, row: Row, taken: list[Proposal], who: Viewer) -> None:
    """Columns of the stream, with a remark where each comes from."""
    if not taken:
        return
    remark = "; ".join(f"{each.label}: {each.why} ({each.source})" for each in taken)
    note = f"{row.note} " if row.note else ""
    cells = {each.column: as_text(each.value) for each in taken}
    cells |= {"note": f"{note}{_('Confirmed by the holder as typical')}: {remark}.", "status_grade": "C", "grade": "C"}
    found = check(register, "streams", {**written(row), **cells}, who, [row])
    _refuse(found.errors)
    now = change(row, {name: found.values[name] for name in cells}, who, row.version)
    if "moisture" in cells:
        follow(register, now, who, TOLD)


@receiver(altered)
def dry(sender: Any, row: Row, columns: Sequence[str], by: Viewer, **_: Any) -> None:
    """The dry amount of what was listed follows a moisture that is changed in the ordinary form, too."""
    if row.schema.name == "streams" and "moisture" in columns:
        follow(row.register, row, by, TOLD)


def _analysis(register: Register, row: Row, taken: Proposal, who: Viewer) -> None:
    cells = {name: as_text(value) for name, value in taken.figures}
    note = _("Confirmed by the holder as typical: %(why)s") % {"why": taken.why}
    found = check(
        register, "analyses", {**cells, "stream": row.row_key, "sample": SAMPLE, "grade": "C", "source": taken.source, "note": note}, who
    )
    _refuse(found.errors)
    add(register, "analyses", found.values, who, Level(row.circle))


def _refuse(errors: Any) -> None:
    if errors:
        raise ValueError(" ".join(f"{problem.message} {problem.repair}" for problem in errors))


def _uses(row: Row, who: Viewer) -> list[Use]:
    """What others do with such a stream, from the library alone, by what of it is open to the viewer."""
    told = row.shown_to(who, ("name", "low_code"))
    found = answer(Ask(text=str(told.get("name") or ""), low=told.get("low_code"), k=_USES))
    uses: dict[str, Use] = {}
    for each in found.uses.rows():  # the best first: a use is told once
        text = str(each["text"])
        uses.setdefault(text, Use(text, str(each["receivers"] or ""), _reason(str(each["reason"]))))
    return list(uses.values())


def _reason(text: str) -> str:
    return _REASONS.told(text) or text
