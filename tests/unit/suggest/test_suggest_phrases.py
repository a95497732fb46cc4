"""What people write of their side streams leads to the right class or typology, in four languages, inflected, compounded, misspelt."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.library import catalogue
from sivuvirta.suggest.knowledge import typology_scores
from sivuvirta.suggest.query import query

CLASSES = [
    # Finnish: cases, plurals, compounds
    ("masuunin pölyä", "metres.dust.blast_furnace"),
    ("masuunikuonaa", "slag.blast_furnace"),
    ("masuunin kuonasta", "slag.blast_furnace"),
    ("ferrokromikuonan murske", "slag.ferrochrome"),
    ("viherlipeäsakkaa", "lime.dregs"),
    ("viherlipeäsakan", "lime.dregs"),
    ("soodasakkaa sellutehtaalta", "lime.dregs"),
    ("kuitulietettä", "pulp.primary_sludge"),
    ("siistauslietettä", "pulp.deinking"),
    ("puhdistamolietteen", "sludge.sewage"),
    ("jätevedenpuhdistamon lietettä", "sludge.sewage"),
    ("lentotuhkaa", "ash.fly"),
    ("kivihiilen lentotuhka", "ash.fly.coal"),
    ("peittauslietettä", "metres.sludge.pickling"),
    ("valssihilsettä", "metres.scale"),
    ("häkäkaasua", "gas.co"),
    ("hukkalämpöä", "heat.waste"),
    ("sahanpurua", "wood.sawdust"),
    ("puunkuorta", "wood.bark"),
    ("kananlantaa", "bio.manure"),
    ("mäskiä", "bio.brewers_grain"),
    ("rikkihappoa", "acid.sulfuric"),
    ("renkaita", "rubber"),
    ("betonijätettä purkutyömaalta", "construction.concrete"),
    ("kipsilevyjätettä", "mineral.gypsum.board"),
    ("valimohiekkaa", "aggregate.foundry_sand"),
    ("teräsromua", "metal.scrap.steel"),
    # Swedish: definite forms, compounds
    ("slagg från ljusbågsugn", "slag.stainless.eaf|slag.steel.eaf"),
    ("ljusbågsugnsslaggen", "slag.stainless.eaf|slag.steel.eaf|slag"),
    ("masugnsslaggen", "slag.blast_furnace"),
    ("kalksten", "lime.limestone"),
    ("kalkstenen", "lime.limestone"),
    ("flygaskan", "ash.fly"),
    ("grönlutsslam", "lime.dregs"),
    ("mesa", "lime.mud"),
    ("avloppsslam", "sludge.sewage"),
    ("sågspån", "wood.sawdust"),
    ("spillvärme", "heat.waste"),
    ("glödskal", "metres.scale"),
    ("gjuterisand", "aggregate.foundry_sand"),
    ("rötrest", "sludge.digestate"),
    ("barken från sågverket", "wood.bark"),
    # Spanish: plurals, phrases
    ("lodo de decapado", "metres.sludge.pickling"),
    ("lodos de decapado", "metres.sludge.pickling"),
    ("escorias de alto horno", "slag.blast_furnace"),
    ("cenizas volantes", "ash.fly"),
    ("lodos de depuradora", "sludge.sewage"),
    ("chatarra de acero", "metal.scrap.steel"),
    ("serrín", "wood.sawdust"),
    ("neumáticos usados", "rubber.tyre|rubber"),
    ("aceite de fritura usado", "bio.cooking_oil"),
    ("calor residual", "heat.waste"),
    # English
    ("waste heat", "heat.waste"),
    ("plastic waste", "plastic"),
    ("organic residues", "bio"),
    ("used cooking oil", "bio.cooking_oil"),
    ("spent foundry sands", "aggregate.foundry_sand"),
    ("flue gas desulphurisation gypsum", "mineral.gypsum.fgd"),
    ("flue gas desulfurization gypsum", "mineral.gypsum.fgd"),
    # slips of the pen, and no accents
    ("ferrocrome slag", "slag.ferrochrome"),
    ("blast furnance slag", "slag.blast_furnace"),
    ("viherlipeasakka", "lime.dregs"),
    ("masunikuona", "slag.blast_furnace"),
    ("sewege sludge", "sludge.sewage"),
    ("cenizas volntes", "ash.fly"),
    ("flygasska", "ash.fly"),
]


@pytest.mark.parametrize(("text", "expected"), CLASSES, ids=[text for text, _ in CLASSES])
def test_a_text_leads_to_its_class(text, expected):
    found = sv.suggest(text, k=5).materials["material"].tolist()
    assert any(name == each or name.startswith(f"{each}.") for name in found[:2] for each in expected.split("|")), found


TYPOLOGIES = [
    ("slagg från ljusbågsugn", "electric_arc_furnace_slag_carbon_steel"),
    ("lodo de decapado", "mixed_acid_pickling_sludge"),
    ("kahvinporoja", "spent_coffee_grounds"),
    ("posos de café", "spent_coffee_grounds"),
    ("kaffesump", "spent_coffee_grounds"),
    ("bagazo de cerveza", "brewer_s_spent_grain"),
    ("siistausliete", "deinking_sludge"),
    ("viherlipeäsakkaa", "green_liquor_dregs_and_slaker_grits"),
    ("gödsel från kor", "cattle_slurry"),
]


@pytest.mark.parametrize(("text", "expected"), TYPOLOGIES, ids=[text for text, _ in TYPOLOGIES])
def test_a_text_leads_to_its_typology(text, expected):
    scores = typology_scores(query(text, None, None), "2.1")
    names = catalogue()["typologies"]["typology"]
    best = [names[row] for row in (-scores).argsort(kind="stable")[:3]]
    assert expected in best
