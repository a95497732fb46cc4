"""The checks that are no limits in words: law, hazard, moisture, grain, temperature, season, acceptance."""

from __future__ import annotations

from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Cause, Check
from sivuvirta.match.classes import acceptances, recipe_rows
from sivuvirta.match.contents import made_anew
from sivuvirta.match.fit import cooled, intake_limit, output_moisture, output_temperature
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.legal import Ground, Law
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.subjects import HAZARDS
from sivuvirta.match.ways import Ways
from sivuvirta.match.words import amount, clause, quoted, sentence, span

STATUS_WORDS = {
    "product": "a product",
    "by_product": "a by-product",
    "end_of_waste": "no longer waste",
    "waste": "waste",
    "unknown": "of unknown status",
}


@frozen(eq=False)
class Subject:
    """One way and what it is judged by."""

    links: Links
    grounds: Grounds
    way: Ways  # of length 1

    @property
    def stream(self) -> int:
        """Node row of the stream."""
        return int(self.way.stream[0])

    @property
    def need(self) -> int:
        """Node row of the need."""
        return int(self.way.need[0])

    @property
    def plant(self) -> str | None:
        """Name of the plant, None for a direct way."""
        row = int(self.way.plant[0])
        return None if row < 0 else quoted(self.links.nodes.name[self.links.works.node[row]])

    @property
    def makes(self) -> bool:
        """Whether a plant makes something else of what comes; one that only stores hands on what came."""
        return bool(made_anew(self.links, self.way)[0])

    @property
    def coded(self) -> bool:
        """Whether the code of the list of waste of what comes is stated; what a plant has made has none yet."""
        row = int(self.grounds.streams.row[self.stream])
        return row >= 0 and self.links.region.table("streams")["low_code"][row] is not None

    @property
    def source(self) -> tuple[str, ...]:
        """Source of the stream's row."""
        row = int(self.grounds.streams.row[self.stream])
        name = None if row < 0 else self.links.region.table("streams")["source"][row]
        return (name,) if name else ()


def law_check(subject: Subject, law: Law) -> Check:
    """What the law says."""
    links, grounds = subject.links, subject.grounds
    ground, row = Ground(int(law.ground[0])), int(law.rule[0])
    rules = links.region.table("rules")
    status = links.works.outputs.status[subject.way.output[0]] if subject.makes else grounds.streams.status[subject.stream]
    thing = f"what {subject.plant} makes" if subject.makes else "it"
    effect = (
        "" if row < 0 else f"{rules['effect'][row]} ({rules['regulation'][row]}, rule {rules['rule'][row]}, grade {rules['grade'][row]})"
    )
    grade = Grade(int(law.opinion.grade[0]))
    place, verdict = grounds.needs.jurisdiction[subject.need], Verdict(int(law.opinion.verdict[0]))
    texts = {
        Ground.STATUS: f"{thing} is {STATUS_WORDS[status]} by its status{_assumed(verdict) or f' (grade {grade.name})'}",
        Ground.BEYOND: f"waste law does not reach {subject.links.nodes.carrier[subject.stream]}",
        Ground.IN_SCOPE: f"{thing} is {STATUS_WORDS[status]}, and a rule covers the use: {effect}",
        Ground.OUT_OF_SCOPE: f"{thing} is {STATUS_WORDS[status]}, and the rule on this use does not cover it: {effect}",
        Ground.NO_RULE: f"{thing} is {STATUS_WORDS[status]}, and no rule in the library covers this use of it",
        Ground.EXCLUDED: f"the place is excluded from the rule: {effect}",
        Ground.BORDER: f"it crosses a border to {place}, where waste must be notified",
        Ground.PERMIT: unlisted(subject, f"the permit of {subject.plant}", _permit(subject, law))[0],
        Ground.PATH: f"{thing} is {STATUS_WORDS[status]}, and {_path(subject, law)}",
        Ground.HELD: f"{thing} is {STATUS_WORDS[status]}, and a permit of the place lists its code{_permit(subject, law)}",
        Ground.CONDITIONS: f"{thing} is {STATUS_WORDS[status]}, and a rule covers such use, but not its code, hazard or quantity: {effect}",
        Ground.RULING: f"its own status is open, but of such material it was ruled: {effect}",
    }
    missing = unlisted(subject, "", "")[1] if ground == Ground.PERMIT else _legal_missing(ground, verdict)
    sources, verified = _grounds(subject, law, ground)
    return Check(
        subject="law", verdict=verdict, text=sentence(texts[ground]), missing=missing, grade=grade, verified=verified, sources=sources
    )


