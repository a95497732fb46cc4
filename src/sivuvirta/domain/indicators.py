"""Indicators of circularity: a figure with its level, formula, inputs, range and what is missing; several regions beside each other."""

from __future__ import annotations

import math

import pandas as pd
from attrs import frozen

from sivuvirta.domain.timeliness import in_time
from sivuvirta.errors import UnknownNameError

LEVELS = ("product", "site", "organisation", "region")
"""What an indicator can speak of, from the smallest."""

NAN = float("nan")

AT_LEAST, AT_MOST = "at least", "at most"
"""What a value of the known part alone is to that of the whole."""

ENDS = "ends if every input is at its worse end at once"
DRAWN = "5 and 95 % points of {} draws of all inputs together"
"""What ranges of indicators are: without draws, and with them."""

OUTSIDE = "\u2020"
"""After a stated value outside the range of its draws."""

WHY_OUTSIDE = (
    "the stated value lies outside the 5 to 95 % of its draws, which fall to one side of it, "
    "as of a share that is stated as 0 % and may be 5 %"
)


@frozen
class Input:
    """A figure that goes into an indicator."""

    name: str  # in words
    value: float
    low: float  # 5 % point
    high: float  # 95 % point
    unit: str
    grade: str  # A to D
    source: str  # key of `sources`; several parted by "; "
    row: str  # table and key of the row it comes from
    year: str = ""  # that it is of, "" where nobody says; several parted by "; "


@frozen
class Published:
    """What a source prints of an indicator. It stands beside the computed figure and never enters it."""

    value: float
    low: float
    high: float
    unit: str
    year: int | None
    definition: str  # what the source counts
    agreement: str  # within the range | outside, and by how much | cannot be told
    grade: str
    source: str
    whose: str = ""  # who or what was measured
    comparable: str = ""  # yes | no: whether it is of the same thing within the same bounds; "" where nobody says
    why: str = ""

    @property
    def words(self) -> str:
        """The figure with whose it is, its year, what it counts, and whether it is comparable."""
        least = "at least " if self.low == self.value < self.high else ""
        of = whose_words(self.whose, self.year, self.definition)
        return f"{least}{self.value:g} {self.unit}, {of}; {comparable_words(self.comparable, self.why)}"


def whose_words(whose: str, year: int | None, definition: str) -> str:
    """Whose figure it is, of which year and within which bounds; what a source does not say is said to be so.

    >>> whose_words("Finland", 2023, "material of all kinds")
    'of Finland, 2023, counts: material of all kinds'
    """
    return f"of {whose or 'whom is not said'}, {year or 'year not said'}, counts: {definition or 'not said'}"


def comparable_words(comparable: str, why: str) -> str:
    """Whether a published figure can be compared with the computed one, and why or why not.

    >>> comparable_words("no", "a country's rate"), comparable_words("", "")
    ("not comparable (a country's rate)", 'whether it is comparable is not said')
    """
    words = {"yes": "comparable", "no": "not comparable"}.get(comparable, "whether it is comparable is not said")
    return f"{words} ({why})" if why else words


