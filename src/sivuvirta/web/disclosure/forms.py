"""Forms: what is asked for, and to whom a row is shown how."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.disclosure.asking import Asked
from sivuvirta.web.disclosure.models import SCOPES
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.bands import BANDED

_WIDER = tuple(choice for choice in CHOICES if choice[0] != Level.PRIVATE)
_NOBODY = ("", _("nobody"))


class Asking(forms.Form):
    """A request to see something."""

    scopes = forms.MultipleChoiceField(label=_("What you would like to see"), widget=forms.CheckboxSelectMultiple)
    purpose = forms.CharField(
        label=_("What for"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("Its holder reads this and decides by it."),
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day on which you need it; it closes by itself."),
    )
    organisation = forms.ChoiceField(label=_("For"), required=False, help_text=_("An organisation's people all see what is given to it."))

    def __init__(self, row: Row, column: str, organisations: list[Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.column = column
        whole = ("row",) if row.schema.name not in ("streams", "needs") else ("row", "amounts", "analyses")
        shown = tuple(name for name in whole if name != "analyses" or row.schema.name == "streams")
        self.fields["scopes"].choices = [choice for choice in SCOPES if choice[0] in shown]
        self.fields["scopes"].required = not column
        self.fields["organisation"].choices = [*((str(each.pk), str(each)) for each in organisations), ("", _("myself alone"))]

    def asked(self) -> Asked:
        """What is asked for."""
        told = self.cleaned_data
        organisation = int(told["organisation"]) if told["organisation"] else None
        return Asked(tuple(told["scopes"]), told["purpose"], told["until"], self.column, organisation)


class Sharing(forms.Form):
    """To whom a row is shown, and how."""

    circle = forms.TypedChoiceField(label=_("Seen by"), choices=CHOICES, coerce=int)
    anonymous = forms.TypedChoiceField(
        label=_("Listed without its name to"),
        choices=(_NOBODY, *_WIDER),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_(
            "They learn what kind of material it is, its status in law and the bands that you open, not whose it is nor where. "
            "Where few others have such a material, that alone may name you."
        ),
    )
    matched = forms.BooleanField(
        label=_("Takes part in matching with what stays hidden"),
        required=False,
        help_text=_("Others are told verdicts on a fixed grid, never figures; you see each question that was asked."),
    )

    def __init__(self, row: Row, *args: Any, **options: Any) -> None:
        start = {"circle": row.circle, "anonymous": row.anonymous, "matched": row.matched}
        start |= {f"band_{name}": row.bands.get(name) for name in BANDED.get(row.schema.name, ())}
        super().__init__(*args, initial=start, **options)
        self.banded = BANDED.get(row.schema.name, ())
        if row.schema.name not in ("streams", "needs"):
            del self.fields["anonymous"], self.fields["matched"]
        for name in self.banded:
            self.fields[f"band_{name}"] = forms.TypedChoiceField(
                label=_("Shown as a band to"), choices=(_NOBODY, *_WIDER), coerce=int, empty_value=None, required=False
            )

    def values(self, row: Row) -> dict[str, Any]:
        """What changes. A column that is shown as a band to a wider circle is closed, with what stands beside it, to the row's own."""
        told = self.cleaned_data
        bands = {name: told[f"band_{name}"] for name in self.banded if told[f"band_{name}"] is not None}
        found: dict[str, Any] = {"circle": told["circle"]}
        found |= {name: told[name] for name in ("anonymous", "matched") if name in told}
        return {**found, "bands": {**{name: level for name, level in row.bands.items() if name not in self.banded}, **bands}}
