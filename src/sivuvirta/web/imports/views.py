"""Pages of imports. An import is its sender's alone: under any other person's address there is nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sivuvirta import library
from sivuvirta.errors import SivuvirtaError
from sivuvirta.tables.guide import guide_rows, sheet_order
from sivuvirta.tables.schema import region_tables, schema
from sivuvirta.tables.workbook_sheets import sheets, workbook_bytes
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.core.levels import CHOICES
from sivuvirta.web.imports import sessions
from sivuvirta.web.imports.files import LARGEST
from sivuvirta.web.imports.models import Does, Session, last_work
from sivuvirta.web.imports.showing import shown
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.writes.changing import RefusedError

_LISTED = 100  # imports of a person on one page
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """One's imports, and a form for a new one."""
    register, who = register_at(slug), _importer(request)
    refused = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise RefusedError(_("Choose a file first."))
            return redirect("import", slug, sessions.begin(register, who, upload).pk)
        except SivuvirtaError as error:
            refused = str(error)
    told = {
        "register": register,
        "sessions": Session.objects.restrict(who).filter(register=register)[:_LISTED],
        "refused": refused,
        "largest": LARGEST // 10**6,
        "tables": [MODELS[name].schema for name in sheet_order(MODELS) if name in MODELS][:13],
        "table": MODELS[wanted].schema if (wanted := request.GET.get("table", "")) in MODELS else None,
    }
    return render(request, "imports/imports.html", told, status=422 if refused else 200)


@login_required
def session(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """An import: what its columns mean, what is to be mended, what would change."""
    found = _session(request, slug, key)
    part = "imports/_work.html" if request.headers.get("HX-Request") else "imports/session.html"
    response = render(request, part, _told(request, found))
    if request.headers.get("HX-Request") and request.GET.get("wait") and (work := last_work(found)) is not None and work.ended:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def again(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Another file into the same import."""
    found = _session(request, slug, key)
    upload = request.FILES.get("file")

    def does() -> None:
        if upload is None:
            raise RefusedError(_("Choose a file first."))
        sessions.again(found, upload)

    return _done(request, found, does)


@login_required
@require_POST
def mapped(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """What the columns mean, as the person says."""
    found = _session(request, slug, key)
    maps = {name: _map(request, at, how) for at, (name, how) in enumerate(found.maps.items())}
    fixed = {name.removeprefix("fixed-"): str(text).strip() for name, text in request.POST.items() if name.startswith("fixed-")}
    return _done(request, found, lambda: sessions.mapped(found, maps, fixed, request.POST.dict()))


@login_required
@require_POST
def correct(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """What a bad cell should say, or that its row is left out."""
    found = _session(request, slug, key)
    post = request.POST
    one: dict[str, Any] = {"sheet": post.get("sheet", ""), "column": _number(post.get("column")), "line": _number(post.get("line"))}
    if "skip" in post:
        one["skip"] = True
    else:
        one["now"] = post.get("now", "").strip()[:2000]
        if "all" in post:
            del one["line"]
            one["was"] = post.get("was", "")
    return _done(request, found, lambda: sessions.correct(found, [one]))


@login_required
@require_POST
def accept(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Write what the difference shows."""
    found = _session(request, slug, key)
    return _done(request, found, lambda: sessions.start(found, Does.ACCEPT))


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Take the whole import back."""
    found = _session(request, slug, key)
    return _done(request, found, lambda: sessions.start(found, Does.UNDO))


@login_required
@require_POST
def cancel(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Stop the work that goes on."""
    found = _session(request, slug, key)
    work = last_work(found)
    if work is not None:
        work.cancel()
    return redirect("import", slug, key)


@login_required
@require_POST
def left(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Forget an import with its file."""
    found = _session(request, slug, key)
    try:
        sessions.left(found, viewer(request.user))
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("import", slug, key)
    messages.success(request, _("The file is deleted. What it wrote stays."))
    return redirect("imports", slug)


@login_required
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty workbook with guidance: the sheets that a company fills, or those of one table."""
    register = register_at(slug)
    _importer(request)
    wanted = request.GET.get("table", "")
    first = ("sources", "organisations", "sites", "streams", "quantities", "fates", "analyses", "needs")
    names = sheet_order({wanted, "sources"} if wanted in MODELS else set(first) & set(region_tables()))
    book = sheets([schema()[name].empty() for name in names], library.tables(), guide_rows(str(register), names))
    response = HttpResponse(workbook_bytes(book), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{register.slug}-{wanted if wanted in MODELS else "template"}.xlsx"'
    return response


def _told(request: HttpRequest, found: Session) -> dict[str, Any]:
    page = _number(request.GET.get("page"), 1)
    return {**shown(found, request.GET.get("kind", ""), page), "circles": CHOICES, "largest": LARGEST // 10**6}


def _done(request: HttpRequest, found: Session, does: Any) -> HttpResponse:
    """Do what was asked; the page then says how the import stands."""
    refused = ""
    try:
        does()
    except SivuvirtaError as error:
        refused = str(error)
    found.refresh_from_db()
    if request.headers.get("HX-Request"):
        return render(request, "imports/_work.html", {**_told(request, found), "refused": refused})
    if refused:
        messages.error(request, refused)
    return redirect("import", found.register.slug, found.pk)


def _map(request: HttpRequest, at: int, how: dict[str, Any]) -> dict[str, Any]:
    """One sheet's part of the form; another table or row of headings has the columns guessed anew."""
    post = request.POST
    table = post.get(f"table-{at}", how["table"])
    head = _number(post.get(f"head-{at}"), how["head"] + 1) - 1
    table = table if table in MODELS else ""
    if table and (table != how["table"] or head != how["head"]):
        return {**how, "table": table, "head": max(head, 0), "ask": True}
    allowed = {""} | {f"{name}.{column}" for name in MODELS for column in schema()[name].columns}
    written = [post.get(f"to-{at}-{number}", target) for number, target in enumerate(how["targets"])]
    targets = [target if target in allowed else "" for target in written]
    units = [post.get(f"unit-{at}-{number}", unit).strip()[:40] for number, unit in enumerate(how["units"])]
    return {"table": table, "head": how["head"], "units_row": how["units_row"], "targets": targets, "units": units}


def _number(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise


def _importer(request: HttpRequest) -> Viewer:
    """The viewer, who may import.

    Raises:
        PermissionDenied: they may not.
    """
    who = viewer(request.user)
    if not sessions.may_import(who):
        raise PermissionDenied
    return who


def _session(request: HttpRequest, slug: str, key: int) -> Session:
    """An import of the viewer's own, else not found."""
    own = Session.objects.filter(register__slug=slug).of(request.user.pk)
    found: Session = get_object_or_404(own.select_related("register", "by"), pk=key)
    return found
