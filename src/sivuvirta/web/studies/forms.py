"""Forms: a new question in words that people use, turned into options of a plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sivuvirta.units.numbers import Fault, parse_number
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.seen.sentences import sentence
from sivuvirta.web.studies.models import CIRCLES
from sivuvirta.web.studies.titles import AIMS

STEPS = ((1, _("one")), (2, _("two")), (3, _("three")))


class Amount(forms.CharField):
    """A number as people write it: 10,5 and "10 000 000" and 1e7; None where nothing is written."""

    def __init__(self, unit: str, least: float | None = None, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.unit, self.least = unit, least

    def clean(self, value: Any) -> float | None:
        """The number."""
        text = super().clean(value).strip()
        if not text:
            return None
        read = parse_number(text)
        if isinstance(read, Fault):
            raise forms.ValidationError(f"{sentence(read.message)} {sentence(read.repair)}")
        if read.below or (self.least is not None and read.value < self.least):
            raise forms.ValidationError(_("Write a number of at least %(least)s."), params={"least": f"{self.least or 0:g}"})
        return read.value


class Question(forms.Form):
    """What is asked of the engine."""

    vintage = forms.ChoiceField(label=_("Year of the register"))
    objective = forms.ChoiceField(label=_("Look for"), choices=tuple(AIMS.items()), initial="value")
    budget = Amount("EUR", 0.0, label=_("Investment at most"), help_text=_("In euros; empty: no limit."))
    co2_limit = Amount("t CO2e/a", label=_("Emissions at most"), help_text=_("Of the whole network, in t CO2e a year; empty: no limit."))
    steps = forms.TypedChoiceField(
        label=_("Plants that a route may pass"), choices=STEPS, coerce=int, initial=1, help_text=_("More take longer.")
    )
    circle = forms.TypedChoiceField(
        label=_("Shown to"),
        choices=CIRCLES,
        coerce=int,
        initial=int(Level.FACILITATORS),
        help_text=_("The study uses only what these people see of the register, so that its answer tells them nothing else."),
    )
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, help_text=_("Empty: the question, told in the language of each reader.")
    )

    def __init__(self, register: Register, years: dict[str, int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.years = years
        self.fields["vintage"].choices = [(key, f"{year}") for key, year in years.items()]
        self.fields["vintage"].initial = register.vintage

    def options(self) -> dict[str, Any]:
        """Options of a plan by name; what is not asked is not there."""
        told = {name: self.cleaned_data[name] for name in ("objective", "budget", "co2_limit")}
        return {name: value for name, value in told.items() if value is not None}

    def year(self) -> int:
        """The year that the question is about."""
        return self.years[self.cleaned_data["vintage"]]


def years(register: Register, who: Viewer) -> dict[str, int]:
    """Vintages of a register with their years, the latest first."""
    rows = MODELS["vintages"].objects.filter(register=register).restrict(who).told(who, "year")
    return {key: int(year) for key, year in sorted(rows.values_list("vintage", "year"), key=lambda row: -(row[1] or 0)) if year}