@frozen(eq=False)
class Indicator:
    """One indicator of one subject; NaN is unknown, and `missing` says why."""

    region: str
    indicator: str  # short name, for example "mci"
    name: str
    framework: str  # who defines it
    level: str  # of LEVELS
    subject: str  # site, organisation, site/product, component; empty for the region as a whole
    state: str  # today | proven | potential
    unit: str
    value: float
    low: float  # 5 % point of the draws; without draws the end if every input is at its worse end at once
    high: float  # 95 % point, likewise
    grade: str  # worst of the inputs
    formula: str
    inputs: tuple[Input, ...] = ()
    missing: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    note: str = ""
    bound: str = ""  # at least | at most: the value is of the known part alone, and `missing` says of what not; "" where it is all
    of: str = ""  # the subject in words
    mean: float = NAN  # of the draws; NaN without them and for a bound
    vintage: str = ""  # year that it is of; "" where its region has none
    behind: tuple[str, ...] = ()  # rows that were looked at and of which no figure enters: what nobody analysed, what rests
    cap: str = ""  # "capped at 100 %" where the figure stands at its cap and its inputs could give more

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    @property
    def words(self) -> str:
        """The value with its unit, and whether it is a bound."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        cap = f", {self.cap}" if self.cap else ""
        return f"{self.bound} {digits(self.value)}{unit}{cap}".lstrip() if self.known else "unknown"

    @property
    def span(self) -> str:
        """The range; one end alone where the value is a bound, "" where it has none."""
        if not self.known or self.low == self.value == self.high:
            return ""
        if self.bound:
            return f"{digits(self.low)} or more" if self.bound == AT_LEAST else f"{digits(self.high)} or less"
        return "" if math.isnan(self.low) else f"{digits(self.low)} to {digits(self.high)}"

    @property
    def outside(self) -> bool:
        """Whether the stated value lies outside its range, as one at an end of what is possible does."""
        return not self.bound and bool(self.value < self.low or self.value > self.high) and bool(self.span)

    @property
    def years(self) -> str:
        """One sentence on the years that its inputs are of; "" where all are of its vintage or the vintage is not known."""
        shares = [each.year for each in self.inputs if each.row.startswith(_SHARES)]
        amounts = [each.year for each in self.inputs if not each.row.startswith(_SHARES)]
        of = {name: years for name, years in (("amounts", amounts), ("shares and other ratios", shares)) if years}
        return in_time(self.vintage, of, "figure") if self.vintage and self.known else ""

    def card(self) -> str:
        """All that is known of it, as plain text."""
        where = " ".join(part for part in (self.level, self.of or self.subject, f"({self.region}, {self.state})") if part)
        lines = [f"{self.name} - {self.framework}", f"  {where}", f"  {_figure(self)}", f"  formula: {self.formula}"]
        lines += [f"  input: {each.name}: {_between(each)} [{each.grade}, {each.source}; {each.row}]" for each in self.inputs]
        lines += [f"  missing: {each}" for each in self.missing]
        lines += [f"  published: {_printed(each)}" for each in self.published]
        lines += [f"  note: {self.note}"] if self.note else []
        return "\n".join([*lines, *([f"  {self.years}"] if self.years else [])])


@frozen(eq=False, slots=False)
class Indicators:
    """Indicators of one or several regions."""

    items: tuple[Indicator, ...]
    about: str = ENDS  # what `low` and `high` are

    def __len__(self) -> int:
        return len(self.items)

    def find(self, indicator: str, subject: str | None = None, state: str | None = None, region: str | None = None) -> Indicator:
        """The first of one name.

        Raises:
            UnknownNameError: there is none.
        """
        wanted = {"indicator": indicator, "subject": subject, "state": state, "region": region}
        for each in self.items:
            if all(value is None or getattr(each, key) == value for key, value in wanted.items()):
                return each
        known = ", ".join(dict.fromkeys(each.indicator for each in self.items))
        raise UnknownNameError(f"There is no '{indicator}'{f' of {subject}' if subject is not None else ''} here. There are: {known}.")

    def to_frame(self) -> pd.DataFrame:
        """One row an indicator: what it is, value with range, grade, what is missing, what is published."""
        return pd.DataFrame([_row(each) for each in self.items], columns=_COLUMNS)

    def inputs(self) -> pd.DataFrame:
        """One row an input, with the row of the register and its source."""
        keys = ("region", "indicator", "subject", "state")
        rows = [
            {**{key: getattr(each, key) for key in keys}, **{name: getattr(one, name) for name in _INPUT}}
            for each in self.items
            for one in each.inputs
        ]
        return pd.DataFrame(rows, columns=[*keys, *_INPUT])

    def side_by_side(self) -> pd.DataFrame:
        """What regions have in common beside each other: one row an indicator of the region level, three columns a region.

        Returns:
            Columns indicator, name, subject, of (the subject in words), state, unit, then of each region its value, `_low`, `_high` and
            `_bound` (at least | at most, where the value is of the known part alone); NaN is unknown.
        """
        keys = ("indicator", "name", "subject", "of", "state", "unit")
        names = list(dict.fromkeys(each.region for each in self.items))
        rows: dict[tuple[str, ...], dict[str, object]] = {}
        for each in self.items:
            if each.level == "region":
                key = tuple(str(getattr(each, name)) for name in keys)
                row = rows.setdefault(key, dict(zip(keys, key, strict=True)))
                row |= {
                    each.region: each.value,
                    f"{each.region}_low": each.low,
                    f"{each.region}_high": each.high,
                    f"{each.region}_bound": each.bound,
                }
        return pd.DataFrame(
            list(rows.values()), columns=[*keys, *(f"{name}{end}" for name in names for end in ("", "_low", "_high", "_bound"))]
        )

    def cards(self) -> str:
        """Every card, one after another."""
        return "\n\n".join(each.card() for each in self.items)

    def __repr__(self) -> str:
        names = ", ".join(dict.fromkeys(each.region for each in self.items))
        return f"<Indicators {names}: {sum(each.known for each in self.items)} known of {len(self.items)}>"

    def _repr_html_(self) -> str:
        columns = ["region", "name", "level", "of", "state", "bound", "value", "mean", "low", "high", "unit", "grade", "missing"]
        return str(self.to_frame()[columns].to_html(index=False, notebook=True, na_rep="", float_format=lambda number: f"{number:,.4g}"))


_SHARES = "circularity: "  # rows of which are shares and other figures told of a subject
_INPUT = ("name", "value", "low", "high", "unit", "grade", "source", "row", "year")
_PLAIN = (
    "region",
    "indicator",
    "name",
    "framework",
    "level",
    "subject",
    "of",
    "state",
    "value",
    "mean",
    "low",
    "high",
    "bound",
    "unit",
    "grade",
    "formula",
)
_COLUMNS = [*_PLAIN, "inputs", "missing", "published", "agreement", "note", "years"]


def _row(each: Indicator) -> dict[str, object]:
    return {
        **{name: getattr(each, name) for name in _PLAIN},
        "inputs": len(each.inputs),
        "missing": "; ".join(each.missing),
        "published": "; ".join(f"{one.words} [{one.source}]" for one in each.published),
        "agreement": "; ".join(one.agreement for one in each.published),
        "note": each.note,
        "years": each.years,
    }


def _figure(each: Indicator) -> str:
    mean = "" if math.isnan(each.mean) or each.mean == each.value else f"mean {digits(each.mean)}, "
    between = f" ({mean}{each.span})" if each.span else ""
    beside = f"; {WHY_OUTSIDE}" if each.outside else ""
    return f"{each.words}{between} [{each.grade}]{beside}" if each.known else "unknown"


def _between(each: Input) -> str:
    if math.isnan(each.value):
        return "unknown"
    unit = "" if each.unit == "1" else f" {each.unit}"
    if math.isnan(each.low) or each.low == each.value == each.high:
        return f"{digits(each.value)}{unit}"
    return f"{digits(each.value)}{unit} ({digits(each.low)} to {digits(each.high)})"


def digits(value: float) -> str:
    """A number to four digits, and to the unit from a thousand.

    >>> digits(1234567.8), digits(81.96721), digits(-4.208e-06), digits(float("nan"))
    ('1,234,568', '81.97', '-0.000004208', 'not known')
    """
    if math.isnan(value):
        return "not known"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    places = max(3 - math.floor(math.log10(abs(value))), 0) if value else 0
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _printed(each: Published) -> str:
    return f"{each.words}; beside the computed figure: {each.agreement} [{each.grade}, {each.source}]"