def _grounds(subject: Subject, law: Law, ground: Ground) -> tuple[tuple[str, ...], bool | None]:
    """Sources of what decides, and whether it was read."""
    rules, paths = subject.links.region.table("rules"), subject.links.region.table("legal_paths")
    row, path = int(law.rule[0]), int(law.path[0])
    if row >= 0:
        return (rules["source"][row],), rules["verified"][row] is True
    if ground == Ground.PATH:
        return (paths["source"][path],), paths["verified"][path] is True
    return subject.source, None


def _path(subject: Subject, law: Law) -> str:
    """The legal path that is open, by its law and row."""
    table, row = subject.links.region.table("legal_paths"), int(law.path[0])
    if row < 0:
        return ""
    section = f", {table['section'][row]}" if table["section"][row] else ""
    return f"a legal path is open: {table['regulation'][row]}{section} (path {table['path'][row]}, grade {table['grade'][row]})"


def unlisted(subject: Subject, permit: str, name: str) -> tuple[str, str]:
    """Why a plant's permit does not let waste in, and what is missing.

    Args:
        subject: the way.
        permit: how the permit is called.
        name: its row in brackets.
    """
    if subject.coded:
        return f"{permit} does not list its code of the list of waste{name}", "a change of the plant's permit"
    missing = "the code of the stream" if subject.grounds.streams.row[subject.stream] >= 0 else "the code of what enters"
    return f"{permit} lists codes{name}, and its code of the list of waste is not stated", missing


def _permit(subject: Subject, law: Law) -> str:
    row = int(law.permit[0])
    return "" if row < 0 else f" (permit {subject.links.region.table('permits')['permit'][row]})"


def _legal_missing(ground: Ground, verdict: Verdict) -> str:
    if verdict == Verdict.PASS:
        return ""
    return {
        Ground.STATUS: "a decision that confirms the status",
        Ground.IN_SCOPE: "a reading of the rule in the law",
        Ground.BORDER: "a shipment notification",
        Ground.EXCLUDED: "an environmental permit",
        Ground.RULING: "a confirmation that the ruling covers this producer",
        Ground.PATH: "a reading of the conditions of the legal path in the law",
    }.get(ground, "an environmental permit or a by-product decision")


def other_check(subject: Subject, cause: Cause, opinion: Opinion) -> Check | None:
    """The check of one cause with its text; None where nobody asked."""
    makers = {
        Cause.CLASS: _class,
        Cause.HAZARD: _hazard,
        Cause.MOISTURE: _moisture,
        Cause.GRAIN: _grain,
        Cause.TEMPERATURE: _temperature,
        Cause.SEASON: _season,
    }
    verdict, grade = Verdict(int(opinion.verdict[0])), Grade(int(opinion.grade[0]))
    said = makers[cause](subject, verdict)
    if said is None:
        return None
    text, missing = said
    return Check(
        subject=cause.name.lower(),
        verdict=verdict,
        text=sentence(text),
        missing="" if verdict.proven or verdict == Verdict.FAIL else missing,
        grade=grade,
        sources=_sources(subject, cause),
        conditions=_conditions(subject) if cause == Cause.CLASS else "",
    )


