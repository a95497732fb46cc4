"""Pages of studies: the region with its newest answer, the list, one study, a new question."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from sivuvirta import __version__
from sivuvirta.report.drawing.colours import FAMILIES, OTHER
from sivuvirta.report.words import STATES
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.seen.counting import counts
from sivuvirta.web.registry.writes import confirming
from sivuvirta.web.studies import asking
from sivuvirta.web.studies.files import DRAWN, REPORT, figures
from sivuvirta.web.studies.forms import Question, years
from sivuvirta.web.studies.models import Study
from sivuvirta.web.studies.speaking import drawing, said, spoken

SANDBOX = "; ".join(
    (
        "sandbox allow-scripts allow-modals allow-popups allow-popups-to-escape-sandbox",
        "default-src 'none'",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The report is one file that brings its own scripts. It runs as a page of nobody: no cookie, no address of the platform, no network."""

_LISTED = 200  # studies of a region on one page


def _states() -> dict[str, str]:
    return {state: said(words) for state, words in STATES.items()}


def region(request: HttpRequest, slug: str) -> HttpResponse:
    """A region: its newest answer on map, figures and Sankey, and what its register holds that the viewer may see."""
    register, who = register_at(slug), viewer(request.user)
    study = Study.objects.filter(register=register).restrict(who).answered().select_related("register").first()
    found = None if study is None else figures(study)
    running = None
    if found is None:
        running = Study.objects.filter(register=register).restrict(who).filter(state__in=("waiting", "running")).first()
    told = {
        "register": register,
        "study": study,
        "running": running,
        "told": found and spoken(found),
        "may_ask": who.maintains,
        "states": _states(),
    }
    told["entered"] = confirming.count(register, who)
    told["may_import"] = who.maintains or bool(who.edits)
    return render(request, "studies/region.html", {**told, **counts(register, who)})


def studies(request: HttpRequest, slug: str) -> HttpResponse:
    """All studies of a region that the viewer may see, the newest first."""
    register, who = register_at(slug), viewer(request.user)
    rows = Study.objects.filter(register=register).restrict(who)[:_LISTED]
    return render(request, "studies/studies.html", {"register": register, "studies": rows, "may_ask": who.maintains})


def study(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """A study: its question, how far it is, its answer."""
    found, who = _study(request, slug, key)
    shown = figures(found)
    told = {
        "register": found.register,
        "study": found,
        "told": shown and spoken(shown),
        "may_ask": who.maintains,
        "states": _states(),
    }
    return render(request, "studies/study.html", told)


def state(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """How far a study is, for the page that asks every second; the whole page anew when it ends."""
    found, who = _study(request, slug, key)
    response = render(request, "studies/_state.html", {"register": found.register, "study": found, "may_ask": who.maintains})
    if found.ended:
        response["HX-Refresh"] = "true"
    return response


@gzip_page
@cache_control(private=True, no_cache=True)
def drawn(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """What map and Sankey of a study draw, as JSON. It never changes, so a browser that has it is told so."""
    found, _ = _study(request, slug, key)
    place = found.file(DRAWN)
    if not found.shown or not place.is_file():
        raise Http404
    etag = f'"{found.answer}.{get_language()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(drawing(place), content_type="application/json")
    response["ETag"] = etag
    return response


@gzip_page
@cache_control(private=True, no_cache=True)
def report(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """The report of a study: one file, in a sandbox of its own."""
    found, _ = _study(request, slug, key)
    place = found.file(REPORT)
    if not found.shown or not place.is_file():
        raise Http404
    response = HttpResponse(place.read_bytes(), content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = SANDBOX
    return response


@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """A new question."""
    register, who = register_at(slug), _asker(request)
    form = Question(register, years(register, who), request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = asking.Asked(given["name"], given["vintage"], Level(given["circle"]), form.options(), given["steps"], form.year())
        made = asking.ask(register, asked, who)
        return redirect("study", slug, made.pk)
    return render(request, "studies/ask.html", {"register": register, "form": form}, status=422 if form.errors else 200)


@require_POST
@login_required
def again(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """The same question to the register as it is now."""
    who = _asker(request)
    found, _ = _study(request, slug, key)
    return redirect("study", slug, asking.again(found, who).pk)


@require_POST
@login_required
def cancel(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Stop a study."""
    who = _asker(request)
    found, _ = _study(request, slug, key)
    asking.cancel(found, who)
    return redirect("study", slug, key)


@cache_control(public=True, max_age=3600)
def colours(request: HttpRequest) -> HttpResponse:
    """Colours of materials as a style sheet: those of the report."""
    etag = f'"{__version__}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        families = (*FAMILIES, OTHER)
        light, dark = ("".join(f"--m-{each.id}:{getattr(each, theme)};" for each in families) for theme in ("light", "dark"))
        named = "".join(f".m-{each.id}{{--family:var(--m-{each.id})}}" for each in families)
        text = f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{named}"
        response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["ETag"] = etag
    return response


def _study(request: HttpRequest, slug: str, key: int) -> tuple[Study, Viewer]:
    """A study that the viewer may see, else not found."""
    who = viewer(request.user)
    return get_object_or_404(Study.objects.filter(register__slug=slug).restrict(who).select_related("register"), pk=key), who


def _asker(request: HttpRequest) -> Viewer:
    """The viewer, who may ask.

    Raises:
        PermissionDenied: they may not.
    """
    who = viewer(request.user)
    if not who.maintains:
        raise PermissionDenied
    return who
