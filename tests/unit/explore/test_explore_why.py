"""Why a link is used, why another is not, and why one may not be: in words, with figures worked out by hand."""

from __future__ import annotations

import pytest
from tests.engine.worlds import ASH, ROCK, SAND, SLAG, accepts, at_most, base, cadmium, costs, fate, matched, plant, technology

import sivuvirta as sv
from sivuvirta.domain.explanations import Term
from sivuvirta.errors import OptionError
from sivuvirta.explore.terms import phrase


def world(**more):
    """Slag brings 20 + 5 - 3 = 22 EUR/t to the road, ash with a haul of 38 EUR/t 20 + 4 - 38 = -14 EUR/t."""
    streams = [
        {"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000},
        {"stream": "ash", "site": "s1", "material": ASH, "amount": 300},
        {"stream": "sand", "site": "s3", "material": SAND, "amount": 10},
    ]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20}]
    links = [{**row, "cost": 38 if row["origin"] == "s1" else 3} for row in costs()]
    fates = [fate("slag", "stored", 5), fate("ash", "stored", 4), fate("sand", "stored", 1)]
    usual = {"fates": fates, "links": links, "acceptances": [accepts("road", SLAG), accepts("road", ASH)]}
    return matched(base(streams, needs, **{**usual, **more}))


def terms(trial):
    return {term.name: pytest.approx(term.change) for term in trial.terms}


def test_a_link_in_use_is_forbidden():
    """500 t of slag: 10 000 EUR bought and 2 500 EUR of heap more, 1 500 EUR of haulage less, 11 000 EUR in all."""
    found = sv.why(world(), "slag", "road")
    (trial,) = found.trials
    assert found.state == "used"
    assert found.amount == pytest.approx(500)
    assert trial.worse == pytest.approx(11_000)
    assert terms(trial) == {"purchase": 10_000, "fee": 2_500, "transport": -1_500}
    assert "It brings 11,000 EUR/a, 22 EUR/t" in trial.text
    assert "because products and reagents bought are 20 EUR/t more; fees of outlets 5 EUR/t more; haulage 3 EUR/t less" in trial.text
    assert "'Stream slag' to 'Stored of slag' more by 500 t/a" in trial.changes


def test_a_link_that_is_not_used_is_forced():
    """A tonne of ash takes the place of one of slag: haulage 38 - 3 more, heap 5 - 4 more: 36 EUR/t short."""
    found = sv.why(world(), "ash", "road")
    one, most = found.trials
    assert found.state == "unused"
    assert (one.amount, most.amount) == (pytest.approx(1), pytest.approx(300, rel=1e-5))
    assert one.worse == pytest.approx(36)
    assert most.worse == pytest.approx(300 * 36, rel=1e-5)
    assert terms(one) == {"transport": 35, "fee": 1}
    assert "it is 36 EUR/t short (36 EUR/a), because haulage is 35 EUR/t more; fees of outlets 1 EUR/t more" in one.text
    assert any("'Need road'" in text for text in found.binding)


def test_a_link_that_fails_has_the_reason_of_match():
    found = sv.why(world(analyses=[cadmium("ash", 20)], limits=[at_most("road", 8, blending="no")]), "ash", "road")
    assert found.state == "inadmissible"
    assert found.trials == ()
    assert "verdict is fail" in found.obstacles[0]
    assert "cadmium" in found.text.lower()


def test_what_nothing_links_is_said():
    found = sv.why(world(), "sand", "road")
    assert found.obstacles == ("There is no route: 'Need road' takes no such material, neither straight nor through a plant.",)


def test_a_route_that_needs_a_test_is_not_admissible_on_proven_evidence():
    matches = world(analyses=[cadmium("slag", 2, grade="D")], limits=[at_most("road", 8)])
    assert sv.why(matches, "slag", "road", evidence="proven").state == "inadmissible"
    assert sv.why(matches, "slag", "road").state == "used"


def test_a_way_through_a_plant():
    made = technology("crushing", {"feed": (SLAG, 1, 1, None)}, {"rock": (ROCK, "product", 1.0)})
    built = [plant("crusher", "crushing", "s0", capacity_min=50, capacity_max=800)]
    matches = world(plants=built, acceptances=[accepts("road", ROCK), accepts("road", ASH)], **made)
    straight, through, into = (sv.why(matches, *ends) for ends in (("slag", "road"), ("slag", "road", "crusher"), ("slag", "crusher")))
    assert through.name == "'Stream slag' to 'Need road' through 'Plant crusher'"
    assert straight.amount == pytest.approx(through.amount) == pytest.approx(into.amount)
    assert straight.trials[0].worse == pytest.approx(through.trials[0].worse)


def test_what_a_contract_asks_for_cannot_be_forbidden():
    promised = [{"contract": "promise", "origin": "slag", "destination": "road", "minimum": 90, "source": "invented"}]
    (trial,) = sv.why(world(contracts=promised), "slag", "road").trials
    assert trial.worse == float("inf")
    assert trial.text == "Without it no network meets all requirements."