def _conditions(subject: Subject) -> str:
    """On which conditions the need takes the material, as its acceptance says."""
    row = int(acceptances(subject.links, subject.way)[0])
    return str(subject.links.region.table("acceptances")["conditions"][row] or "")


def _sources(subject: Subject, cause: Cause) -> tuple[str, ...]:
    if cause != Cause.CLASS:
        return subject.source
    rows = (("acceptances", acceptances), ("recipe_inputs", recipe_rows))
    found = [(subject.links.region.table(name)["source"], int(of(subject.links, subject.way)[0])) for name, of in rows]
    return tuple(source[row] for source, row in found if row >= 0 and source[row])


Said = tuple[str, str] | None
"""What a check says, and what is missing."""


def _class(subject: Subject, verdict: Verdict) -> Said:
    region, links, way = subject.links.region, subject.links, subject.way
    accepted, materials = region.table("acceptances"), region.table("materials")
    row, recipe = int(acceptances(links, way)[0]), int(recipe_rows(links, way)[0])
    material = materials["name_en"][materials.index[accepted["material"][row]]].lower()
    need = quoted(links.nodes.name[subject.need])
    parts = [f"{need} takes {material}{guessed(accepted['grade'][row])}"]
    receiver, plant = accepted["grade"][row] in (None, "D"), False
    if _conditions(subject):
        parts.append(f"conditions: {clause(_conditions(subject))}")
    if recipe >= 0:
        inputs = region.table("recipe_inputs")
        takes = materials["name_en"][materials.index[inputs["material"][recipe]]].lower()
        parts.append(f"{subject.plant} takes {takes}{guessed(inputs['grade'][recipe])}")
        plant = inputs["grade"][recipe] in (None, "D")
    if not plant:
        return "; ".join(parts), "the receiver's word"
    return "; ".join(parts), "a trial with plant and receiver" if receiver else "a trial in the plant"


def guessed(grade: str | None) -> str:
    """How sure it is that a receiver takes a material."""
    return ", which is an assumption (grade D)" if grade in (None, "D") else f" (grade {grade})"


def _hazard(subject: Subject, verdict: Verdict) -> Said:
    hazard = HAZARDS[subject.grounds.streams.hazard[subject.stream]]
    at_need = subject.plant is None or (not subject.makes and not subject.grounds.needs.hazardous_ok[subject.need])
    receiver = quoted(subject.links.nodes.name[subject.need]) if at_need else subject.plant
    if hazard == "yes":
        refused = f"it is hazardous{_code(subject)}, and {receiver} may not take hazardous waste"
        taken = f"it is hazardous{_code(subject)}, which {receiver} may take{' once it is permitted' if verdict == Verdict.LIKELY else ''}"
        return (refused if verdict == Verdict.FAIL else taken), "a permit to treat hazardous waste"
    if hazard == "no":
        return f"it is not hazardous{_assumed(verdict)}", "a hazard classification"
    open_ = "its code has a hazardous twin, so the analysis decides" if hazard == "mirror" else "whether it is hazardous is not said"
    return (open_ if verdict == Verdict.UNKNOWN else f"{open_}, which does not matter here"), "a hazard classification"


def _code(subject: Subject) -> str:
    """Code of the stream in the list of waste, in brackets; "" where it has none."""
    row = int(subject.grounds.streams.row[subject.stream])
    code = None if row < 0 else subject.links.region.table("streams")["low_code"][row]
    return f" ({code})" if code else ""


def _assumed(verdict: Verdict) -> str:
    return ", but that is an assumption (grade D)" if verdict == Verdict.LIKELY else ""


