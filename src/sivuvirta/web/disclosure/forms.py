"""Forms: what is asked for, and to whom a row is shown how."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sivuvirta.tables.schema import ColumnSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.disclosure.asking import Asked
from sivuvirta.web.disclosure.models import SCOPES
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.writes.fields import AS_THE_ROW, NOBODY, bandable, choosable, chosen

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

    def __init__(self, row: Row, who: Viewer, *args: Any, **options: Any) -> None:
        """Of a row of nobody's, what is not open to who asks is left as it is, and nothing is closed to everybody."""
        table, told = row.schema, row.shown_to(who)
        self.columns = [column for column in choosable(table) if column.name in told]
        self.banded = [column for column in self.columns if bandable(table, column)]
        start = {"circle": int(row.circle), "anonymous": row.anonymous, "matched": row.matched}
        start |= {f"seen_{column.name}": row.circles.get(column.name, AS_THE_ROW) for column in self.columns}
        start |= {f"band_{column.name}": row.bands.get(column.name, NOBODY) for column in self.banded}
        super().__init__(*args, initial=start, **options)
        levels = CHOICES if row.holder_id is not None else _WIDER
        self.fields["circle"].choices = levels
        if table.name not in ("streams", "needs"):
            del self.fields["anonymous"], self.fields["matched"]
        for column in self.columns:
            self.fields[f"seen_{column.name}"] = _level(
                _("%(column)s is seen by"), column, ((AS_THE_ROW, _("those who see the row")), *levels)
            )
        for column in self.banded:
            self.fields[f"band_{column.name}"] = _level(_("The band of %(column)s is told to"), column, ((NOBODY, _("nobody")), *_WIDER))

    def whole(self) -> list[forms.BoundField]:
        """The fields of the row as a whole."""
        return [self[name] for name in ("circle", "anonymous", "matched") if name in self.fields]

    def single(self) -> list[tuple[ColumnSchema, forms.BoundField, forms.BoundField | None]]:
        """Columns, each with who sees it and, where it can be, who is told its band."""
        bands = {column.name for column in self.banded}
        return [(each, self[f"seen_{each.name}"], self[f"band_{each.name}"] if each.name in bands else None) for each in self.columns]

    def values(self, row: Row) -> dict[str, Any]:
        """What changes. What was not sent stays as it is."""
        told = self.cleaned_data
        levels = {each.name: told[f"seen_{each.name}"] for each in self.columns if told[f"seen_{each.name}"] is not None}
        bands = {each.name: told[f"band_{each.name}"] for each in self.banded if told[f"band_{each.name}"] is not None}
        return chosen(row, told["circle"], levels, bands) | {name: told[name] for name in ("anonymous", "matched") if name in told}


def _level(label: Any, column: ColumnSchema, choices: Any) -> forms.TypedChoiceField:
    """A choice of a level, None where none was sent."""
    return forms.TypedChoiceField(label=label % {"column": column.label}, choices=choices, coerce=int, empty_value=None, required=False)
