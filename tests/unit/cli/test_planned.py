"""The summary of a plan: what was asked for, what is built, which exchanges are new and which flows of today change."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.cli.common.study import _solved
from sivuvirta.lp.watch import Watch
from sivuvirta.plan.program.changes import made, moved


def run(*words):
    done = CliRunner().invoke(commands, [*words], prog_name="sivuvirta")
    assert done.exit_code == 0
    return done.stdout.replace("\u202f", " ")


def rows(text, head):
    """The lines under a head, up to the next that is one."""
    lines = text.splitlines()
    return lines[next(number for number, line in enumerate(lines) if line.startswith(head)) + 1 :]


def test_what_is_built_and_new_is_told_with_size_and_unit():
    """By hand: 4,000 t of slag and 2,000 t of ash to the road, 3,000 t of ash through the granulator to the forest."""
    printed = run("plan", "three_sites")
    assert " ".join(rows(printed, "Built, with potential")[0].split()) == "Granulator at the mill 3,000 t/a 0 €"
    told = [" ".join(line.split()) for line in rows(printed, "From")[:4]]
    assert told == [
        "Slag Base layer of a road 4,000 t/a pass",
        "Fly ash Granulator at the mill 3,000 t/a pass",
        "Granulator at the mill Forest fertiliser 3,000 t/a pass",
        "Fly ash Base layer of a road 2,000 t/a blend",
    ]


def test_the_headline_has_its_range_and_what_counts_as_0():
    printed = run("plan", "kemi_tornio")
    told = [" ".join(line.split()) for line in printed.splitlines()]
    head = sv.assess(sv.plan("kemi_tornio")).headline.set_index("figure")
    low, high = (head.loc["benefit", f"total_{end}"] / 1e6 for end in ("low", "high"))
    assert any(line.startswith("Worth to the region") and line.endswith(f"{low:.1f} to {high:.1f} M€/a D") for line in told)
    assert any(
        line.startswith(
            "Change of emissions. Of the known part, change at least, saving at most: not known is an emission of Ash granulation in Kemi"
        )
        for line in told
    )
    assert any(line.startswith("Mean and 5 to 95 %: 1,000 draws of all inputs together") for line in told)
    assert json.loads(run("plan", "three_sites", "--json"))["ranges"].startswith("Mean and 5 to 95 %: 1,000 draws of all inputs together")


def test_a_budget_and_posts_are_told_beside_today():
    printed = run("plan", "kemi_tornio", "--budget", "1e6", "--objective", "jobs", "--potential-only")
    told = [" ".join(line.split()) for line in rows(printed, "Objectives and limits")[:2]]
    assert told[0] == "Investment 0 € 0 € 1 M€ 1 M€"
    assert told[1].startswith("Posts at plants 0 posts 0 posts ")
    assert "Posts at plants are gross; apart from them suppliers and whoever is paid have" in printed
    assert len([line for line in rows(printed, "From")[:5] if "/a" in line]) == 5
    assert "New exchanges, with potential, the largest of " in printed


def test_limits_are_in_the_json():
    body = json.loads(run("plan", "three_sites", "--traffic-limit", "1e6", "--json"))
    asked = {row["label"]: row for row in body["asked"]}
    assert asked["Loaded vehicle-kilometres on roads"]["limit"] == 1e6
    assert asked["Investment"]["limit"] is None


def test_without_a_new_link_the_flows_that_change_are_told():
    words = ("plan", "kemi_tornio", "--changes", "0", "--budget", "0", "--potential-only")
    printed = run(*words)
    assert "No link is new against today." in printed
    assert "New against today" not in printed
    assert "0.0000000000" not in printed
    assert "88,000 t/a" in printed.split("Larger or smaller than today")[1]
    plan = sv.plan("kemi_tornio", changes=0, budget=0, evidence="potential")
    assert made(plan).empty
    told = moved(plan)
    assert told["difference"].abs().is_monotonic_decreasing
    assert (told["difference"] == told["planned"] - told["today"]).all()
    stream = told[told["origin"] == told["origin"].iloc[0]]
    assert stream["difference"].sum() == pytest.approx(0)  # what goes elsewhere no longer goes where it went


def test_a_control_that_cannot_be_kept_is_told_with_its_unit():
    done = CliRunner().invoke(commands, ["plan", "three_sites", "--fix", "slag > road = 50000"], prog_name="sivuvirta")
    assert done.exit_code == 1
    assert "must carry 50,000 t/a, as you asked" in done.stderr


def test_compare_tells_sizes_with_their_unit():
    found = sv.compare("kemi_tornio", ["carbon_price_75"])
    assert "Composting at Jäkälä is built, for 750 t/a." in found.changes["text"].tolist()
    assert any(
        text.startswith("Heat pump on the waste heat of the works is built, for 18,5") and "MWh/a" in text for text in found.changes["text"]
    )


def test_pool_tells_money_with_its_unit():
    printed = run("pool", "three_sites")
    assert "cost " in printed
    assert "€/a, bound" in printed


def test_a_plan_that_was_stopped_is_told_as_the_best_so_far_with_its_gap():
    """Stopped at once, it is today's network, whose gap is what is proven of it."""
    found = sv.plan("kemi_tornio", evidence="potential", watch=Watch(stop=lambda: True)).potential
    assert found.status == "feasible"
    assert _solved(found).startswith(f"potential best so far (gap {found.gap:.2%}, ")