def _moisture(subject: Subject, verdict: Verdict) -> Said:
    grounds, way = subject.grounds, subject.way
    most = float(intake_limit(subject.links, way, grounds.needs.moisture_max, "moisture_max")[0])
    low, high = (float(end[subject.stream]) for end in (grounds.streams.moisture_low, grounds.streams.moisture_high))
    parts = []
    if most == most:  # noqa: PLR0124 - not NaN
        water = "its moisture is not known" if high != high else f"its moisture is {span(low, high, '%')}"  # noqa: PLR0124
        parts.append(f"{water}, and {'only' if high > most else 'at most'} {amount(most, '%')} is taken")
    final = float(grounds.needs.moisture_max[subject.need])
    if subject.plant is not None and final == final:  # noqa: PLR0124
        wet = float(output_moisture(subject.links, way)[0]) if subject.makes else high
        missing = "must be dry enough" if subject.makes else "may be of any moisture"
        made = missing if wet != wet else f"holds {amount(wet, '%')} of water"  # noqa: PLR0124
        thing = f"what {subject.plant} {'makes' if subject.makes else 'hands on'}"
        parts.append(f"{thing} {made}, and the need takes {'only' if wet > final else 'at most'} {amount(final, '%')}")
    return ("; ".join(parts), "a measurement of moisture") if parts else None


def _grain(subject: Subject, verdict: Verdict) -> Said:
    grounds, way = subject.grounds, subject.way
    most = float(intake_limit(subject.links, way, grounds.needs.grain_max, "grain_max")[0])
    size, final = float(grounds.streams.grain[subject.stream]), float(grounds.needs.grain_max[subject.need])
    parts = []
    if most == most:  # noqa: PLR0124
        grain = "its grain is not known" if size != size else f"its largest grain is {amount(size, 'mm')}"  # noqa: PLR0124
        parts.append(f"{grain}, and {'only' if size > most else 'at most'} {amount(most, 'mm')} is taken")
    if subject.plant is not None and final == final:  # noqa: PLR0124
        hands_on = f"{subject.plant} hands it on as it is, and the need takes {amount(final, 'mm')} at most"
        parts.append(f"{subject.plant} must make it {amount(final, 'mm')} at most" if subject.makes else hands_on)
    return ("; ".join(parts), "a sieving") if parts else None


def _temperature(subject: Subject, verdict: Verdict) -> Said:
    least = float(subject.grounds.needs.temperature_min[subject.need])
    if least != least:  # noqa: PLR0124
        return None
    cooling, made = float(cooled(subject.links, subject.way)[0]), float(output_temperature(subject.links, subject.way)[0])
    if subject.makes and made != made:  # noqa: PLR0124
        ahead = f", {amount(cooling, 'K')} more where it is made" if cooling > 0 else ""
        return f"{subject.plant} must deliver at {amount(least, '°C')}{ahead}", "a design for that temperature"
    own = made if subject.makes else float(subject.grounds.streams.temperature[subject.stream])
    whose = f"{subject.plant} makes it at" if subject.makes else "it has"
    warm = "its temperature is not known" if own != own else f"{whose} {amount(own, '°C')}"  # noqa: PLR0124
    return f"{warm}{_on_the_way(own, cooling, least)}; at least {amount(least, '°C')} is needed", _remedy(own, cooling, least)


def _on_the_way(own: float, cooling: float, least: float) -> str:
    """What becomes of a temperature on its way, and by how much it falls short."""
    if cooling != cooling:  # noqa: PLR0124
        return ", and how much it cools on the way is not known"
    there = own - cooling
    used = f", {amount(there, '°C')} of which can be used there after {amount(cooling, 'K')} on the way" if cooling > 0 <= own else ""
    short = f", {amount(least - there, 'K')} too little" if there < least else ""
    return f"{used}{short}"


def _remedy(own: float, cooling: float, least: float) -> str:
    """What would settle a temperature."""
    return "a heat pump" if own - cooling < least else "a measurement of temperature"


def _season(subject: Subject, verdict: Verdict) -> Said:
    grounds = subject.grounds
    arises, used = int(grounds.streams.season[subject.stream]), int(grounds.needs.season[subject.need])
    if used & ~arises == 0:
        return ("it arises in all months in which it is used", "") if used & arises != arises else None
    return "it does not arise in all months in which it is used, so it must be stored", "storage"