def test_names_that_are_not_there_are_told():
    with pytest.raises(OptionError, match="castle"):
        sv.why(world(), "slag", "castle")


def test_the_frame_has_a_row_a_term():
    frame = sv.why(world(), "ash", "road").to_frame()
    sums = frame.groupby("worse")["change"].sum()
    assert sums.to_numpy() == pytest.approx(sums.index.to_numpy())


def sold(price):
    """Slag brings 8 EUR/t where it is sold today and 2 EUR/t at its gate; the road saves `price` a tonne, a haul costs 3 EUR/t."""
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000, "gate_price": 2}]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": price}]
    fates = [fate("slag", "sold", 0, revenue=8)]
    return matched(base(streams, needs, fates=fates, links=costs(), acceptances=[accepts("road", SLAG)]))


def test_a_link_that_outbids_todays_sale_would_be_sold_again():
    """500 t: 20 bought again, less haul 3, sales 8 and 2 at the gate: 20 - 3 - 8 - 2 = 7 EUR/t worse, although sales are more."""
    (trial,) = sv.why(sold(20), "slag", "road").trials
    assert terms(trial) == {"purchase": 10_000, "revenue": -4_000, "transport": -1_500, "gate": -1_000}
    assert trial.worse == pytest.approx(sum(term.change for term in trial.terms)) == pytest.approx(3_500)
    for part in ("bought are 20 EUR/t more", "sales outside the region 8 EUR/t more", "haulage 3 EUR/t less", "at the gate 2 EUR/t less"):
        assert part in trial.text


def test_a_link_that_is_forced_takes_what_was_sold():
    """At 5 EUR/t a tonne saves 5, and costs 8 of sales, 3 of haul and 2 at the gate: 8 EUR/t short."""
    trial = sv.why(sold(5), "slag", "road").trials[0]
    assert terms(trial) == {"revenue": 8, "transport": 3, "gate": 2, "purchase": -5}
    assert trial.worse == pytest.approx(8)
    for part in (
        "because sales outside the region are 8 EUR/t less",
        "haulage 3 EUR/t more",
        "at the gate 2 EUR/t more",
        "bought 5 EUR/t less",
    ):
        assert part in trial.text


def test_what_outlets_save_elsewhere_grows_without_the_link():
    """In emissions: rock of 100 kg/t is bought again, the outlet replaces 0.3 t of it, a haul emits 1: 100 - 30 - 1 = 69 kg/t."""
    streams = [{"stream": "slag", "site": "s0", "material": SLAG, "amount": 1000}]
    needs = [{"need": "road", "site": "s2", "amount": 500, "price": 20, "co2": 100}]
    fates = [fate("slag", "sold", 0, product="p_road", ratio=0.3)]
    matches = matched(base(streams, needs, fates=fates, links=costs(), acceptances=[accepts("road", SLAG)]))
    (trial,) = sv.why(matches, "slag", "road", objective="co2").trials
    assert terms(trial) == {"purchase": 50_000, "displaced": -15_000, "transport": -500}
    assert "emissions that outlets save elsewhere 30 kg CO2e/t more; haulage 1 kg CO2e/t less" in trial.text


COSTS = ("transport", "handling", "fee", "tax", "purchase", "gate", "opex", "energy", "capital", "upkeep", "outlet", "process", "traffic")


@pytest.mark.parametrize(
    ("name", "word"), [*((name, "more") for name in COSTS), *((name, "less") for name in ("revenue", "displaced", "jobs"))]
)
def test_every_term_that_makes_it_worse_has_its_direction(name, word):
    """60 worse over 10 t: more of what costs, less of what is earned, saved elsewhere or worked."""
    other = {"more": "less", "less": "more"}[word]
    assert phrase((Term(name=name, label="it", change=60.0),), 10.0, "u").endswith(f"6 u {word}")
    assert phrase((Term(name=name, label="it", change=-60.0),), 10.0, "u").endswith(f"6 u {other}")


def test_small_terms_are_told_as_their_sum():
    """Eight terms: the worst, five more, and two of -2 and 1 together 1 better; a single one that is left is told itself."""
    changes = [90, 80, 70, 60, 50, 40, -2, 1]
    found = tuple(Term(name=f"t{n}", label=f"part {n}", change=float(change)) for n, change in enumerate(changes))
    assert phrase(found, 1.0, "EUR/t").endswith("part 5 40 EUR/t more; 2 smaller terms make it 1 EUR/t better together")
    assert phrase(found[:-1], 1.0, "EUR/t").endswith("part 5 40 EUR/t more; part 6 2 EUR/t less")


@pytest.mark.parametrize("more", [{}, {"analyses": [cadmium("ash", 20)], "limits": [at_most("road", 8, blending="no")]}])
def test_no_price_is_told_of_a_link_that_may_not_be(more):
    """Neither where no route leads nor where it fails: what a tonne is worth at the ends has no bearing then."""
    found = sv.why(world(**more), "ash" if more else "sand", "road")
    assert found.state == "inadmissible"
    assert found.binding == ()
    assert "What binds" not in found.text
