"""What a plan is asked for on the command line reaches the plan; what cannot be read is told with its repair."""

from __future__ import annotations

import json
import signal

import numpy as np
import pytest
from click.testing import CliRunner

import sivuvirta as sv
from sivuvirta.cli.commands import commands
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.domain.controls import Control, control
from sivuvirta.errors import OptionError
from sivuvirta.lp.watch import Progress


def run(*words: str):
    return CliRunner().invoke(commands, [*words], prog_name="sivuvirta")


def test_flows_and_plants_are_held():
    words = ("plan", "three_sites", "--json", "--forbid", "slag > road", "--no-build", "granulator")
    body = json.loads(run(*words).stdout)
    used = [row for row in body["networks"]["potential"]["ledger"] if row["kind"] in ("direct", "feed")]
    assert not [row for row in used if row["origin"] == "stream:slag" and row["destination"] == "need:road"]
    assert not [row for row in used if row["destination"] == "plant:granulator"]


def test_a_plan_is_saved_and_exported(tmp_path):
    kept, program = tmp_path / "kept", tmp_path / "plan.mps"
    done = run("plan", "three_sites", "--save", str(kept), "--export", str(program))
    assert done.exit_code == 0
    assert sv.reopen(kept).totals().equals(sv.plan("three_sites").totals())
    assert "ENDATA" in program.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--fix", "slag > road"), "has no '='"),
        (("--bound", "slag > road = 5"), "has no '..'"),
        (("--fix", "slag > road = lots"), "is no number"),
        (("--forbid", "gold > road"), "There is no stream or plant 'gold'"),
        (("--weight", "gold=3"), "'gold'"),
        (("--forbid", " > "), "names no flow"),
    ],
)
def test_what_cannot_be_held_is_told(words, part):
    done = run("plan", "three_sites", *words)
    assert done.exit_code == 2
    assert part in done.stderr


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a > b", Control(origin="a", destination="b")),
        ("a->p->b", Control(origin="a", plant="p", destination="b")),
        ("a > *", Control(origin="a")),
        ("* > b", Control(destination="b")),
        ("p", Control(plant="p")),
    ],
)
def test_a_control_is_written_as_people_write_it(text, held):
    assert control(text) == held


@pytest.mark.parametrize("text", ["", "*", "a > b > c > d", "a > > b"])
def test_a_text_that_names_nothing_is_refused(text):
    with pytest.raises(OptionError, match="names no flow"):
        control(text)


def test_the_first_interrupt_stops_the_search_and_the_second_the_command():
    with stoppable(None, "") as watch:
        assert not watch.stop()
        signal.raise_signal(signal.SIGINT)
        assert watch.stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


class Line:
    text = ""

    def update(self, text: str) -> None:
        self.text = text


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress(1, np.inf, -np.inf, np.inf), "no network yet"),
        (Progress(1, np.inf, -500.0, np.inf), "at most 600 EUR/a better than today"),
        (Progress(1, -400.0, -500.0, 0.2), "500 EUR/a better than today, proven within 20.00%"),
    ],
)
def test_what_was_found_is_shown_against_today(progress, said):
    line = Line()
    with stoppable(line, "Looking …", today=100.0) as watch:
        watch.tell(progress)
    assert said in line.text
