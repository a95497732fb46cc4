"""Pages of papers: put, opened, taken away. Who sees a row sees its papers; who changes it changes them."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.papers.contents import LARGEST, ContentError
from sivuvirta.web.papers.keeping import PaperError, put, seen, take_away
from sivuvirta.web.papers.models import Paper
from sivuvirta.web.registry.addresses import register_at, schema_of
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.rows import Row

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""A paper runs nothing, and is no page of the platform."""


@login_required
@require_POST
def paper_added(request: HttpRequest, slug: str, name: str, key: str) -> HttpResponse:
    """A file put beside a row."""
    register, who = register_at(slug), viewer(request.user)
    rows = MODELS[schema_of(name).name].objects.filter(register=register)
    row: Row = get_object_or_404(rows.restrict(who).select_related("register"), row_key=key)
    _may_change(row, who)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file first."))
    else:
        try:
            paper = put(row, sent.name or "", sent.read(LARGEST + 1), who)
        except (ContentError, PaperError) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("'%(paper)s' is kept.") % {"paper": paper})
    return redirect("row", slug, name, key)


@require_safe
@cache_control(private=True, no_store=True)
def paper(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """The bytes of a paper, for whoever sees its row whole; that it was opened is logged where the row is not open to everybody."""
    who = viewer(request.user)
    found = get_object_or_404(Paper.objects.filter(register__slug=slug).select_related("register"), pk=key)
    row = _row(found, who)
    if not found.place.is_file():
        raise Http404
    if request.method == "GET":
        seen(found, row, who)
    response = HttpResponse(found.place.read_bytes(), content_type=found.type)
    response["Content-Disposition"] = content_disposition_header(True, _filename(found)) or "attachment"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@login_required
@require_POST
def paper_removed(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """A paper taken away."""
    who = viewer(request.user)
    found = get_object_or_404(Paper.objects.filter(register__slug=slug).select_related("register"), pk=key)
    row = _row(found, who)
    _may_change(row, who)
    take_away(found, who)
    messages.success(request, _("'%(paper)s' is taken away.") % {"paper": found.name})
    return redirect("row", slug, found.table, found.key)


def _row(found: Paper, who: Viewer) -> Row:
    """The row of a paper, where the viewer sees all of it: a paper may tell any of its columns.

    Raises:
        Http404: they do not.
    """
    rows = MODELS[found.table].objects.filter(register=found.register).restrict(who).select_related("register")
    row: Row = get_object_or_404(rows, row_key=found.key)
    if len(row.shown_to(who)) < len(row.schema.columns):
        raise Http404
    return row


def _may_change(row: Row, who: Viewer) -> None:
    if not type(row).objects.filter(pk=row.pk).restrict(who, "change").exists() or len(row.shown_to(who)) < len(row.schema.columns):
        raise PermissionDenied


def _filename(found: Paper) -> str:
    """Its name with the ending of what it is."""
    ending = {"jpeg": ".jpg"}.get(found.kind, f".{found.kind}")
    return f"{PurePath(found.name).stem or 'paper'}{ending}"
