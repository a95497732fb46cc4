"""`sivuvirta economy`."""

from __future__ import annotations

import json

import attrs
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.report.words import span


def run(*words):
    return CliRunner().invoke(commands, ["economy", *words])


def test_it_tells_accounts_payments_returns_and_effects():
    done = run("three_sites")
    assert done.exit_code == 0
    for part in ("pays less earns", "Town", "The state", "Payments that change most", "Granulator at the mill", "never", "unknown"):
        assert part in done.stdout
    assert "an input-output table" in done.stdout


def test_json_holds_every_table():
    body = json.loads(run("three_sites", "--json").stdout)
    rows = [row for row in body["accounts"] if row["network"] == "potential" and row["inside"]]
    assert sum(row["saving"] for row in rows) == pytest.approx(357_000)
    assert {
        "payments",
        "accounts",
        "ventures",
        "spending",
        "effects",
        "sectors",
        "multipliers",
        "notes",
        "region",
        "scenarios",
        "totals",
    } == set(body)
    assert all(row["net"] is None for row in body["effects"] if row["kind"] == "type1")


def test_what_organisations_save_closes_with_the_outside():
    """The three sites save 357 000 EUR/a, so what is outside is paid as much less: together nothing, today and in the plan too."""
    body = json.loads(run("three_sites", "--json").stdout)["totals"]["potential"]
    assert [row["name"] for row in body] == ["All inside", "All outside", "Together"]
    assert [row["saving"] for row in body] == pytest.approx([357_000, -357_000, 0.0])
    assert all(body[2][name] == 0.0 for name in ("reference", "planned", "saving"))
    lines = [" ".join(line.replace("\u202f", " ").split()) for line in run("three_sites").stdout.splitlines()]
    assert next(line for line in lines if line.startswith("All inside")).endswith("357 k€/a")
    assert next(line for line in lines if line.startswith("All outside")).endswith("−357 k€/a")


def test_all_inside_have_the_range_of_the_worth_and_the_return_of_the_region_its_caveat():
    """What all save is the worth of the plan, draw by draw; purchases fall by 20.1 million EUR a year, 80 % of what is saved."""
    plan = sv.plan("kemi_tornio")
    found, worth = sv.economy(plan), sv.ranges(plan).headline("potential").set_index("row").loc["benefit"]
    sums = found.totals("potential").set_index("name")
    assert sums.loc["All inside", ["mean", "low", "high"]].tolist() == pytest.approx([worth["mean"], worth["low"], worth["high"]], rel=1e-9)
    assert sums.loc["All outside", "high"] == -sums.loc["All inside", "low"]
    assert sums.loc["Together", ["mean", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    region = found.ventures[(found.ventures["network"] == "potential") & (found.ventures["kind"] == "region")].iloc[0]
    bought = found.payments.query("network == 'potential' and term == 'purchase'")["change"].sum()
    assert f"{-bought / region['yearly']:.0%} of the 25 million EUR" in region["caveat"]
    assert "every year of the life" in region["caveat"]
    assert (found.ventures["caveat"][found.ventures["kind"] != "region"] == "").all()


def test_the_bundled_region_counts_jobs_and_value_added():
    done = run("kemi_tornio")
    assert done.exit_code == 0
    assert "Lapland, 2014, 30 sectors" in done.stdout
    assert "post-years" in done.stdout
    lines = [" ".join(line.replace("\u202f", " ").split()) for line in done.stdout.splitlines()]
    assert next(line for line in lines if line.startswith("Forest owners")).endswith("k€/a ! D")
    assert next(line for line in lines if line.startswith("Jobs Sum, type I ")).endswith("! D")
    assert next(line for line in lines if line.startswith("Jobs Posts at plants, gross"))
    assert "!: cannot be claimed, its range includes zero." in lines
    assert any(
        line.startswith("Mean and 5 to 95 % of payments, accounts and returns: draws of all inputs, as sivuvirta ranges quotes")
        for line in lines
    )


def test_the_alarm_of_accounts_and_effects_is_one_rule():
    found = sv.economy(sv.plan("kemi_tornio"))
    accounts, effects = found.accounts, found.effects
    crosses = [(table["low"] <= 0) & (table["high"] >= 0) for table in (accounts, effects)]
    assert (accounts["alarm"] == ((accounts["saving"] > 0) & crosses[0])).all()
    assert (effects["alarm"] == ((effects["net"] != 0) & crosses[1])).all()
    named = accounts[(accounts["network"] == "potential") & accounts["alarm"]]["name"].tolist()
    assert named == ["Forest owners, many"]  # with amounts drawn too, as `ranges` marks it
    assert not sv.economy(attrs.evolve(sv.plan("three_sites"), reference=None)).accounts["alarm"].any()


def test_returns_have_ranges_a_grade_and_their_rate():
    text = " ".join(run("kemi_tornio", "--rate", "8%").stdout.replace("\u202f", " ").split())
    assert "Returns at 8 % a year, before any price for what a plant takes in" in text
    assert "Returns, 5 to 95 % and mean below each Invests Earns a year Payback, years NPV IRR Grade" in text
    assert "Ash granulation in Kemi 1.78 M€ 180 k€/a 9.9 years" in text
    assert "Sum of the plants 14.3 M€ −3.36 M€/a" in text
    assert "not known, or not in them: the price that it pays for what it takes in" in text
    told = run("kemi_tornio", "--rate", "0.05")
    assert told.exit_code == 2
    assert "'0.05' is 0.05 % a year. Write 5 for 5 %" in " ".join(told.output.split())


def test_a_present_value_that_may_be_none_is_marked_and_money_has_its_mean():
    found = sv.economy(sv.plan("kemi_tornio"))
    rows = found.ventures[found.ventures["network"] == "potential"].set_index("name")
    assert rows.index[rows["alarm"]].tolist() == ["Ash granulation in Kemi"]
    lines = [" ".join(line.replace("\u202f", " ").split()) for line in run("kemi_tornio").stdout.splitlines()]
    at = next(row for row, line in enumerate(lines) if line.startswith("Ash granulation in Kemi "))
    ends = span(*rows.loc["Ash granulation in Kemi", ["npv_low", "npv_high"]], "EUR").replace("\u202f", " ")
    assert f"{ends} !" in lines[at + 1]
    assert lines[at + 2].count("mean ") == 4  # invested, earned a year, payback, present value; some draws have no internal rate
    assert sum(line.count("M€ !") + line.count("k€ !") for line in lines) == 1


def test_a_rate_that_cannot_be_and_a_file_that_is_not_there_are_told_in_words(tmp_path):
    assert "has to be above -100" in run("three_sites", "--rate", "-200").output
    done = run("three_sites", "--mrio", str(tmp_path / "nothing.json"))
    assert done.exit_code != 0
    assert "cannot be read" in done.output


def test_posts_at_plants_have_the_mean_and_range_that_ranges_quotes():
    """A plant takes what its streams bring: the posts of its activity vary with them, as the same draws tell in `ranges`."""
    plan = sv.plan("kemi_tornio")
    effects = sv.economy(plan).effects
    quoted = sv.ranges(plan).figures
    for network in ("proven", "potential"):
        own = effects[(effects["network"] == network) & (effects["kind"] == "plants")].iloc[0]
        same = quoted[(quoted["network"] == network) & (quoted["table"] == "jobs")].iloc[0]
        assert [own["net"], own["mean"], own["low"], own["high"]] == pytest.approx(
            [same[name] for name in ("value", "mean", "low", "high")]
        )
    assert own["low"] < own["net"] < own["high"]
