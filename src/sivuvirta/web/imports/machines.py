"""What machines use: the address that takes deliveries, and the page on which people make and revoke their tokens."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sivuvirta.web.accounts.models import Membership, Place
from sivuvirta.web.accounts.viewer import Viewer, viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.middleware import channel, through
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.imports.models import Source
from sivuvirta.web.imports.receiving import BadDeliveryError, RepeatedError, receive, said_number, told_problems
from sivuvirta.web.imports.sessions import may_import
from sivuvirta.web.registry.addresses import register_at
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.writes.changing import RefusedError

LONGEST_NUMBER = 200
_LISTED = 500


@csrf_exempt
@require_POST
def deliver(request: HttpRequest) -> HttpResponse:
    """A delivery of exchanges. `Authorization: Bearer TOKEN`; its number in `Idempotency-Key`, or as "delivery" of the JSON."""
    source = _source(request)
    if source is None:
        known = consume(request, action="deliver_refused")
        return _answer(401 if known else 429, error=_("There is no such token, or it was revoked."))
    if not consume(request, action="deliver", key=str(source.pk)):
        return _answer(429, error=_("Too many deliveries within a minute. Send several rows in one."))
    try:
        number = _number(request)
        with through("api", channel().request):
            return _answer(200, **receive(source, number, request.body))
    except RequestDataTooBig:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 10**6
        return _answer(413, error=_("A delivery has at most %(most)s MB. Part it.") % {"most": most})
    except BadDeliveryError as error:
        return _answer(422, error=str(error), problems=told_problems(error))
    except (RepeatedError, RefusedError) as error:
        return _answer(409, error=str(error))


def _source(request: HttpRequest) -> Source | None:
    word, _space, token = request.headers.get("Authorization", "").partition(" ")
    key, _dot, secret = token.strip().partition(".")
    if word.lower() != "bearer" or not key.isdecimal() or len(key) > 12:
        return None
    found = Source.objects.filter(pk=int(key)).select_related("register", "organisation").first()
    return found if found is not None and found.holds(secret) else None


def _number(request: HttpRequest) -> str:
    number = request.headers.get("Idempotency-Key", "").strip()
    if not number:
        number = said_number(request.body)
    if not number or len(number) > LONGEST_NUMBER or not number.isprintable():
        raise BadDeliveryError(_("Give the delivery a number: the head Idempotency-Key, of at most 200 signs."))
    return number


def _answer(status: int, **told: Any) -> JsonResponse:
    return JsonResponse(told, status=status)


class SourceForm(forms.Form):
    """A new source."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("For example: weighbridge of the east gate."))
    organisation = forms.ChoiceField(label=gettext_lazy("Whose exchanges it delivers"))
    evidence = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Key of a row of 'sources', for rows that name none.")
    )
    grade = forms.ChoiceField(label=gettext_lazy("Evidence grade"), choices=[(grade, grade) for grade in "ABCD"], initial="B")
    circle = forms.TypedChoiceField(
        label=gettext_lazy("New rows are seen by"), choices=CHOICES, coerce=int, initial=int(Level.FACILITATORS)
    )

    def __init__(self, register: Register, who: Viewer, *args: Any) -> None:
        super().__init__(*args)
        self.register, self.who = register, who
        rows = _led(register, who).told(who, "name")[:_LISTED]
        self.fields["organisation"].choices = [(row.pk, str(row)) for row in rows]

    def clean(self) -> dict[str, Any]:
        """Nothing is opened for an organisation by who is not of it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        holder = given.get("organisation")
        if holder and int(holder) not in self.who.edits and given.get("circle") not in (None, int(Level.FACILITATORS)):
            self.add_error(
                "circle", _("Rows that you deliver for an organisation are seen by facilitators, until its own people open them.")
            )
        return given

    def clean_name(self) -> str:
        """A name stands for one source."""
        name = str(self.cleaned_data["name"])
        if Source.objects.filter(register=self.register, name=name).exists():
            raise forms.ValidationError(_("There is a source of that name."))
        return name

    def clean_evidence(self) -> str:
        """A source that there is, as far as the person sees it."""
        key = str(self.cleaned_data["evidence"])
        if not MODELS["sources"].objects.filter(register=self.register, row_key=key).restrict(self.who).exists():
            raise forms.ValidationError(_("There is no such row in 'sources'. Add it first."))
        return key


@login_required
def sources(request: HttpRequest, slug: str) -> HttpResponse:
    """Sources of one's organisations, and a form for a new one, whose token is shown once."""
    register, who = register_at(slug), viewer(request.user)
    if not may_import(who):
        raise PermissionDenied
    token = None
    form = SourceForm(register, who, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            source = Source(
                register=register,
                organisation_id=int(given["organisation"]),
                name=given["name"],
                grade=given["grade"],
                evidence=given["evidence"],
                circle=given["circle"],
                maker=who.name,
                by_id=who.user,
                for_others=int(given["organisation"]) not in who.edits,
            )
            token = source.renew()
            told = {"name": source.name, "organisation": str(source.organisation)}
            entry(who.name, "source", (register.slug, "imports", source.name), None, told).save()
        form = SourceForm(register, who)
    told_page = {
        "register": register,
        "sources": _mine(register, who),
        "form": form,
        "token": token,
        "address": request.build_absolute_uri("/-/deliveries"),
    }
    return render(request, "imports/sources.html", told_page, status=422 if form.is_bound and not form.is_valid() else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """A token that holds no more."""
    register, who = register_at(slug), viewer(request.user)
    source = get_object_or_404(_mine(register, who), pk=key)
    with transaction.atomic():
        Source.objects.filter(pk=source.pk, revoked=None).update(revoked=timezone.now())
        entry(who.name, "revoke", (register.slug, "imports", source.name), None, None).save()
    messages.success(request, _("'%(name)s' delivers no more.") % {"name": source})
    return redirect("import_sources", slug)


def _mine(register: Register, who: Viewer) -> Any:
    """Sources of organisations for which the viewer may speak."""
    return Source.objects.filter(register=register, organisation__in=_led(register, who)).select_related("organisation")


def _led(register: Register, who: Viewer) -> Any:
    """Organisations for which the viewer may speak: those that they edit; for who looks after the region those without an admin, too."""
    rows = Organisations.objects.filter(register=register).restrict(who, "change")
    led = Membership.objects.filter(place=Place.ADMIN, user__is_active=True).values("organisation")
    return rows.filter(Q(pk__in=who.edits) | ~Q(pk__in=led))
